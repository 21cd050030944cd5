"""Who may open the pages about certificates, and their arguments: a part of tests/ikm_portal/test_access.py."""

from collections.abc import Callable
from typing import Any

from documents.models import Document
from participants.queries import certificate_seal
from tests.documents import made
from tests.participants.graduates import taught

PUBLIC = "IIIIIIIIIIII"
# Anonymous, nobody, village officers here and next door, programme officer, verifier, head of division, treasurer,
# officer of another office, auditor, data protection officer, administrator.
SEES = "LFFFIFIIIIFF"
SEES_HERE = "LFFFIFIINIFF"
ISSUES_HERE = "LFFFIFFFNFFF"

CERTIFICATES: dict[str, tuple[str, str]] = {
    "participants:certificate_list": ("get", SEES),
    "participants:certificate_batch": ("get", SEES_HERE),
    "participants:certificate_tell": ("post", ISSUES_HERE),
    "participants:certificate_issue": ("get", ISSUES_HERE),
    "participants:certificate_print": ("get", SEES_HERE),
    "participants:certificate_own": ("get", PUBLIC),
    "participants:certificate_file": ("get", PUBLIC),
}


def own(world: dict[str, Any]) -> list[Any]:
    document: Document = world["certificate"]
    return [document.token, certificate_seal(document.token)]


CERTIFICATE_ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "participants:certificate_list": lambda _world: [],
    "participants:certificate_issue": lambda world: ["angkatan", world["certified"].pk],
    "participants:certificate_print": lambda world: ["angkatan", world["certified"].pk],
    "participants:certificate_own": own,
    "participants:certificate_file": own,
    "participants:certificate_": lambda world: [world["certified"].pk],
}


def certified() -> dict[str, Any]:
    """A training that is over, with one certificate."""
    batch = taught(1, program_values={"slug": "pelatihan-bersertifikat"})
    entry = batch.registrations.get()
    given = {"scope": f"batch:{batch.pk}", "subject": f"entry:{entry.pk}", "label": entry.full_name}
    return {"certified": batch, "certificate": made.document(batch.program.agency, kind="certificate", **given)}
