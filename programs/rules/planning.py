"""What a rollout is made of, which days can be used, and what is wrong with a plan as it stands.

Days and times are those of the office's wall clock. Keys are whatever the caller knows its rows by.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any

Span = tuple[time, time]
FRIDAY = 4
PRAYER: Span = (time(11, 30), time(13))
# Without these a batch can be created and completed later; everything else has to be put right first.
OPEN_POINTS = frozenset(
    {
        "teacher_missing",
        "place_missing",
        "topic_missing",
        "topic_left_out",
        "teacher_topic",
        "teacher_region",
        "place_small",
    }
)


@dataclass(frozen=True)
class Meeting:
    """One meeting of the pattern: on which day of a batch (0 is the first), from when to when, other hours on Fridays.

    It teaches what the region asked for (`asked`), a topic of its own, or something that needs no instructor.
    """

    day: int
    begin: time
    end: time
    kind: str = "training"
    asked: bool = True
    topic: int | None = None
    friday: Span | None = None
    lesson_hours: int = 0

    def span_on(self, day: date) -> Span:
        return self.friday if self.friday and day.weekday() == FRIDAY else (self.begin, self.end)


@dataclass(frozen=True)
class Frame:
    """What every batch of a rollout keeps to. `reach`: how many characters of its code a region shares with a venue."""

    first: date
    last: date
    days: int
    parallel: int
    pattern: tuple[Meeting, ...]
    weekdays: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()
    prayer: Span | None = PRAYER
    over_breaks: bool = False
    evenly: bool = False
    reach: int = 13


@dataclass(frozen=True, eq=False)
class Resource:
    """An instructor or a venue: where, what for, when it can be had (by weekday), and when it is taken already.

    `only` are regions outside of which an instructor does not teach.
    """

    key: int
    region: str = ""
    topics: frozenset[int] = frozenset()
    only: tuple[str, ...] = ()
    capacity: int | None = None
    hours: Mapping[int, Span] | None = None
    away: tuple[tuple[date, date], ...] = ()
    busy: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def serves(self, region: str) -> bool:
        return not self.only or any(region.startswith(one) for one in self.only)

    def obstacle(self, day: date, span: Span) -> str:
        """Why it cannot be had then: `away`, `closed`, `busy`; empty when it can."""
        if any(since <= day <= until for since, until in self.away):
            return "away"
        if self.hours is not None:
            open_hours = self.hours.get(day.weekday())
            if open_hours is None or span[0] < open_hours[0] or span[1] > open_hours[1]:
                return "closed"
        return "busy" if overlaps_any(span, self.busy.get(day, ())) else ""


@dataclass(frozen=True)
class Sitting:
    """One session of a plan."""

    day: date
    begin: time
    end: time
    kind: str = "training"
    topic: int | None = None
    teacher: int | None = None
    place: int | None = None
    lesson_hours: int = 0
    needs_teacher: bool = True

    @property
    def span(self) -> Span:
        return self.begin, self.end


@dataclass(frozen=True)
class Row:
    """One batch of the plan: what is wanted and, once it has been placed or when it is `fixed`, its sessions."""

    key: int
    region: str
    topics: tuple[int, ...] = ()
    seats: int = 1
    place: int | None = None
    fixed: bool = False
    sittings: tuple[Sitting, ...] = ()

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(sorted({sitting.day for sitting in self.sittings}))


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row, by code and with the values that the sentence needs."""

    key: int
    code: str
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_open_point(self) -> bool:
        return self.code in OPEN_POINTS


def overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def overlaps_any(span: Span, others: Iterable[Span]) -> bool:
    return any(overlap(span, other) for other in others)


def working_days(frame: Frame) -> list[date]:
    """The days of the window on which the office works, in order."""
    length = (frame.last - frame.first).days + 1
    window = (frame.first + timedelta(days=number) for number in range(length))
    return [day for day in window if day.weekday() in frame.weekdays and day not in frame.holidays]


def runs(frame: Frame) -> list[tuple[date, ...]]:
    """Every row of days on which a batch could be held, in order; each day leaves room for the Friday prayer."""
    days = working_days(frame)
    found = (tuple(days[start : start + frame.days]) for start in range(len(days) - frame.days + 1))
    return [run for run in found if (frame.over_breaks or _without_break(run)) and suits_prayer(frame, run)]


def _without_break(run: Sequence[date]) -> bool:
    return all((later - earlier).days == 1 for earlier, later in pairwise(run))


def suits_prayer(frame: Frame, run: Sequence[date]) -> bool:
    return not any(runs_into_prayer(frame, run[one.day], one.span_on(run[one.day])) for one in frame.pattern)


def runs_into_prayer(frame: Frame, day: date, span: Span) -> bool:
    return day.weekday() == FRIDAY and frame.prayer is not None and overlap(span, frame.prayer)


