"""Who meets the pages of the attendance device; composed into the table of all addresses."""

import uuid
from collections.abc import Callable
from typing import Any

from participants.actions import prepare_device
from participants.models import AttendanceDevice
from programs.models import Batch
from tests import cast

TAKES_ATTENDANCE = "LFIIIIFFIFFF"
DEVICES: dict[str, tuple[str, str]] = {
    "participants:attendance_device": ("get", TAKES_ATTENDANCE),
    "participants:attendance_worker": ("get", "IIIIIIIIIIII"),
    "participants:attendance_device_state": ("get", TAKES_ATTENDANCE),
    "participants:attendance_device_prepare": ("post", TAKES_ATTENDANCE),
    "participants:attendance_device_list": ("get", TAKES_ATTENDANCE),
    "participants:attendance_device_revoke": ("post", "LFNNINFFNFFF"),
    "participants:attendance_send": ("post", TAKES_ATTENDANCE),
}
DEVICE_ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "participants:attendance_device_revoke": lambda world: [world["device"].pk]
}


def device_of_the_officer(batch: Batch) -> dict[str, Any]:
    return {"device": prepared(list(batch.sessions.values_list("pk", flat=True)))}


def prepared(sessions: list[int], name: str = "Ponsel aula") -> AttendanceDevice:
    return prepare_device(key=uuid.uuid4(), name=name, sessions=sessions, by=cast.program_officer())
