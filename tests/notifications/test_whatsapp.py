"""Sending by the WhatsApp Business Platform, against a real HTTP server that speaks its language."""

import datetime as dt
import threading
import time

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from notifications import actions, delivery, rules, tasks
from notifications.models import Channel, ChannelPolicy, Message, State, WhatsAppGateway, WhatsAppTemplate
from tests.notifications.conftest import MailServer, Office, allow, changed
from tests.support.whatsapp import Platform

SITI, BUDI = "+6281234567890", "+6281234567891"
pytestmark = pytest.mark.usefixtures("gateway")


def attempts_of(message: Message) -> list[tuple[str, str]]:
    """(channel, state) of each attempt, in order."""
    root = message.key.partition("~")[0]
    rows = Message.objects.filter(key__startswith=root).order_by("pk")
    return [(row.channel, row.state) for row in rows]


def write(office: Office, key: str = "a", **fields: object) -> Message:
    words: dict[str, object] = {"kind": "hello", "language": "id", "recipient_name": "Siti  Aminah", "phone": SITI}
    words |= {"context": {"note": "x", "at": timezone.now()}}
    message = actions.queue(agency=office.agency, key=key, **(words | fields))  # type: ignore[arg-type]  # plain values
    assert message is not None
    return message


def quiet(office: Office, begins: dt.time | None, ends: dt.time | None, **fields: object) -> None:
    ChannelPolicy.objects.update_or_create(
        agency=office.agency, defaults={"quiet_from": begins, "quiet_until": ends, **fields}
    )
    changed(office)


def test_whatsapp_sends_the_template_with_its_values_and_our_own_number(office: Office, platform: Platform) -> None:
    quiet(office, None, None)
    allow(office, SITI)
    message = write(office, email="siti@example.id")
    assert (message.channel, message.fallbacks) == (Channel.WHATSAPP, ["email", "manual", "call"])
    assert tasks.deliver() == 1
    assert platform.received == [
        {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "6281234567890",
            "type": "template",
            "template": {
                "name": "halo_warga",
                "language": {"code": "id"},
                "components": [
                    {
                        "type": "body",
                        "parameters": [
                            {"type": "text", "text": "Siti Aminah"},
                            {"type": "text", "text": "Dinas Pekalongan"},
                        ],
                    }
                ],
            },
            "biz_opaque_callback_data": message.message_id,
        }
    ]
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.SENT, 1)
    assert message.provider_id.startswith("wamid.")


def test_whatsapp_goes_only_where_it_was_allowed(office: Office) -> None:
    quiet(office, None, None)
    assert write(office).channel == Channel.MANUAL
    allow(office, SITI)
    assert write(office, "b").channel == Channel.WHATSAPP
    assert write(office, "c", phone=BUDI).channel == Channel.MANUAL
    assert write(office, "d", kind="batch_cancelled", context={}).channel == Channel.MANUAL


def test_whatsapp_keeps_one_connection(office: Office, platform: Platform) -> None:
    for number in range(20):
        allow(office, office.whatsapp(number).recipient_phone)
    assert tasks.deliver() == 20
    assert (platform.connections, len(platform.received)) == (1, 20)


def test_stop_between_writing_and_sending_is_honoured(
    office: Office, platform: Platform, mail_server: MailServer
) -> None:
    quiet(office, None, None)
    allow(office, SITI)
    message = write(office, email="siti@example.id")
    actions.note_reply(agency=office.agency, phone=SITI, wants=False, at=timezone.now())
    tasks.deliver()
    assert platform.received == []
    assert attempts_of(message) == [("whatsapp", "failed"), ("email", "sent")]
    assert write(office, "b").channel == Channel.MANUAL


def test_form_does_not_outweigh_a_stop(office: Office) -> None:
    now = timezone.now()
    actions.note_reply(agency=office.agency, phone=SITI, wants=False, at=now)
    allow(office, SITI)
    assert write(office).channel == Channel.MANUAL
    actions.note_reply(agency=office.agency, phone=SITI, wants=True, at=now + dt.timedelta(seconds=1))
    assert not actions.note_reply(agency=office.agency, phone=SITI, wants=False, at=now)
    assert write(office, "b").channel == Channel.WHATSAPP


