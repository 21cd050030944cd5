import json
from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from programs.rules.planning import (
    Frame,
    Meeting,
    Problem,
    Resource,
    Row,
    Sitting,
    judge,
    runs,
    spread_topics,
    working_days,
)
from programs.rules.proposing import Proposal, distance, fridays_lost, propose

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "test_vectors.json").read_text())["schedule"]
FIRST, LAST = date.fromisoformat(VECTORS["from"]), date.fromisoformat(VECTORS["to"])
MORNING, NOON, EVENING, THREE = time(8), time(12), time(16), time(13)
TWO_DAYS = (
    Meeting(0, MORNING, NOON, lesson_hours=5),
    Meeting(0, THREE, EVENING, lesson_hours=4),
    Meeting(1, MORNING, NOON, lesson_hours=5),
    Meeting(1, THREE, EVENING, "management", asked=False, lesson_hours=4),
)
# The kelurahan of Kota Pekalongan: how many in each of the four kecamatan (domain.md 2.2).
CODES = [
    f"33.75.{district:02d}.{1000 + number}"
    for district, count in ((1, 7), (2, 7), (3, 7), (4, 6))
    for number in range(count)
]
TOPICS = range(1, 8)


def p2(**values: object) -> Frame:
    return replace(Frame(FIRST, LAST, 2, 3, TWO_DAYS), **values)  # type: ignore[arg-type]  # names of its fields


def wishes(codes: list[str] = CODES, **values: object) -> list[Row]:
    rows = [Row(number, code, (number % 7 + 1,), 40) for number, code in enumerate(codes)]
    return [replace(row, **values) for row in rows]  # type: ignore[arg-type]  # names of its fields


def teachers(each: int = 1) -> list[Resource]:
    return [Resource(topic * 100 + number, topics=frozenset({topic})) for topic in TOPICS for number in range(each)]


def halls(codes: list[str] = CODES) -> list[Resource]:
    return [Resource(number, code, capacity=50) for number, code in enumerate(codes)]


def clashes(frame: Frame, proposal: Proposal, people: list[Resource], places: list[Resource]) -> list[Problem]:
    return judge(frame, proposal.rows, people, places)


def test_working_days_of_the_window_of_2024() -> None:
    assert len(working_days(p2())) == VECTORS["working_days_mon_fri"] == 42
    assert VECTORS["training_days_needed"] == 27 * 2


def test_propose_27_kelurahan_of_two_days_without_a_clash() -> None:
    frame, people, places = p2(), teachers(), halls()
    proposal = propose(frame, wishes(), people, places)
    assert [len(row.days) for row in proposal.rows] == [2] * 27
    assert proposal.reasons == ()
    assert clashes(frame, proposal, people, places) == []
    assert propose(frame, wishes(), people, places) == proposal
    # Friday prayer cuts a day of these hours short, so Fridays stay free, and the plan can say so.
    assert {day.weekday() for row in proposal.rows for day in row.days} <= {0, 1, 2, 3}
    assert fridays_lost(frame)


def test_propose_two_at_once_is_enough_and_one_is_not() -> None:
    enough = propose(p2(parallel=2), wishes(), teachers(), halls())
    assert all(row.sittings for row in enough.rows)
    short = propose(p2(parallel=1), wishes(), teachers(), halls())
    assert sum(not row.sittings for row in short.rows) == 10
    assert {reason.code for reason in short.reasons} == {"all_full"}


def test_propose_evenly_uses_the_whole_window() -> None:
    frame = p2(evenly=True)
    proposal = propose(frame, wishes(), teachers(), halls())
    assert clashes(frame, proposal, teachers(), halls()) == []
    assert max(day for row in proposal.rows for day in row.days) > date(2024, 8, 15)
    assert max(Counter(day for row in proposal.rows for day in row.days).values()) <= 3


def test_propose_uses_fridays_that_have_hours_of_their_own() -> None:
    friday = tuple(
        replace(one, friday=(time(8), time(11)))
        if one.begin == MORNING
        else replace(one, friday=(time(13, 30), EVENING))
        for one in TWO_DAYS
    )
    frame = p2(pattern=friday, first=date(2024, 7, 4), last=date(2024, 7, 8))
    assert not fridays_lost(frame)
    proposal = propose(frame, wishes(CODES[:2]), teachers(2), halls())
    on_friday = [one for row in proposal.rows for one in row.sittings if one.day.weekday() == 4]
    assert {one.span for one in on_friday} == {(time(8), time(11)), (time(13, 30), EVENING)}
    assert clashes(frame, proposal, teachers(2), halls()) == []


