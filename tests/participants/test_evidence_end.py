"""Photos of documents at rest: what a crash leaves, when they go, and what PostgreSQL refuses."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from ikm_portal.rotation import encrypted_fields
from jobs.cleaning import remove_orphans
from jobs.models import StoredFile
from kit.crypto import UndecryptableError
from participants import actions, queries
from participants.models import EvidenceFile, Registration
from programs.models import Batch
from tests import cast, factories
from tests.participants.papers import CARD, on_disk, sent, trail


@pytest.fixture
def entry(asked_entry: Registration) -> Registration:
    return asked_entry


# -- at rest --


def test_bytes_of_another_entry_cannot_be_put_in_place(entry: Registration) -> None:
    other = factories.registration(entry.batch)
    mine, theirs = sent(entry), sent(other)
    theirs_stored = theirs.stored
    gone = {"deleted_at": timezone.now(), "deleted_reason": "ended"}
    EvidenceFile.objects.filter(pk=theirs.pk).update(stored=None, key=None, **gone)
    EvidenceFile.objects.filter(pk=mine.pk).update(stored=theirs_stored)
    with pytest.raises(UndecryptableError):
        queries.read_photo(EvidenceFile.objects.get(pk=mine.pk))


def test_changed_bytes_are_noticed(entry: Registration, own_folder: Path) -> None:
    photo = sent(entry)
    [path] = [path for path in own_folder.rglob("*") if path.is_file()]
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(UndecryptableError):
        queries.read_photo(EvidenceFile.objects.get(pk=photo.pk))


def test_keys_of_photos_are_renewed_by_rotate_keys() -> None:
    assert "participants_evidencefile.key" in [field.context for field in encrypted_fields()]


def test_crash_before_the_commit_leaves_bytes_that_nobody_can_read(entry: Registration, own_folder: Path) -> None:
    with transaction.atomic():
        sent(entry)
        transaction.set_rollback(True)
    assert (EvidenceFile.objects.count(), StoredFile.objects.count(), len(on_disk(own_folder))) == (0, 0, 1)
    remove_orphans(timezone.now() + timedelta(days=2))
    assert on_disk(own_folder) == []


def test_crash_after_the_commit_of_a_deletion_leaves_bytes_without_key(entry: Registration, own_folder: Path) -> None:
    """Here nothing runs after the commit, as when the process is killed at that moment."""
    sent(entry)
    actions.verify(registration=entry, note="Dilihat.", by=cast.verifier())
    assert (len(on_disk(own_folder)), StoredFile.objects.count()) == (1, 0)
    assert EvidenceFile.objects.filter(key__isnull=False).count() == 0
    remove_orphans(timezone.now() + timedelta(days=2))
    assert on_disk(own_folder) == []


# -- the end of a photo --


def aged(photo: EvidenceFile, days: int) -> None:
    EvidenceFile.objects.filter(pk=photo.pk).update(uploaded_at=timezone.now() - timedelta(days=days))


def test_sweep_evidence_deletes_what_ended_some_time_ago(entry: Registration) -> None:
    photo = sent(entry)
    aged(photo, 30)
    actions.withdraw(registration=entry, reason="", by=None)
    assert actions.sweep_evidence() == 0
    long_ago = timezone.now() - timedelta(days=settings.EVIDENCE["days_after_end"] + 1)
    Registration.objects.filter(pk=entry.pk).update(withdrawn_at=long_ago)
    assert (actions.sweep_evidence(), actions.sweep_evidence()) == (1, 0)
    photo.refresh_from_db()
    assert photo.deleted_reason == "ended"
    [line] = trail("evidence_deleted")
    assert (line.actor_label, line.changes) == ("system", {"document": "identity_card", "reason": "ended"})


def test_sweep_evidence_deletes_photos_of_rejected_entries_and_cancelled_batches(entry: Registration) -> None:
    rejected, cancelled = entry, factories.registration(entry.batch)
    shots = [sent(rejected), sent(cancelled)]
    for photo in shots:
        aged(photo, 40)
    actions.reject(registration=rejected, reason="other", note="Tidak sesuai.", by=cast.verifier())
    actions.cancel_batch(batch=entry.batch, reason="Banjir.", by=cast.program_officer())
    assert actions.sweep_evidence() == 0
    long_ago = timezone.now() - timedelta(days=20)
    Batch.objects.filter(pk=entry.batch_id).update(cancelled_at=long_ago)
    Registration.objects.filter(pk=rejected.pk).update(checked_at=long_ago)
    assert actions.sweep_evidence() == 2


def test_sweep_evidence_deletes_what_is_too_old(entry: Registration) -> None:
    photo = sent(entry)
    aged(photo, settings.EVIDENCE["days_at_most"] - 1)
    assert actions.sweep_evidence() == 0
    aged(photo, settings.EVIDENCE["days_at_most"] + 1)
    assert actions.sweep_evidence() == 1
    photo.refresh_from_db()
    assert photo.deleted_reason == "too_old"


def test_sweep_evidence_deletes_what_a_backup_brought_back(entry: Registration) -> None:
    photo = sent(entry)
    Registration.objects.filter(pk=entry.pk).update(
        check_state="verified", checked_at=timezone.now(), checked_by=cast.verifier()
    )
    assert actions.sweep_evidence() == 1
    photo.refresh_from_db()
    assert photo.deleted_reason == "verified"


def test_sweep_evidence_tells_of_lost_files(
    entry: Registration, own_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sent(entry)
    for path in [path for path in own_folder.rglob("*") if path.is_file()]:
        path.unlink()
    actions.sweep_evidence()
    assert [record.args for record in caplog.records if "lost on the disk" in record.message] == [(1,)]


# -- constraints --


def row(entry: Registration, **values: Any) -> EvidenceFile:
    now = timezone.now()
    gone = {"deleted_at": now, "deleted_reason": "ended"}
    return EvidenceFile(registration=entry, **({"kind": CARD, "uploaded_at": now} | gone | values))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("evidence_kind_known", {"kind": "passport"}),
        ("evidence_is_kept_or_gone", {"deleted_at": None, "deleted_reason": ""}),
        ("evidence_is_kept_or_gone", {"key": "secret"}),
        ("evidence_is_kept_or_gone", {"deleted_reason": ""}),
        ("evidence_reason_known", {"deleted_reason": "because"}),
        ("evidence_look_names_who_and_when", {"seen_at": timezone.now()}),
        ("evidence_deleted_after_it_was_sent", {"deleted_at": timezone.now() - timedelta(days=1)}),
    ],
)
def test_evidence_constraint_refuses(entry: Registration, name: str, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        row(entry, **values).save(force_insert=True)


def test_evidence_one_photo_per_kind(entry: Registration) -> None:
    first = sent(entry)
    stored = StoredFile.objects.create(agency=cast.home_agency(), name="x", size=1, sha256="0" * 64, path="x")
    twice = row(entry, stored=stored, key=first.key, deleted_at=None, deleted_reason="")
    with pytest.raises(IntegrityError, match="evidence_one_photo_per_kind"), transaction.atomic():
        twice.save(force_insert=True)
    assert "evidence_one_photo_per_kind" in {found.name for found in EvidenceFile._meta.constraints}
