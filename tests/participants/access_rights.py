"""Who may open the pages of the rights, and their arguments: a part of tests/ikm_portal/test_access.py."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from participants.models import DataRequest, Registration, written_wish

PUBLIC = "IIIIIIIIIIII"
# Anonymous, nobody, village officers here and next door, programme officer, verifier, head of division, treasurer,
# officer of another office, auditor, data protection officer, administrator.
ANSWERS = "LFFFIFFFIFIF"
ANSWERS_HERE = "LFFFIFFFNFIF"
NO_EVIDENCE = "LFFFNFFFNFNF"

RIGHTS: dict[str, tuple[str, str]] = {
    "participants:own_page": ("get", PUBLIC),
    "participants:own_sign_in": ("get", PUBLIC),
    "participants:own_code": ("get", PUBLIC),
    "participants:own_code_enter": ("get", PUBLIC),
    "participants:own_open": ("post", PUBLIC),
    "participants:own_rights": ("get", PUBLIC),
    "participants:own_consent": ("post", PUBLIC),
    "participants:own_release": ("post", PUBLIC),
    "participants:own_data": ("get", PUBLIC),
    "participants:own_extract": ("post", PUBLIC),
    "participants:own_request_make": ("get", PUBLIC),
    "participants:own_request": ("get", PUBLIC),
    "participants:data_request_list": ("get", ANSWERS),
    "participants:data_request_start": ("get", ANSWERS_HERE),
    "participants:data_request_make": ("get", ANSWERS_HERE),
    "participants:data_request_detail": ("get", ANSWERS_HERE),
    "participants:data_request_take": ("post", ANSWERS_HERE),
    "participants:data_request_answer": ("get", ANSWERS_HERE),
    "participants:data_request_refuse": ("get", ANSWERS_HERE),
    "participants:data_request_correct": ("get", ANSWERS_HERE),
    "participants:data_request_restrict": ("get", ANSWERS_HERE),
    "participants:data_request_release": ("get", "LFFFFFFFFFIF"),
    "participants:data_request_erase": ("post", ANSWERS_HERE),
    "participants:data_request_extract": ("post", ANSWERS_HERE),
    "participants:data_request_evidence": ("get", NO_EVIDENCE),
}

RIGHTS_ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "participants:own_extract": lambda _world: ["json"],
    "participants:own_request_make": lambda _world: ["correction"],
    "participants:own_request": lambda _world: ["ABCD2345"],
    "participants:own_": lambda _world: [],
    "participants:data_request_list": lambda _world: [],
    "participants:data_request_start": lambda world: [world["entry"].pk],
    "participants:data_request_make": lambda world: [world["entry"].pk, "correction"],
    "participants:data_request_extract": lambda world: [world["data_request"].pk, "json"],
    "participants:data_request_": lambda world: [world["data_request"].pk],
}


def requested(entry: Registration) -> dict[str, Any]:
    """Somebody wants to see all that is kept."""
    now = timezone.now()
    made = DataRequest.objects.create(
        agency=entry.batch.program.agency,
        region_id=entry.batch.region_id,
        kind="access",
        code="RIGHTS22",
        person=entry.person,
        registration=entry,
        identity="pin",
        received_at=now,
        due_at=now + timedelta(hours=72),
        wish=written_wish("Saya ingin melihat semuanya."),
    )
    return {"data_request": made}
