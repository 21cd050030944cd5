import uuid
from typing import Any

import pytest
from django.utils import timezone

from participants.models import (
    Attendance,
    AttendanceDevice,
    AttendanceMark,
    Completion,
    DoorCase,
    Replacement,
    SheetLine,
    SheetScan,
    SignedSheet,
)
from tests import cast, factories
from tests.participants.hall import HOUR, ago, first, running
from tests.support.constraints import broken_by

pytestmark = pytest.mark.django_db


def pair() -> dict[str, Any]:
    batch, [entry] = running()
    return {"session": first(batch), "registration": entry}


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("attendance_mark_kind_and_way_known", {"kind": "slept"}),
        ("attendance_mark_kind_and_way_known", {"way": "guess"}),
        ("attendance_mark_not_ahead", {"at": timezone.now() + HOUR, "noted_at": timezone.now()}),
        ("attendance_mark_revoking_names_what_and_why", {"kind": "revoked", "note": "x"}),
    ],
)
def test_attendance_mark_is_refused(constraint: str, values: dict[str, Any]) -> None:
    made = pair() | {"kind": "arrived", "way": "list", "at": ago(hours=1), "noted_at": timezone.now()}
    assert broken_by(lambda: AttendanceMark.objects.create(**made | values)) == constraint


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("attendance_once_per_session", {}),
        ("attendance_present_has_arrived", {"arrived_at": None}),
        ("attendance_present_has_arrived", {"status": "absent"}),
        ("attendance_present_has_arrived", {"status": "asleep"}),
        ("attendance_leaves_after_arriving", {"left_at": ago(hours=2)}),
    ],
)
def test_attendance_is_refused(constraint: str, values: dict[str, Any]) -> None:
    made = pair() | {"status": "present", "arrived_at": ago(hours=1), "minutes": 5}
    if constraint == "attendance_once_per_session":
        Attendance.objects.create(**made)
    assert broken_by(lambda: Attendance.objects.create(**made | values)) == constraint


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("door_case_settled_names_who_and_when", {"state": "dismissed"}),
        ("door_case_settled_names_who_and_when", {"settled_at": timezone.now()}),
        ("door_case_counted_has_entry", {"state": "counted", "settled_at": timezone.now(), "settled_by": True}),
        ("door_case_kind_and_way_known", {"kind": "slept"}),
    ],
)
def test_door_case_is_refused(constraint: str, values: dict[str, Any]) -> None:
    if values.get("settled_by"):
        values = values | {"settled_by": cast.program_officer()}
    now = timezone.now()
    made = {"client_id": uuid.uuid4(), "session": pair()["session"], "reason": "not_registered", "kind": "arrived"}
    made |= {"way": "list", "at": now, "noted_at": now}
    assert broken_by(lambda: DoorCase.objects.create(**made | values)) == constraint


@pytest.mark.parametrize(
    "values",
    [{"sessions_attended": 3}, {"lesson_hours_attended": 17}, {"lesson_hours_attended": -1}, {"share": 101}],
)
def test_completion_is_refused(values: dict[str, Any]) -> None:
    made = {"registration": pair()["registration"], "sessions_planned": 2, "lesson_hours_planned": 16}
    made |= {"computed_at": timezone.now()}
    assert broken_by(lambda: Completion.objects.create(**made | values)) == "completion_within_what_was_planned"


def test_attendance_device_is_refused() -> None:
    made = {"agency": cast.home_agency(), "user": cast.program_officer(), "name": "Telepon"}
    broken = broken_by(
        lambda: AttendanceDevice.objects.create(**made, created_at=timezone.now(), revoked_at=timezone.now())
    )
    assert broken == "attendance_device_revoked_by_and_at_together"


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("signed_sheet_settled_by_and_at_together", {"settled_at": timezone.now(), "note": "x"}),
        ("signed_sheet_without_paper_says_why", {"settled_at": timezone.now(), "settled_by": True}),
    ],
)
def test_signed_sheet_is_refused(constraint: str, values: dict[str, Any]) -> None:
    if values.get("settled_by"):
        values = values | {"settled_by": cast.program_officer()}
    session = pair()["session"]
    assert broken_by(lambda: SignedSheet.objects.create(session=session, **values)) == constraint


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("sheet_line_once_per_person", {}),
        ("sheet_line_verdict_names_who_and_why", {"verdict": "present"}),
        ("sheet_line_verdict_names_who_and_why", {"reason": "x"}),
    ],
)
def test_sheet_line_is_refused(constraint: str, values: dict[str, Any]) -> None:
    found = pair()
    made = {"sheet": SignedSheet.objects.create(session=found["session"]), "registration": found["registration"]}
    if not values:
        SheetLine.objects.create(**made, signed=True)
    assert broken_by(lambda: SheetLine.objects.create(**made, signed=True, **values)) == constraint


def test_sheet_scan_is_refused() -> None:
    made = {"session": pair()["session"], "stored": factories.stored_picture(cast.home_agency())}
    made |= {"added_at": timezone.now(), "added_by": cast.program_officer(), "removed_at": timezone.now()}
    assert broken_by(lambda: SheetScan.objects.create(**made)) == "sheet_scan_removed_by_and_at_together"


def test_replacement_is_refused() -> None:
    entry, now = pair()["registration"], timezone.now()
    made = {"gone": entry, "came": entry, "reason": "x", "at": now, "by": cast.program_officer()}
    assert broken_by(lambda: Replacement.objects.create(**made)) == "replacement_of_two_people"
