"""The lists of chats and calls: what stands on them, what each button does, and two officers at once."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from accounts.roles import Role
from notifications.models import Channel, Message, State, WhatsAppGateway
from tests.notifications.conftest import Office

SITI = "+6281234567890"


@pytest.fixture
def officer(office: Office) -> User:
    return office.user("petugas", Role.PROGRAM_OFFICER)


@pytest.fixture
def desk(officer: User, client: Client) -> Client:
    client.force_login(officer)
    return client


def chat(office: Office, **fields: object) -> Message:
    defaults: dict[str, object] = {"channel": Channel.MANUAL, "recipient_address": SITI, "recipient_phone": SITI}
    return office.message(**defaults | fields)


def call(office: Office, **fields: object) -> Message:
    return chat(office, **{"channel": Channel.CALL} | fields)


def names(page: str, *messages: Message) -> list[str]:
    found = [message.recipient_name for message in messages if f"<h2>{message.recipient_name}</h2>" in page]
    return sorted(found, key=page.index)


def state(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.failure_code


def test_chat_list_shows_deadlines_first_and_what_is_due(office: Office, next_office: Office, desk: Client) -> None:
    now = timezone.now()
    plain, hurried = chat(office), chat(office, expires_at=now + dt.timedelta(hours=2))
    late = chat(office, expires_at=now - dt.timedelta(hours=1))
    tomorrow = chat(office, not_before=now + dt.timedelta(hours=9))
    others = [call(office), office.message(), chat(next_office, recipient_name="Orang Lain"), late, tomorrow]
    page = desk.get("/kerja/kirim-wa/").content.decode()
    assert names(page, plain, hurried, *others) == [hurried.recipient_name, plain.recipient_name]
    assert f"https://wa.me/6281234567890?text=Isi%20{plain.subject[5:]}" in page
    assert tomorrow.recipient_name in page


def test_chat_list_says_that_nothing_is_left(desk: Client) -> None:
    assert "Tidak ada yang perlu dikirim" in desk.get("/kerja/kirim-wa/").content.decode()


def test_chat_list_takes_the_same_queries_for_one_and_three(
    office: Office, desk: Client, django_assert_max_num_queries: object
) -> None:
    chat(office)
    for _round in range(2):
        with django_assert_max_num_queries(16):  # type: ignore[operator]  # a fixture without a type
            assert desk.get("/kerja/kirim-wa/").status_code == 200
        chat(office)
        chat(office)


def test_chat_list_tells_that_the_gateway_is_stopped(office: Office, desk: Client) -> None:
    WhatsAppGateway.objects.create(
        agency=office.agency,
        phone_number_id="106540352242922",
        token="t",
        app_secret="s",
        paused_at=timezone.now(),
        pause_reason="WhatsApp menolak token. (190)",
    )
    assert "WhatsApp menolak token. (190)" in desk.get("/kerja/kirim-wa/").content.decode()


def test_chat_sent_notes_it_and_can_be_undone(office: Office, desk: Client) -> None:
    message = chat(office)
    assert desk.post(f"/kerja/kirim-wa/{message.pk}/terkirim/")["Location"] == "/kerja/kirim-wa/"
    assert state(message) == (State.SENT, "")
    page = desk.get("/kerja/kirim-wa/").content.decode()
    assert f"/kerja/kirim-wa/{message.pk}/batalkan/" in page
    again = desk.post(f"/kerja/kirim-wa/{message.pk}/terkirim/", follow=True)
    assert "tidak sedang menunggu" in again.content.decode()


def test_chat_undo_puts_it_back_once(office: Office, desk: Client) -> None:
    message = chat(office)
    desk.post(f"/kerja/kirim-wa/{message.pk}/terkirim/")
    for _time in range(2):
        desk.post(f"/kerja/kirim-wa/{message.pk}/batalkan/")
    assert state(message) == (State.QUEUED, "")
    assert AuditEntry.objects.filter(action="message.sent_undone").count() == 1


def test_chat_undo_never_brings_back_a_secret(office: Office, desk: Client) -> None:
    message = chat(office, secret=True)
    desk.post(f"/kerja/kirim-wa/{message.pk}/terkirim/")
    desk.post(f"/kerja/kirim-wa/{message.pk}/batalkan/")
    assert state(message) == (State.SENT, "")


def test_chat_impossible_moves_it_to_the_call_list(office: Office, desk: Client) -> None:
    message = chat(office, fallbacks=["call"])
    for _time in range(2):
        desk.post(f"/kerja/kirim-wa/{message.pk}/bukan-wa/")
    assert state(message) == (State.FAILED, "no_whatsapp")
    [moved] = Message.objects.filter(former=message)
    assert (moved.channel, moved.recipient_address, moved.body) == (Channel.CALL, SITI, message.body)


def test_call_list_reads_the_text_aloud(office: Office, desk: Client) -> None:
    waiting = call(office)
    page = desk.get("/kerja/telepon/").content.decode()
    assert f'href="tel:{SITI}"' in page
    assert waiting.body.strip() in page
    assert "Dinas Pekalongan" in page


def test_call_list_says_that_nobody_is_left(desk: Client) -> None:
    assert "Tidak ada yang perlu ditelepon" in desk.get("/kerja/telepon/").content.decode()


def test_call_reached_is_its_delivery(office: Office, desk: Client) -> None:
    message = call(office)
    desk.post(f"/kerja/telepon/{message.pk}/tersambung/")
    assert state(message) == (State.DELIVERED, "")
    assert (message.attempts, message.delivered_at is not None) == (1, True)


def test_call_unanswered_comes_back_later(office: Office, desk: Client) -> None:
    message = call(office)
    desk.post(f"/kerja/telepon/{message.pk}/tidak-diangkat/")
    assert state(message) == (State.QUEUED, "no_answer")
    assert message.not_before > timezone.now() + dt.timedelta(hours=2)
    page = desk.get("/kerja/telepon/").content.decode()
    assert f"<h2>{message.recipient_name}</h2>" not in page
    assert message.recipient_name in page


def test_call_give_up_asks_for_three_calls_first(office: Office, desk: Client) -> None:
    early, tried = call(office), call(office, attempts=3)
    for message in (early, tried):
        desk.post(f"/kerja/telepon/{message.pk}/menyerah/")
    assert (state(early), state(tried)) == ((State.QUEUED, ""), (State.FAILED, "no_answer"))
    assert list(Message.objects.given_up()) == [tried]
