from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Agency, User
from jobs import actions
from jobs.models import Heartbeat, Job, State, StoredFile
from tests.jobs.conftest import Start

NOW = timezone.now()


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("jobs_job_state_known", {"state": "lost"}),
        ("jobs_job_running_was_started", {"state": State.RUNNING}),
        ("jobs_job_running_was_started", {"state": State.RUNNING, "started_at": NOW}),
        ("jobs_job_ended_has_time", {"state": State.DONE}),
        ("jobs_job_ended_has_time", {"finished_at": NOW}),
        ("jobs_job_failed_has_reason", {"state": State.FAILED, "finished_at": NOW}),
        ("jobs_job_progress_within_total", {"progress": 2, "total": 1}),
    ],
)
def test_job_constraint(start: Start, constraint: str, fields: dict[str, Any]) -> None:
    job = start()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**fields)


def test_job_keeps_a_result_only_when_done(start: Start, agency: Agency, owner: User) -> None:
    job = start()
    stored = actions.store_file(agency=agency, name="a", content=b"", content_type="text/plain", by=owner)
    with pytest.raises(IntegrityError, match="jobs_job_result_when_done"), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(result=stored)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("jobs_stored_file_sha256_hex", {"sha256": "A" * 64}),
        ("jobs_stored_file_expires_later", {"expires_at": NOW.replace(year=2000)}),
    ],
)
def test_stored_file_constraint(agency: Agency, owner: User, constraint: str, fields: dict[str, Any]) -> None:
    stored = actions.store_file(agency=agency, name="a", content=b"", content_type="text/plain", by=owner)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        StoredFile.objects.filter(pk=stored.pk).update(**fields)


def test_stored_file_path_is_unique(agency: Agency, owner: User) -> None:
    first = actions.store_file(agency=agency, name="a", content=b"", content_type="text/plain", by=owner)
    second = actions.store_file(agency=agency, name="a", content=b"", content_type="text/plain", by=owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(pk=second.pk).update(path=first.path)


def test_visible_to_is_the_own_work(start: Start, owner: User, stranger: User) -> None:
    job = start()
    assert list(Job.objects.visible_to(owner)) == [job]
    assert list(Job.objects.visible_to(stranger)) == []


def test_heartbeat_constraint_is_kept(db: None) -> None:
    with pytest.raises(IntegrityError, match="jobs_heartbeat_part_known"):
        Heartbeat.objects.create(name="x", part="web", at=timezone.now())
