"""Sending against a real SMTP server."""

import datetime as dt
import threading
from email.message import Message as Mail

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from notifications import delivery, rules, tasks
from notifications.delivery.outcome import Scope
from notifications.models import Channel, Message, State
from tests.notifications.conftest import MailServer, Office

MAIL = Scope(Channel.EMAIL)


def text_of(mail: Mail) -> str:
    payload = mail.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode().replace("\r\n", "\n")


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def due_now(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(not_before=timezone.now() - dt.timedelta(seconds=1))


def test_deliver_sends_the_text_in_the_name_of_the_office(office: Office, mail_server: MailServer) -> None:
    office.agency.email = "dinas@example.go.id"
    office.agency.save()
    message = office.message(subject="Pendaftaran Anda – diterima", body="Yth. Bapak/Ibu,\nnomor Anda 12.\n")
    assert tasks.deliver() == 1
    [(address, mail)] = mail_server.received
    assert address == message.recipient_address
    assert text_of(mail) == "Yth. Bapak/Ibu,\nnomor Anda 12.\n"
    assert mail["Message-ID"] == message.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"] == "Dinas Pekalongan <portal@localhost>"
    assert mail["Reply-To"] == "dinas@example.go.id"
    assert mail.get_content_type() == "text/plain"
    message.refresh_from_db()
    assert (message.state, message.attempts, message.failure) == (State.SENT, 1, "")
    assert message.sent_at is not None


def test_deliver_uses_one_connection_for_a_batch(office: Office, mail_server: MailServer) -> None:
    for _number in range(7):
        office.message()
    assert tasks.deliver() == 7
    assert (mail_server.connections, len(mail_server.received)) == (1, 7)


def test_deliver_leaves_what_is_not_due_or_not_by_mail(office: Office, mail_server: MailServer) -> None:
    office.message(not_before=timezone.now() + dt.timedelta(hours=1))
    office.message(channel="manual", recipient_address="+6281234567890")
    office.message(state=State.CANCELLED)
    assert tasks.deliver() == 0
    assert mail_server.received == []


def test_deliver_sends_codes_first(office: Office, mail_server: MailServer) -> None:
    office.message(recipient_address="biasa@example.id")
    office.message(recipient_address="kode@example.id", secret=True)
    tasks.deliver()
    assert mail_server.addresses == ["kode@example.id", "biasa@example.id"]


def test_deliver_fails_a_refused_recipient_and_sends_the_others(office: Office, mail_server: MailServer) -> None:
    first, refused, last = office.message(), office.message(), office.message()
    mail_server.replies[refused.recipient_address] = "550 no such user"
    tasks.deliver()
    assert mail_server.addresses == [first.recipient_address, last.recipient_address]
    assert state_of(refused) == State.FAILED
    assert refused.failure == "Server email penerima menolak alamat ini (kode 550)."


def test_deliver_fails_a_refused_text(office: Office, mail_server: MailServer) -> None:
    refused, other = office.message(), office.message()
    mail_server.data_replies[refused.recipient_address] = "554 looks like spam"
    tasks.deliver()
    assert (state_of(refused), state_of(other)) == (State.FAILED, State.SENT)


@pytest.mark.parametrize("reply", ["450 greylisted", "421 too busy"])
def test_deliver_tries_again_after_a_temporary_refusal(office: Office, mail_server: MailServer, reply: str) -> None:
    held, other = office.message(), office.message()
    mail_server.replies[held.recipient_address] = reply
    before = timezone.now()
    tasks.deliver()
    assert (state_of(held), state_of(other)) == (State.QUEUED, State.SENT)
    assert held.attempts == 1
    assert held.not_before >= before + rules.wait_after(1)
    mail_server.replies.clear()
    due_now(held)
    tasks.deliver()
    assert (state_of(held), held.attempts, held.failure) == (State.SENT, 2, "")


def test_deliver_gives_up_after_many_attempts(office: Office, mail_server: MailServer) -> None:
    held = office.message(attempts=rules.MOST_ATTEMPTS - 1)
    mail_server.replies[held.recipient_address] = "450 mailbox full"
    tasks.deliver()
    assert (state_of(held), held.attempts) == (State.FAILED, rules.MOST_ATTEMPTS)


def test_deliver_waits_while_the_server_is_down(office: Office, mail_server: MailServer) -> None:
    messages = [office.message() for _number in range(3)]
    mail_server.stop()
    tasks.deliver()
    assert {(state_of(message), message.attempts) for message in messages} == {(State.QUEUED, 0)}
    assert all(message.not_before > timezone.now() for message in messages)
    mail_server.start()
    for message in messages:
        due_now(message)
    tasks.sweep()
    assert [state_of(message) for message in messages] == [State.SENT] * 3
    assert sorted(mail_server.addresses) == sorted(message.recipient_address for message in messages)


def test_deliver_gives_up_when_the_server_is_down_for_days(office: Office, mail_server: MailServer) -> None:
    old = office.message(created_at=timezone.now() - rules.GIVE_UP_AFTER - dt.timedelta(hours=1))
    young = office.message()
    mail_server.stop()
    tasks.deliver()
    assert (state_of(old), state_of(young)) == (State.FAILED, State.QUEUED)


def test_deliver_is_not_blocked_by_a_message_that_cannot_be_composed(office: Office, mail_server: MailServer) -> None:
    poisoned = office.message(subject="Halo\nBcc: semua@example.id")
    other = office.message()
    tasks.deliver()
    assert (state_of(poisoned), state_of(other)) == (State.FAILED, State.SENT)
    assert mail_server.addresses == [other.recipient_address]


def test_deliver_wipes_a_secret_text(office: Office, mail_server: MailServer) -> None:
    secret, plain = office.message(secret=True, body="Kode Anda 123456\n"), office.message()
    tasks.deliver()
    assert [text_of(mail) for _address, mail in mail_server.received][0] == "Kode Anda 123456\n"
    secret.refresh_from_db()
    plain.refresh_from_db()
    assert (secret.subject, secret.body, secret.is_wiped) == ("", "", True)
    assert plain.body != ""


def test_deliver_keeps_a_secret_text_that_waits(office: Office, mail_server: MailServer) -> None:
    secret = office.message(secret=True, body="Kode Anda 123456\n")
    mail_server.replies[secret.recipient_address] = "450 later"
    tasks.deliver()
    secret.refresh_from_db()
    assert secret.body == "Kode Anda 123456\n"


def test_deliver_keeps_the_limit_per_minute(office: Office, mail_server: MailServer, settings: Settings) -> None:
    settings.NOTIFICATIONS_PER_MINUTE = {"email": 3}
    for _number in range(5):
        office.message()
    tasks.deliver()
    assert len(mail_server.received) == 3
    Message.objects.filter(state=State.SENT).update(sent_at=timezone.now() - dt.timedelta(seconds=61))
    tasks.deliver()
    assert len(mail_server.received) == 5


def test_settle_leaves_a_claim_that_was_taken_over(office: Office) -> None:
    message = office.message()
    [held] = delivery.claim(MAIL, timezone.now())
    delivery.take_back(timezone.now() + delivery.PATIENCE + dt.timedelta(seconds=1))
    assert state_of(message) == State.QUEUED
    delivery.settle(held, delivery.Outcome(State.SENT))
    assert (state_of(message), message.sent_at) == (State.QUEUED, None)


def test_take_back_leaves_a_fresh_claim(office: Office) -> None:
    message = office.message()
    delivery.claim(MAIL, timezone.now())
    assert delivery.take_back() == 0
    assert state_of(message) == State.SENDING


def test_take_back_fails_what_died_too_often(office: Office) -> None:
    message = office.message(attempts=rules.MOST_ATTEMPTS - 1)
    delivery.claim(MAIL, timezone.now())
    assert delivery.take_back(timezone.now() + delivery.PATIENCE + dt.timedelta(seconds=1)) == 1
    assert (state_of(message), message.attempts) == (State.FAILED, rules.MOST_ATTEMPTS)


def test_deliver_gives_back_what_it_held_too_long(
    office: Office, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.delivery.line.HOLD", -1.0)
    message = office.message()
    assert delivery.deliver_batch(delivery.MailSender()) == 1
    assert (state_of(message), message.attempts, mail_server.received) == (State.QUEUED, 0, [])


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_deliverers_send_each_message_once(office: Office, mail_server: MailServer) -> None:
    for _number in range(200):
        office.message()
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        try:
            tasks.deliver()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(mail_server.addresses) == 200
    assert len(set(mail_server.addresses)) == 200
    assert Message.objects.filter(state=State.SENT, attempts=1).count() == 200


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_deliverers_keep_the_limit_together(office: Office, mail_server: MailServer, settings: Settings) -> None:
    settings.NOTIFICATIONS_PER_MINUTE = {"email": 10}
    for _number in range(40):
        office.message()
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        try:
            tasks.deliver()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(mail_server.received) == 10
