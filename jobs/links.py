"""Addresses of private files that work for one person and a short time."""

from django.core import signing

from accounts.models import User
from jobs.models import StoredFile

SALT = "jobs.download"
SECONDS = 300


def download_token(stored: StoredFile, user: User) -> str:
    return signing.dumps([stored.pk, user.pk], salt=SALT)


def read_token(token: str, user: User) -> int:
    """The file's key; `BadSignature` for a forged, expired or somebody else's token."""
    file_id, user_id = signing.loads(token, salt=SALT, max_age=SECONDS)
    if user_id != user.pk:
        raise signing.BadSignature("This address belongs to another person.")
    return int(file_id)
