from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from accounts.models import AuditEntry, User
from notifications.models import Message
from participants import actions
from participants.models import Declaration, Person, Registration
from programs.models import Batch
from tests import cast, factories
from tests.participants.lines import counters, events, fresh, refusal, seats, small_batch, stranger, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch() -> Batch:
    return small_batch(quota=5)


@pytest.fixture
def declared(batch: Batch) -> Declaration:
    return factories.declaration(email="siti@example.id", full_name="Siti Aminah")


@pytest.fixture
def registration(batch: Batch, declared: Declaration) -> Registration:
    return factories.registration(batch, declaration=declared)


@pytest.fixture
def officer() -> User:
    return cast.program_officer()


def correct(registration: Registration, declared: Declaration, by: User | None = None) -> Registration:
    return actions.correct(registration=registration, declaration=declared, by=by)


def test_correct_changes_the_entry_and_keeps_the_seat(registration: Registration, declared: Declaration) -> None:
    correct(registration, replace(declared, full_name="Siti Aminah Putri", address="Jalan Baru 2"))
    entry = fresh(registration)
    assert (entry.full_name, entry.name_key, entry.address) == (
        "Siti Aminah Putri",
        "SITI AMINAH PUTRI",
        "Jalan Baru 2",
    )
    assert (entry.seat, entry.code, entry.queue_number) == ("held", registration.code, 1)
    assert registration.events.get(kind="corrected").data == {"fields": ["full_name", "address"]}
    assert told(registration) == ["registration_received"]


def test_correct_mends_the_name_of_the_business(registration: Registration, declared: Declaration) -> None:
    correct(registration, replace(declared, business_name="Batik Mawar"))
    assert fresh(registration).business_name == "Batik Mawar"
    assert registration.events.get(kind="corrected").data == {"fields": ["business_name"]}


def test_correct_writes_names_of_fields_and_no_values_into_the_trail(
    registration: Registration, declared: Declaration
) -> None:
    correct(registration, replace(declared, nik="9971015207994321", full_name="Nama Rahasia"))
    entry = AuditEntry.objects.get(action="registration.corrected")
    assert entry.changes == {"fields": ["nik", "full_name"]}


@pytest.mark.parametrize(
    ("change", "address"),
    [({"phone": "+628111111111"}, "siti@example.id"), ({"email": "baru@example.id"}, "siti@example.id")],
)
def test_correct_of_contact_data_tells_the_former_contact(
    registration: Registration, declared: Declaration, change: dict[str, str], address: str
) -> None:
    correct(registration, replace(declared, **change))  # type: ignore[arg-type]  # what is changed differs by case
    assert told(registration) == ["registration_received", "registration_corrected"]
    assert Message.objects.get(kind="registration_corrected").recipient_address == address


def test_correct_answers_a_request(registration: Registration, declared: Declaration, officer: User) -> None:
    actions.request_fix(registration=registration, note="Alamat kurang", by=officer)
    correct(registration, replace(declared, address="Jalan Lengkap 3"))
    entry = fresh(registration)
    assert (entry.check_state, entry.check_note, entry.checked_by, entry.checked_at) == ("pending", "", None, None)


def test_correct_after_verification_is_refused(
    registration: Registration, declared: Declaration, officer: User
) -> None:
    actions.verify(registration=registration, note="", by=officer)
    refusal("already_verified", actions.correct, registration=registration, declaration=declared, by=None)
    refusal("already_verified", actions.correct, registration=registration, declaration=declared, by=officer)


def test_correct_of_an_ended_entry_is_refused(registration: Registration, declared: Declaration) -> None:
    actions.withdraw(registration=registration, reason="", by=None)
    refusal("registration_ended", actions.correct, registration=registration, declaration=declared, by=None)


@pytest.mark.parametrize(
    ("change", "code"),
    [({"birth_date": date(2020, 1, 1)}, "not_eligible:age"), ({"region": factories.MEDONO}, "not_eligible:domicile")],
)
def test_correct_answers_the_requirements_again(
    registration: Registration, declared: Declaration, change: dict[str, Any], code: str
) -> None:
    if "region" in change:
        change = {"region": factories.region_tree()[change["region"]]}
    wrong = replace(declared, **change)
    refusal(code, actions.correct, registration=registration, declaration=wrong, by=None)


