import datetime as dt
import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from notifications import actions, queries
from notifications.models import Channel, Message, State
from notifications.outbox import another_attempt
from tests.notifications.conftest import Office

BOARD, AGAIN = "/kerja/pesan/pengiriman/", "/kerja/pesan/kirim-ulang/"


@pytest.fixture
def officer(office: Office, client: Client) -> Client:
    client.force_login(office.user("petugas", Role.PROGRAM_OFFICER))
    return client


def failed(office: Office, code: str = "smtp_550", **fields: Any) -> Message:
    return office.message(state=State.FAILED, failure="Alamat ditolak.", failure_code=code, **fields)


def sums(client: Client, period: str = "7") -> dict[tuple[str, str], int]:
    lines = client.get(f"{BOARD}?period={period}").context["lines"]
    return {(line.channel, state): count for line in lines for state, count in line.counts.items() if count}


def test_message_board_counts_by_channel_state_and_period(officer: Client, office: Office, next_office: Office) -> None:
    now = timezone.now()
    office.message()
    office.message(channel=Channel.MANUAL, recipient_address="+6281234567890")
    office.message(state=State.SENT, sent_at=now, created_at=now - dt.timedelta(days=3))
    failed(office, created_at=now - dt.timedelta(days=20))
    next_office.message()
    assert sums(officer, "1") == {("email", "queued"): 1, ("manual", "queued"): 1}
    assert sums(officer, "7") == {("email", "queued"): 1, ("email", "sent"): 1, ("manual", "queued"): 1}
    assert sums(officer, "30")["email", "failed"] == 1
    assert sums(officer, "nonsense") == sums(officer, "7")


def test_message_board_groups_failures_with_advice(officer: Client, office: Office) -> None:
    followed = failed(office)
    another_attempt(followed).save()
    failed(office)
    failed(office, "wa_131026")
    groups = officer.get(BOARD).context["failures"]
    assert [(group.code, group.count, group.open) for group in groups] == [("smtp_550", 2, 1), ("wa_131026", 1, 1)]
    page = officer.get(BOARD).content.decode()
    assert "Alamat tidak ada. Tanyakan alamat yang benar dan perbaiki data pendaftar." in page
    assert groups[1].advice == str(queries.ADVICE["wa"])


def test_message_board_warns_of_what_is_stuck(officer: Client, office: Office) -> None:
    office.message(not_before=timezone.now() - dt.timedelta(minutes=11))
    office.message(not_before=timezone.now() - dt.timedelta(minutes=1))
    assert officer.get(BOARD).context["stuck"] == [queries.Stuck("email", 1)]


@pytest.mark.parametrize("rows", [1, 3])
def test_message_board_query_count(officer: Client, office: Office, rows: int) -> None:
    for number in range(rows):
        failed(office, f"smtp_55{number}")
    officer.get(BOARD)
    with CaptureQueriesContext(connection) as captured:
        officer.get(BOARD)
    assert len([query for query in captured if "notifications_" in query["sql"]]) == 4


def test_message_board_numbers_lead_to_those_messages(officer: Client, office: Office) -> None:
    mine = failed(office)
    failed(office, "technical")
    office.message()
    found = officer.get("/kerja/pesan/?channel=email&state=failed&code=smtp_550&period=7").context["page"].rows
    assert found == [mine]


def test_failure_resend_shows_whom_and_writes_new_attempts(officer: Client, office: Office) -> None:
    first, second = failed(office), failed(office)
    failed(office, "technical")
    wiped = failed(office, secret=True, body="", subject="")
    query = {"channel": "email", "code": "smtp_550", "period": "7"}
    page = officer.get(AGAIN, query).content.decode()
    assert "Kirim ulang 2 pesan" in page
    assert first.recipient_address not in page
    response = officer.post(AGAIN, query, follow=True)
    assert "2 pesan akan dikirim ulang." in response.content.decode()
    again = Message.objects.filter(former__isnull=False)
    assert {message.former for message in again} == {first, second}
    assert not Message.objects.filter(former=wiped).exists()
    assert AuditEntry.objects.get(action="messages.resent").changes == {"count": 2}
    assert "Tidak ada lagi yang perlu dikirim ulang" in officer.post(AGAIN, query, follow=True).content.decode()
    assert again.count() == 2


@pytest.mark.parametrize("query", [{}, {"channel": "pigeon"}, {"channel": "email", "code": "x y"}])
def test_failure_resend_leads_back_when_nothing_was_named(officer: Client, query: dict[str, str]) -> None:
    assert officer.get(AGAIN, query).status_code == 302


def test_failure_resend_stays_in_the_office(officer: Client, next_office: Office) -> None:
    failed(next_office)
    officer.post(AGAIN, {"channel": "email", "code": "smtp_550", "period": "7"})
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_resend_many_race_sends_each_once(office: Office) -> None:
    messages = [failed(office) for _number in range(5)]
    user = office.user("petugas", Role.PROGRAM_OFFICER)
    start, outcomes = threading.Barrier(3), []

    def press() -> None:
        start.wait()
        try:
            outcomes.append(actions.resend_many(messages=messages, by=user))
        except ValidationError:
            outcomes.append(0)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(outcomes) == 5
    assert Message.objects.filter(former__isnull=False).count() == 5


@pytest.mark.parametrize("count", [1, 3])
def test_message_detail_shows_every_attempt(officer: Client, office: Office, count: int) -> None:
    message = failed(office)
    chain = [message]
    for _number in range(count):
        message = another_attempt(message, state=State.FAILED, failure="Tidak sampai.", failure_code="no_report")
        message.save()
        chain.append(message)
    officer.get(f"/kerja/pesan/{chain[1].pk}/")
    with CaptureQueriesContext(connection) as captured:
        response = officer.get(f"/kerja/pesan/{chain[1].pk}/")
    assert response.context["attempts"] == chain
    assert response.content.decode().count("Tidak sampai.") >= count
    assert len([query for query in captured if "notifications_" in query["sql"]]) == 4
