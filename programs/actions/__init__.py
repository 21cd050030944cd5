"""Writes about programmes, batches, and those who carry them out."""

from programs.actions.batches import (
    SessionPlan,
    cancel_batch,
    create_batch,
    publish_batch,
    reschedule,
    set_quota,
    set_registration_end,
)
from programs.actions.programmes import NEXT_STATES, move_program, set_requirements
from programs.actions.reference import keep_rules, save_reference

__all__ = [
    "NEXT_STATES",
    "SessionPlan",
    "cancel_batch",
    "create_batch",
    "keep_rules",
    "move_program",
    "publish_batch",
    "reschedule",
    "save_reference",
    "set_quota",
    "set_registration_end",
    "set_requirements",
]
