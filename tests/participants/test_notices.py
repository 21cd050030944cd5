from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from notifications.models import Message
from participants import actions, notices
from participants.models import Person, RegistrationEvent, initial_pin
from tests import cast, factories
from tests.participants.lines import people, small_batch, stranger, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return cast.program_officer()


def test_tell_writes_one_message_for_one_event() -> None:
    [registration] = people(small_batch(), 1)
    event = registration.events.get()
    for _ in range(3):
        notices.tell(registration, "registration_received", event, position=0)
    assert told(registration) == ["registration_received"]


def test_messages_know_whom_and_what_they_are_about() -> None:
    batch = small_batch()
    registration = factories.registration(batch, email="siti@example.id", full_name="Siti Aminah")
    message = Message.objects.get()
    assert (message.agency, message.region, message.group) == (batch.program.agency, batch.region, f"batch:{batch.pk}")
    assert (message.recipient_name, message.recipient_address, message.channel) == (
        "Siti Aminah",
        "siti@example.id",
        "email",
    )
    assert (message.subject_type, message.subject_id) == ("registration", str(registration.pk))
    assert registration.shown_code in message.body


def test_messages_without_an_address_go_by_hand_to_the_phone() -> None:
    registration = factories.registration(small_batch())
    message = Message.objects.get()
    assert (message.channel, message.recipient_address) == ("manual", registration.phone)


@pytest.mark.parametrize(("language", "subject"), [("id", "Pendaftaran diterima"), ("en", "Registration received")])
def test_messages_speak_the_language_of_the_entry(language: str, subject: str) -> None:
    factories.registration(small_batch(), language=language)
    assert Message.objects.get().subject.startswith(subject)


def test_no_message_bears_a_number_a_pin_or_a_birth_date(officer: User) -> None:
    batch = small_batch(quota=3)
    registered = people(batch, 3)
    actions.verify(registration=registered[0], note="", by=officer)
    actions.reject(registration=registered[1], reason="not_eligible", note="", by=officer)
    actions.request_fix(registration=registered[2], note="Alamat", by=officer)
    actions.cancel_batch(batch=batch, reason="Hujan", by=officer)
    texts = " ".join(f"{message.subject} {message.body}" for message in Message.objects.all())
    for registration in registered:
        pin = initial_pin(registration.submission_key)
        for secret in (registration.nik, registration.nik_last4, registration.phone, pin, "1999"):
            assert secret not in texts


def test_owner_is_told_once_for_each_entry_with_the_number() -> None:
    batch = small_batch(quota=9)
    owner = factories.registration(batch, email="pemilik@example.id")
    assert owner.person is not None
    factories.registration(batch, declaration=stranger(owner.person, email="satu@example.id"))
    factories.registration(batch, declaration=stranger(owner.person, email="dua@example.id"))
    warned = Message.objects.filter(kind="identity_used").order_by("pk")
    assert list(warned.values_list("recipient_address", flat=True)) == [
        "pemilik@example.id",
        "pemilik@example.id",
        "satu@example.id",
    ]


def test_warnings_are_limited_however_often_a_number_was_tried() -> None:
    batch = small_batch(quota=40)
    [owner] = people(batch, 1)
    assert owner.person is not None
    for _ in range(8):
        last = factories.registration(batch, declaration=stranger(owner.person))
    assert told(last).count("identity_used") == 1 + notices.MOST_OTHERS_TOLD


def test_warning_stays_inside_of_the_agency() -> None:
    """The same resident at two agencies is two file cards: one agency never writes to contacts of the other."""
    owner = factories.registration(small_batch())
    assert owner.person is not None
    elsewhere = factories.program(cast.next_agency())
    elsewhere.rules.all().delete()
    factories.registration(factories.batch(elsewhere, "33.74"), declaration=stranger(owner.person))
    assert (Person.objects.count(), Message.objects.filter(kind="identity_used").count()) == (2, 0)


def test_tell_many_costs_the_same_for_few_and_many(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    batch = small_batch(quota=9)
    events = []
    for registration in people(batch, 6):
        registration.batch = batch
        events.append(
            RegistrationEvent.objects.create(registration=registration, kind="rescheduled", at=registration.created_at)
        )
    with django_assert_num_queries(6):
        assert notices.tell_many("batch_rescheduled", events, batch) == 6


def test_offer_message_names_the_deadline_in_the_time_of_the_office(officer: User) -> None:
    batch = small_batch()
    agency = batch.program.agency
    agency.time_zone = "Asia/Jayapura"
    agency.save()
    held, first = people(batch, 2)
    actions.withdraw(registration=held, reason="", by=None)
    local = first.offers.get().expires_at.astimezone(agency.zone)
    body = Message.objects.get(kind="seat_offered").body
    assert f"{local:%H.%M} WIT" in body
    assert local.utcoffset() == timedelta(hours=9)
