import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.models import AuditEntry
from accounts.roles import Role
from notifications import actions
from notifications.models import Channel, Message, State
from tests.notifications.conftest import Office

AT = dt.datetime(2026, 7, 1, 1, 0, tzinfo=dt.UTC)


def words(office: Office, **fields: Any) -> dict[str, Any]:
    defaults: dict[str, Any] = {
        "agency": office.agency,
        "kind": "hello",
        "key": "hello:1",
        "language": "id",
        "recipient_name": "Siti Aminah",
        "email": "siti@example.id",
        "phone": "+6281234567890",
        "context": {"note": "12 > 11 & 'ya'", "at": AT},
    }
    return defaults | fields


def test_queue_writes_the_text_in_the_language_of_the_recipient(office: Office) -> None:
    indonesian = actions.queue(**words(office))
    english = actions.queue(**words(office, key="hello:2", language="en"))
    assert indonesian is not None
    assert english is not None
    assert indonesian.body == "Dinas Pekalongan: 12 > 11 & 'ya'\n\n1 Juli 2026, 08.00 WIB\n"
    assert english.subject == "Sent: Siti Aminah 12 > 11 & 'ya'"
    assert english.body == "Dinas Pekalongan: 12 > 11 & 'ya'\n\n1 July 2026, 08:00 WIB\n"


def test_queue_tells_the_time_of_the_office(office: Office) -> None:
    office.agency.time_zone = "Asia/Makassar"
    message = actions.queue(**words(office))
    assert message is not None
    assert message.body.endswith("1 Juli 2026, 09.00 WITA\n")


def test_queue_chooses_the_channel(office: Office) -> None:
    def chosen(**fields: str) -> tuple[str, str]:
        message = actions.queue(**words(office, key=f"hello:{fields}", **fields))
        assert message is not None
        return message.channel, message.recipient_address

    assert chosen() == (Channel.EMAIL, "siti@example.id")
    assert chosen(email="") == (Channel.MANUAL, "+6281234567890")
    assert chosen(email="", phone="") == (Channel.CALL, "")
    assert chosen(email="", phone="+62285421234") == (Channel.CALL, "+62285421234")
    assert chosen(email="a@example.id, b@example.id") == (Channel.MANUAL, "+6281234567890")
    assert chosen(email="a@example.id\nBcc: b@example.id") == (Channel.MANUAL, "+6281234567890")


def test_queue_lets_nothing_typed_into_the_headers(office: Office) -> None:
    message = actions.queue(**words(office, recipient_name="Siti\r\nBcc: semua@example.id\x00\x1b[0m"))
    assert message is not None
    assert "\n" not in message.subject
    assert message.recipient_name == "Siti Bcc: semua@example.id [0m"
    assert message.subject.endswith("Siti Bcc: semua@example.id [0m 12 > 11 & 'ya'")


def test_queue_cuts_a_subject_that_is_too_long(office: Office) -> None:
    message = actions.queue(**words(office, recipient_name="x" * 10_000))
    assert message is not None
    assert (len(message.subject), len(message.recipient_name)) == (200, 200)


def test_queue_writes_a_key_once(office: Office) -> None:
    assert actions.queue(**words(office)) is not None
    assert actions.queue(**words(office, recipient_name="Orang Lain")) is None
    assert [message.recipient_name for message in Message.objects.all()] == ["Siti Aminah"]


def test_queue_keeps_group_region_person_and_time(office: Office) -> None:
    later = timezone.now() + dt.timedelta(days=1)
    region = office.agency.region
    message = actions.queue(
        **words(office, group="batch:12", region=region, subject=("registration", 7), not_before=later)
    )
    assert message is not None
    assert (message.group, message.region, message.not_before) == ("batch:12", region, later)
    assert list(Message.objects.for_subject("registration", 7)) == [message]
    assert message.message_id.endswith("@localhost>")


