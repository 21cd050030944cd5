"""The day of the presentations: who comes when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Rhythm:
    """Minutes for each entry, and change between two of them. Nothing runs into a break or past the end."""

    begin: datetime
    end: datetime
    presentation: int
    questions: int
    change: int = 0
    breaks: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True)
class TimeSlot:
    entry: int
    begin: datetime
    questions: datetime
    end: datetime


@dataclass(frozen=True)
class Timetable:
    """`left_out` are the entries that the day has no room for, in their order."""

    slots: tuple[TimeSlot, ...]
    left_out: tuple[int, ...]


def timetable(order: Sequence[int], rhythm: Rhythm) -> Timetable:
    """One after the other from `begin`. A break may swallow the change before it; none is needed after it."""
    if rhythm.presentation < 1 or rhythm.questions < 0 or rhythm.change < 0:
        raise ValueError("a presentation takes at least a minute, and no time is negative")
    slots: list[TimeSlot] = []
    free = rhythm.begin
    for position, entry in enumerate(order):
        begin = _after_breaks(free, rhythm)
        questions = begin + timedelta(minutes=rhythm.presentation)
        end = questions + timedelta(minutes=rhythm.questions)
        if end > rhythm.end:
            return Timetable(tuple(slots), tuple(order[position:]))
        slots.append(TimeSlot(entry, begin, questions, end))
        free = end + timedelta(minutes=rhythm.change)
    return Timetable(tuple(slots), ())


def _after_breaks(begin: datetime, rhythm: Rhythm) -> datetime:
    length = timedelta(minutes=rhythm.presentation + rhythm.questions)
    for rest, until in sorted(rhythm.breaks):
        if begin < until and begin + length > rest:
            begin = until
    return begin
