"""Whether a session may stand where and with whom it is planned: what no constraint can see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Instructor, InstructorAbsence, Venue, VenueClosure


@dataclass(frozen=True)
class Placing:
    begin: datetime
    end: datetime
    instructor: Instructor | None
    venue: Venue | None


def check_placings(placings: Sequence[Placing], *, agency_id: int, zone: ZoneInfo) -> None:
    """Refuses days on which the instructor does not teach, and times at which the venue is closed.

    Two queries, however many sessions. That nobody is booked twice is PostgreSQL's to keep; what is over may be
    written down as it was.
    """
    now = timezone.now()
    placings = [one for one in placings if one.begin > now and (one.instructor or one.venue)]
    if not placings:
        return
    absences = InstructorAbsence.objects.filter(instructor__in={one.instructor for one in placings if one.instructor})
    closures = VenueClosure.objects.filter(venue__in={one.venue for one in placings if one.venue})
    away = [(row.instructor_id, row.days) for row in absences]
    closed = [(row.venue_id, row.days) for row in closures]
    for one in placings:
        first, last = one.begin.astimezone(zone).date(), one.end.astimezone(zone).date()
        is_away = any(_meets(pk, days, one.instructor, first, last) for pk, days in away)
        is_closed = any(_meets(pk, days, one.venue, first, last) for pk, days in closed)
        _check_instructor(one, first, agency_id, is_away)
        _check_venue(one, zone, agency_id, is_closed)


def _meets(pk: int, days: object, row: Instructor | Venue | None, first: date, last: date) -> bool:
    lower, upper = days.lower, days.upper  # type: ignore[attr-defined]  # a range of PostgreSQL
    return row is not None and pk == row.pk and bool(lower <= last and first < upper)


def _check_instructor(one: Placing, day: date, agency_id: int, is_away: bool) -> None:
    teacher = one.instructor
    if teacher is None:
        return
    if teacher.agency_id != agency_id:
        raise ValidationError(_("This instructor belongs to another agency."), code="instructor_elsewhere")
    if teacher.state == Instructor.State.INACTIVE:
        raise _refusal(_("%(name)s is inactive and cannot be asked to teach."), "instructor_inactive", teacher)
    if is_away:
        raise _refusal(_("%(name)s does not teach on that day: an absence is noted."), "instructor_absent", teacher)
    if day.weekday() not in teacher.weekdays:
        raise _refusal(_("%(name)s does not teach on that day of the week."), "instructor_weekday", teacher)


def _check_venue(one: Placing, zone: ZoneInfo, agency_id: int, is_closed: bool) -> None:
    place = one.venue
    if place is None:
        return
    if place.agency_id != agency_id:
        raise ValidationError(_("This venue belongs to another agency."), code="venue_elsewhere")
    if is_closed:
        raise _refusal(_("%(name)s is closed on that day."), "venue_closed", place)
    if not place.is_open(one.begin, one.end, zone):
        raise _refusal(_("%(name)s is not open at that time."), "venue_not_open", place)


def _refusal(sentence: Any, code: str, row: Instructor | Venue) -> ValidationError:
    return ValidationError(sentence, code=code, params={"name": str(row)})