def test_number_without_whatsapp_goes_to_the_call_list_at_last(office: Office, platform: Platform) -> None:
    message = office.whatsapp(fallbacks=["manual", "call"])
    allow(office, message.recipient_phone)
    platform.refuse(message.recipient_phone[1:], 131026, details="Message undeliverable")
    tasks.deliver()
    message.refresh_from_db()
    assert (message.state, message.failure_code) == (State.FAILED, "wa_131026")
    assert message.failure.endswith("(131026 Message undeliverable)")
    [call] = Message.objects.filter(former=message)
    assert (call.channel, call.state, call.key) == (Channel.CALL, State.QUEUED, f"{message.key}~2")
    assert (call.body, call.fallbacks) == (message.body, [])


def test_chain_runs_through_every_channel(office: Office, platform: Platform, mail_server: MailServer) -> None:
    message = office.whatsapp(fallbacks=["email", "manual", "call"], recipient_email="siti@example.id")
    allow(office, message.recipient_phone)
    platform.refuse(message.recipient_phone[1:], 132001, status=404, details="template does not exist in id")
    mail_server.replies["siti@example.id"] = "550 no such user"
    tasks.deliver()
    assert attempts_of(message) == [("whatsapp", "failed"), ("email", "failed"), ("manual", "queued")]
    chat = Message.objects.get(channel=Channel.MANUAL)
    actions.pass_on_to_call(message=chat, by=office.user("petugas", "program_officer"))  # type: ignore[arg-type]  # plain values
    assert attempts_of(message)[2:] == [("manual", "failed"), ("call", "queued")]


@pytest.mark.parametrize(("code", "status"), [(131000, 500), (131016, 503), (131056, 400)])
def test_passing_trouble_is_tried_again(office: Office, platform: Platform, code: int, status: int) -> None:
    first, other = office.whatsapp(1, fallbacks=["call"]), office.whatsapp(2)
    allow(office, first.recipient_phone, other.recipient_phone)
    platform.refuse(first.recipient_phone[1:], code, status=status)
    tasks.deliver()
    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.state, first.attempts, first.failure_code) == (State.QUEUED, 1, f"wa_{code}")
    assert first.not_before > timezone.now()
    assert other.state == State.SENT


def test_rate_limit_rests_the_number_and_counts_no_attempt(office: Office, platform: Platform) -> None:
    messages = [office.whatsapp(number, fallbacks=["call"]) for number in range(3)]
    allow(office, *(message.recipient_phone for message in messages))
    platform.everyone = (429, {"error": {"code": 130429, "message": "Rate limit hit"}}, {"Retry_After": "7"})
    before = timezone.now()
    tasks.deliver()
    assert {(row.state, row.attempts) for row in Message.objects.all()} == {(State.QUEUED, 0)}
    rests = WhatsAppGateway.objects.get().not_before - before
    assert dt.timedelta(seconds=6) < rests < dt.timedelta(seconds=12)
    platform.everyone = None
    assert tasks.deliver() == 0
    WhatsAppGateway.objects.update(not_before=before)
    Message.objects.update(not_before=before)
    assert tasks.deliver() == 3


def test_refused_token_stops_the_gateway_until_it_is_mended(office: Office, platform: Platform) -> None:
    message = office.whatsapp(fallbacks=["call"])
    allow(office, message.recipient_phone)
    gateway = WhatsAppGateway.objects.get()
    gateway.token = "expired"
    gateway.save()
    tasks.deliver()
    gateway.refresh_from_db()
    message.refresh_from_db()
    assert gateway.paused_at is not None
    assert "190" in gateway.pause_reason
    assert (message.state, message.attempts) == (State.QUEUED, 0)
    gateway.token = "EAABsbCS1iHgBAO"
    actions.save_channel_setting(row=gateway, changed=["token"], by=office.user("admin", "administrator"))  # type: ignore[arg-type]  # plain values
    tasks.deliver()
    message.refresh_from_db()
    assert message.state == State.SENT


