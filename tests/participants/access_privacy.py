"""Who may open the pages of the rules of the house: a part of tests/ikm_portal/test_access.py."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Agency
from participants import actions
from participants.models import ConsentText, ProcessingActivity, Processor, RetentionRun
from participants.rules import PORTAL_LINES
from tests import cast

PUBLIC = "IIIIIIIIIIII"
# Anonymous, nobody, village officers here and next door, programme officer, verifier, head of division, treasurer,
# officer of another office, auditor, data protection officer, administrator.
SEES = "LFFFFFFFFIIF"
KEEPS = "LFFFFFFFFFIF"

STEPS_OF_TEXTS = ("edit", "publish", "discard", "take_back")
STEPS_OF_INCIDENTS = ("edit", "people", "sheet", "tell", "authority", "note", "close", "reopen")
POSTED = {"take_back", "sheet", "reopen", "propose", "take_over"}


def way(step: str) -> str:
    return "post" if step in POSTED else "get"


PRIVACY: dict[str, tuple[str, str]] = {
    "privacy": ("get", PUBLIC),
    "privacy_of": ("get", PUBLIC),
    "participants:privacy_home": ("get", SEES),
    "participants:privacy_contact": ("get", KEEPS),
    "participants:consent_text_list": ("get", SEES),
    **{f"participants:consent_text_{step}": (way(step), KEEPS) for step in STEPS_OF_TEXTS},
    "participants:retention_list": ("get", SEES),
    "participants:retention_detail": ("get", SEES),
    "participants:retention_discard": ("get", KEEPS),
    **{f"participants:retention_{step}": (way(step), KEEPS) for step in ("edit", "propose", "standing")},
    "participants:processing_list": ("get", SEES),
    "participants:processing_export": ("get", SEES),
    **{f"participants:processing_{step}": (way(step), KEEPS) for step in ("create", "edit", "end", "take_over")},
    **{f"participants:processor_{step}": (way(step), KEEPS) for step in ("create", "edit", "remove")},
    "participants:incident_list": ("get", SEES),
    "participants:incident_detail": ("get", SEES),
    "participants:incident_letter": ("get", SEES),
    "participants:incident_report": ("get", KEEPS),
    **{f"participants:incident_{step}": (way(step), KEEPS) for step in STEPS_OF_INCIDENTS},
}

# The longest beginnings first: the first that fits is taken.
PRIVACY_ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "privacy_of": lambda world: [world["program"].agency.slug],
    "participants:consent_text_list": lambda _world: [],
    "participants:consent_text_take_back": lambda world: [world["edition"].pk],
    "participants:consent_text_": lambda _world: ["broadcast"],
    "participants:retention_list": lambda _world: [],
    "participants:retention_detail": lambda world: [world["run"].pk],
    "participants:retention_discard": lambda world: [world["run"].pk],
    "participants:retention_": lambda _world: ["took_part"],
    "participants:processing_e": lambda world: [world["activity"].pk] if world.get("activity") else [],
    "participants:processor_edit": lambda world: [world["processor"].pk],
    "participants:processor_remove": lambda world: [world["processor"].pk],
    "participants:incident_list": lambda _world: [],
    "participants:incident_report": lambda _world: [],
    "participants:incident_": lambda world: [world["incident"].pk],
}
PRIVACY_ARGUMENTS = {"participants:processing_export": lambda _world: [], **PRIVACY_ARGUMENTS}


def rules_of_the_house(agency: Agency) -> dict[str, Any]:
    """An edition to come and a draft, a rule with a proposal, a line, a processor, an incident."""
    by, now = cast.dpo(), timezone.now()
    words: dict[str, Any] = {"words_id": "Saya bersedia.", "words_en": "I agree.", "note": "", "by": by}
    text = actions.save_consent_text(agency=agency, purpose="broadcast", revision=0, **words)
    edition = actions.publish_consent_text(text=text, revision=1, begins_at=now + timedelta(days=3), by=by)
    actions.save_consent_text(agency=agency, purpose="broadcast", revision=0, **words)
    rule = actions.save_retention_rule(
        agency=agency, kind="took_part", months=60, legal_basis="Jadwal retensi arsip", is_active=True, by=by
    )
    run = RetentionRun.objects.create(rule=rule, months=60, cutoff=now - timedelta(days=1800), proposed_at=now)
    incident = actions.report_incident(
        agency=agency,
        title="Daftar terkirim ke alamat lain",
        kind="disclosure",
        data_items=["name"],
        discovered_at=now,
        happening="Sebuah daftar terkirim.",
        by=by,
    )
    actions.take_over_activities(agency=agency, lines=PORTAL_LINES[:1], by=by)
    processor = actions.save_processor(agency=agency, name="Pusat data", service="Server", place="Pekalongan", by=by)
    return {
        "edition": ConsentText.objects.get(pk=edition.pk),
        "run": run,
        "incident": incident,
        "activity": ProcessingActivity.objects.get(),
        "processor": Processor.objects.get(pk=processor.pk),
    }
