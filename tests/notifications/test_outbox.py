"""From the commit to the mail server: broker down, a real worker, a worker that is killed."""

import asyncio
import datetime as dt
import socket
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from kit import wakeup
from notifications import actions, delivery
from notifications.models import Message, State
from notifications.tasks import deliver, sweep
from tests.notifications.conftest import MailServer, Office
from tests.support.worker import running_worker

DEAD = "redis://127.0.0.1:1/0"


def hello(office: Office, number: int) -> None:
    actions.queue(
        agency=office.agency,
        kind="hello",
        key=f"hello:{number}",
        language="id",
        recipient_name="Siti",
        email=f"siti{number}@example.id",
        context={"note": number, "at": timezone.now()},
    )


@pytest.fixture
def mute_broker() -> Iterator[str]:
    """Takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broker", ["dead", "mute"])
def test_wake_up_costs_a_second_at_most_and_then_nothing(
    office: Office, broker: str, mute_broker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", DEAD if broker == "dead" else mute_broker)
    began = time.monotonic()
    hello(office, 1)
    first = time.monotonic() - began
    began = time.monotonic()
    for number in range(2, 22):
        hello(office, number)
    rush = time.monotonic() - began
    assert Message.objects.filter(state=State.QUEUED).count() == 21
    assert first < 2.0
    assert rush < 2.0


@pytest.mark.django_db(transaction=True)
def test_request_succeeds_while_the_broker_is_down(
    office: Office, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", DEAD)
    failed = office.message(state=State.FAILED, failure="Alamat ditolak.")
    client.force_login(office.user("petugas", Role.PROGRAM_OFFICER))
    response = client.post(f"/kerja/pesan/{failed.pk}/kirim-ulang/")
    assert response.status_code == 302
    assert Message.objects.filter(state=State.QUEUED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_sweep_sends_what_nobody_was_woken_for(
    office: Office, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", DEAD)
    hello(office, 1)
    sweep()
    assert mail_server.addresses == ["siti1@example.id"]


def test_wake_up_is_sent_again_after_the_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", DEAD)
    assert wakeup.send("notifications.tasks.deliver") is False
    monkeypatch.delenv("CELERY_BROKER_WRITE_URL")
    assert wakeup.send("notifications.tasks.deliver") is False
    monkeypatch.setattr(wakeup, "_quiet_until", time.monotonic() - 1)
    assert wakeup.send("notifications.tasks.deliver") is True


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_worker_sends_after_the_commit(
    office: Office, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{mail_server.port}")
    with running_worker() as worker:
        hello(office, 1)
        worker.wait_for(lambda: Message.objects.filter(state=State.SENT).exists())
    assert mail_server.addresses == ["siti1@example.id"]


class Holding(MailServer):
    """Takes the text addressed to `held` and then keeps the sender waiting for the answer."""

    held = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the name that aiosmtpd calls
        reply = await super().handle_DATA(server, session, envelope)
        while self.held == envelope.rcpt_tos[0]:
            await asyncio.sleep(0.02)
        return reply


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_kill_in_flight_repeats_only_that_message(
    office: Office, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail_server.stop()
    holding = Holding(mail_server.port)
    messages = [office.message() for _number in range(5)]
    holding.held = in_flight = messages[2].recipient_address
    holding.start()
    monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{holding.port}")
    try:
        with running_worker() as worker:
            wakeup.send("notifications.tasks.deliver")
            worker.wait_for(lambda: in_flight in holding.addresses)
            worker.wait_for(lambda: Message.objects.filter(state=State.SENT).count() == 2)
            worker.kill()
        holding.held = ""
        states = [message.state for message in Message.objects.order_by("pk")]
        assert states == [State.SENT, State.SENT, State.SENDING, State.SENDING, State.SENDING]
        assert deliver() == 0
        delivery.take_back(timezone.now() + delivery.PATIENCE + dt.timedelta(seconds=1))
        deliver()
        assert Message.objects.filter(state=State.SENT).count() == 5
        times = Counter(holding.addresses)
        assert times == {message.recipient_address: 2 if message == messages[2] else 1 for message in messages}
        ids = {mail["Message-ID"] for address, mail in holding.received if address == in_flight}
        assert ids == {messages[2].message_id}
    finally:
        holding.held = ""
        holding.stop()