def spread_topics(pattern: Sequence[Meeting], topics: Sequence[int]) -> list[int | None]:
    """The topic of each meeting: the region's topics share the meetings that are for them, one after the other."""
    asked = [number for number, meeting in enumerate(pattern) if meeting.asked]
    spread = [meeting.topic for meeting in pattern]
    for place, number in enumerate(asked):
        spread[number] = topics[place * len(topics) // len(asked)] if topics else None
    return spread


def sittings_of(frame: Frame, run: Sequence[date], topics: Sequence[int]) -> list[Sitting]:
    """The sessions of a batch on these days in the order of the pattern, without anybody and anywhere yet."""
    made = []
    for meeting, topic in zip(frame.pattern, spread_topics(frame.pattern, topics), strict=True):
        day = run[meeting.day]
        begin, end = meeting.span_on(day)
        needed = meeting.asked or meeting.topic is not None
        made.append(Sitting(day, begin, end, meeting.kind, topic, None, None, meeting.lesson_hours, needed))
    return made


def in_order(sittings: Iterable[Sitting]) -> list[Sitting]:
    return sorted(sittings, key=lambda sitting: (sitting.day, sitting.begin))


def judge(frame: Frame, rows: Sequence[Row], teachers: Iterable[Resource], places: Iterable[Resource]) -> list[Problem]:
    """Everything that is wrong with these rows as they stand, in their order; O(n log n)."""
    by_key = {"teacher": {one.key: one for one in teachers}, "place": {one.key: one for one in places}}
    found: list[Problem] = []
    for row in rows:
        found += _wrong_days(frame, row)
        for sitting in row.sittings:
            found += _wrong_people(row, sitting, by_key["teacher"])
            found += _wrong_place(row, sitting, by_key["place"])
        found += _wrong_topics(row)
    found += _too_many(frame, rows)
    found += _twice(rows, "teacher")
    found += _twice(rows, "place")
    order = {row.key: number for number, row in enumerate(rows)}
    return sorted(_once(found), key=lambda problem: order[problem.key])


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    seen = set()
    for problem in problems:
        mark = (problem.key, problem.code, tuple(sorted((name, str(one)) for name, one in problem.data.items())))
        if mark not in seen:
            seen.add(mark)
            yield problem


def _wrong_days(frame: Frame, row: Row) -> Iterator[Problem]:
    if not row.sittings:
        yield Problem(row.key, "no_days")
        return
    if len(row.days) != frame.days:
        yield Problem(row.key, "day_count", {"count": len(row.days), "wanted": frame.days})
    for day in row.days:
        if not frame.first <= day <= frame.last:
            yield Problem(row.key, "outside_window", {"day": day})
        elif day in frame.holidays:
            yield Problem(row.key, "holiday", {"day": day})
        elif day.weekday() not in frame.weekdays:
            yield Problem(row.key, "no_working_day", {"day": day})
    ordered = in_order(row.sittings)
    for earlier, later in pairwise(ordered):
        if earlier.day == later.day and overlap(earlier.span, later.span):
            yield Problem(row.key, "overlap", {"day": later.day, "begin": later.begin})
    for sitting in ordered:
        if runs_into_prayer(frame, sitting.day, sitting.span):
            yield Problem(row.key, "prayer", {"day": sitting.day, "begin": sitting.begin, "end": sitting.end})


def _wrong_people(row: Row, sitting: Sitting, known: Mapping[int, Resource]) -> Iterator[Problem]:
    if sitting.topic is None and sitting.needs_teacher:
        yield Problem(row.key, "topic_missing")
    if sitting.teacher is None:
        if sitting.needs_teacher and sitting.topic is not None:
            yield Problem(row.key, "teacher_missing", {"day": sitting.day, "topic": sitting.topic})
        return
    teacher = known.get(sitting.teacher)
    if teacher is None:
        yield Problem(row.key, "teacher_gone", {"teacher": sitting.teacher})
        return
    if obstacle := teacher.obstacle(sitting.day, sitting.span):
        yield Problem(row.key, f"teacher_{obstacle}", {"day": sitting.day, "teacher": teacher.key})
    if not teacher.serves(row.region):
        yield Problem(row.key, "teacher_region", {"teacher": teacher.key})
    if sitting.topic is not None and sitting.topic not in teacher.topics:
        yield Problem(row.key, "teacher_topic", {"teacher": teacher.key, "topic": sitting.topic})


def _wrong_place(row: Row, sitting: Sitting, known: Mapping[int, Resource]) -> Iterator[Problem]:
    if sitting.place is None:
        yield Problem(row.key, "place_missing", {"day": sitting.day})
        return
    place = known.get(sitting.place)
    if place is None:
        yield Problem(row.key, "place_gone", {"place": sitting.place})
        return
    if obstacle := place.obstacle(sitting.day, sitting.span):
        yield Problem(row.key, f"place_{obstacle}", {"day": sitting.day, "place": place.key})
    if place.capacity is not None and place.capacity < row.seats:
        yield Problem(row.key, "place_small", {"place": place.key, "capacity": place.capacity, "seats": row.seats})


def _wrong_topics(row: Row) -> Iterator[Problem]:
    taught = {sitting.topic for sitting in row.sittings}
    if row.sittings and any(topic in taught for topic in row.topics):
        for topic in row.topics:
            if topic not in taught:
                yield Problem(row.key, "topic_left_out", {"topic": topic})


def _too_many(frame: Frame, rows: Sequence[Row]) -> Iterator[Problem]:
    counts = Counter(day for row in rows for day in row.days)
    for row in rows:
        for day in row.days:
            if counts[day] > frame.parallel:
                yield Problem(row.key, "parallel", {"day": day, "count": counts[day], "limit": frame.parallel})


def _twice(rows: Sequence[Row], what: str) -> Iterator[Problem]:
    """Both rows of a double booking are named, each with the other."""
    booked: dict[tuple[int, date], list[tuple[Span, int]]] = defaultdict(list)
    for row in rows:
        for sitting in row.sittings:
            if (key := getattr(sitting, what)) is not None:
                booked[key, sitting.day].append((sitting.span, row.key))
    for (key, day), spans in booked.items():
        until, holder = None, 0
        for span, row_key in sorted(spans):
            if until is not None and span[0] < until and row_key != holder:
                yield Problem(row_key, f"{what}_twice", {"day": day, what: key, "other": holder})
                yield Problem(holder, f"{what}_twice", {"day": day, what: key, "other": row_key})
            if until is None or span[1] > until:
                until, holder = span[1], row_key
