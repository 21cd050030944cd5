import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.models import AuditEntry
from notifications.models import Message
from participants import actions
from participants.models import Consent, Declaration, Person, Registration, RegistrationEvent, Source, initial_pin
from programs.models import Batch
from tests import cast, factories
from tests.participants.lines import counters, events, everything, people, refusal, seats, small_batch, stranger, told

pytestmark = pytest.mark.django_db


def register(batch: Batch, declaration: Declaration | None = None, **arguments: Any) -> Registration:
    defaults: dict[str, Any] = {
        "submission_key": uuid.uuid4(),
        "consents": {"notice": True, "broadcast": False},
        "notice_version": "1",
        "by": None,
    }
    declared = declaration or factories.declaration()
    return actions.register(batch=batch, declaration=declared, **(defaults | arguments))


def age_declared(years: int, on: date) -> Declaration:
    """Somebody who has that birthday on that day."""
    return factories.declaration(birth_date=on.replace(year=on.year - years))


def first_day(batch: Batch) -> date:
    return timezone.localtime(batch.sessions.in_order()[0].during.lower).date()


def test_register_holds_then_waits_then_is_full() -> None:
    batch = small_batch(quota=2, waiting_quota=2)
    registered = people(batch, 4)
    assert [(row.seat, row.queue_number) for row in registered] == [
        ("held", 1),
        ("held", 2),
        ("waiting", 3),
        ("waiting", 4),
    ]
    assert counters(batch) == (2, 0, 2)
    refusal("batch_full", register, batch=batch)


def test_register_without_a_waiting_list_is_full_at_the_quota() -> None:
    batch = small_batch(quota=1, waiting_quota=0)
    register(batch)
    refusal("batch_full", register, batch=batch)


def test_register_writes_one_of_each_row() -> None:
    batch = small_batch()
    registration = register(batch)
    assert (Registration.objects.count(), Person.objects.count()) == (1, 1)
    assert events(registration) == ["registered"]
    assert told(registration) == ["registration_received"]
    assert list(AuditEntry.objects.values_list("action", "actor_label")) == [("registration.created", "resident")]
    assert Message.objects.get().group == f"batch:{batch.pk}"


def test_register_leaves_no_identity_number_outside_of_its_column() -> None:
    registration = register(small_batch(), factories.declaration(number=1, nik="9971015207991234"))
    trail = str(list(AuditEntry.objects.values()) + list(RegistrationEvent.objects.values()))
    assert "9971015207991234" not in trail + str(list(Message.objects.values()))
    assert registration.nik_last4 == "1234"


def test_register_the_same_form_twice_gives_the_same_registration() -> None:
    batch, key, declared = small_batch(), uuid.uuid4(), factories.declaration()
    first = register(batch, declared, submission_key=key)
    before = everything()
    again = register(batch, declared, submission_key=key)
    assert (again.pk, again.code, again.pin_hash) == (first.pk, first.code, first.pin_hash)
    assert everything() == before


def test_register_the_same_form_twice_answers_even_when_full_or_closed_meanwhile() -> None:
    batch, key, declared = small_batch(waiting_quota=0), uuid.uuid4(), factories.declaration()
    first = register(batch, declared, submission_key=key)
    Batch.objects.update(registration_closes_at=timezone.now())
    assert register(batch, declared, submission_key=key) == first


def test_register_opens_with_the_pin_of_its_form() -> None:
    key = uuid.uuid4()
    registration = register(small_batch(), submission_key=key)
    assert actions.open_with_pin(code=registration.code, pin=initial_pin(key)) == registration


def test_register_twice_with_another_form_is_refused() -> None:
    batch, declared = small_batch(quota=3), factories.declaration()
    register(batch, declared)
    refusal("registration_contact_once_per_batch", register, batch=batch, declaration=declared)


def test_register_again_after_cancelling() -> None:
    batch, declared = small_batch(quota=2), factories.declaration()
    first = register(batch, declared)
    actions.withdraw(registration=first, reason="", by=None)
    second = register(batch, declared)
    assert (second.queue_number, second.person_id) == (2, first.person_id)
    assert seats(batch) == "released held"


