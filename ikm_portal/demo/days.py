"""Training days: two days in a row, never on a Friday (prayers cut it short), a weekend or a fixed holiday."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

# The moving feasts differ from year to year; July and August 2024 had none on a weekday.
FIXED_HOLIDAYS = {(1, 1), (5, 1), (6, 1), (8, 17), (12, 25), (12, 26)}
MONDAY, WEDNESDAY = 0, 2

Pair = tuple[date, date]


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS


def pairs_from(first: date) -> Iterator[Pair]:
    """Monday with Tuesday and Wednesday with Thursday, beginning at `first` or after it."""
    day = first
    while True:
        following = day + timedelta(days=1)
        if day.weekday() in {MONDAY, WEDNESDAY} and is_working_day(day) and is_working_day(following):
            yield day, following
        day = following


def timetable(first: date, parallel: Sequence[int]) -> list[tuple[Pair, int]]:
    """So many batches in parallel in each pair of days: (days, lane) for one batch after the other."""
    pairs = islice(pairs_from(first), len(parallel))
    return [(pair, lane) for pair, lanes in zip(pairs, parallel, strict=True) for lane in range(lanes)]


def working_week(first: date) -> list[date]:
    """The first Monday to Friday at or after `first` without a holiday."""
    day = first
    while True:
        week = [day + timedelta(days=number) for number in range(5)]
        if day.weekday() == MONDAY and all(is_working_day(one) for one in week):
            return week
        day += timedelta(days=1)


def at(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """at(day, "08:00", zone) on the wall clock of the office."""
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=zone)
