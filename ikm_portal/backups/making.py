"""Makes one backup: database and stored files as of one moment, encrypted while they are written."""

import datetime as dt
import fcntl
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from accounts.actions import record
from ikm_portal.backups import BackupError, age, manifest, postgres
from ikm_portal.backups.streams import Meter, Producer, megabytes, new_part, sync_folder
from jobs.models import StoredFile

PREFIX, DRAFT = "portal-", ".draft-"
ROOM = 50 * 1024**2
# Signed-in sessions are nobody's to bring back.
WITHOUT_ROWS = ("django_session",)

Say = Callable[[str], None]


@dataclass
class Files:
    """What was found in the private folder, against the rows that say what should be there."""

    wanted: dict[str, str]
    count: int = 0
    size: int = 0
    seen: set[str] = field(default_factory=set)
    damaged: list[str] = field(default_factory=list)

    def put_into(self, target: BinaryIO) -> None:
        with tarfile.open(fileobj=target, mode="w|") as archive:
            for path in private_files():
                self.put(archive, path)

    def put(self, archive: tarfile.TarFile, path: Path) -> None:
        name = str(path.relative_to(settings.MEDIA_ROOT))
        try:
            handle = path.open("rb")
        except FileNotFoundError:  # its time was over while we came here
            return
        with handle:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = os.fstat(handle.fileno()).st_size, 0o600
            meter = Meter(handle)
            archive.addfile(entry, meter)
        self.count, self.size = self.count + 1, self.size + entry.size
        self.seen.add(name)
        if self.wanted.get(name, meter.sha256.hexdigest()) != meter.sha256.hexdigest():
            self.damaged.append(name)

    def lost(self) -> list[str]:
        """Rows whose bytes are gone although the row still stands."""
        missing = sorted(set(self.wanted) - self.seen)
        return list(StoredFile.objects.filter(path__in=missing).values_list("path", flat=True)) if missing else []


def private_files() -> Iterator[Path]:
    root = Path(settings.MEDIA_ROOT)
    return (path for path in sorted(root.rglob("*")) if path.is_file() and path.suffix != ".part")


def make(target: Path, *, recipients: Sequence[Any], keep: int, say: Say) -> tuple[Path, list[str]]:
    """The new folder and the names of stored files that were found lost or damaged."""
    with alone_in(target):
        require_room(target)
        stamp = dt.datetime.now(dt.UTC)
        draft, whole = (target / f"{prefix}{stamp:%Y%m%dT%H%M%SZ}" for prefix in (DRAFT, PREFIX))
        draft.mkdir(mode=0o700)
        try:
            facts, troubles = write_parts(draft, recipients, stamp, say)
            with new_part(draft / manifest.NAME) as part:
                part.write(manifest.sealed(facts))
            sync_folder(draft)
            draft.rename(whole)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        sync_folder(target)
        remove_old(target, keep, say)
    with transaction.atomic():
        sizes = {name: part["size"] for name, part in facts["parts"].items()}
        record(action="backup.made", by=None, actor_label="system", changes={"backup": whole.name, **sizes})
    return whole, troubles


@contextmanager
def alone_in(target: Path) -> Iterator[None]:
    """One backup at a time; what a killed one left is swept away."""
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (target / ".lock").open("a")
    except OSError as error:
        raise BackupError(f"{target} cannot be written to: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"Another backup into {target} is running.") from None
        for left in target.glob(f"{DRAFT}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def require_room(target: Path) -> None:
    """A guess from above: the dump is compressed, stored files mostly are already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        database = int(cursor.fetchone()[0])
    needed = database // 2 + sum(path.stat().st_size for path in private_files()) + ROOM
    free = shutil.disk_usage(target).free
    if free < needed:
        raise BackupError(f"The disk of {target} has {megabytes(free)} left; about {megabytes(needed)} are needed.")


def write_parts(
    draft: Path, recipients: Sequence[Any], stamp: dt.datetime, say: Say
) -> tuple[dict[str, Any], list[str]]:
    """Rows, counts and the list of files come from one snapshot; files never change, so they may follow after it."""
    suffix = ".age" if recipients else ""
    parts: dict[str, Any] = {}
    with snapshot() as name:
        facts = describe(stamp, encrypted=bool(recipients))
        wanted = dict(StoredFile.objects.values_list("path", "sha256"))
        with new_part(draft / f"database.dump{suffix}") as part:
            words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={name}"]
            words += [f"--exclude-table-data={table}" for table in WITHOUT_ROWS]
            with postgres.running("pg_dump", *words, f"--dbname={postgres.address()}") as dump:
                age.encrypt(dump.stdout, part, recipients)
        parts["database"] = part.facts()
    say(f"Database: {megabytes(part.size)}, {sum(facts['rows'].values())} rows.")
    files = Files(wanted)
    with new_part(draft / f"files.tar{suffix}") as part:
        producer = Producer(files.put_into)
        try:
            age.encrypt(producer.source, part, recipients)
        finally:
            producer.source.close()
            producer.join()
        producer.finish()
    parts["files"] = part.facts() | {"count": files.count, "bytes": files.size}
    say(f"Stored files: {files.count}, {megabytes(files.size)}.")
    return facts | {"parts": parts}, [f"{path} is lost" for path in files.lost()] + [
        f"{path} is damaged" for path in files.damaged
    ]


@contextmanager
def snapshot() -> Iterator[str]:
    """One moment of the database, for this connection and for every tool that is told its name."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            name = str(cursor.fetchone()[0])
        yield name


def describe(stamp: dt.datetime, *, encrypted: bool) -> dict[str, Any]:
    return {
        "format": manifest.FORMAT,
        "made_at": stamp.isoformat(timespec="seconds"),
        "encrypted": encrypted,
        "postgresql": postgres.server_version(),
        "migrations": manifest.applied_migrations(connection),
        "rows": count_rows(),
        "keys": manifest.key_fingerprints(),
    }


def count_rows() -> dict[str, int]:
    """Every table of the portal."""
    tables = sorted({model._meta.db_table for model in apps.get_models()} - set(WITHOUT_ROWS))
    counts = {}
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        for table in tables:
            if table in existing:
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own names
                counts[table] = int(cursor.fetchone()[0])
    return counts


def remove_old(target: Path, keep: int, say: Say) -> None:
    """All but the newest `keep` whole backups; 0 keeps all. A name goes before its content does."""
    whole = sorted(path.parent for path in target.glob(f"{PREFIX}*/{manifest.NAME}"))
    for old in whole[:-keep] if keep else []:
        doomed = old.with_name(DRAFT + old.name.removeprefix(PREFIX))
        old.rename(doomed)
        shutil.rmtree(doomed)
        say(f"Removed the old backup {old.name}.")
