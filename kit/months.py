"""Months as addresses name them, and the one before or after."""

import re
from datetime import date

FIRST_YEAR, LAST_YEAR = 2000, 2100
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")


def month_named(text: str) -> date | None:
    """The first day of `2026-07`; None for anything that is no month of a plausible year."""
    match = _MONTH.fullmatch(text)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2])
    return date(year, month, 1) if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 else None


def next_month(first: date, by: int = 1) -> date:
    """The first day of it, of any day; `by` -1 is the month before."""
    number = first.year * 12 + first.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)