def test_queue_rolled_back_leaves_nothing(
    office: Office, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        actions.queue(**words(office))
        transaction.set_rollback(True)
    assert (Message.objects.count(), callbacks) == (0, [])


def test_queue_wakes_once_however_many_there_are(
    office: Office, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        for number in range(500):
            actions.queue(**words(office, key=f"hello:{number}"))
    assert Message.objects.count() == 500
    assert [getattr(callback, "wakes", None) for callback in callbacks] == [("notifications.tasks.deliver", ())]


def test_queue_wakes_after_an_inner_rollback(
    office: Office, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        with transaction.atomic():
            actions.queue(**words(office, key="lost"))
            transaction.set_rollback(True)
        actions.queue(**words(office, key="kept"))
    assert [message.key for message in Message.objects.all()] == ["kept"]
    assert len(callbacks) == 1


def test_queue_wakes_nobody_for_work_by_hand(
    office: Office, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        actions.queue(**words(office, email=""))
    assert callbacks == []


def test_queue_many_writes_all_in_few_queries(
    office: Office, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    actions.queue(**words(office, key="hello:3"))
    drafts = [actions.Draft(**words(office, key=f"hello:{number}")) for number in range(500)]
    with django_assert_max_num_queries(6):
        assert actions.queue_many(drafts=drafts) == 499
    assert Message.objects.count() == 500


def test_cancel_queued_takes_back_what_waits(office: Office) -> None:
    staff = office.user("petugas", Role.PROGRAM_OFFICER)
    waiting = office.message(group="batch:1")
    secret = office.message(group="batch:1", secret=True)
    sent = office.message(group="batch:1", state=State.SENT, sent_at=timezone.now())
    sending = office.message(group="batch:1", state=State.SENDING, claimed_at=timezone.now())
    other = office.message(group="batch:2")
    assert actions.cancel_queued(group="batch:1", by=staff) == 2
    assert actions.cancel_queued(group="batch:1", by=staff) == 0
    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {
        waiting.pk: State.CANCELLED,
        secret.pk: State.CANCELLED,
        sent.pk: State.SENT,
        sending.pk: State.SENDING,
        other.pk: State.QUEUED,
    }
    secret.refresh_from_db()
    assert secret.body == ""
    [entry] = AuditEntry.objects.filter(action="messages.cancelled")
    assert (entry.actor, entry.agency, entry.changes) == (staff, office.agency, {"group": "batch:1", "count": 2})


def test_resend_is_a_new_row_once(office: Office) -> None:
    staff = office.user("petugas", Role.PROGRAM_OFFICER)
    first = office.message(key="k", state=State.FAILED, failure="Alamat ditolak.")
    second = actions.resend(message=first, by=staff)
    assert (second.key, second.state, second.attempts, second.body) == ("k~2", State.QUEUED, 0, first.body)
    assert second.message_id != first.message_id
    with pytest.raises(ValidationError) as refusal:
        actions.resend(message=first, by=staff)
    assert refusal.value.code == "message_resent"
    Message.objects.filter(pk=second.pk).update(state=State.SENT, sent_at=timezone.now())
    second.refresh_from_db()
    assert actions.resend(message=second, by=staff).key == "k~3"
    assert AuditEntry.objects.filter(action="message.resent").count() == 2


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "message_open"),
        ({"state": State.FAILED, "failure": "x", "secret": True, "body": ""}, "message_wiped"),
    ],
)
def test_resend_refuses(office: Office, fields: dict[str, Any], code: str) -> None:
    staff = office.user("petugas", Role.PROGRAM_OFFICER)
    with pytest.raises(ValidationError) as refusal:
        actions.resend(message=office.message(**fields), by=staff)
    assert refusal.value.code == code


def test_mark_sent_by_hand_once(office: Office) -> None:
    staff = office.user("petugas", Role.PROGRAM_OFFICER)
    message = office.message(channel=Channel.MANUAL, recipient_address="+6281234567890", secret=True)
    done = actions.mark_sent_by_hand(message=message, by=staff)
    assert (done.state, done.body) == (State.SENT, "")
    with pytest.raises(ValidationError) as refusal:
        actions.mark_sent_by_hand(message=message, by=staff)
    assert refusal.value.code == "message_not_waiting"
    assert AuditEntry.objects.filter(action="message.sent_by_hand").count() == 1


def test_mark_sent_by_hand_refuses_mail(office: Office) -> None:
    staff = office.user("petugas", Role.PROGRAM_OFFICER)
    with pytest.raises(ValidationError):
        actions.mark_sent_by_hand(message=office.message(), by=staff)
