"""What the environment says, or a file: NAME_FILE beside NAME, as containers and systemd hand out secrets."""

from environ import FileAwareEnv, ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping


class SecretFiles(FileAwareMapping):
    def __getitem__(self, key: str) -> str:
        try:
            return str(super().__getitem__(key)).strip()
        except OSError as error:
            raise ImproperlyConfigured(f"The file that {key}_FILE names cannot be read: {error.strerror}.") from error


class Environment(FileAwareEnv):
    ENVIRON = SecretFiles()
