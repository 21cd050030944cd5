from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from participants.models import (
    AccessCode,
    Consent,
    Declaration,
    DuplicateReview,
    Offer,
    Person,
    Registration,
    hash_nik,
)
from tests import cast, factories
from tests.participants.lines import people, small_batch, stranger
from tests.support.constraints import broken_by

pytestmark = pytest.mark.django_db

NOW = timezone.now()
HOUR = timedelta(hours=1)


@pytest.fixture
def entry() -> Registration:
    return factories.registration(small_batch(quota=5))


def copied(entry: Registration, **values: Any) -> Registration:
    """Another row for the same batch with everything that must be its own."""
    declared = factories.declaration().columns()
    defaults: dict[str, Any] = {
        "batch": entry.batch,
        "code": "ABCDEFGH",
        "pin_hash": "0" * 64,
        "created_at": NOW,
        "seat": "held",
        "queue_number": 900,
    }
    return Registration.objects.create(**(declared | defaults | values))


def changed(**values: Any) -> Callable[[Registration], Any]:
    return lambda entry: Registration.objects.filter(pk=entry.pk).update(**values)


def carded(**values: Any) -> Callable[[Registration], Any]:
    return lambda entry: Person.objects.filter(pk=entry.person_id or 0).update(**values)


def offered(entry: Registration, **values: Any) -> Offer:
    defaults: dict[str, Any] = {"offered_at": NOW, "expires_at": NOW + HOUR, "token_hash": str(Offer.objects.count())}
    return Offer.objects.create(registration=entry, **(defaults | values))


def coded(entry: Registration, **values: Any) -> AccessCode:
    defaults: dict[str, Any] = {"kind": "recovery", "code_hash": "0", "created_at": NOW, "expires_at": NOW + HOUR}
    return AccessCode.objects.create(registration=entry, **(defaults | values))


def consented(entry: Registration, **values: Any) -> Consent:
    defaults = {"purpose": "broadcast", "given": True, "text_version": "1", "channel": "online", "at": NOW}
    return Consent.objects.create(registration=entry, **(defaults | values))


def reviewed(first: Registration, second: Registration) -> DuplicateReview:
    return DuplicateReview.objects.create(
        first=first, second=second, decision="different", at=NOW, by=cast.program_officer()
    )


def pair_twice(entry: Registration) -> None:
    other = copied(entry)
    reviewed(entry, other)
    reviewed(entry, other)


def of_one_household(entry: Registration) -> None:
    """Two entries in batches of one programme, both verified."""
    household = {"household_hash": "a" * 64, "household_program": entry.batch.program}
    other = copied(
        entry, batch=factories.batch(entry.batch.program), person=factories.registration(small_batch()).person
    )
    for one in (entry, other):
        changed(**household, **DECIDED, checked_by=cast.verifier())(one)


DECIDED: dict[str, Any] = {"checked_at": NOW, "check_state": "verified"}

