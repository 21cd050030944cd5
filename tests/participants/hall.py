"""A session that has begun, and marks made in it."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from participants import actions
from participants.actions import MarkInput, MarkResult
from participants.models import Attendance, AttendanceDevice, Registration
from programs.models import Batch, Session
from tests import cast
from tests.participants.lines import begin, people, small_batch

HOUR = timedelta(hours=1)


def running(count: int = 1, **values: Any) -> tuple[Batch, list[Registration]]:
    """A batch with so many people whose first session, of eight hours, began an hour ago; the second is tomorrow."""
    batch = small_batch(**{"quota": 5} | values)
    entries = people(batch, count)
    begin(batch)
    batch.refresh_from_db()
    return batch, entries


def first(batch: Batch) -> Session:
    return batch.sessions.order_by("during")[0]


def device() -> AttendanceDevice:
    user = cast.program_officer()
    return AttendanceDevice.objects.create(
        agency=cast.home_agency(), user=user, name="Telepon", created_at=timezone.now()
    )


def mark(session: Session, entry: Registration | None = None, kind: str = "arrived", **values: Any) -> MarkInput:
    made: dict[str, Any] = {"client_id": uuid.uuid4(), "way": "list", "registration_id": entry.pk if entry else None}
    return MarkInput(session_id=session.pk, kind=kind, **(made | values))


def note(*marks: MarkInput, by: User | None = None, **how: Any) -> list[MarkResult]:
    return actions.note_marks(marks=marks, by=by or cast.program_officer(), **how)


def outcome(*marks: MarkInput, **how: Any) -> list[str]:
    return [f"{one.outcome} {one.code}".strip() for one in note(*marks, **how)]


def states(session: Session) -> list[str]:
    """`present 0` and so on: the status and minutes of everybody in the session, in the order of their entries."""
    rows = Attendance.objects.filter(session=session).order_by("registration")
    return [f"{row.status} {row.minutes}" for row in rows]


def ago(**span: float) -> datetime:
    return timezone.now() - timedelta(**span)


def since(session: Session, minutes: float) -> datetime:
    """So many minutes after its beginning."""
    begins: datetime = session.during.lower
    return begins + timedelta(minutes=minutes)


def present(session: Session, entries: Sequence[Registration]) -> None:
    note(*(mark(session, entry, way="sheet") for entry in entries))
