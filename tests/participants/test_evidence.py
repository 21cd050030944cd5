"""Photos of documents: kept encrypted, looked at by few, gone as soon as nobody needs them."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from jobs.models import StoredFile
from participants import actions, queries
from participants.models import CheckState, EvidenceFile, Registration, RegistrationEvent
from participants.rules import documents_asked
from programs.models import Batch
from tests import cast, factories
from tests.participants.papers import CARD, LETTER, on_disk, refused, seen, sent, trail
from tests.support import photos


@pytest.fixture
def entry(asked_entry: Registration) -> Registration:
    return asked_entry


# -- what is asked --


@pytest.mark.parametrize(
    ("letter", "group", "kinds"),
    [
        (False, "", ["identity_card"]),
        (True, "masyarakat_lain", ["identity_card", "domicile_letter"]),
        (False, "buruh_phk", ["identity_card", "target_group_letter"]),
    ],
)
def test_documents_asked_are_those_that_concern_the_resident(letter: bool, group: str, kinds: list[str]) -> None:
    demands = dict.fromkeys(["identity_card", "domicile_letter", "target_group_letter"], "optional")
    assert list(documents_asked(demands, has_domicile_letter=letter, target_group=group)) == kinds


def test_documents_of_a_programme_that_asks_nothing_cost_no_query(batch: Batch, django_assert_num_queries: Any) -> None:
    registration = Registration.objects.with_parts().get(pk=factories.registration(batch).pk)
    with django_assert_num_queries(0):
        assert queries.documents_of(registration) == []


def test_documents_tell_what_is_missing(entry: Registration) -> None:
    assert [(found.kind, found.is_needed, found.photo) for found in queries.documents_of(entry)] == [
        (CARD, True, None),
        (LETTER, False, None),
    ]


# -- sending --


def test_add_evidence_keeps_only_noise_on_the_disk(entry: Registration, own_folder: Path) -> None:
    photo = sent(entry)
    [kept] = on_disk(own_folder)
    assert (photos.HIDDEN in kept, kept[:3] == b"\xff\xd8\xff", b"JFIF" in kept) == (False, False, False)
    content = queries.read_photo(EvidenceFile.objects.get(pk=photo.pk))
    assert (content[:3], photos.HIDDEN in content) == (b"\xff\xd8\xff", False)
    assert StoredFile.objects.get().size == len(kept)
    [line] = trail("evidence_added")
    assert (line.changes, line.actor, line.subject_type) == (
        {"document": "identity_card", "size": len(content)},
        None,
        "participants.person",
    )
    assert [event.kind for event in entry.events.all()] == ["registered", "evidence_sent"]


def test_add_evidence_again_replaces_the_former_photo(
    entry: Registration, own_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    first = sent(entry)
    with django_capture_on_commit_callbacks(execute=True):
        second = sent(entry)
    first.refresh_from_db()
    assert (first.deleted_reason, first.key, first.stored) == ("replaced", None, None)
    assert list(entry.evidence.kept()) == [second]
    assert (len(on_disk(own_folder)), StoredFile.objects.count()) == (1, 1)
    assert len(trail("evidence_replaced")) == 1


def test_add_evidence_of_a_document_that_is_not_asked_is_refused(entry: Registration) -> None:
    for kind in ("target_group_letter", "passport", ""):
        refused("documents_not_asked", actions.add_evidence, registration=entry, kind=kind, content=b"", by=None)


def test_add_evidence_of_an_entry_that_is_decided_or_ended_is_refused(entry: Registration) -> None:
    actions.verify(registration=entry, note="KTP asli dilihat di kantor.", by=cast.verifier())
    entry.refresh_from_db()
    refused("documents_closed", sent, entry=entry)
    actions.undo_decision(registration=entry, by=cast.verifier())
    actions.withdraw(registration=entry, reason="", by=None)
    entry.refresh_from_db()
    refused("documents_closed", sent, entry=entry)


def test_add_evidence_many_times_a_day_is_refused(entry: Registration, settings: Settings) -> None:
    settings.EVIDENCE = settings.EVIDENCE | {"a_day": 2}
    sent(entry)
    sent(entry)
    refused("documents_too_many", sent, entry=entry)


@pytest.mark.parametrize("limit", [{"total_mb": 0}, {"least_free_mb": 10**9}])
def test_add_evidence_on_a_full_disk_says_so_and_keeps_the_former_photo(
    entry: Registration, settings: Settings, limit: dict[str, int]
) -> None:
    photo = sent(entry)
    settings.EVIDENCE = settings.EVIDENCE | limit
    refused("documents_full", sent, entry=entry)
    assert list(entry.evidence.kept()) == [photo]


def test_add_evidence_where_nothing_can_be_written_says_so(entry: Registration, own_folder: Path) -> None:
    (own_folder / "stored").write_bytes(b"in the way")
    refused("documents_full", sent, entry=entry)
    assert (EvidenceFile.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_remove_evidence_takes_it_back(
    entry: Registration, own_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    photo = sent(entry)
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_evidence(registration=entry, kind=CARD, by=None)
    photo.refresh_from_db()
    assert (photo.deleted_reason, on_disk(own_folder)) == ("taken_back", [])
    assert [event.kind for event in entry.events.all()][-1] == "evidence_removed"


# -- checking --


def test_look_at_evidence_is_written_down_each_time(entry: Registration) -> None:
    photo, verifier = sent(entry), cast.verifier()
    for _look in range(2):
        content = actions.look_at_evidence(photo=EvidenceFile.objects.get(pk=photo.pk), by=verifier)
    assert content.startswith(b"\xff\xd8\xff")
    lines = trail("evidence_seen")
    assert [(line.actor, line.changes) for line in lines] == [(verifier, {"document": "identity_card"})] * 2
    photo.refresh_from_db()
    assert photo.seen_by == verifier


def test_verify_needs_the_document_to_be_looked_at_or_a_note(entry: Registration) -> None:
    verifier = cast.verifier()
    refused("documents_unseen", actions.verify, registration=entry, note="", by=verifier)
    photo = sent(entry)
    refused("documents_unseen", actions.verify, registration=entry, note="", by=verifier)
    seen(entry, photo)
    actions.verify(registration=entry, note="", by=verifier)
    entry.refresh_from_db()
    assert entry.check_state == CheckState.VERIFIED


def test_verify_deletes_the_photos_and_leaves_that_they_were_seen(
    entry: Registration, own_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    photo = seen(entry, sent(entry))
    sent(entry, LETTER)
    with django_capture_on_commit_callbacks(execute=True):
        actions.verify(registration=entry, note="", by=cast.verifier())
    assert (on_disk(own_folder), StoredFile.objects.count()) == ([], 0)
    reasons = list(entry.evidence.order_by("pk").values_list("kind", "deleted_reason", "key"))
    assert reasons == [("identity_card", "verified", None), ("domicile_letter", "verified", None)]
    assert trail("verified")[0].changes == {"flags": [], "documents_seen": ["identity_card"]}
    photo.refresh_from_db()
    assert photo.seen_by == cast.verifier()


def test_undo_decision_does_not_bring_the_photo_back(entry: Registration) -> None:
    seen(entry, sent(entry))
    actions.verify(registration=entry, note="", by=cast.verifier())
    actions.undo_decision(registration=entry, by=cast.verifier())
    entry.refresh_from_db()
    assert [found.photo for found in queries.documents_of(entry)] == [None, None]
    sent(entry)


def test_request_fix_names_documents_and_deletes_what_was_not_readable(entry: Registration) -> None:
    photo = sent(entry)
    actions.request_fix(registration=entry, note="", by=cast.verifier(), documents=[CARD, "passport"])
    photo.refresh_from_db()
    entry.refresh_from_db()
    assert (photo.deleted_reason, entry.check_state) == ("asked_again", "needs_fix")
    assert "KTP" in entry.check_note
    asked = entry.events.filter(kind=RegistrationEvent.Kind.FIX_REQUESTED).get()
    assert asked.data["documents"] == ["identity_card"]
    sent(entry)
    entry.refresh_from_db()
    assert (entry.check_state, entry.check_note) == ("pending", "")


def test_request_fix_of_two_documents_waits_for_both(entry: Registration) -> None:
    actions.request_fix(registration=entry, note="", by=cast.verifier(), documents=[CARD, LETTER])
    states = []
    for kind in (LETTER, CARD):
        entry.refresh_from_db()
        sent(entry, kind)
        entry.refresh_from_db()
        states.append(entry.check_state)
    assert states == ["needs_fix", "pending"]


def test_request_fix_of_data_alone_is_not_done_by_a_photo(entry: Registration) -> None:
    actions.request_fix(registration=entry, note="RT belum diisi.", by=cast.verifier())
    entry.refresh_from_db()
    sent(entry)
    entry.refresh_from_db()
    assert entry.check_state == "needs_fix"