BREAKING: list[tuple[str, Callable[[Registration], Any]]] = [
    (
        "person_once_per_agency",
        lambda entry: Person.objects.create(
            agency=entry.batch.program.agency, **factories.declaration(nik=entry.nik).columns()
        ),
    ),
    ("person_nik_hash_and_last4_formed", carded(nik_last4="000x")),
    ("person_nik_hash_and_last4_formed", carded(nik_last4="")),
    ("person_nik_hash_and_last4_formed", carded(nik_hash="9971015207990001")),
    ("person_verified_by_and_at_together", carded(verified_at=NOW)),
    ("registration_person_once_per_batch", lambda entry: copied(entry, person=entry.person)),
    (
        "registration_contact_once_per_batch",
        lambda entry: copied(entry, nik_hash=entry.nik_hash, phone=entry.phone),
    ),
    (
        "registration_person_once_per_rule",
        lambda entry: (
            changed(duplicate_key="year:2026")(entry),
            copied(entry, batch=small_batch(), person=entry.person, duplicate_key="year:2026"),
        ),
    ),
    ("registration_household_verified_once", of_one_household),
    ("registration_household_formed", changed(household_hash="a" * 64)),
    ("registration_household_formed", lambda entry: changed(household_program=entry.batch.program)(entry)),
    (
        "registration_household_formed",
        lambda entry: changed(household_hash="9971010101240001", household_program=entry.batch.program)(entry),
    ),
    ("registration_queue_number_once_per_batch", lambda entry: copied(entry, queue_number=entry.queue_number)),
    ("registration_nik_hash_and_last4_formed", changed(nik_last4="12345"[:3])),
    ("registration_nik_hash_and_last4_formed", changed(nik_hash="A" * 64)),
    ("registration_assisted_names_the_officer", changed(source="assisted")),
    ("registration_decision_names_who_and_when", changed(**DECIDED)),
    (
        "registration_decision_names_who_and_when",
        changed(check_state="rejected", reject_reason="other", seat="released"),
    ),
    (
        "registration_verified_has_person",
        lambda entry: changed(**DECIDED, checked_by=cast.verifier(), person=None)(entry),
    ),
    (
        "registration_rejected_has_no_seat",
        lambda entry: changed(
            check_state="rejected", checked_at=NOW, checked_by=cast.verifier(), reject_reason="other"
        )(entry),
    ),
    (
        "registration_rejection_has_reason",
        lambda entry: changed(check_state="rejected", checked_at=NOW, checked_by=cast.verifier(), seat="released")(
            entry
        ),
    ),
    ("registration_rejection_has_reason", changed(reject_reason="other")),
    ("registration_withdrawn_has_no_seat", changed(withdrawn_at=NOW)),
    ("registration_seat_known", changed(seat="sitting")),
    ("registration_check_state_known", changed(check_state="maybe")),
    ("access_code_claim_names_issuer", lambda entry: coded(entry, kind="claim")),
    ("access_code_expires_after_it_is_made", lambda entry: coded(entry, expires_at=NOW)),
    ("consent_once_per_purpose", lambda entry: consented(entry, purpose="notice")),
    (
        "consent_on_paper_names_witness",
        lambda entry: (entry.consents.all().delete(), consented(entry, channel="paper")),
    ),
    ("duplicate_review_once_per_pair", pair_twice),
    ("duplicate_review_pair_in_order", lambda entry: reviewed(copied(entry), entry)),
    ("duplicate_review_pair_in_order", lambda entry: reviewed(entry, entry)),
    ("offer_open_once_per_registration", lambda entry: (offered(entry), offered(entry))),
    ("offer_expires_after_it_is_made", lambda entry: offered(entry, expires_at=NOW)),
    ("offer_ended_has_time", lambda entry: offered(entry, state="accepted")),
    ("offer_ended_has_time", lambda entry: offered(entry, answered_at=NOW)),
]


@pytest.mark.parametrize(("constraint", "write"), BREAKING)
def test_constraint_is_kept(entry: Registration, constraint: str, write: Callable[[Registration], Any]) -> None:
    assert broken_by(lambda: write(entry)) == constraint


@pytest.mark.parametrize("field", ["code", "submission_key"])
def test_registration_is_unique_by(entry: Registration, field: str) -> None:
    name = broken_by(lambda: copied(entry, **{field: getattr(entry, field)}))
    assert name.startswith(f"participants_registration_{field}")


@pytest.mark.parametrize("seat", ["released", "none"])
def test_ended_entries_are_in_nobodys_way(entry: Registration, seat: str) -> None:
    changed(duplicate_key="year:2026", seat=seat)(entry)
    copied(entry, person=entry.person, nik_hash=entry.nik_hash, phone=entry.phone, duplicate_key="year:2026")


def test_with_position_counts_who_waits_before() -> None:
    batch, other = small_batch(quota=2), small_batch(quota=1)
    people(other, 3)
    people(batch, 5)
    Registration.objects.filter(batch=batch, queue_number=4).update(seat="released")
    found = batch.registrations.with_position().order_by("queue_number")
    assert [row.position for row in found] == [None, None, 1, None, 2]


def test_with_position_is_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    batch = small_batch()
    people(batch, 3)
    with django_assert_num_queries(1):
        list(Registration.objects.with_parts().with_position())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("siti", {"siti"}),
        ("AMINAH", {"siti"}),
        ("9971015207990001", {"siti"}),
        ("9971 0152 0799 0001", {"siti"}),
        ("9971-0152-0799-0001", {"siti"}),
        ("0001", {"siti"}),
        ("9971015207999999", set()),
        ("1015", set()),
        ("%", set()),
        ("_", set()),
        ("budi'; --", set()),
        ("siti\x00", {"siti"}),
        ("", {"siti", "budi"}),
    ],
)
def test_search_by_name_number_and_last_four(text: str, found: set[str]) -> None:
    batch = small_batch(quota=5)
    rows = {
        "siti": factories.registration(batch, number=1, full_name="Siti Aminah"),
        "budi": factories.registration(batch, number=2, full_name="Budi"),
    }
    assert set(Registration.objects.search(text)) == {rows[name] for name in found}