def test_correct_of_a_mistyped_number_leaves_no_card_behind(registration: Registration, declared: Declaration) -> None:
    right = replace(declared, nik="9971015207994321")
    correct(registration, right)
    entry, person = fresh(registration), Person.objects.get()
    assert (entry.person, entry.nik, entry.nik_last4) == (person, right.nik, "4321")
    assert (person.nik, person.nik_hash) == (right.nik, entry.nik_hash)


def test_correct_of_a_mistyped_number_keeps_a_card_that_others_use(
    registration: Registration, declared: Declaration
) -> None:
    factories.registration(small_batch(), declaration=declared)
    correct(registration, replace(declared, nik="9971015207994321"))
    assert Person.objects.count() == 2


def test_correct_of_a_mistyped_number_keeps_a_verified_card(
    registration: Registration, declared: Declaration, officer: User
) -> None:
    actions.verify(registration=registration, note="", by=officer)
    actions.undo_decision(registration=registration, by=officer)
    correct(registration, replace(declared, nik="9971015207994321"))
    assert Person.objects.count() == 2


def test_correct_to_a_known_number_is_doubtful_and_its_owner_is_told(
    batch: Batch, registration: Registration, declared: Declaration
) -> None:
    owner = factories.registration(small_batch(), email="pemilik@example.id")
    correct(registration, replace(declared, nik=owner.nik))
    entry = fresh(registration)
    assert (entry.person, entry.flags) == (None, ["contact_differs"])
    assert Message.objects.get(kind="identity_used").recipient_address == "pemilik@example.id"
    assert counters(batch) == (1, 0, 0)


def test_correct_by_an_officer_links_a_known_number_at_once(
    registration: Registration, declared: Declaration, officer: User
) -> None:
    owner = factories.registration(small_batch())
    correct(registration, replace(declared, nik=owner.nik), by=officer)
    assert (fresh(registration).person_id, fresh(registration).flags) == (owner.person_id, ["contact_differs"])
    assert registration.events.get(kind="corrected").by_office


def test_correct_to_a_number_that_is_in_the_batch_already_is_refused(
    batch: Batch, registration: Registration, declared: Declaration, officer: User
) -> None:
    other = factories.registration(batch)
    taken = replace(declared, nik=other.nik, phone=other.phone)
    refusal(
        "registration_contact_once_per_batch", actions.correct, registration=registration, declaration=taken, by=None
    )
    refusal(
        "registration_contact_once_per_batch", actions.correct, registration=registration, declaration=taken, by=officer
    )


def test_correct_to_a_number_that_takes_part_elsewhere_this_year_is_refused() -> None:
    program = factories.program(cast.home_agency())
    other = factories.registration(factories.batch(program))
    mine = factories.declaration()
    registration = factories.registration(factories.batch(program), declaration=mine)
    taken = replace(mine, nik=other.nik, phone=other.phone)
    refusal("not_eligible:not_twice", actions.correct, registration=registration, declaration=taken, by=None)


def test_correct_mends_an_unverified_card_of_its_own(registration: Registration, declared: Declaration) -> None:
    correct(registration, replace(declared, phone="+628111111111", email=""))
    assert registration.person is not None
    assert (Person.objects.get().phone, fresh(registration).flags) == ("+628111111111", [])


def test_correct_never_changes_a_verified_card(
    registration: Registration, declared: Declaration, officer: User
) -> None:
    actions.verify(registration=registration, note="", by=officer)
    second = factories.registration(small_batch(), declaration=declared)
    before = list(Person.objects.values())
    correct(second, replace(declared, phone="+628111111111", email="", full_name="Nama Lain"))
    assert list(Person.objects.values()) == before
    assert (fresh(second).person_id, fresh(second).flags) == (registration.person_id, ["contact_differs"])


def test_correct_of_a_doubtful_entry_stays_doubtful(batch: Batch, registration: Registration) -> None:
    assert registration.person is not None
    doubtful = factories.registration(small_batch(), declaration=stranger(registration.person))
    correct(doubtful, stranger(registration.person, phone=registration.phone))
    assert fresh(doubtful).is_doubtful


def test_correct_in_the_line_keeps_the_place() -> None:
    batch = small_batch(quota=1)
    factories.registration(batch)
    mine = factories.declaration()
    registration = factories.registration(batch, declaration=mine)
    factories.registration(batch)
    correct(registration, replace(mine, full_name="Nama Benar"))
    assert (seats(batch), fresh(registration).position) == ("held waiting waiting", 1)
    assert events(registration) == ["queued", "corrected"]
