"""What every proposal keeps, whatever the office, its people, its halls and its calendar are."""

from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from programs.rules.planning import Frame, Meeting, Resource, Row, judge, overlap, runs
from programs.rules.proposing import propose

FIRST = date(2024, 7, 1)
MORNING, NOON = time(8), time(12)
CODES = [f"33.75.{district:02d}.{1001 + number}" for district in (1, 2, 3, 4) for number in range(7)]
TOPICS = range(1, 8)
CLOCKS = st.tuples(st.integers(7, 11), st.integers(1, 4)).map(lambda pair: (time(pair[0]), time(pair[0] + pair[1])))
SPANS = st.dictionaries(
    st.dates(FIRST, FIRST + timedelta(days=20)), st.lists(CLOCKS, max_size=2).map(tuple), max_size=6
)
PERIODS = st.lists(
    st.tuples(st.dates(FIRST, FIRST + timedelta(days=20)), st.integers(0, 5)).map(
        lambda one: (one[0], one[0] + timedelta(days=one[1]))
    ),
    max_size=2,
).map(tuple)
HOURS = st.none() | st.dictionaries(st.integers(0, 5), st.just((time(7), time(17))), min_size=3)
MEETINGS = st.lists(
    st.tuples(st.integers(0, 2), CLOCKS, st.booleans(), st.none() | st.sampled_from(TOPICS)), min_size=1, max_size=4
)


@st.composite
def patterns(draw: st.DrawFn) -> tuple[int, tuple[Meeting, ...]]:
    """Meetings that do not overlap on their day, as a form would let through."""
    days, kept = draw(st.integers(1, 3)), list[Meeting]()
    for day, span, asked, topic in draw(MEETINGS):
        if not any(one.day == day % days and overlap((one.begin, one.end), span) for one in kept):
            kept.append(Meeting(day % days, *span, asked=asked, topic=None if asked else topic))
    used = {one.day for one in kept}
    kept += [Meeting(day, MORNING, NOON) for day in range(days) if day not in used]
    return days, tuple(kept)


@st.composite
def teachers_of(draw: st.DrawFn) -> list[Resource]:
    return [
        Resource(
            number,
            draw(st.sampled_from(["", *CODES])),
            frozenset(draw(st.sets(st.sampled_from(TOPICS)))),
            draw(st.sampled_from([(), ("33.75.01",), ("33.75",)])),
            None,
            draw(HOURS),
            draw(PERIODS),
            draw(SPANS),
        )
        for number in range(draw(st.integers(0, 5)))
    ]


@st.composite
def halls_of(draw: st.DrawFn, codes: list[str]) -> list[Resource]:
    return [
        Resource(
            number,
            draw(st.sampled_from(codes)),
            capacity=draw(st.sampled_from([None, 20, 40])),
            hours=draw(HOURS),
            away=draw(PERIODS),
            busy=draw(SPANS),
        )
        for number in range(draw(st.integers(0, 6)))
    ]


@st.composite
def rollouts(draw: st.DrawFn) -> tuple[Frame, list[Row], list[Resource], list[Resource]]:
    days, pattern = draw(patterns())
    holidays = draw(st.frozensets(st.dates(FIRST, FIRST + timedelta(days=20)), max_size=5))
    weekdays = draw(st.frozensets(st.integers(0, 6), min_size=1))
    frame = Frame(
        FIRST,
        FIRST + timedelta(days=draw(st.integers(3, 20))),
        days,
        draw(st.integers(1, 3)),
        pattern,
        weekdays,
        holidays,
    )
    frame = replace(
        frame, over_breaks=draw(st.booleans()), evenly=draw(st.booleans()), reach=draw(st.sampled_from([13, 8, 5]))
    )
    codes = draw(st.lists(st.sampled_from([*CODES, "33.75", "33.75.01"]), min_size=1, max_size=8, unique=True))
    asked = st.lists(st.sampled_from(TOPICS), max_size=3, unique=True).map(tuple)
    rows = [Row(number, code, draw(asked), draw(st.sampled_from([20, 40]))) for number, code in enumerate(codes)]
    people, places = draw(teachers_of()), draw(halls_of(codes))
    return frame, rows, people, places


@settings(max_examples=300)
@given(rollouts())
def test_propose_never_clashes_and_explains_every_gap(
    rollout: tuple[Frame, list[Row], list[Resource], list[Resource]],
) -> None:
    frame, rows, people, places = rollout
    proposal = propose(frame, rows, people, places)
    problems = judge(frame, proposal.rows, people, places)
    assert [row.key for row in proposal.rows] == [row.key for row in rows]
    # Window, weekdays, holidays, prayer, parallel limit, double bookings, absences, hours, capacity, competence.
    allowed = {"no_days", "teacher_missing", "place_missing", "topic_missing", "topic_left_out"}
    assert {problem.code for problem in problems} <= allowed
    gaps = {problem.key for problem in problems if problem.code in {"no_days", "teacher_missing", "place_missing"}}
    wished = {row.key for row in rows if row.topics or not any(one.asked for one in frame.pattern)}
    assert gaps & wished <= {reason.key for reason in proposal.reasons}
    assert propose(frame, rows, people, places) == proposal
    # What was proposed can be kept as it is: a second time nothing moves.
    again = propose(frame, [replace(row, fixed=True) for row in proposal.rows], people, places)
    assert [row.sittings for row in again.rows] == [row.sittings for row in proposal.rows]


@settings(max_examples=100)
@given(rollouts())
def test_propose_leaves_nothing_out_that_would_fit(
    rollout: tuple[Frame, list[Row], list[Resource], list[Resource]],
) -> None:
    """Whatever got no days: no run of days is left on which the parallel limit would allow one more."""
    frame, rows, people, places = rollout
    proposal = propose(frame, rows, people, places)
    counts = Counter(day for row in proposal.rows for day in row.days)
    room = [run for run in runs(frame) if all(counts[day] < frame.parallel for day in run)]
    assert not (room and any(not row.sittings for row in proposal.rows))