def test_stopped_gateway_lets_hurried_messages_go_the_next_way(office: Office) -> None:
    quiet(office, None, None, at_any_hour=["seat_offered"], delivery_hours=2)
    WhatsAppGateway.objects.update(paused_at=timezone.now(), pause_reason="Token kedaluwarsa.")
    old = timezone.now() - dt.timedelta(hours=3)
    hurried = office.whatsapp(1, kind="seat_offered", fallbacks=["call"])
    waited = office.whatsapp(2, fallbacks=["call"], created_at=old)
    patient = office.whatsapp(3, fallbacks=["call"])
    assert delivery.leave_stopped_gateways() == 2
    assert [len(attempts_of(message)) for message in (hurried, waited, patient)] == [2, 2, 1]
    WhatsAppGateway.objects.all().delete()
    assert delivery.leave_stopped_gateways() == 1


def test_silent_platform_is_left_alone_after_three_messages(
    office: Office, platform: Platform, mail_server: MailServer, settings: Settings
) -> None:
    settings.WHATSAPP_API_URL = "http://127.0.0.1:1/v23.0"
    messages = [office.whatsapp(number, fallbacks=["call"]) for number in range(6)]
    allow(office, *(message.recipient_phone for message in messages))
    mail = office.message()
    tasks.deliver()
    mail.refresh_from_db()
    assert mail.state == State.SENT
    tried = [row.attempts for row in Message.objects.filter(channel="whatsapp").order_by("pk")]
    assert tried == [1, 1, 1, 0, 0, 0]
    assert not Message.objects.filter(channel="whatsapp").exclude(state=State.QUEUED).exists()


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b"{}", b'{"messages": []}', b'{"messages": "x"}'])
def test_answer_that_says_nothing_is_tried_again(office: Office, platform: Platform, answer: bytes) -> None:
    message = office.whatsapp()
    allow(office, message.recipient_phone)
    platform.everyone = (200, answer, {})
    tasks.deliver()
    message.refresh_from_db()
    assert (message.state, message.failure_code) == (State.QUEUED, "wa_unintelligible")


def test_same_number_given_twice_loses_no_message(office: Office, platform: Platform) -> None:
    messages = [office.whatsapp(number) for number in range(2)]
    allow(office, *(message.recipient_phone for message in messages))
    platform.everyone = (200, {"messages": [{"id": "wamid.SAME"}]}, {})
    tasks.deliver()
    assert list(Message.objects.values_list("state", flat=True)) == [State.SENT] * 2


def test_missing_value_of_a_template_goes_the_next_way(office: Office, platform: Platform) -> None:
    WhatsAppTemplate.objects.update(parameters=["nama", "nomor"])
    message = office.whatsapp(fallbacks=["call"])
    allow(office, message.recipient_phone)
    tasks.deliver()
    assert attempts_of(message) == [("whatsapp", "failed"), ("call", "queued")]
    assert platform.received == []


def test_rate_of_an_office_counts_for_itself(office: Office, next_office: Office, platform: Platform) -> None:
    WhatsAppGateway.objects.update(per_minute=2)
    messages = [office.whatsapp(number) for number in range(5)]
    allow(office, *(message.recipient_phone for message in messages))
    next_office.message(channel=Channel.WHATSAPP, recipient_address=SITI, state=State.SENT, sent_at=timezone.now())
    tasks.deliver()
    assert len(platform.received) == 2


def test_quiet_hours_hold_back_what_may_wait(office: Office) -> None:
    allow(office, SITI)
    now = timezone.now().astimezone(office.agency.zone)
    begins, ends = (now - dt.timedelta(hours=1)).time(), (now + dt.timedelta(hours=2)).time()
    quiet(office, begins, ends, at_any_hour=[])
    held = write(office)
    assert held.not_before.astimezone(office.agency.zone).time() == ends
    assert tasks.deliver() == 0
    assert write(office, "b", email="siti@example.id", phone="").not_before <= timezone.now()
    quiet(office, begins, ends, at_any_hour=[], email_waits=True)
    assert write(office, "c", email="siti@example.id", phone="").not_before > timezone.now()
    quiet(office, begins, ends, at_any_hour=["hello"])
    assert write(office, "d").not_before <= timezone.now()


