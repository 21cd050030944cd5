"""Every action that any app writes into the trail has a name for its readers."""

import ast
from pathlib import Path

from ikm_portal.audit_actions import AUDIT_ACTIONS
from participants.models import IncidentEvent

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = (
    "accounts",
    "jobs",
    "notifications",
    "documents",
    "budgets",
    "programs",
    "participants",
    "incentives",
    "reports",
    "ikm_portal",
)
# Reference data is saved by one action, whose code names the model.
AUDITS = {"audit", "audit_line"}  # put `registration.` before the code
KEPT = ("honorariumrate", "instructorabsence", "instructorcompetence", "partner", "venue", "venueclosure")
COMPOSED = {f"{kind}.saved" for kind in ("fundsource", "program", "topic", *KEPT)}
COMPOSED |= {f"incident.{kind}" for kind in IncidentEvent.Kind.values}
COMPOSED |= {f"{kind}.removed" for kind in ("instructorabsence", "instructorcompetence", "venueclosure")}


def recorded() -> set[str]:
    """The codes in calls of `record`, `audit`, `_record` and `_record_change`, read from the source."""
    codes = set()
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    codes |= codes_of(node)
    return codes


def codes_of(call: ast.Call) -> set[str]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    values = [keyword.value for keyword in call.keywords if keyword.arg == "action"]
    values += call.args[:2] if name in {"_record", "_record_change"} else []
    found = {
        part.value
        for value in values
        for part in ast.walk(value)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }
    found = {code for code in found if name in AUDITS or "." in code.strip(".")}
    return {f"registration.{code}" for code in found} if name in AUDITS else found


def test_every_recorded_action_has_a_name() -> None:
    assert recorded() | COMPOSED == set(AUDIT_ACTIONS)
