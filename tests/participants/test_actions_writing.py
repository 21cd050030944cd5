"""Writing to all of a batch: each person once, all or none, and taken back as far as it waits."""

import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEntry
from notifications.models import Message, State
from participants import actions
from participants.actions import writing
from participants.models import Broadcast, Registration
from programs.models import Batch
from tests import cast, factories
from tests.support.constraints import broken_by

TEXT: dict[str, Any] = {"subject_id": "Bawa celemek, {nomor}", "body_id": "Mohon {nama} membawa celemek ke {tempat}."}


@pytest.fixture
def batch(db: None) -> Batch:
    return factories.batch(factories.program(cast.home_agency(), slug="pelatihan"), quota=3, waiting_quota=2)


def people(batch: Batch, count: int = 3) -> list[Registration]:
    made = [factories.registration(batch) for _number in range(count)]
    Message.objects.all().delete()
    return made


def drafted(batch: Batch, **fields: Any) -> Broadcast:
    officer = cast.program_officer()
    broadcast = actions.start_broadcast(batch=batch, by=officer)
    return actions.save_broadcast(broadcast=broadcast, revision=1, by=officer, **TEXT | fields)


def send(broadcast: Broadcast, expected: int = 3) -> int:
    return actions.send_broadcast(
        broadcast=broadcast, revision=broadcast.revision, expected=expected, by=cast.program_officer()
    )


def test_send_broadcast_tells_each_person_in_the_own_language(batch: Batch) -> None:
    first, *_others, third = people(batch)
    Registration.objects.filter(pk=third.pk).update(language="en")
    broadcast = drafted(batch, subject_en="Bring an apron", body_en="Please bring an apron, {nama}.")
    before = timezone.now()
    assert send(broadcast) == 3
    message = Message.objects.get(subject_id=str(first.pk))
    assert (message.kind, message.group, message.subject) == (
        "broadcast",
        f"broadcast:{broadcast.pk}",
        f"Bawa celemek, {first.shown_code}",
    )
    lines = message.body.splitlines()
    assert lines[0] == f"Yth. Bapak/Ibu {first.full_name},"
    assert lines[2].startswith(f"Mohon {first.full_name} membawa celemek ke ")
    assert "Anda menerima pesan ini karena terdaftar pada pelatihan ini." in lines
    assert message.not_before >= before + writing.TIME_TO_TAKE_BACK
    english = Message.objects.get(subject_id=str(third.pk))
    assert (english.language, english.subject) == ("en", "Bring an apron")
    [entry] = AuditEntry.objects.filter(action="broadcast.sent")
    assert entry.changes == {"count": 3}


def test_send_broadcast_writes_indonesian_where_no_english_was_written(batch: Batch) -> None:
    [person] = people(batch, 1)
    Registration.objects.filter(pk=person.pk).update(language="en")
    send(drafted(batch), expected=1)
    assert Message.objects.get().language == "id"


def test_send_broadcast_never_evaluates_what_was_typed(batch: Batch) -> None:
    people(batch, 1)
    send(drafted(batch, body_id="{{ settings.SECRET_KEY }} {nama.__class__} {% now 'Y' %}"), expected=1)
    assert "{{ settings.SECRET_KEY }} {nama.__class__} {% now 'Y' %}" in Message.objects.get().body


@pytest.mark.parametrize(
    ("fields", "reached"),
    [
        ({}, 3),
        ({"seats": ["held", "waiting"]}, 5),
        ({"seats": ["waiting"]}, 2),
        ({"checks": ["verified"]}, 1),
        ({"seats": ["offered"]}, 0),
    ],
)
def test_broadcast_audience_is_by_seat_and_check(batch: Batch, fields: dict[str, Any], reached: int) -> None:
    first, *_others = people(batch, 5)
    actions.verify(registration=first, note="", by=cast.verifier())
    assert drafted(batch, **fields).audience().count() == reached


def test_broadcast_audience_of_chosen_leaves_out_who_left_and_other_batches(batch: Batch) -> None:
    first, second, _third = people(batch)
    stranger = factories.registration(factories.batch(batch.program, slug="lain"))
    actions.withdraw(registration=second, reason="", by=None)
    chosen = [first.pk, second.pk, stranger.pk]
    broadcast = actions.start_broadcast(batch=batch, chosen=chosen, by=cast.program_officer())
    assert list(broadcast.audience()) == [first]


def test_send_broadcast_refuses_when_the_people_changed_since_the_review(batch: Batch) -> None:
    people(batch, 2)
    with pytest.raises(ValidationError) as refusal:
        send(drafted(batch))
    assert refusal.value.messages == ["Sekarang ada 2 orang, bukan 3. Mohon periksa kembali."]
    assert (Message.objects.count(), Broadcast.objects.get().state) == (0, "draft")