def test_propose_three_topics_share_the_meetings() -> None:
    assert spread_topics(TWO_DAYS, (1, 2, 3)) == [1, 2, 3, None]
    assert spread_topics(TWO_DAYS, (1, 2)) == [1, 1, 2, None]
    assert spread_topics(TWO_DAYS, ()) == [None] * 4
    row = Row(1, CODES[0], (1, 2, 3), 40)
    proposal = propose(p2(), [row], teachers(), halls())
    assert [(one.topic, one.teacher) for one in proposal.rows[0].sittings] == [
        (1, 100),
        (2, 200),
        (3, 300),
        (None, None),
    ]


def test_propose_sends_nobody_where_they_do_not_teach() -> None:
    near = Resource(1, topics=frozenset({1}), only=("33.75.01",))
    rows = [Row(number, code, (1,), 40) for number, code in enumerate([CODES[0], CODES[-1]])]
    proposal = propose(p2(), rows, [near], halls())
    assert [row.sittings[0].teacher for row in proposal.rows] == [1, None]
    assert proposal.reasons == (Problem(1, "nobody_teaches", {"topic": 1}),)
    by_hand = [replace(rows[1], sittings=(Sitting(date(2024, 7, 1), MORNING, NOON, topic=1, teacher=1),))]
    assert "teacher_region" in {problem.code for problem in judge(p2(), by_hand, [near], halls())}


def test_propose_says_which_topic_nobody_teaches() -> None:
    proposal = propose(p2(), [Row(1, CODES[0], (9,), 40)], teachers(), halls())
    assert proposal.reasons == (Problem(1, "nobody_teaches", {"topic": 9}),)
    assert len(proposal.rows[0].days) == 2
    problems = clashes(p2(), proposal, teachers(), halls())
    assert {problem.code for problem in problems} == {"teacher_missing"}
    assert all(problem.is_open_point for problem in problems)


def test_propose_says_when_the_only_teacher_is_used_up() -> None:
    week = p2(last=date(2024, 7, 5))
    rows = [Row(number, code, (1,), 40) for number, code in enumerate(CODES[:3])]
    proposal = propose(week, rows, [Resource(100, topics=frozenset({1}))], halls())
    assert list(proposal.reasons) == [Problem(2, "teachers_taken", {"topic": 1, "count": 1})]
    assert [row.sittings[0].teacher for row in proposal.rows] == [100, 100, None]


def test_propose_says_when_no_venue_is_known_or_large_enough() -> None:
    row = Row(1, CODES[0], (1,), 60)
    assert propose(p2(), [row], teachers(), halls()).reasons == (Problem(1, "no_place_known", {"seats": 60}),)


def test_propose_says_when_all_venues_are_taken() -> None:
    booked = {day: ((time(7), time(17)),) for day in working_days(p2())}
    hall = Resource(1, CODES[0], busy=booked)
    proposal = propose(p2(), [Row(1, CODES[0], (1,), 40)], teachers(), [hall])
    assert proposal.reasons == (Problem(1, "places_taken", {"count": 1}),)


def test_propose_says_when_nobody_can_come_together() -> None:
    """The instructor has the first week, the venue the second."""
    frame = p2(last=date(2024, 7, 12))
    teacher = Resource(1, topics=frozenset({1}), away=((date(2024, 7, 8), date(2024, 7, 12)),))
    hall = Resource(1, CODES[0], away=((date(2024, 7, 1), date(2024, 7, 5)),))
    proposal = propose(frame, [Row(1, CODES[0], (1,), 40)], [teacher], [hall])
    assert [reason.code for reason in proposal.reasons] == ["never_together"]
    assert len(proposal.rows[0].days) == 2


def test_propose_reaches_as_far_for_a_venue_as_the_plan_says() -> None:
    hall, row = Resource(1, CODES[1]), Row(1, CODES[0], (1,), 40)
    assert propose(p2(), [row], teachers(), [hall]).rows[0].sittings[0].place is None
    assert propose(p2(reach=8), [row], teachers(), [hall]).rows[0].sittings[0].place == 1
    far = Row(2, CODES[-1], (1,), 40)
    assert propose(p2(reach=8), [far], teachers(), [hall]).rows[0].sittings[0].place is None
    assert propose(p2(reach=5), [far], teachers(), [hall]).rows[0].sittings[0].place == 1


