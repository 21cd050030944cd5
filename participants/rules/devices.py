"""How long a device may hold lists, and how far ahead it may ask for them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

AHEAD = timedelta(days=7)
MOST_SESSIONS = 60
MARKS_AT_ONCE = 200


def lists_expire(ends: Iterable[datetime], *, hours: int) -> datetime:
    """So many hours after the last of the sessions, so that what remains to be done that day can be done."""
    return max(ends) + timedelta(hours=hours)
