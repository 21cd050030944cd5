import datetime as dt
import hashlib
import os
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Agency, AuditEntry, User
from jobs import actions, cleaning, runner, storage
from jobs.models import Job, State, StoredFile
from tests.jobs.conftest import Start


def stored(agency: Agency, by: User, expires_at: dt.datetime | None = None) -> StoredFile:
    return actions.store_file(
        agency=agency, name="a.txt", content=b"isi", content_type="text/plain", expires_at=expires_at, by=by
    )


def test_start_wakes_a_worker_for_each_job(
    start: Start, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        first, second = start(), start()
    woken = [getattr(callback, "wakes", None) for callback in callbacks]
    assert woken == [("jobs.tasks.run", (first.pk,)), ("jobs.tasks.run", (second.pk,))]
    assert (first.state, first.label) == (State.QUEUED, "Ekspor")
    assert AuditEntry.objects.filter(action="job.started").count() == 2


def test_start_rolled_back_leaves_nothing(
    start: Start, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        start()
        transaction.set_rollback(True)
    assert (Job.objects.count(), callbacks) == (0, [])


def test_start_knows_only_kinds_of_the_settings(start: Start) -> None:
    with pytest.raises(ValueError, match="JOB_KINDS"):
        start("os.system")


def test_cancel_ends_a_waiting_job(start: Start) -> None:
    job = start()
    actions.cancel(job=job, by=job.created_by)
    assert job.state == State.CANCELLED
    assert runner.run(job.pk) is None
    with pytest.raises(ValidationError) as refusal:
        actions.cancel(job=job, by=job.created_by)
    assert refusal.value.code == "job_ended"
    assert AuditEntry.objects.filter(action="job.cancelled").count() == 1


def test_store_file_keeps_the_bytes_under_a_random_name(agency: Agency, owner: User) -> None:
    first, second = stored(agency, owner), stored(agency, owner)
    assert first.path != second.path
    assert "a.txt" not in first.path
    path = storage.absolute(first.path)
    assert path.read_bytes() == b"isi"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (first.size, first.sha256) == (3, hashlib.sha256(b"isi").hexdigest())


def test_remove_expired_deletes_row_and_bytes(agency: Agency, owner: User, start: Start) -> None:
    job = start()
    runner.run(job.pk)
    job.refresh_from_db()
    assert job.result is not None
    expired, kept = job.result, stored(agency, owner, timezone.now() + dt.timedelta(days=1))
    StoredFile.objects.filter(pk=expired.pk).update(
        created_at=timezone.now() - dt.timedelta(days=8), expires_at=timezone.now() - dt.timedelta(seconds=1)
    )
    assert cleaning.remove_expired(timezone.now()) == 1
    assert not storage.absolute(expired.path).exists()
    assert storage.absolute(kept.path).exists()
    again = Job.objects.get(pk=job.pk)
    assert (again.state, again.result) == (State.DONE, None)


def test_remove_orphans_deletes_old_bytes_without_a_row(agency: Agency, owner: User, tmp_path: Path) -> None:
    kept = stored(agency, owner)
    young, old = storage.write_private(b"muda"), storage.write_private(b"tua")
    two_days_ago = (timezone.now() - dt.timedelta(days=2)).timestamp()
    for path in (kept.path, old):
        os.utime(storage.absolute(path), (two_days_ago, two_days_ago))
    assert cleaning.remove_orphans(timezone.now()) == 1
    assert [storage.absolute(path).exists() for path in (kept.path, young, old)] == [True, True, False]
