"""Days of a month and a week as a calendar shows them. Weeks begin on Monday."""

import calendar
import re
from datetime import date, timedelta

FIRST_YEAR, LAST_YEAR = 2000, 2100
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def month_named(text: str) -> date | None:
    """The first day of `2026-07`; None for anything that is no month of a plausible year."""
    match = _MONTH.fullmatch(text)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2])
    return date(year, month, 1) if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 else None


def day_named(text: str) -> date | None:
    """The day of `2026-07-01`; None for anything else."""
    if _DAY.fullmatch(text) is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def month_days(first: date) -> list[date]:
    """Whole weeks that hold the month, from a Monday to a Sunday."""
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    start, end = monday_of(first), monday_of(last) + timedelta(days=6)
    return [start + timedelta(days=number) for number in range((end - start).days + 1)]


def next_month(first: date, by: int = 1) -> date:
    number = first.year * 12 + first.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
