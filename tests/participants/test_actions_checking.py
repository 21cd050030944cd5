from typing import Any

import pytest
from django.utils import translation

from accounts.models import AuditEntry, User
from notifications.models import Message
from participants import actions
from participants.actions.checking import NotAllDecidedError
from participants.models import DuplicateReview, Registration
from programs.models import Batch
from tests import cast, factories
from tests.participants.lines import (
    begin,
    counters,
    events,
    everything,
    fresh,
    open_offer,
    people,
    refusal,
    seats,
    small_batch,
    stranger,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch() -> Batch:
    return small_batch(quota=2, waiting_quota=3)


@pytest.fixture
def officer() -> User:
    return cast.verifier()


def reject(registration: Registration, officer: User, reason: str = "not_eligible") -> Registration:
    return actions.reject(registration=registration, reason=reason, note="", by=officer)


def test_verify_puts_the_declared_data_on_file(batch: Batch, officer: User) -> None:
    first = factories.registration(small_batch(), declaration=factories.declaration(number=1))
    second = factories.registration(
        batch, declaration=factories.declaration(nik=first.nik, phone=first.phone, full_name="Nama Benar")
    )
    actions.verify(registration=second, note="", by=officer)
    person = fresh(second).person
    assert person is not None
    assert (person.full_name, person.name_key, person.verified_by) == ("Nama Benar", "NAMA BENAR", officer)
    assert (person.nik, person.phone) == (first.nik, first.phone)
    entry = fresh(second)
    assert (entry.check_state, entry.checked_by, entry.checked_at) == ("verified", officer, person.verified_at)
    assert (told(second)[-1], events(second)[-1], seats(batch)) == ("registration_verified", "verified", "held")
    assert fresh(first).full_name == first.full_name


def test_verify_writes_who_it_was_into_the_trail(batch: Batch, officer: User) -> None:
    [registration] = people(batch, 1)
    actions.verify(registration=registration, note="", by=officer)
    entry = AuditEntry.objects.get(action="registration.verified")
    assert (entry.actor, entry.object_id, entry.subject_type) == (
        officer,
        str(registration.pk),
        "participants.person",
    )


def test_verify_of_a_doubtful_entry_is_refused(batch: Batch, officer: User) -> None:
    [owner] = people(batch, 1)
    assert owner.person is not None
    doubtful = factories.registration(batch, declaration=stranger(owner.person))
    refusal("identity_unsettled", actions.verify, registration=doubtful, note="KTP dilihat", by=officer)


def test_verify_with_warnings_needs_a_note(batch: Batch, officer: User) -> None:
    flagged = factories.registration(batch, sex="male")
    assert flagged.flags == ["nik_sex_differs"]
    refusal("note_needed", actions.verify, registration=flagged, note="", by=officer)
    actions.verify(registration=flagged, note="KTP dilihat", by=officer)
    assert fresh(flagged).check_note == "KTP dilihat"


@pytest.mark.parametrize("decision", ["verify", "request_fix"])
def test_a_decided_entry_is_not_decided_again(batch: Batch, officer: User, decision: str) -> None:
    [registration] = people(batch, 1)
    actions.verify(registration=registration, note="", by=officer)
    refusal("already_decided", getattr(actions, decision), registration=registration, note="x", by=officer)


@pytest.mark.parametrize(
    ("decision", "values"),
    [
        ("verify", {"note": "x"}),
        ("request_fix", {"note": "x"}),
        ("reject", {"note": "x", "reason": "other"}),
        ("withdraw", {"reason": ""}),
    ],
)
def test_an_ended_entry_is_not_decided(batch: Batch, officer: User, decision: str, values: dict[str, Any]) -> None:
    [registration] = people(batch, 1)
    actions.withdraw(registration=registration, reason="", by=None)
    refusal("registration_ended", getattr(actions, decision), registration=registration, by=officer, **values)


def test_request_fix_keeps_the_seat_and_tells_what_to_mend(batch: Batch, officer: User) -> None:
    [registration] = people(batch, 1)
    actions.request_fix(registration=registration, note="Alamat kurang lengkap", by=officer)
    assert (fresh(registration).check_state, seats(batch)) == ("needs_fix", "held")
    message = Message.objects.get(kind="registration_fix_requested")
    assert "Alamat kurang lengkap" in message.body
    refusal("note_needed", actions.request_fix, registration=registration, note="", by=officer)


def test_reject_offers_the_seat_on(batch: Batch, officer: User) -> None:
    first, _second, third = people(batch, 3)
    reject(first, officer)
    assert (seats(batch), counters(batch)) == ("released held offered", (1, 1, 0))
    assert (fresh(first).check_state, fresh(first).reject_reason) == ("rejected", "not_eligible")
    assert (told(first)[-1], told(third)[-1]) == ("registration_rejected", "seat_offered")


@pytest.mark.parametrize(
    ("reason", "note", "code"),
    [("", "x", "reason_needed"), ("nonsense", "x", "reason_needed"), ("other", "", "note_needed")],
)
def test_reject_needs_a_reason(batch: Batch, officer: User, reason: str, note: str, code: str) -> None:
    [registration] = people(batch, 1)
    refusal(code, actions.reject, registration=registration, reason=reason, note=note, by=officer)


def test_reject_takes_an_open_offer_back(batch: Batch, officer: User) -> None:
    first, _second, third, fourth = people(batch, 4)
    reject(first, officer)
    offer = open_offer(third)
    reject(third, officer)
    offer.refresh_from_db()
    assert (offer.state, fresh(fourth).seat, counters(batch)) == ("withdrawn", "offered", (1, 1, 0))


@pytest.mark.parametrize("kind", ["registration_rejected", "registration_fix_requested"])
def test_outcome_of_a_doubtful_entry_goes_to_the_contact_on_file(batch: Batch, officer: User, kind: str) -> None:
    owner = factories.registration(batch, email="pemilik@example.id")
    assert owner.person is not None
    doubtful = factories.registration(batch, declaration=stranger(owner.person, email="orang@example.id"))
    if kind == "registration_rejected":
        reject(doubtful, officer, reason="duplicate")
    else:
        actions.request_fix(registration=doubtful, note="Datang ke kantor", by=officer)
    assert Message.objects.get(kind=kind).recipient_address == "pemilik@example.id"


def test_undo_of_a_verification_asks_for_a_new_check(batch: Batch, officer: User) -> None:
    [registration] = people(batch, 1)
    actions.verify(registration=registration, note="", by=officer)
    actions.undo_decision(registration=registration, by=officer)
    entry = fresh(registration)
    assert (entry.check_state, entry.checked_by, entry.checked_at, entry.seat) == ("pending", None, None, "held")
    assert told(registration)[-1] == "decision_undone"
    actions.verify(registration=registration, note="", by=officer)


def test_undo_of_a_rejection_gives_a_free_seat_back(batch: Batch, officer: User) -> None:
    first, _second = people(batch, 2)
    reject(first, officer)
    actions.undo_decision(registration=first, by=officer)
    entry = fresh(first)
    assert (entry.check_state, entry.reject_reason, entry.check_note) == ("pending", "", "")
    assert (seats(batch), counters(batch)) == ("held held", (2, 0, 0))


def test_undo_of_a_rejection_gives_the_original_place_in_line_back(batch: Batch, officer: User) -> None:
    first, _second, third, fourth = people(batch, 4)
    reject(first, officer)
    actions.accept_offer(offer=open_offer(third), by=None)
    actions.undo_decision(registration=first, by=officer)
    assert (seats(batch), counters(batch)) == ("waiting held held waiting", (2, 0, 2))
    assert (fresh(first).position, fresh(fourth).position) == (1, 2)
    actions.withdraw(registration=third, reason="", by=None)
    assert fresh(first).seat == "offered"


def test_undo_of_a_rejection_in_the_line_keeps_the_order(batch: Batch, officer: User) -> None:
    *_held, third, fourth, fifth = people(batch, 5)
    reject(fourth, officer)
    actions.undo_decision(registration=fourth, by=officer)
    assert [fresh(row).position for row in (third, fourth, fifth)] == [1, 2, 3]


def test_undo_of_a_rejection_is_refused_when_everything_is_full(officer: User) -> None:
    batch = small_batch(quota=1, waiting_quota=1)
    first, _second = people(batch, 2)
    reject(first, officer)
    people(batch, 1)
    refusal("batch_full", actions.undo_decision, registration=first, by=officer)


def test_undo_of_a_rejection_is_refused_when_the_person_registered_again(batch: Batch, officer: User) -> None:
    declared = factories.declaration()
    first = factories.registration(batch, declaration=declared)
    reject(first, officer)
    factories.registration(batch, declaration=declared)
    refusal("registration_person_once_per_batch", actions.undo_decision, registration=first, by=officer)


def test_undo_is_refused_where_nothing_was_decided_or_the_training_began(batch: Batch, officer: User) -> None:
    first, second = people(batch, 2)
    refusal("not_decided", actions.undo_decision, registration=first, by=officer)
    reject(second, officer)
    begin(batch)
    refusal("batch_begun", actions.undo_decision, registration=second, by=officer)


def test_undo_of_a_verified_entry_that_was_cancelled_since_is_refused(batch: Batch, officer: User) -> None:
    [registration] = people(batch, 1)
    actions.verify(registration=registration, note="", by=officer)
    actions.withdraw(registration=registration, reason="", by=None)
    refusal("registration_ended", actions.undo_decision, registration=registration, by=officer)


def test_undo_of_a_duplicate_lets_it_be_decided_again(batch: Batch, officer: User) -> None:
    keep, drop = people(batch, 2)
    actions.resolve_duplicate(keep=keep, drop=drop, by=officer)
    actions.undo_decision(registration=drop, by=officer)
    assert DuplicateReview.objects.count() == 0
    actions.resolve_duplicate(keep=drop, drop=keep, by=officer)
    assert (fresh(keep).check_state, fresh(drop).check_state) == ("rejected", "pending")


def test_undo_keeps_what_was_decided_about_other_pairs(batch: Batch, officer: User) -> None:
    first, second = people(batch, 2)
    actions.mark_different(first=first, second=second, by=officer)
    reject(first, officer)
    actions.undo_decision(registration=first, by=officer)
    assert DuplicateReview.objects.get().decision == "different"


def test_decide_many_verifies_all(batch: Batch, officer: User) -> None:
    registered = people(batch, 5)
    results = actions.decide_many(registrations=registered, decision="verify", note="", by=officer)
    assert {(result.registration.pk, result.refusal) for result in results} == {(row.pk, "") for row in registered}
    assert set(Registration.objects.values_list("check_state", flat=True)) == {"verified"}
    assert Message.objects.filter(kind="registration_verified").count() == 5


def test_decide_many_decides_nothing_when_one_is_refused(batch: Batch, officer: User) -> None:
    registered = people(batch, 4)
    flagged = factories.registration(batch, sex="male")
    before = everything()
    with pytest.raises(NotAllDecidedError) as refused:
        actions.decide_many(registrations=[*registered, flagged], decision="verify", note="", by=officer)
    assert everything() == before
    refusals = {result.registration.pk: result.refusal for result in refused.value.results}
    assert [pk for pk, why in refusals.items() if why] == [flagged.pk]
    assert len(refusals) == 5


def test_decide_many_offers_nothing_to_who_is_rejected_in_the_same_press(batch: Batch, officer: User) -> None:
    registered = people(batch, 5)
    actions.decide_many(registrations=registered[:4], decision="reject", reason="not_reachable", note="", by=officer)
    assert (seats(batch), counters(batch)) == ("released released released released offered", (0, 1, 0))
    assert Message.objects.filter(kind="seat_offered").count() == 1


def test_decide_many_takes_back_what_it_rejected(batch: Batch, officer: User) -> None:
    registered = people(batch, 2)
    actions.decide_many(registrations=registered, decision="reject", reason="not_eligible", note="", by=officer)
    actions.decide_many(registrations=registered, decision="undo", note="", by=officer)
    assert (seats(batch), counters(batch)) == ("held held", (2, 0, 0))


def test_decide_many_over_two_batches(batch: Batch, officer: User) -> None:
    other = small_batch(quota=2)
    registered = [*people(batch, 2), *people(other, 2)]
    actions.decide_many(registrations=registered, decision="reject", reason="other", note="Salah", by=officer)
    assert (counters(batch), counters(other)) == ((0, 0, 0), (0, 0, 0))


def test_refusals_are_sentences(batch: Batch, officer: User) -> None:
    [registration] = people(batch, 1)
    refused = refusal("note_needed", actions.request_fix, registration=registration, note="", by=officer)
    with translation.override("en"):
        assert refused.messages == ["Please write what has to be corrected."]
