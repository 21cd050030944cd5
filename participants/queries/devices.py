"""What a device may hold of a session: names, registration numbers and who is there. Nothing else leaves the office."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from accounts.roles import Permission
from participants.models import Attendance, AttendanceDevice, Registration, Seat
from participants.rules import AHEAD, EARLY, LATE
from programs.models import Session

Standing = dict[int, dict[int, tuple[str, int | None, int | None]]]


def millis(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp() * 1000)


def sessions_to_hold(user: User, now: datetime) -> list[dict[str, Any]]:
    """From this morning on, seven days ahead, with how many people each list has."""
    morning = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Session.objects.visible_to(user, Permission.TAKE_ATTENDANCE).planned().filter(batch__state="published")
    held = Count("batch__registrations", filter=Q(batch__registrations__seat=Seat.HELD))
    found = rows.between(morning, now + AHEAD).with_places().annotate(people=held).order_by("during", "pk")[:200]
    return [_session(row) | {"people": row.people} for row in found]


def device_lists(device: AttendanceDevice) -> list[dict[str, Any]]:
    """Each session of the device with the people of its list by name, by the rule of `listed_in`."""
    sessions = list(device.sessions.with_places().order_by("during", "pk"))
    here = standing_in(session.pk for session in sessions)
    seen = Attendance.objects.filter(session__in=sessions, registration=OuterRef("pk"))
    rows = Registration.objects.filter(batch__in={session.batch_id for session in sessions})
    rows = rows.filter(Q(seat=Seat.HELD) | Exists(seen)).order_by("full_name", "pk")
    found = list(rows.values_list("batch", "seat", "pk", "code", "full_name"))
    return [
        _session(session)
        | {
            "people": [
                _person(pk, code, name, here[session.pk])
                for batch, seat, pk, code, name in found
                if batch == session.batch_id and (seat == Seat.HELD or pk in here[session.pk])
            ]
        }
        for session in sessions
    ]


def standing_in(sessions: Iterable[int]) -> Standing:
    """Session -> entry -> status, arrival and leaving in milliseconds: only numbers, the device knows the names."""
    found: Standing = {pk: {} for pk in sessions}
    rows = Attendance.objects.filter(session__in=found)
    for session, entry, status, at, left in rows.values_list(
        "session", "registration", "status", "arrived_at", "left_at"
    ):
        found[session][entry] = (status, millis(at), millis(left))
    return found


def standing_for(device: AttendanceDevice, user: User) -> Standing:
    """In the sessions of the device that the person may take attendance for, today as well."""
    rows = Session.objects.visible_to(user, Permission.TAKE_ATTENDANCE)
    return standing_in(rows.filter(pk__in=device.sessions.values("pk")).values_list("pk", flat=True))


def _session(session: Session) -> dict[str, Any]:
    begin, end = session.during.lower, session.during.upper
    return {
        "id": session.pk,
        "batch": session.batch.name,
        "title": session.topic.name if session.topic else session.get_kind_display(),
        "place": session.venue.name if session.venue else "",
        "starts": millis(begin),
        "ends": millis(end),
        "opens": millis(begin - EARLY),
        "closes": millis(end + LATE),
        "cancelled": session.cancelled,
    }


def _person(pk: int, code: str, name: str, here: dict[int, tuple[str, int | None, int | None]]) -> dict[str, Any]:
    status, at, left = here.get(pk, ("", None, None))
    return {"id": pk, "code": code, "name": name, "status": status, "at": at, "left": left}
