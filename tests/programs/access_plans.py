"""Who may do what with programmes, rollout plans and holidays: part of the table of tests/ikm_portal/test_access.py."""

from typing import Any

from programs.models import Batch
from tests.programs.rollout import planned

# In the order of its cast.
LOOKS = "LFIIIIIIIIFF"
LOOKS_AT_PLAN = "LFIIIIIINIFF"
PLANS = "LFFFIFFFIFFF"
PLANS_HERE = "LFFFIFFFNFFF"

PLANNING: dict[str, tuple[str, str]] = {
    "programs:program_board": ("get", LOOKS),
    "programs:program_create": ("get", PLANS),
    "programs:program_desk": ("get", LOOKS_AT_PLAN),
    "programs:program_edit": ("get", PLANS_HERE),
    "programs:program_requirements": ("get", PLANS_HERE),
    "programs:program_committee": ("get", PLANS_HERE),
    "programs:program_move": ("post", PLANS_HERE),
    "programs:topic_list": ("get", PLANS),
    "programs:topic_edit": ("get", PLANS_HERE),
    "programs:batch_create": ("get", PLANS),
    "programs:batch_publish": ("post", PLANS_HERE),
    "programs:rollout_list": ("get", LOOKS),
    "programs:rollout_create": ("get", PLANS),
    "programs:rollout_detail": ("get", LOOKS_AT_PLAN),
    "programs:rollout_edit": ("get", PLANS_HERE),
    "programs:rollout_regions": ("get", PLANS_HERE),
    "programs:rollout_propose": ("post", PLANS_HERE),
    "programs:rollout_discard": ("post", PLANS_HERE),
    "programs:rollout_again": ("post", PLANS_HERE),
    "programs:rollout_row": ("get", PLANS_HERE),
    "programs:rollout_row_move": ("post", PLANS_HERE),
    "programs:rollout_row_free": ("post", PLANS_HERE),
    "programs:rollout_row_remove": ("post", PLANS_HERE),
    "participants:rollout_apply": ("get", PLANS_HERE),
    "participants:batch_finish": ("get", PLANS_HERE),
    "programs:holiday_list": ("get", LOOKS),
    "programs:holiday_fetch": ("post", PLANS),
    "programs:holiday_switch": ("post", PLANS_HERE),
    "programs:holiday_remove": ("post", PLANS_HERE),
}
PLANNING_ROWS = {"rollout_row": "rollout_row", "rollout_": "rollout", "holiday_": "holiday"}


def planners(batch: Batch) -> dict[str, Any]:
    rollout = planned(batch.program, [batch.region])
    holiday = batch.program.agency.holidays.first()
    return {"rollout": rollout, "rollout_row": rollout.rows.get(), "holiday": holiday}
