"""Several officers in one hall at the same moment, on connections of their own."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from participants import actions
from participants.models import Attendance, AttendanceMark, Completion
from programs.models import Program
from tests import cast
from tests.participants.crowd import at_once, outcomes
from tests.participants.hall import first, mark, note, running
from tests.participants.lines import begin, counters, fresh, people, seats, small_batch

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_twenty_officers_mark_the_same_person_once() -> None:
    batch, [entry] = running()
    session, by = first(batch), cast.program_officer()
    answers = at_once([partial(note, mark(session, entry), by=by) for _time in range(20)], threads=10)
    assert Counter(one.outcome for [one] in answers) == {"noted": 1, "already": 19}
    assert (AttendanceMark.objects.count(), Attendance.objects.count()) == (1, 1)


def test_one_mark_that_is_sent_by_ten_connections_at_once_is_one() -> None:
    batch, [entry] = running()
    made, by = mark(first(batch), entry), cast.program_officer()
    answers = at_once([partial(note, made, by=by) for _time in range(10)])
    assert {(one.outcome, one.mark_id) for [one] in answers} == {("noted", AttendanceMark.objects.get().pk)}


def test_devices_that_bring_the_same_hall_in_other_orders_never_wait_for_each_other() -> None:
    batch, entries = running(12, quota=12)
    session, by = first(batch), cast.program_officer()
    orders = [entries, entries[::-1], entries[6:] + entries[:6]]
    answers = at_once([partial(note, *(mark(session, one) for one in order), by=by) for order in orders])
    assert Counter(one.outcome for results in answers for one in results) == {"noted": 12, "already": 24}
    assert Completion.objects.filter(sessions_attended=1).count() == 12


def test_who_comes_at_the_moment_of_being_replaced_is_either_here_or_replaced() -> None:
    by = cast.program_officer()
    for _time in range(5):
        batch = small_batch(quota=1, program_values={"replacement": Program.Replacement.FIRST_DAY})
        gone, came = people(batch, 2)
        begin(batch)
        jobs: list[Callable[[], Any]] = [
            partial(note, mark(first(batch), gone), by=by),
            partial(actions.replace, gone=gone, came=came, reason="Tidak datang", by=by),
        ]
        noted, replaced = at_once(jobs)
        is_here = Attendance.objects.present().filter(registration=gone).exists()
        assert outcomes([replaced]) == (["is_present"] if is_here else ["done"])
        assert (noted[0].outcome == "noted") == is_here
        assert seats(batch) == ("held waiting" if is_here else "released held")
        assert counters(batch) == ((1, 0, 1) if is_here else (1, 0, 0))
        assert fresh(came).seat == ("waiting" if is_here else "held")
