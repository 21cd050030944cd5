"""Days of a month and a week as a calendar shows them. Weeks begin on Monday."""

import calendar
import re
from datetime import date, timedelta

from kit.months import FIRST_YEAR, LAST_YEAR

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


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


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
