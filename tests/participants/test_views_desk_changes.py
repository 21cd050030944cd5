"""What the office does for a resident: register, correct, move, withdraw."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Message
from participants.models import Consent, Registration
from programs.models import Batch
from tests import cast, factories
from tests.participants.desk import at_desk, entries, errors, flash, url
from tests.participants.public_form import typed


@pytest.fixture
def office(db: None) -> Client:
    return at_desk(cast.program_officer())


@pytest.fixture
def entry(batch: Batch) -> Registration:
    return factories.registration(batch, email="siti@contoh.example")


def test_registration_assist_names_the_officer_and_witnesses_the_consent(batch: Batch) -> None:
    officer = cast.village_officer_here()
    response = at_desk(officer).post(url("registration_assist", batch), typed())
    made = Registration.objects.get()
    assert response["Location"] == made.get_absolute_url()
    assert made.shown_code in flash(response)[0]
    assert (made.source, made.registered_by, made.language) == ("assisted", officer, "id")
    consent = Consent.objects.get(purpose="notice")
    assert (consent.channel, consent.witnessed_by) == ("paper", officer)


def test_registration_assist_pressed_twice_registers_once(office: Client, batch: Batch) -> None:
    data = typed()
    first = office.post(url("registration_assist", batch), data)
    assert office.post(url("registration_assist", batch), data)["Location"] == first["Location"]
    assert Registration.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"notice": ""}, ["notice"]),
        ({"nik": "997101520799001"}, ["nik"]),
        ({"birth_date_year": "2020"}, ["birth_date"]),
        ({"region": factories.MEDONO}, ["region"]),
        ({"full_name": "😀"}, ["full_name"]),
    ],
)
def test_registration_assist_with_bad_input_loses_nothing(
    values: dict[str, Any], wrong: list[str], office: Client, batch: Batch
) -> None:
    response = office.post(url("registration_assist", batch), typed(address="Jalan Kenanga 7") | values)
    assert (response.status_code, list(errors(response))) == (422, wrong)
    assert "Jalan Kenanga 7" in response.content.decode()
    assert Registration.objects.count() == 0


def test_registration_assist_on_a_full_batch_says_so(office: Client, batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(quota=1, waiting_quota=0)
    factories.registration(batch)
    response = office.post(url("registration_assist", batch), typed())
    assert (response.status_code, list(errors(response))) == (422, ["__all__"])


def correction(entry: Registration, **values: Any) -> dict[str, Any]:
    data = typed(full_name=entry.full_name, nik="", phone=entry.phone, email=entry.email, **values)
    return {name: value for name, value in data.items() if name not in {"notice", "submission_key"}}


def test_registration_correct_keeps_the_number_when_it_is_left_empty(office: Client, entry: Registration) -> None:
    response = office.post(url("registration_correct", entry), correction(entry, address="Jalan Baru 3"))
    assert response.status_code == 302
    fresh = Registration.objects.get(pk=entry.pk)
    assert (fresh.address, fresh.nik, fresh.seat) == ("Jalan Baru 3", entry.nik, "held")


def test_registration_correct_shows_and_keeps_the_name_of_the_business(office: Client, entry: Registration) -> None:
    office.post(url("registration_correct", entry), correction(entry, business_name="Batik Mawar"))
    for name in ("registration_correct", "registration_detail"):
        assert "Batik Mawar" in office.get(url(name, entry)).content.decode()


def test_registration_correct_with_bad_input_keeps_what_was_typed(office: Client, entry: Registration) -> None:
    response = office.post(url("registration_correct", entry), correction(entry, address="Jalan Baru 3", rt="abc"))
    assert (response.status_code, list(errors(response))) == (422, ["rt"])
    assert "Jalan Baru 3" in response.content.decode()


def test_registration_correct_of_verified_data_is_refused(office: Client, entry: Registration) -> None:
    office.post(url("registration_verify", entry), {"note": ""})
    response = office.post(url("registration_correct", entry), correction(entry))
    assert (response.status_code, list(errors(response))) == (422, ["__all__"])


@pytest.fixture
def target(batch: Batch) -> Batch:
    batch.program.rules.filter(kind="domicile").delete()
    return factories.batch(batch.program, region=factories.MEDONO, slug="medono", name="Medono")


def test_registration_move_keeps_number_and_history(office: Client, entry: Registration, target: Batch) -> None:
    data = {"to": target.pk, "reason": "Permintaan warga"}
    assert office.post(url("registration_move", entry), data).status_code == 302
    moved = Registration.objects.get(pk=entry.pk)
    assert (moved.batch, moved.code, moved.seat) == (target, entry.code, "held")
    assert [event.kind for event in moved.events.all()] == ["registered", "moved"]
    assert Message.objects.filter(kind="registration_moved").count() == 1


def test_registration_move_lists_only_batches_that_take_somebody(
    office: Client, entry: Registration, target: Batch
) -> None:
    program = target.program
    factories.batch(program, slug="penuh", name="Penuh", quota=1, seats_held=1, waiting_quota=0)
    factories.batch(program, slug="rencana", name="Rencana", state="planned")
    begun = factories.batch(program, slug="mulai", name="Mulai", days=0)
    begun.sessions.create(during=(timezone.now() - timedelta(hours=2), timezone.now() + timedelta(hours=2)))
    foreign = factories.program(cast.next_agency(), slug="semarang")
    factories.batch(foreign, region=factories.MIROTO, slug="miroto", name="Miroto")
    listed = office.get(url("registration_move", entry)).context["targets"]
    assert [batch.name for batch in listed] == ["Medono"]


def test_registration_move_with_bad_input_keeps_the_choice(office: Client, entry: Registration, target: Batch) -> None:
    response = office.post(url("registration_move", entry), {"to": target.pk, "reason": ""})
    assert (response.status_code, list(errors(response))) == (422, ["reason"])
    assert f'value="{target.pk}" checked' in response.content.decode()
    assert list(errors(office.post(url("registration_move", entry), {"to": "0", "reason": "x"}))) == ["to"]


def test_registration_withdraw_frees_the_seat_for_the_next(office: Client, batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(quota=1)
    first, second = entries(batch, 2)
    assert list(errors(office.post(url("registration_withdraw", first), {"reason": ""}))) == ["reason"]
    office.post(url("registration_withdraw", first), {"reason": "Menelepon hari Senin"})
    assert [Registration.objects.get(pk=row.pk).seat for row in (first, second)] == ["released", "offered"]


def test_registration_withdraw_of_an_ended_entry_says_so(office: Client, entry: Registration) -> None:
    office.post(url("registration_withdraw", entry), {"reason": "Sakit"})
    again = office.post(url("registration_withdraw", entry), {"reason": "Sakit"})
    assert (again.status_code, list(errors(again))) == (422, ["__all__"])