def test_what_has_lost_its_use_is_not_sent(office: Office, platform: Platform) -> None:
    late = office.whatsapp(fallbacks=["call"], expires_at=timezone.now() - dt.timedelta(seconds=1))
    allow(office, late.recipient_phone)
    tasks.deliver()
    late.refresh_from_db()
    assert (late.state, late.failure_code) == (State.FAILED, "expired")
    assert attempts_of(late) == [("whatsapp", "failed")]


def test_offer_that_nobody_came_to_send_ends_as_a_failure(office: Office) -> None:
    past = timezone.now() - dt.timedelta(minutes=1)
    late = office.message(channel=Channel.MANUAL, recipient_address=SITI, secret=True, expires_at=past)
    fresh = office.message(channel=Channel.CALL, recipient_address=SITI)
    assert delivery.end_useless() == 1
    late.refresh_from_db()
    fresh.refresh_from_db()
    assert (late.state, late.failure_code, late.body) == (State.FAILED, "expired", "")
    assert fresh.state == State.QUEUED


def test_unreported_message_falls_back_after_the_patience_of_the_office(office: Office) -> None:
    quiet(office, None, None, delivery_hours=2)
    hours = [timezone.now() - dt.timedelta(hours=hour) for hour in (1, 3)]
    fresh, late = (
        office.whatsapp(number, state=State.SENT, sent_at=at, fallbacks=["call"], provider_id=f"wamid.{number}")
        for number, at in enumerate(hours)
    )
    assert delivery.fall_back_unreported() == 1
    assert (attempts_of(fresh), attempts_of(late)) == (
        [("whatsapp", "sent")],
        [("whatsapp", "failed"), ("call", "queued")],
    )
    assert delivery.fall_back_unreported() == 0


def test_cancelled_batch_lets_nothing_fall_back(office: Office, platform: Platform) -> None:
    under_way = office.whatsapp(group="batch:1", fallbacks=["call"], state=State.SENDING, claimed_at=timezone.now())
    actions.cancel_queued(group="batch:1", by=None)
    under_way.refresh_from_db()
    delivery.settle(under_way, delivery.Outcome(State.FAILED, "Ditolak.", "wa_1"))
    assert attempts_of(under_way) == [("whatsapp", "failed")]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_fall_back_once(office: Office, platform: Platform) -> None:
    messages = [office.whatsapp(number, fallbacks=["call"]) for number in range(30)]
    allow(office, *(message.recipient_phone for message in messages))
    platform.everyone = (400, {"error": {"code": 131026}}, {})
    start = threading.Barrier(3)

    def work() -> None:
        start.wait()
        try:
            tasks.sweep()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Message.objects.filter(channel=Channel.CALL).count() == 30


def test_slow_platform_does_not_hold_up_mail_for_long(
    office: Office, platform: Platform, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.delivery.line.HOLD", 0.4)
    messages = [office.whatsapp(number) for number in range(20)]
    allow(office, *(message.recipient_phone for message in messages))
    platform.delay = 0.2
    mails = [office.message() for _number in range(3)]
    began = time.monotonic()
    delivery.deliver_all(seconds=0.5)
    assert time.monotonic() - began < 5
    assert len(mail_server.received) == len(mails)
    assert 0 < len(platform.received) < 20
    assert not Message.objects.filter(state=State.SENDING).exists()


def test_verdicts_on_what_the_platform_answers() -> None:
    found = {code: rules.verdict_on(400, code).value for code in (190, 130429, 131056, 131026, 132000, 131050, 210)}
    assert found == {
        190: "stop",
        130429: "rest",
        131056: "later",
        131026: "not_on_whatsapp",
        132000: "refused",
        131050: "stopped_by_recipient",
        210: "stop",
    }
    assert [rules.verdict_on(status, -1).value for status in (401, 429, 500, 404)] == [
        "stop",
        "rest",
        "later",
        "refused",
    ]