def test_propose_for_a_city_takes_any_venue_inside() -> None:
    hotel = Resource(7, "74.71.05.1001")
    frame = Frame(
        date(2023, 9, 18),
        date(2023, 9, 30),
        5,
        1,
        tuple(Meeting(day, MORNING, NOON, friday=(MORNING, time(11))) for day in range(5)),
    )
    proposal = propose(frame, [Row(1, "74.71", (1,), 30)], teachers(), [hotel])
    assert proposal.rows[0].days == tuple(date(2023, 9, 18) + timedelta(days=number) for number in range(5))
    assert {one.place for one in proposal.rows[0].sittings} == {7}


def test_propose_keeps_what_was_set_by_hand_and_plans_around_it() -> None:
    frame = p2(parallel=1)
    held = Sitting(date(2024, 7, 2), MORNING, NOON, topic=1, teacher=100, place=0)
    fixed = Row(0, CODES[0], (1,), 40, fixed=True, sittings=(held, replace(held, day=date(2024, 7, 3))))
    proposal = propose(frame, [fixed, Row(1, CODES[1], (1,), 40)], teachers(), halls())
    assert proposal.rows[0] == fixed
    assert proposal.rows[1].days == (date(2024, 7, 8), date(2024, 7, 9))


def test_runs_skip_holidays_and_do_not_go_over_weekends_unless_told() -> None:
    frame = p2(last=date(2024, 7, 9), holidays=frozenset({date(2024, 7, 3)}), prayer=None)
    found = runs(frame)
    assert [run[0].day for run in found] == [1, 4, 8]
    assert [run[0].day for run in runs(replace(frame, over_breaks=True))] == [1, 2, 4, 5, 8]


def by_hand() -> list[Row]:
    """Everything that can be wrong, in five rows."""
    at = Sitting(date(2024, 7, 1), MORNING, NOON, topic=1, teacher=100, place=0)
    return [
        Row(1, CODES[0], (1,), 60, sittings=(at, replace(at, day=date(2024, 7, 2)))),
        Row(
            2,
            CODES[1],
            (2,),
            40,
            sittings=(
                replace(at, begin=time(9), topic=2),
                replace(at, begin=THREE, end=EVENING, teacher=999, place=998),
            ),
        ),
        Row(
            3,
            CODES[2],
            (1,),
            40,
            sittings=(replace(at, day=date(2024, 7, 5)), replace(at, day=date(2024, 7, 6), teacher=None, place=None)),
        ),
        Row(4, CODES[3], (1,), 40),
        Row(
            5,
            CODES[4],
            (1, 2),
            40,
            sittings=(
                replace(at, day=date(2024, 8, 28), topic=None),
                replace(at, day=date(2024, 8, 28), begin=time(11), end=THREE),
            ),
        ),
    ]


def test_judge_names_every_clash_of_a_plan_made_by_hand() -> None:
    frame = p2(parallel=1, holidays=frozenset({date(2024, 7, 2)}))
    rows = by_hand()
    away = Resource(100, topics=frozenset({1}), away=((date(2024, 8, 28), date(2024, 8, 28)),))
    hall = Resource(
        0, CODES[0], capacity=50, hours={0: (time(8), time(11))}, busy={date(2024, 7, 2): ((MORNING, NOON),)}
    )
    problems = judge(frame, rows, [away], [hall])
    by_row = {key: {problem.code for problem in problems if problem.key == key} for key in range(1, 6)}
    assert by_row == {
        1: {"holiday", "parallel", "place_closed", "place_small", "place_twice", "teacher_twice"},
        2: {"day_count", "parallel", "place_closed", "place_gone", "place_twice"}
        | {"teacher_gone", "teacher_topic", "teacher_twice"},
        3: {"no_working_day", "place_closed", "place_missing", "prayer", "teacher_missing"},
        4: {"no_days"},
        5: {"day_count", "outside_window", "overlap", "place_closed", "teacher_away"}
        | {"topic_left_out", "topic_missing"},
    }
    assert [problem.key for problem in problems] == sorted(problem.key for problem in problems)


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [
        ("33.75.01.1006", "33.75.01.1006", 0),
        ("33.75", "33.75.01.1006", 0),
        ("33.75.01.1006", "33.75.01.1002", 1),
        ("33.75.01.1006", "33.75.02.1002", 2),
        ("33.75.01.1006", "33.74.01.1001", 3),
        ("33.75.01.1006", "74.71.01.1001", 4),
        ("33.75.01.1006", "", 4),
    ],
)
def test_distance_counts_steps_up_the_tree(one: str, other: str, steps: int) -> None:
    assert distance(one, other) == steps
