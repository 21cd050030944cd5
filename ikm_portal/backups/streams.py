"""Streams that count and hash what passes, so that nothing of the size of a backup is ever held in memory."""

import errno
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from ikm_portal.backups import BackupError

CHUNK = 256 * 1024
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Part:
    """A new file of a backup. Remembers the system's own error, which the library for encryption wraps."""

    def __init__(self, path: Path) -> None:
        self.path, self.size, self.sha256 = path, 0, hashlib.sha256()
        self.failure: OSError | None = None
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self.file: BinaryIO = os.fdopen(descriptor, "wb", buffering=CHUNK)

    def write(self, data: bytes) -> int:
        try:
            self.file.write(data)
        except OSError as error:
            self.failure = error
            raise
        self.size += len(data)
        self.sha256.update(data)
        return len(data)

    def flush(self) -> None:
        try:
            self.file.flush()
        except OSError as error:
            self.failure = error
            raise

    def facts(self) -> dict[str, Any]:
        return {"file": self.path.name, "size": self.size, "sha256": self.sha256.hexdigest()}


@contextmanager
def new_part(path: Path) -> Iterator[Part]:
    """On the disk when the block is left; a full disk becomes a sentence."""
    part = Part(path)
    try:
        with part.file:
            yield part
            part.flush()
            os.fsync(part.file.fileno())
    except Exception as error:
        found = part.failure or error
        if isinstance(found, OSError) and found.errno in FULL:
            raise BackupError(f"The disk of {path.parent.parent} is full; nothing was kept of this backup.") from error
        raise


class Meter:
    """A stream that is read through and hashed."""

    def __init__(self, source: Any) -> None:
        self.source, self.size, self.sha256 = source, 0, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data: bytes = self.source.read(size)
        self.size += len(data)
        self.sha256.update(data)
        return data


def sha256_of(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


class Producer(threading.Thread):
    """Runs a function that writes into a pipe; `source` is the pipe's other end. `finish` raises what it raised."""

    def __init__(self, produce: Callable[[BinaryIO], None]) -> None:
        super().__init__(daemon=True)
        reading, writing = os.pipe()
        self.source: BinaryIO = os.fdopen(reading, "rb")
        self.target: BinaryIO = os.fdopen(writing, "wb")
        self.produce, self.error = produce, None
        self.start()

    error: BaseException | None

    def run(self) -> None:
        try:
            with self.target:
                self.produce(self.target)
        except BaseException as error:
            self.error = error

    def finish(self) -> None:
        self.source.close()
        self.join()
        if self.error is not None:
            raise self.error


def sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def megabytes(size: int) -> str:
    return f"{size / 1024**2:.1f} MB"
