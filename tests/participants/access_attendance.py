"""Who may open the pages about attendance, and their arguments: a part of tests/ikm_portal/test_access.py."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from participants.models import AttendanceMark, DoorCase, SheetScan
from programs.models import Batch
from tests import cast, factories

# Anonymous, nobody, village officers here and next door, programme officer, verifier, head of division, treasurer,
# officer of another office, auditor, data protection officer, administrator.
TAKES_ANY = "LFIIIIFFIFFF"
TAKES = "LFINIIFFNFFF"
SETTLES = "LFFFIFFFNFFF"
SEES = "LFINIIIFNIIF"

ATTENDANCE: dict[str, tuple[str, str]] = {
    "participants:attendance_day": ("get", TAKES_ANY),
    "participants:attendance_board": ("get", TAKES_ANY),
    "participants:attendance_session": ("get", TAKES),
    "participants:attendance_mark": ("post", TAKES),
    "participants:attendance_person": ("get", TAKES),
    "participants:attendance_replace": ("get", TAKES),
    "participants:attendance_revoke": ("get", TAKES),
    "participants:attendance_sheet": ("get", TAKES),
    "participants:sheet_scan": ("post", TAKES),
    "participants:sheet_settle": ("post", SETTLES),
    "participants:sheet_reopen": ("get", SETTLES),
    "participants:sheet_decide": ("get", SETTLES),
    "participants:sheet_scan_file": ("get", TAKES),
    "participants:sheet_scan_remove": ("post", TAKES),
    "participants:door_case": ("get", SETTLES),
    "participants:attendance_batch": ("get", SEES),
}


def hall(world: dict[str, Any]) -> list[Any]:
    return [world["hall_session"].pk]


def person(world: dict[str, Any]) -> list[Any]:
    return [world["hall_session"].pk, world["hall_entry"].pk]


ATTENDANCE_ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "participants:attendance_day": lambda _world: [],
    "participants:attendance_board": lambda _world: [],
    "participants:attendance_batch": lambda world: [world["batch"].pk],
    "participants:attendance_person": person,
    "participants:attendance_replace": person,
    "participants:attendance_revoke": lambda world: [world["hall_session"].pk, world["hall_mark"].pk],
    **dict.fromkeys(("participants:attendance_session", "participants:attendance_mark"), hall),
    "participants:attendance_sheet": hall,
    "participants:sheet_decide": person,
    "participants:sheet_scan_file": lambda world: [world["hall_scan"].pk],
    "participants:sheet_scan_remove": lambda world: [world["hall_scan"].pk],
    "participants:sheet_": hall,
    "participants:door_case": lambda world: [world["hall_case"].pk],
}


def halls(batch: Batch) -> dict[str, Any]:
    """Another batch of the programme with one person in its list, a mark, a picture of the sheet, somebody let in."""
    beside = factories.batch(batch.program, slug="kehadiran", quota=2)
    session, officer, now = beside.sessions.order_by("during")[0], cast.program_officer(), timezone.now()
    entry = factories.registration(beside)
    common: dict[str, Any] = {"session": session, "kind": "arrived", "way": "list", "noted_at": now, "by": officer}
    common |= {"at": now - timedelta(minutes=1)}
    return {
        "hall_session": session,
        "hall_entry": entry,
        "hall_mark": AttendanceMark.objects.create(registration=entry, **common),
        "hall_case": DoorCase.objects.create(client_id=uuid.uuid4(), reason="not_registered", **common),
        "hall_scan": SheetScan.objects.create(
            session=session, stored=factories.stored_picture(batch.program.agency), added_at=now, added_by=officer
        ),
    }
