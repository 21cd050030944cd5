"""Photos of documents while two people act at once: never two of a kind, never one of a verified entry."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.utils import timezone

from jobs.models import StoredFile
from participants import actions
from participants.models import EvidenceFile, Registration
from tests import cast
from tests.participants.crowd import at_once, outcomes
from tests.participants.papers import CARD, on_disk
from tests.support import photos

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def sending(entry: Registration) -> partial[EvidenceFile]:
    return partial(actions.add_evidence, registration=entry, kind=CARD, content=photos.photo(), by=None)


def test_six_photos_of_one_document_at_once_leave_one(asked_entry: Registration, own_folder: Path) -> None:
    assert outcomes(at_once([sending(asked_entry)] * 6)) == ["done"] * 6
    assert (asked_entry.evidence.count(), asked_entry.evidence.kept().count()) == (6, 1)
    assert (StoredFile.objects.count(), len(on_disk(own_folder))) == (1, 1)


def test_photos_sent_while_the_entry_is_verified_do_not_stay(asked_entry: Registration, own_folder: Path) -> None:
    verifying = partial(actions.verify, registration=asked_entry, note="Dilihat.", by=cast.verifier())
    answers = outcomes(at_once([sending(asked_entry), verifying, sending(asked_entry), sending(asked_entry)]))
    assert answers[1] == "done"
    assert set(answers) <= {"done", "documents_closed"}
    assert asked_entry.evidence.kept().count() == 0
    assert (StoredFile.objects.count(), on_disk(own_folder)) == (0, [])


def test_sweeping_while_the_resident_sends_another_keeps_the_new_one(asked_entry: Registration) -> None:
    old = actions.add_evidence(registration=asked_entry, kind=CARD, content=photos.photo(), by=None)
    long_ago = timezone.now() - timedelta(days=400)
    EvidenceFile.objects.filter(pk=old.pk).update(uploaded_at=long_ago)
    answers = outcomes(at_once([sending(asked_entry), actions.sweep_evidence, actions.sweep_evidence]))
    assert answers == ["done"] * 3
    old.refresh_from_db()
    assert (old.deleted_reason in {"too_old", "replaced"}, asked_entry.evidence.kept().count()) == (True, 1)
