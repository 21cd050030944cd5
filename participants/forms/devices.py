"""What a device sends, as JSON: taken apart here, so that an action only ever meets values of the right kind."""

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from participants.actions import MarkInput
from participants.rules import MARKS_AT_ONCE

LARGEST_KEY = 2**63 - 1
# Beyond these a number of milliseconds is no time of this portal.
YEARS = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Parcel:
    """Marks of one device as it sent them; `sent_at` by its own clock."""

    device: uuid.UUID
    sent_at: datetime | None
    marks: list[MarkInput]


@dataclass(frozen=True)
class Preparation:
    device: uuid.UUID
    name: str
    sessions: list[int]


def read_parcel(body: bytes) -> Parcel:
    """`ValidationError` when it is none. Odd parts of one mark never hold up the others: the action refuses that."""
    said = _read(body)
    marks = said.get("marks")
    if not isinstance(marks, list) or not all(isinstance(mark, dict) for mark in marks):
        raise _unreadable()
    if len(marks) > MARKS_AT_ONCE:
        raise ValidationError(_("Too many marks at once."), code="too_many")
    return Parcel(_uuid(said.get("device")), _time(said.get("sent_at")), [_mark(mark) for mark in marks])


def read_preparation(body: bytes) -> Preparation:
    said = _read(body)
    sessions = said.get("sessions")
    if not isinstance(sessions, list):
        raise _unreadable()
    return Preparation(_uuid(said.get("device")), _text(said.get("name"), 60), [_key(value) or 0 for value in sessions])


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise _unreadable() from None
    if not isinstance(said, dict):
        raise _unreadable()
    return said


def _unreadable() -> ValidationError:
    return ValidationError(_("This cannot be read. Load the page again."), code="unreadable")


def _mark(said: dict[str, Any]) -> MarkInput:
    """From a device each mark is about somebody who stood there: what a rule refuses is kept to be settled."""
    return MarkInput(
        client_id=_uuid(said.get("id")),
        session_id=_key(said.get("session")) or 0,
        kind=_text(said.get("kind"), 20),
        way=_text(said.get("way"), 20),
        registration_id=_key(said.get("registration")),
        registration_code=_text(said.get("code"), 20),
        at=_time(said.get("at")),
        note=_text(said.get("note"), 250),
        revokes=_uuid(said["revokes"]) if said.get("revokes") else None,
        let_in=True,
        written=_text(said.get("written"), 100),
    )


def _uuid(value: Any) -> uuid.UUID:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        raise _unreadable() from None


def _key(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_KEY else None


def _text(value: Any, most: int) -> str:
    """PostgreSQL takes no NUL, and JSON may carry half a character."""
    if not isinstance(value, str):
        return ""
    return value.replace("\0", "").encode("utf-8", "ignore").decode().strip()[:most]


def _time(value: Any) -> datetime | None:
    """Milliseconds since 1970, as browsers count; None for what is no time, which then is the moment of arrival."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        found = datetime.fromtimestamp(value / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return found if YEARS[0] <= found <= YEARS[1] else None