def test_register_a_known_number_with_other_contact_is_doubtful() -> None:
    batch = small_batch(quota=3)
    owner = register(batch, factories.declaration(email="pemilik@example.id", full_name="Siti Pemilik"))
    assert owner.person is not None
    doubtful = register(batch, stranger(owner.person, email="orang@example.id"))
    assert (doubtful.person, doubtful.seat, doubtful.flags) == (None, "held", ["contact_differs"])
    assert told(doubtful) == ["registration_received", "identity_used"]
    receipt, warning = Message.objects.for_subject("registration", doubtful.pk).order_by("pk")
    assert (receipt.recipient_address, warning.recipient_address) == ("orang@example.id", "pemilik@example.id")
    assert doubtful.shown_code not in warning.body
    assert "orang@example.id" not in warning.body


def test_register_never_changes_the_card_of_a_known_person() -> None:
    batch = small_batch(quota=3)
    person = register(batch).person
    assert person is not None
    before = list(Person.objects.values())
    register(batch, stranger(person, address="Jalan Lain 9"))
    other = small_batch()
    register(other, factories.declaration(nik=person.nik, phone=person.phone, full_name="Nama Lain"))
    assert list(Person.objects.values()) == before


@pytest.mark.parametrize("contact", ["phone", "email"])
def test_register_a_known_number_with_contact_on_file_goes_the_normal_way(contact: str) -> None:
    first = register(small_batch(), factories.declaration(email="Siti@Example.id"))
    given: dict[str, Any] = {"phone": first.phone} if contact == "phone" else {"email": "siti@example.ID"}
    second = register(small_batch(), factories.declaration(nik=first.nik, **given))
    assert (second.person_id, second.flags) == (first.person_id, [])
    assert told(second) == ["registration_received"]


def test_register_an_empty_email_is_no_contact_on_file() -> None:
    first = register(small_batch(quota=2), factories.declaration(email=""))
    assert first.person is not None
    assert register(small_batch(), stranger(first.person, email="")).person is None


def test_register_assisted_links_a_known_person_at_once() -> None:
    first, officer = register(small_batch()), cast.village_officer_here()
    assert first.person is not None
    second = register(small_batch(), stranger(first.person), by=officer, source=Source.ASSISTED)
    assert (second.person_id, second.registered_by, second.source) == (first.person_id, officer, "assisted")
    assert second.flags == ["contact_differs"]
    assert told(second) == ["registration_received"]
    assert set(second.consents.values_list("channel", "witnessed_by")) == {("paper", officer.pk)}
    entry = AuditEntry.objects.order_by("pk").last()
    assert entry is not None
    assert (entry.action, entry.actor, entry.subject_type) == ("registration.created", officer, "participants.person")
    assert second.events.get().by_office


def test_register_keeps_consents_word_for_word() -> None:
    registration = register(small_batch(), consents={"notice": True, "broadcast": True}, notice_version="2026-11")
    kept = Consent.objects.values_list("purpose", "given", "text_version", "channel")
    assert set(kept) == {("notice", True, "2026-11", "online"), ("broadcast", True, "2026-11", "online")}
    assert {consent.at for consent in Consent.objects.all()} == {registration.created_at}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"registration_opens_at": timedelta(hours=1)}, "batch_not_open"),
        ({"registration_closes_at": timedelta(0)}, "batch_not_open"),
        ({"state": "planned"}, "batch_not_open"),
        ({"state": "finished"}, "batch_not_open"),
        ({"state": "cancelled", "cancelled_at": timedelta(0)}, "batch_not_open"),
        ({"seats_held": 1, "waiting_quota": 0}, "batch_full"),
    ],
)
def test_register_is_refused_where_the_batch_takes_nobody(values: dict[str, Any], code: str) -> None:
    batch, now = small_batch(), timezone.now()
    shifted = {name: now + value if isinstance(value, timedelta) else value for name, value in values.items()}
    Batch.objects.filter(pk=batch.pk).update(**shifted)
    refusal(code, register, batch=batch)


@pytest.mark.parametrize("state", ["draft", "finished", "cancelled"])
def test_register_is_refused_where_the_programme_is_not_open(state: str) -> None:
    batch = small_batch(program_values={"state": state})
    refusal("batch_not_open", register, batch=batch)


def test_register_is_refused_once_the_training_has_begun() -> None:
    batch = small_batch()
    begin = timezone.now() - timedelta(minutes=1)
    batch.sessions.all().delete()
    batch.sessions.create(during=(begin, begin + timedelta(hours=8)))
    refusal("batch_not_open", register, batch=batch)


