"""Encryption to public keys in the format of age (age-encryption.org): who makes backups cannot read them.

`python -m ikm_portal.backups.age keygen` makes a pair of keys; `... decrypt IDENTITY < FILE` opens a file. The program
`age` does the same.
"""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import pyrage

from ikm_portal.backups import BackupError

CHUNK = 256 * 1024
# What the library raises for a stream is an OSError, for its head an error of its own.
OPENING = (pyrage.DecryptError, OSError)


def recipients_from(texts: Sequence[str]) -> list[Any]:
    try:
        return [pyrage.x25519.Recipient.from_str(text.strip()) for text in texts if text.strip()]
    except pyrage.RecipientError as error:
        raise BackupError("BACKUP_RECIPIENTS holds something that is no public key of age (age1...).") from error


def identities_from(path: Path) -> list[Any]:
    """The secret keys in a file as `age-keygen` writes it."""
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except FileNotFoundError as error:
        raise BackupError(f"There is no file {path.absolute()}.") from error
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as error:
        raise BackupError(f"{path} cannot be read as a file with a secret key of age (AGE-SECRET-KEY-1...).") from error
    if not found:
        raise BackupError(f"{path} holds no secret key of age (AGE-SECRET-KEY-1...).")
    return found


def encrypt(source: Any, target: Any, recipients: Sequence[Any]) -> None:
    """Copies a stream in small pieces, encrypted unless there is nobody to encrypt for."""
    if recipients:
        pyrage.encrypt_io(source, target, list(recipients))
    else:
        shutil.copyfileobj(source, target, CHUNK)


def decrypt(source: Any, target: Any, identities: Sequence[Any] | None) -> None:
    if identities is None:
        shutil.copyfileobj(source, target, CHUNK)
        return
    try:
        pyrage.decrypt_io(source, target, list(identities))
    except pyrage.DecryptError as error:
        raise BackupError("The given secret key does not open this backup: it was made for another one.") from error


def keygen(target: BinaryIO) -> None:
    identity = pyrage.x25519.Identity.generate()
    target.write(f"# public key: {identity.to_public()}\n{identity}\n".encode())


def main(words: list[str]) -> int:
    try:
        if words[:1] == ["keygen"]:
            keygen(sys.stdout.buffer)
        elif words[:1] == ["decrypt"] and len(words) == 2:
            decrypt(sys.stdin.buffer, sys.stdout.buffer, identities_from(Path(words[1])))
        else:
            raise BackupError("Say `keygen`, or `decrypt IDENTITY-FILE < FILE`.")
    except BackupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