def test_save_broadcast_and_send_broadcast_refuse_what_a_colleague_changed(batch: Batch) -> None:
    people(batch)
    broadcast, officer = drafted(batch), cast.program_officer()
    actions.save_broadcast(broadcast=broadcast, revision=2, by=officer, body_id="Lain")
    for act in (
        lambda: actions.save_broadcast(broadcast=broadcast, revision=2, by=officer, body_id="Punya saya"),
        lambda: send(broadcast),
    ):
        with pytest.raises(ValidationError) as refusal:
            act()
        assert refusal.value.code == "changed_meanwhile"


@pytest.mark.django_db(transaction=True)
def test_send_broadcast_race_sends_once(batch: Batch) -> None:
    people(batch)
    broadcast, start, outcomes = drafted(batch), threading.Barrier(4), []
    officer = cast.program_officer()

    def press() -> None:
        start.wait()
        try:
            told = actions.send_broadcast(broadcast=broadcast, revision=broadcast.revision, expected=3, by=officer)
            outcomes.append(str(told))
        except ValidationError as refusal:
            outcomes.append(str(refusal.code))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["3", "not_a_draft", "not_a_draft", "not_a_draft"]
    assert Message.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_send_broadcast_race_with_cancelling_the_batch_leaves_nothing_waiting(batch: Batch) -> None:
    people(batch)
    broadcast, start, officer = drafted(batch), threading.Barrier(2), cast.program_officer()

    def run(act: Any) -> None:
        start.wait()
        try:
            act()
        except ValidationError:
            return
        finally:
            connection.close()

    acts = [
        lambda: actions.send_broadcast(broadcast=broadcast, revision=2, expected=3, by=officer),
        lambda: actions.cancel_batch(batch=batch, reason="Aula rusak", by=officer),
    ]
    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not Message.objects.filter(kind="broadcast", state=State.QUEUED).exists()
    assert Broadcast.objects.get().state in {"sent", "ended"}


def test_cancel_batch_ends_drafts_and_takes_back_what_waits(batch: Batch) -> None:
    people(batch)
    sent, draft = drafted(batch), drafted(batch)
    send(sent)
    actions.cancel_batch(batch=batch, reason="Aula rusak", by=cast.program_officer())
    assert set(Message.objects.filter(group=sent.group).values_list("state", flat=True)) == {State.CANCELLED}
    draft.refresh_from_db()
    assert draft.state == "ended"


def test_take_back_broadcast_cancels_what_waits_once(batch: Batch) -> None:
    people(batch)
    broadcast, officer = drafted(batch), cast.program_officer()
    send(broadcast)
    gone = Message.objects.order_by("pk").first()
    assert gone is not None
    Message.objects.filter(pk=gone.pk).update(state=State.SENT, sent_at=timezone.now())
    assert actions.take_back_broadcast(broadcast=broadcast, by=officer) == 2
    with pytest.raises(ValidationError):
        actions.take_back_broadcast(broadcast=broadcast, by=officer)
    assert Broadcast.objects.get().state == "taken_back"


def test_take_back_broadcast_says_when_everything_has_gone_out(batch: Batch) -> None:
    people(batch)
    broadcast = drafted(batch)
    send(broadcast)
    Message.objects.update(state=State.SENT, sent_at=timezone.now())
    with pytest.raises(ValidationError) as refusal:
        actions.take_back_broadcast(broadcast=broadcast, by=cast.program_officer())
    assert refusal.value.code == "all_gone"


def test_send_broadcast_spares_people_who_were_written_to_often(batch: Batch) -> None:
    people(batch)
    for _number in range(writing.MOST_A_DAY):
        send(drafted(batch))
    with pytest.raises(ValidationError) as refusal:
        send(drafted(batch))
    assert refusal.value.code == "too_often"


def test_start_broadcast_refuses_a_batch_that_is_not_published(batch: Batch) -> None:
    actions.cancel_batch(batch=batch, reason="Aula rusak", by=cast.program_officer())
    batch.refresh_from_db()
    with pytest.raises(ValidationError):
        actions.start_broadcast(batch=batch, by=cast.program_officer())


def test_discard_broadcast_is_for_drafts_only(batch: Batch) -> None:
    people(batch)
    sent, draft = drafted(batch), drafted(batch)
    send(sent)
    actions.discard_broadcast(broadcast=draft, by=cast.program_officer())
    with pytest.raises(ValidationError):
        actions.discard_broadcast(broadcast=sent, by=cast.program_officer())
    assert list(Broadcast.objects.all()) == [sent]


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("broadcast_state_known", {"state": "lost", "sent_at": timezone.now()}),
        ("broadcast_sent_names_who_and_when", {"state": "sent"}),
        ("broadcast_sent_has_text", {"state": "sent", "sent_at": timezone.now(), "body_id": ""}),
        ("broadcast_english_whole", {"state": "ended", "subject_en": "Only a subject"}),
        ("broadcast_audience_known", {"seats": ["released"]}),
    ],
)
def test_broadcast_constraint(batch: Batch, constraint: str, fields: dict[str, Any]) -> None:
    officer = cast.program_officer()
    by = {"sent_by": officer} if "sent_at" in fields else {}
    row = {"batch": batch, "written_by": officer, **TEXT, **fields, **by}
    assert broken_by(lambda: Broadcast.objects.create(**row)) == constraint
