"""The page behind the link of an invitation to teach."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Message
from programs import actions
from programs.models import Instructor, TeachingInvitation
from tests import cast, factories


@pytest.fixture
def link(db: None) -> str:
    batch = factories.batch(factories.program(cast.home_agency()))
    who = Instructor.objects.create(agency=batch.program.agency, full_name="Sri Wahyuni", phone="+628123456789")
    batch.sessions.update(instructor=who)
    actions.invite_instructor(batch=batch, instructor=who, days=3, by=cast.program_officer())
    body = Message.objects.get(kind="teaching_invited").body
    return "/mengajar/" + body.split("/mengajar/")[1].split("/")[0] + "/"


def state() -> str:
    return TeachingInvitation.objects.get().state


def test_teaching_answer_shows_the_question_and_changes_nothing(client: Client, link: str) -> None:
    response = client.get(link)
    page = response.content.decode()
    assert (response.status_code, state()) == (200, "open")
    assert "Sri Wahyuni" in page
    assert page.count("pukul 08.00") == 2
    assert "no-store" in response["Cache-Control"]


def test_teaching_answer_accepts_and_later_declines(client: Client, link: str) -> None:
    assert client.post(link, {"answer": "accept"}).status_code == 302
    assert state() == "accepted"
    assert "Anda bersedia mengajar" in client.get(link).content.decode()
    client.post(link, {"answer": "decline", "note": "Anak saya sakit"})
    assert (state(), TeachingInvitation.objects.get().note) == ("declined", "Anak saya sakit")
    page = client.get(link).content.decode()
    assert "pukul" not in page
    assert "<form method" not in page.split("<main", 1)[1]


def test_teaching_answer_keeps_the_note_of_an_answer_that_was_none(client: Client, link: str) -> None:
    response = client.post(link, {"answer": "perhaps", "note": "Boleh hari Rabu?"})
    assert (response.status_code, state()) == (422, "open")
    assert "Boleh hari Rabu?" in response.content.decode()


def test_teaching_answer_after_the_deadline_takes_no_yes(client: Client, link: str) -> None:
    past = timezone.now() - timedelta(days=1)
    TeachingInvitation.objects.update(invited_at=past - timedelta(days=1), expires_at=past)
    page = client.post(link, {"answer": "accept"}, follow=True).content.decode()
    assert "Waktu menjawab sudah habis" in page
    assert state() == "open"


@pytest.mark.parametrize("token", ["x", "a" * 24, "%00", "a" * 300])
def test_teaching_answer_of_a_made_up_link_is_not_found(client: Client, link: str, token: str) -> None:
    assert client.get(f"/mengajar/{token}/").status_code == 404