def test_search_by_registration_number(entry: Registration) -> None:
    for typed in (entry.code, entry.shown_code, entry.shown_code.lower(), f" {entry.code[:4]} {entry.code[4:]} "):
        assert list(Registration.objects.search(typed)) == [entry]


def test_visible_to_stays_in_agency_and_region(entry: Registration) -> None:
    next_door = factories.batch(entry.batch.program, factories.MEDONO)
    next_door.program.rules.all().delete()
    medono = factories.registration(next_door)

    def seen(user: Any) -> set[Registration]:
        return set(Registration.objects.visible_to(user))

    assert seen(cast.program_officer()) == seen(cast.auditor()) == {entry, medono}
    assert seen(cast.village_officer_here()) == {entry}
    assert seen(cast.village_officer_next_door()) == {medono}
    for nobody in (cast.other_agency_officer(), cast.treasurer(), cast.administrator(), cast.nobody()):
        assert seen(nobody) == set()


def test_person_visible_to_stays_in_agency_and_region(entry: Registration) -> None:
    assert list(Person.objects.visible_to(cast.verifier())) == [entry.person]
    assert list(Person.objects.visible_to(cast.village_officer_here())) == [entry.person]
    for nobody in (cast.village_officer_next_door(), cast.other_agency_officer(), cast.administrator()):
        assert list(Person.objects.visible_to(nobody)) == []


@pytest.mark.parametrize(
    ("phone", "email", "knows"),
    [
        ("+62812", "", True),
        ("+62899", "a@example.id", True),
        ("+62899", "A@EXAMPLE.ID", True),
        ("+62899", "", False),
        ("+62899", "b@example.id", False),
    ],
)
def test_person_knows_contact(phone: str, email: str, knows: bool) -> None:
    assert Person(phone="+62812", email="a@example.id").knows_contact(phone=phone, email=email) == knows


def test_person_without_an_address_knows_no_empty_one() -> None:
    assert not Person(phone="+62812", email="").knows_contact(phone="+62899", email="")


def test_declaration_derives_what_finds_a_number_again(entry: Registration) -> None:
    declared: Declaration = factories.declaration(nik="9971015207991234", full_name="Hj. Siti Nur'aini, S.E.")
    columns = declared.columns()
    assert (columns["nik_hash"], columns["nik_last4"]) == (hash_nik("9971015207991234"), "1234")
    assert (columns["name_key"], set(columns)) == ("SITI NURAINI", set(Registration.DECLARED))


def test_full_address_reads_as_on_the_card(entry: Registration) -> None:
    entry.rt, entry.rw = "003", "005"
    assert entry.full_address == "Jalan Contoh 1, RT 003 / RW 005, Kelurahan Bendan Kergon"
    entry.rw = ""
    assert entry.full_address == "Jalan Contoh 1, Kelurahan Bendan Kergon"


def test_shown_code_is_read_in_two_groups() -> None:
    assert Registration(code="ABCD2345").shown_code == "ABCD-2345"


def test_masked_nik_shows_four_digits(entry: Registration) -> None:
    assert entry.masked_nik == "*" * 12 + entry.nik[-4:]


def test_rows_say_nothing_personal_in_logs(entry: Registration) -> None:
    assert entry.person is not None
    doubtful = factories.registration(small_batch(), declaration=stranger(entry.person))
    shown = (
        f"{entry} {entry.person} {doubtful} {offered(entry)} {coded(entry)} {entry.consents.all()} {entry.events.all()}"
    )
    for secret in (entry.nik, entry.full_name, entry.phone, doubtful.phone):
        assert secret not in shown


def test_offer_is_open_until_its_last_moment() -> None:
    offer = Offer(offered_at=NOW, expires_at=NOW + HOUR)
    assert [offer.is_open_at(NOW + shift) for shift in (timedelta(0), HOUR - timedelta(seconds=1), HOUR)] == [
        True,
        True,
        False,
    ]
    assert not Offer(state="accepted", expires_at=NOW + HOUR).is_open_at(NOW)


def test_can_be_corrected_while_it_is_open_and_active() -> None:
    states = {
        (seat, check): Registration(seat=seat, check_state=check).can_be_corrected
        for seat in ("held", "waiting", "offered", "released", "none")
        for check in ("pending", "needs_fix", "verified", "rejected")
    }
    assert {key for key, can in states.items() if can} == {
        (seat, check) for seat in ("held", "waiting", "offered") for check in ("pending", "needs_fix")
    }
