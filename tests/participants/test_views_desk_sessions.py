"""Sessions after planning, at the desk: the people of the batch hear of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from notifications.models import Message
from programs.models import Batch, Partner, Session, Topic, Venue
from tests import cast, factories


@pytest.fixture
def batch(db: None) -> Batch:
    made = factories.batch(factories.program(cast.home_agency()))
    factories.registration(made)
    return made


@pytest.fixture
def office(db: None) -> Client:
    client = Client()
    client.force_login(cast.program_officer())
    return client


def facts(**values: Any) -> dict[str, Any]:
    return {"kind": "training", "topic": "", "lesson_hours": 8, "venue": "", "partner": "", **values}


def told(kind: str = "batch_rescheduled") -> int:
    return Message.objects.filter(kind=kind).count()


def test_session_add_tells_everybody(batch: Batch, office: Client) -> None:
    day = (batch.sessions.latest("during").during.lower + timedelta(days=3)).date().isoformat()
    times = {"day": day, "begin": "08:00", "end": "12:00"}
    response = office.post(f"/kerja/angkatan/{batch.pk}/sesi/baru/", facts(**times, lesson_hours=5), follow=True)
    assert "1 orang diberi tahu" in response.content.decode()
    assert (batch.sessions.planned().count(), told()) == (3, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"end": "07:00"},
        {"day": "2020-01-01"},
        {"day": "31"},
        {"lesson_hours": 25},
        {"kind": "party"},
        {"venue": "9999"},
    ],
)
def test_session_add_keeps_what_was_typed_where_something_is_wrong(
    batch: Batch, office: Client, wrong: dict[str, Any]
) -> None:
    day = (batch.sessions.latest("during").during.lower + timedelta(days=3)).date().isoformat()
    data = facts(day=day, begin="08:15", end="12:00") | wrong
    response = office.post(f"/kerja/angkatan/{batch.pk}/sesi/baru/", data)
    assert (response.status_code, batch.sessions.count(), told()) == (422, 2, 0)
    assert "08:15" in response.content.decode()


def test_session_edit_tells_people_only_of_another_place(batch: Batch, office: Client) -> None:
    row = batch.sessions.earliest("during")
    topic = Topic.objects.create(agency=batch.program.agency, name="Pangan")
    helper = Partner.objects.create(agency=batch.program.agency, kind="academia", name="Universitas Contoh")
    url = f"/kerja/sesi/{row.pk}/ubah/"
    office.post(url, facts(topic=topic.pk, partner=helper.pk))
    row.refresh_from_db()
    assert (row.topic, row.partner, told()) == (topic, helper, 0)
    hall = Venue.objects.create(agency=batch.program.agency, region=batch.region, name="Aula")
    office.post(url, facts(topic=topic.pk, partner=helper.pk, venue=hall.pk))
    assert told() == 1
    assert office.post(url, facts(topic=topic.pk, partner=helper.pk, venue=hall.pk)).status_code == 422


def test_session_edit_refuses_a_hall_that_is_booked(batch: Batch, office: Client) -> None:
    row = batch.sessions.earliest("during")
    hall = Venue.objects.create(agency=batch.program.agency, region=batch.region, name="Aula")
    factories.batch(batch.program, days=0).sessions.create(during=row.during, venue=hall)
    response = office.post(f"/kerja/sesi/{row.pk}/ubah/", facts(venue=hall.pk))
    assert response.status_code == 422
    assert "sudah terpakai" in response.content.decode()


def test_session_cancel_needs_a_tick_and_tells_everybody(batch: Batch, office: Client) -> None:
    row = batch.sessions.earliest("during")
    url = f"/kerja/sesi/{row.pk}/batalkan/"
    assert office.post(url, {"reason": "Listrik padam"}).status_code == 422
    office.post(url, {"reason": "Listrik padam", "sure": "on"})
    assert (Session.objects.get(pk=row.pk).cancelled, told()) == (True, 1)
    assert office.get(url).status_code == 404
