"""Signed reports of the platform, in every order, twice, late and forged."""

import datetime as dt
import json
import time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from notifications.models import Channel, Message, State, WhatsAppChoice, WhatsAppGateway
from tests.notifications.conftest import Office, allow, open_gateway
from tests.support.whatsapp import APP_SECRET, report, signed, webhook

URL = "/webhook/whatsapp/pekalongan/"


@pytest.fixture
def gateway(office: Office) -> WhatsAppGateway:
    return open_gateway(office)


@pytest.fixture
def sent(office: Office, gateway: WhatsAppGateway) -> Message:
    return office.whatsapp(
        state=State.SENT, sent_at=timezone.now(), provider_id="wamid.A", fallbacks=["manual", "call"], attempts=1
    )


def call(body: bytes, secret: str = APP_SECRET, url: str = URL, **extra: Any) -> int:
    signature = signed(body, secret)
    response = Client(enforce_csrf_checks=True).post(
        url, body, content_type="application/json", headers={"X-Hub-Signature-256": signature} | extra
    )
    return response.status_code


def told(*statuses: str, wamid: str = "wamid.A", **more: Any) -> list[str]:
    """Sends the reports one after another; the state after each."""
    states = []
    for status in statuses:
        assert call(webhook(statuses=[report(wamid, status, **more)])) == 200
        states.append(Message.objects.order_by("pk").values_list("state", flat=True)[0])
    return states


PLAIN = "text/plain; charset=utf-8"


def test_whatsapp_webhook_proves_that_the_address_is_ours(gateway: WhatsAppGateway, client: Client) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": gateway.verify_token, "hub.challenge": "1158201444"}
    answer = client.get(URL, asked)
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"1158201444", PLAIN)
    assert client.get(URL, asked | {"hub.verify_token": "guess"}).status_code == 404
    assert client.get(URL, asked | {"hub.mode": "x"}).status_code == 404
    assert client.get(URL, asked | {"hub.challenge": "<script>"}).content == b""


@pytest.mark.parametrize(
    ("order", "states"),
    [
        (("sent", "delivered", "read"), ["sent", "delivered", "delivered"]),
        (("read", "delivered", "sent"), ["delivered", "delivered", "delivered"]),
        (("delivered", "delivered", "sent"), ["delivered", "delivered", "delivered"]),
        (("delivered", "failed"), ["delivered", "delivered"]),
        (("failed", "sent"), ["failed", "failed"]),
        (("failed", "delivered"), ["failed", "delivered"]),
        (("accepted", "nonsense"), ["sent", "sent"]),
    ],
)
def test_whatsapp_webhook_takes_reports_in_any_order(sent: Message, order: tuple[str, ...], states: list[str]) -> None:
    assert told(*order) == states
    sent.refresh_from_db()
    assert (sent.read_at is not None) == ("read" in order)


def test_whatsapp_webhook_hands_a_failed_message_to_the_next_channel_once(sent: Message) -> None:
    errors = [{"code": 131026, "title": "Message undeliverable", "error_data": {"details": "Not on WhatsApp"}}]
    told("failed", "failed", errors=errors)
    sent.refresh_from_db()
    assert (sent.failure_code, sent.failure.endswith("(131026 Not on WhatsApp)")) == ("wa_131026", True)
    [call_row] = Message.objects.filter(former=sent)
    assert (call_row.channel, call_row.state) == (Channel.CALL, State.QUEUED)


def test_whatsapp_webhook_takes_back_the_next_attempt_when_the_message_arrives_after_all(sent: Message) -> None:
    told("failed")
    assert Message.objects.get(former=sent).state == State.QUEUED
    told("delivered")
    assert Message.objects.get(former=sent).state == State.CANCELLED


