"""Two sends at once, and a send at the moment when somebody closes the entries."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from incentives import actions
from incentives.models import Competition, Entry
from incentives.queries import entries as entry_queries
from incentives.rules import order_mark
from participants.models import Completion, Registration
from tests import cast
from tests.incentives import made
from tests.incentives.pitching import PITCH, attendee, open_batch

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*steps: Any) -> list[str]:
    """Each in a thread with a connection of its own; what each was refused for, or "done"."""
    said, gate = [""] * len(steps), threading.Barrier(len(steps))

    def run(number: int) -> None:
        try:
            gate.wait(10)
            steps[number]()
            said[number] = "done"
        except ValidationError as refusal:
            said[number] = str(refusal.code if hasattr(refusal, "code") else "fields")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(steps))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(said)


def send(competition: Competition, registration: Registration) -> Entry:
    return actions.save_pitch(competition=competition, registration=registration, pitch=PITCH, is_sent=True, by=None)


def test_the_same_pitch_sent_five_times_at_once_is_one() -> None:
    competition = made.competition(batch := open_batch())
    mine = attendee(batch)
    assert at_once(*[lambda: send(competition, mine)] * 5) == ["done"] * 5
    assert Entry.objects.filter(state="submitted").count() == 1


def test_one_person_with_two_trainings_sends_one_of_two_at_once() -> None:
    competition = made.competition(batch := open_batch())
    first, second = attendee(batch), attendee(made.factories.batch(batch.program))
    Registration.objects.filter(pk=second.pk).update(person=first.person_id, duplicate_key="")
    Completion.objects.filter(registration=second).update(attended_enough=True)
    second.person_id = first.person_id
    said = at_once(lambda: send(competition, first), lambda: send(competition, second))
    assert (said, Entry.objects.count()) == (["done", "entry_once"], 1)


def test_a_send_waits_for_who_closes_and_finds_it_closed() -> None:
    competition = made.competition(batch := open_batch())
    mine, closing = attendee(batch), threading.Event()
    said: list[str] = []

    def late() -> None:
        closing.wait(10)
        said.extend(at_once(lambda: send(competition, mine)))
        connection.close()

    thread = threading.Thread(target=late)
    thread.start()
    with transaction.atomic():
        Competition.objects.select_for_update().get(pk=competition.pk)
        closing.set()
        thread.join(1)
        assert thread.is_alive()
        Competition.objects.filter(pk=competition.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    thread.join(30)
    assert (said, Entry.objects.count()) == (["entry_closed"], 0)


def test_admitting_and_changing_at_once_leaves_one_of_both_orders() -> None:
    """Whoever comes second sees what the first did: nothing is changed after it was admitted."""
    competition = made.competition(batch := open_batch())
    mine = attendee(batch)
    entry = send(competition, mine)
    officer = cast.verifier()
    said = at_once(lambda: send(competition, mine), lambda: actions.admit_entry(entry=entry, by=officer))
    assert said in (["done", "done"], ["done", "entry_closed"])
    entry.refresh_from_db()
    assert (entry.state, entry_queries.obstacle(competition, mine, entry, timezone.now()) != "") == ("admitted", True)


def test_two_officers_draw_at_once_and_every_place_is_there_once() -> None:
    competition = made.competition(batch := open_batch())
    for _number in range(6):
        made.entry(competition, attendee(batch))
    officer = cast.program_officer()
    draw = lambda: actions.draw_order(competition=competition, by=officer)  # noqa: E731 - handed to both threads
    assert at_once(draw, draw) == ["done", "done"]
    assert sorted(entry.position or 0 for entry in Entry.objects.all()) == [1, 2, 3, 4, 5, 6]


def test_two_officers_move_in_the_same_order_at_once_and_one_is_told() -> None:
    competition = made.competition(open_batch())
    first, second, third = [made.entry(competition, position=place) for place in (1, 2, 3)]
    mark = order_mark([first.pk, second.pk, third.pk])
    moves = [
        lambda: actions.move_entry(entry=first, place=2, seen=mark, by=cast.program_officer()),
        lambda: actions.move_entry(entry=third, place=1, seen=mark, by=cast.program_officer()),
    ]
    cast.program_officer()
    assert at_once(*moves) == ["done", "order_changed"]
    order = list(Entry.objects.in_order().values_list("pk", flat=True))
    assert order in ([second.pk, first.pk, third.pk], [third.pk, first.pk, second.pk])
