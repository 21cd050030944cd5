"""Sessions day by day, as the office's calendar and the calendars of telephones show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from programs.models import Batch, CalendarFeed, Session, SessionQuerySet

BEFORE, AFTER = timedelta(days=60), timedelta(days=400)


@dataclass
class Outing:
    """What a batch does on one day: from its first session to its last."""

    batch: Batch
    sessions: list[Session] = field(default_factory=list)

    @property
    def begin(self) -> datetime:
        return self.sessions[0].during.lower

    @property
    def end(self) -> datetime:
        return max(session.during.upper for session in self.sessions)

    @property
    def topics(self) -> list[str]:
        return list(dict.fromkeys(str(session.topic) for session in self.sessions if session.topic))

    @property
    def all_cancelled(self) -> bool:
        return all(session.cancelled for session in self.sessions)


@dataclass
class Day:
    day: date
    inside: bool = True
    outings: list[Outing] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(outing.sessions) for outing in self.outings)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()), zone)


def sessions_of_days(sessions: SessionQuerySet, days: Sequence[date], zone: ZoneInfo) -> SessionQuerySet:
    first, after = start_of(days[0], zone), start_of(days[-1] + timedelta(days=1), zone)
    return sessions.between(first, after).with_places().order_by("during", "pk")


def by_day(sessions: Iterable[Session], days: Sequence[date], zone: ZoneInfo, month: int = 0) -> list[Day]:
    """Each day with its batches in the order of their first session. `month` tells which days are inside."""
    found = {day: Day(day, inside=not month or day.month == month) for day in days}
    for session in sessions:
        day = found.get(session.during.lower.astimezone(zone).date())
        if day is None:
            continue
        outing = next((one for one in day.outings if one.batch.pk == session.batch_id), None)
        if outing is None:
            outing = Outing(session.batch)
            day.outings.append(outing)
        outing.sessions.append(session)
    return list(found.values())


def sessions_of_feed(feed: CalendarFeed) -> SessionQuerySet:
    """What the link may show now: of an officer as far as the roles of today reach; of an instructor the own ones."""
    now = timezone.now()
    near = Session.objects.between(now - BEFORE, now + AFTER)
    if feed.user is not None:
        seen = near.visible_to(feed.user)
    else:
        seen = near.filter(instructor=feed.instructor_id, batch__program__agency=feed.agency_id)
    return seen.with_places().order_by("during", "pk")