def test_whatsapp_webhook_finds_what_a_dead_worker_could_not_note(office: Office, gateway: WhatsAppGateway) -> None:
    held = office.whatsapp(state=State.SENDING, claimed_at=timezone.now())
    told("sent", wamid="wamid.NEW", biz_opaque_callback_data=held.message_id)
    held.refresh_from_db()
    assert (held.state, held.provider_id, held.claimed_at) == (State.SENT, "wamid.NEW", None)


@pytest.mark.parametrize("secret", ["wrong", ""])
def test_whatsapp_webhook_refuses_a_forged_signature(sent: Message, secret: str) -> None:
    assert call(webhook(statuses=[report("wamid.A", "delivered")]), secret) == 403
    sent.refresh_from_db()
    assert sent.state == State.SENT


def test_whatsapp_webhook_refuses_a_changed_body(sent: Message) -> None:
    body = webhook(statuses=[report("wamid.A", "delivered")])
    signature = signed(body.replace(b"delivered", b"failed"))
    headers = {"X-Hub-Signature-256": signature}
    assert Client().post(URL, body, content_type="application/json", headers=headers).status_code == 403


def test_whatsapp_webhook_of_one_office_touches_no_other(sent: Message, next_office: Office) -> None:
    other = WhatsAppGateway.objects.create(
        agency=next_office.agency, phone_number_id="206540352242922", token="x", app_secret="other"
    )
    body = webhook(number_id=other.phone_number_id, statuses=[report("wamid.A", "delivered")])
    assert call(body, "other", "/webhook/whatsapp/semarang/") == 200
    assert call(webhook(number_id="999", statuses=[report("wamid.A", "delivered")])) == 200
    sent.refresh_from_db()
    assert sent.state == State.SENT


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[1]",
        b"not json",
        b'{"entry": [{"changes": [{"value": 7}]}]}',
        b"[" * 5000,
        webhook(statuses=[{"id": "x\x00y", "status": "sent"}, 7, {"id": 1}]),
        webhook(statuses=[report("wamid.unknown", "delivered")]),
        webhook(messages=[{"from": "62812", "timestamp": "never", "text": {"body": "STOP"}}]),
    ],
)
def test_whatsapp_webhook_survives_whatever_is_signed(sent: Message, body: bytes) -> None:
    assert call(body) == 200
    sent.refresh_from_db()
    assert sent.state == State.SENT


def test_whatsapp_webhook_refuses_a_flood(gateway: WhatsAppGateway) -> None:
    assert call(b"x" * 600_000) == 413


def test_whatsapp_webhook_is_not_there_for_offices_without_a_gateway(office: Office) -> None:
    assert call(b"{}") == 404


def reply(text: str, at: float) -> bytes:
    message = {"from": "6281200000001", "id": "wamid.R", "timestamp": str(int(at)), "type": "text"}
    return webhook(messages=[message | {"text": {"body": text}}])


def test_whatsapp_webhook_hears_stop_and_start_and_no_replay(office: Office, gateway: WhatsAppGateway) -> None:
    waiting = office.whatsapp(1, fallbacks=["call"])
    allow(office, waiting.recipient_phone)
    WhatsAppChoice.objects.update(at=timezone.now() - dt.timedelta(hours=1))
    now = time.time()
    stop, start = reply(" Berhenti. ", now - 60), reply("mulai", now - 30)
    assert call(stop) == 200
    assert not WhatsAppChoice.objects.get().wants
    waiting.refresh_from_db()
    assert (waiting.state, waiting.failure_code) == (State.FAILED, "opted_out")
    assert Message.objects.get(former=waiting).channel == Channel.CALL
    assert call(start) == 200
    assert call(stop) == 200
    assert WhatsAppChoice.objects.get().wants
    assert call(reply("Kapan pelatihan berhenti?", now)) == 200
    assert WhatsAppChoice.objects.get().wants
    actions = list(AuditEntry.objects.filter(action__startswith="whatsapp.").order_by("pk").values("action", "changes"))
    assert [entry["action"] for entry in actions] == ["whatsapp.stopped", "whatsapp.allowed"]
    assert "6281200000001" not in json.dumps(actions)
