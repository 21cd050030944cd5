"""Starting and stopping long work, and keeping its files."""

import datetime as dt
import hashlib
import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from jobs.models import Heartbeat, Job, Part, State, StoredFile
from jobs.storage import keep_private, remove, write_private
from kit.wakeup import wake_after_commit

RUN = "jobs.tasks.run"
WRITERS = 4


@transaction.atomic
def start(*, kind: str, params: dict[str, Any], agency: Agency, by: User, title: str = "", place: str = "") -> Job:
    """Notes the work; a worker begins after the commit. `title` is what the person reads in the list of own work.

    `place` is the address where work without a file shows what came of it.
    """
    if kind not in settings.JOB_KINDS:
        raise ValueError(f"{kind} is not in settings.JOB_KINDS")
    params = params | {"place": place} if place else params
    job = Job.objects.create(kind=kind, params=params, agency=agency, created_by=by, title=title)
    record(action="job.started", by=by, target=job, agency=agency, changes={"kind": kind})
    wake_after_commit(RUN, job.pk)
    return job


@transaction.atomic
def cancel(*, job: Job, by: User) -> Job:
    """Stops what waits at once; what runs notices at its next sign of progress and keeps no result."""
    active = Job.objects.filter(pk=job.pk, state__in=[State.QUEUED, State.RUNNING])
    if active.update(state=State.CANCELLED, finished_at=timezone.now()) == 0:
        raise ValidationError(_("This work has already ended."), code="job_ended")
    record(action="job.cancelled", by=by, target=job, agency=job.agency)
    job.refresh_from_db()
    return job


@transaction.atomic
def store_file(
    *,
    agency: Agency,
    name: str,
    content: bytes,
    content_type: str,
    expires_at: dt.datetime | None = None,
    by: User | None,
) -> StoredFile:
    """Keeps the bytes in the private folder and tells the trail."""
    stored = keep_file(
        agency=agency, name=name, content=content, content_type=content_type, expires_at=expires_at, by=by
    )
    record(action="file.stored", by=by, target=stored, agency=agency, actor_label="" if by else "system")
    return stored


@transaction.atomic
def keep_file(
    *,
    agency: Agency,
    name: str,
    content: bytes,
    content_type: str,
    expires_at: dt.datetime | None = None,
    by: User | None,
) -> StoredFile:
    """The same for an action that writes a line of its own. Bytes of a row that is rolled back go by the clean-up."""
    return StoredFile.objects.create(
        agency=agency,
        name=name,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        path=write_private(content),
        expires_at=expires_at,
        created_by=by,
    )


@dataclass(frozen=True)
class FileToKeep:
    name: str
    content: bytes
    content_type: str


@transaction.atomic
def keep_files(*, agency: Agency, files: Sequence[FileToKeep], by: User | None) -> list[StoredFile]:
    """Many at once for an action that writes a line of its own, in the order given.

    The disk is waited for by several at a time: it confirms many files nearly as fast as one.
    """
    with ThreadPoolExecutor(WRITERS) as writers:
        paths = list(writers.map(write_private, [file.content for file in files]))
    return StoredFile.objects.bulk_create(
        StoredFile(
            agency=agency,
            name=file.name,
            content_type=file.content_type,
            size=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
            path=path,
            created_by=by,
        )
        for file, path in zip(files, paths, strict=True)
    )


@transaction.atomic
def put_back_file(*, stored: StoredFile, content: bytes, by: User | None) -> None:
    """The bytes of a file that the disk lost or changed; only the very same ones."""
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise ValueError(f"not the bytes of file {stored.pk}")
    remove(stored.path)
    keep_private(stored.path, io.BytesIO(content), len(content))


@transaction.atomic
def drop_file(*, stored: StoredFile, by: User | None) -> None:
    """The row goes now, the bytes after the commit; the clean-up removes what a crash in between left."""
    path = stored.path
    stored.delete()
    transaction.on_commit(partial(remove, path), robust=True)


@transaction.atomic
def note_download(*, stored: StoredFile, by: User) -> None:
    record(action="file.downloaded", by=by, target=stored, agency=stored.agency)


FORGOTTEN_AFTER = dt.timedelta(days=1)


@transaction.atomic
def note_alive(*, part: str, name: str, queues: str = "") -> None:
    """A process shows that it lives; those that were silent for a day are forgotten."""
    now = timezone.now()
    values = {"part": Part(part), "queues": queues[:200], "at": now}
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name[:120], **values)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=list(values),
    )
    Heartbeat.objects.filter(at__lt=now - FORGOTTEN_AFTER).delete()