def test_register_asks_for_the_age_on_the_first_day() -> None:
    batch = small_batch(quota=9)
    day = first_day(batch)
    too_young = factories.declaration(birth_date=day.replace(year=day.year - 18) + timedelta(days=1))
    refusal("not_eligible:age", register, batch=batch, declaration=too_young)
    assert register(batch, age_declared(18, day)).eligibility[0] == {
        "kind": "age",
        "passed": True,
        "blocking": True,
        "data": {"minimum": 18, "maximum": 64, "on": day.isoformat(), "age": 18},
    }
    still_64 = factories.declaration(birth_date=day.replace(year=day.year - 65) + timedelta(days=1))
    assert register(batch, still_64).seat == "held"
    refusal("not_eligible:age", register, batch=batch, declaration=age_declared(65, day))


def test_register_asks_for_the_address_of_the_identity_card() -> None:
    batch = small_batch()
    outside = factories.declaration(region=factories.region_tree()[factories.MEDONO])
    refusal("not_eligible:domicile", register, batch=batch, declaration=outside)


def test_register_names_every_requirement_that_is_not_met() -> None:
    batch = small_batch()
    wrong = factories.declaration(birth_date=date(2020, 1, 1), region=factories.region_tree()[factories.MEDONO])
    with pytest.raises(ValidationError) as refused:
        register(batch, wrong)
    assert [error.code for error in refused.value.error_list] == ["not_eligible:age", "not_eligible:domicile"]


def test_register_is_never_refused_by_a_rule_that_does_not_block() -> None:
    batch = small_batch()
    batch.program.rules.filter(kind="age").update(blocking=False)
    registration = register(batch, factories.declaration(birth_date=date(2020, 1, 1)))
    assert (registration.eligibility[0]["passed"], registration.eligibility[0]["blocking"]) == (False, False)


def test_register_only_once_a_year() -> None:
    program = factories.program(cast.home_agency())
    here, there = factories.batch(program), factories.batch(program)
    declared = factories.declaration()
    register(here, declared)
    refusal("not_eligible:not_twice", register, batch=there, declaration=declared)


def test_register_once_a_year_counts_programmes_of_the_same_year_together_and_other_years_apart() -> None:
    agency, declared = cast.home_agency(), factories.declaration()
    register(factories.batch(factories.program(agency)), declared)
    same_year = factories.batch(factories.program(agency))
    refusal("not_eligible:not_twice", register, batch=same_year, declaration=declared)
    next_year = factories.fund_source(agency, code="dbhcht-next", fiscal_year=timezone.localdate().year + 1)
    assert register(factories.batch(factories.program(agency, fund_source=next_year)), declared).seat == "held"


def test_register_once_a_year_forgets_who_cancelled() -> None:
    program, declared = factories.program(cast.home_agency()), factories.declaration()
    first = register(factories.batch(program), declared)
    actions.withdraw(registration=first, reason="", by=None)
    assert register(factories.batch(program), declared).seat == "held"


def test_register_at_two_agencies_is_two_persons() -> None:
    home = factories.batch(factories.program(cast.home_agency()))
    declared = factories.declaration()
    first = register(home, declared)
    next_program = factories.program(cast.next_agency())
    next_program.rules.filter(kind="domicile").delete()
    second = register(factories.batch(next_program, region="33.74"), declared)
    assert (first.person_id == second.person_id, first.nik_hash == second.nik_hash) == (False, True)


def test_register_sends_nothing_when_the_transaction_ends_badly(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    batch = small_batch()

    def broken() -> None:
        with transaction.atomic():
            register(batch, factories.declaration(email="siti@example.id"))
            raise RuntimeError

    with django_capture_on_commit_callbacks() as callbacks, pytest.raises(RuntimeError):
        broken()
    assert callbacks == []
    assert (Message.objects.count(), Registration.objects.count(), Person.objects.count()) == (0, 0, 0)
    assert counters(batch) == (0, 0, 0)


def test_register_wakes_the_deliverer_once(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        register(small_batch(), factories.declaration(email="siti@example.id"))
    assert len(callbacks) == 1


def test_register_takes_a_fixed_number_of_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    batch, declared = small_batch(), factories.declaration()
    with django_assert_num_queries(12):
        register(batch, declared)
