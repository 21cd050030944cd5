"""Who was there, from when to when: folded from marks in the order of their times, whatever order they came in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

EARLY = timedelta(hours=3)  # how long before its beginning a session takes arrivals
LATE = timedelta(hours=1)  # and how long after its end
NOTICEABLE = timedelta(minutes=1)  # a device's clock that is this far off is put right
EARLIER = timedelta(minutes=5)  # an arrival that much before the first one known is kept beside it


@dataclass(frozen=True)
class Mark:
    """One mark that stands, without those that were taken back. `key` orders marks of the same moment."""

    kind: str
    at: datetime
    key: int = 0


@dataclass(frozen=True)
class Presence:
    """What the marks of one person in one session say together. `left_at` is empty for who stayed to the end."""

    status: str = ""
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    minutes: int = 0

    @property
    def is_here(self) -> bool:
        return self.status == "present" and self.left_at is None


def presence(marks: Iterable[Mark], *, begin: datetime, end: datetime) -> Presence:
    """Seen is seen: one arrival outweighs every *absent*. Minutes are those of the session, not before or after it."""
    ordered = sorted(marks, key=lambda mark: (mark.at, mark.key))
    arrived_at = left_at = since = None
    spent = timedelta()
    for mark in ordered:
        if mark.kind == "arrived" and since is None:
            arrived_at, since, left_at = arrived_at or mark.at, mark.at, None
        elif mark.kind == "left" and since is not None:
            spent += _within(since, mark.at, begin, end)
            since, left_at = None, mark.at
    if arrived_at is not None:
        if since is not None:
            spent += _within(since, end, begin, end)
        return Presence("present", arrived_at, left_at, int(spent.total_seconds() // 60))
    said = [mark.kind for mark in sorted(ordered, key=lambda mark: mark.key) if mark.kind in {"absent", "excused"}]
    return Presence(said[-1]) if said else Presence()


def _within(start: datetime, stop: datetime, begin: datetime, end: datetime) -> timedelta:
    return max(min(stop, end) - max(start, begin), timedelta())


def shifted(at: datetime, *, sent_at: datetime | None, received_at: datetime) -> datetime:
    """The device's time by the server's clock. It never lies ahead, whatever the device believes."""
    if sent_at is not None and abs(received_at - sent_at) > NOTICEABLE:
        at += received_at - sent_at
    return min(at, received_at)


def refuse_time(kind: str, at: datetime, way: str, *, begin: datetime, end: datetime) -> str:
    """`too_early`, `too_late`, or empty. What is entered from the paper sheet has no hour of its own."""
    if kind == "excused" or way == "sheet":
        return ""
    if at < (begin if kind == "absent" else begin - EARLY):
        return "too_early"
    return "too_late" if at > end + LATE and kind == "arrived" else ""


def lesson_share(minutes: int, *, begin: datetime, end: datetime) -> Decimal:
    """Which part of the session somebody was there for, 0 to 1."""
    whole = int((end - begin).total_seconds() // 60)
    return Decimal(1) if whole <= 0 else min(Decimal(minutes) / Decimal(whole), Decimal(1))
