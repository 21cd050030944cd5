"""Until when somebody may object: working days of the office after the day on which the result was locked."""

from collections.abc import Collection
from datetime import date, timedelta

SATURDAY = 5
# So far ahead holidays are read: a method gives at most 60 working days.
LONGEST_PERIOD = timedelta(days=180)


def last_day(locked_on: date, days: int, holidays: Collection[date]) -> date:
    """The last one of so many working days, the day of the lock not counted; 0 is the day of the lock itself."""
    day = locked_on
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < SATURDAY and day not in holidays
    return day
