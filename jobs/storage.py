"""The private folder: random names, nothing served from it by a web server."""

import os
import secrets
import shutil
from pathlib import Path
from typing import IO, BinaryIO

from django.conf import settings
from django.http import Http404

FOLDER = "stored"


def write_private(content: bytes) -> str:
    """Writes a new file and answers its path below MEDIA_ROOT. The bytes are on the disk before the name is."""
    name = secrets.token_hex(20)
    path = f"{FOLDER}/{name[:2]}/{name}"
    target = absolute(path)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_suffix(".part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    draft.rename(target)
    return path


def keep_private(path: str, content: IO[bytes], size: int) -> None:
    """A file of a backup under its old path. One of the same size is there already: content never changes."""
    target = absolute(path)
    if target.is_file() and target.stat().st_size == size:
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_suffix(".part")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        shutil.copyfileobj(content, handle)
        handle.flush()
        os.fsync(handle.fileno())
    draft.rename(target)


def absolute(path: str) -> Path:
    return Path(settings.MEDIA_ROOT) / path


def remove(path: str) -> None:
    absolute(path).unlink(missing_ok=True)


def stale_paths(older_than: float) -> list[str]:
    """Files last changed before that moment (seconds since the epoch), as paths below MEDIA_ROOT."""
    root = Path(settings.MEDIA_ROOT)
    found = (path for path in (root / FOLDER).rglob("*") if path.is_file())
    return [str(path.relative_to(root)) for path in found if path.stat().st_mtime < older_than]


def open_private(path: str) -> BinaryIO:
    """For reading; 404 when the disk lost it."""
    try:
        return absolute(path).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
