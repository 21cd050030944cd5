"""Long lists are frozen by a worker, with the words that the officer typed and the list that the officer saw."""

from typing import Any

import pytest
from django.urls import reverse
from pytest_django import Settings

from accounts.models import RoleAssignment
from jobs import runner
from jobs.models import Job, State
from participants import actions, queries
from participants.models import Selection
from programs.models import Batch
from tests import cast
from tests.participants.desk import at_desk
from tests.participants.selecting import WORDS, close, selecting_batch, verified

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few_at_once(settings: Settings) -> None:
    settings.FREEZE_AT_ONCE = 2


def sent(batch: Batch, **values: Any) -> Job:
    typed = {"expected": queries.fingerprint(batch), "witness_words": WORDS, "understood": "on", **values}
    url = reverse("participants:selection_freeze", args=[batch.pk])
    response = at_desk(cast.program_officer()).post(url, typed)
    job = Job.objects.get(kind="selection_freeze")
    assert response["Location"] == reverse("jobs:job_detail", args=[job.pk])
    return job


def closed_batch() -> Batch:
    batch = selecting_batch(quota=2)
    verified(batch, 3)
    close(batch)
    return batch


def test_freeze_later_gives_the_result_of_the_list_that_was_seen() -> None:
    batch = closed_batch()
    job = sent(batch)
    assert not Selection.objects.exists()
    assert runner.run(job.pk) == State.DONE
    selection = Selection.objects.get()
    assert (selection.witness_words, selection.counts["held"]) == (WORDS, 2)
    assert selection.frozen_by == cast.program_officer()


def test_freeze_later_fails_with_a_sentence_when_the_list_changed() -> None:
    batch = closed_batch()
    job = sent(batch, expected="0" * 32)
    assert runner.run(job.pk) == State.FAILED
    job.refresh_from_db()
    assert job.message == "Daftar pendaftar sudah berubah. Silakan periksa lagi."
    assert not Selection.objects.exists()


def test_freeze_later_again_after_a_crash_is_done() -> None:
    """The worker died between the result and its note of it."""
    batch = closed_batch()
    job = sent(batch)
    actions.freeze_selection(batch=batch, expected=queries.fingerprint(batch), witness_words=WORDS, by=job.created_by)
    Job.objects.filter(pk=job.pk).update(attempts=1)
    assert runner.run(job.pk) == State.DONE


def test_freeze_later_refuses_who_lost_the_right() -> None:
    batch = closed_batch()
    job = sent(batch)
    RoleAssignment.objects.filter(user=job.created_by).delete()
    assert runner.run(job.pk) == State.FAILED
    assert not Selection.objects.exists()


def test_short_lists_are_frozen_at_once(settings: Settings) -> None:
    settings.FREEZE_AT_ONCE = 3
    batch = closed_batch()
    typed = {"expected": queries.fingerprint(batch), "witness_words": WORDS, "understood": "on"}
    response = at_desk(cast.program_officer()).post(reverse("participants:selection_freeze", args=[batch.pk]), typed)
    assert response["Location"] == reverse("participants:selection_desk", args=[batch.pk])
    assert Selection.objects.get().counts["held"] == 2
