"""Writes about programmes, batches, and those who carry them out."""

from programs.actions.applying import Applied, apply_rollout
from programs.actions.batches import (
    SessionPlan,
    cancel_batch,
    create_batch,
    finish_batch,
    publish_batch,
    reschedule,
    set_quota,
    set_registration_end,
)
from programs.actions.deciding import choose_most_wanted, decide_topic, save_round, undo_decision
from programs.actions.grouping import group_phrases, set_phrase_aside, ungroup_phrase
from programs.actions.holidays import add_holiday, change_holiday, fetch_holidays, remove_holiday
from programs.actions.meetings import Outcome, enter_meeting, withdraw_meeting
from programs.actions.programmes import NEXT_STATES, move_program, set_requirements
from programs.actions.reference import keep_rules, save_reference
from programs.actions.replanning import plan_again
from programs.actions.requests import (
    ask_for_topics,
    count_origin_again,
    forget_origins,
    set_aside_origin,
    withdraw_request,
)
from programs.actions.rollout_rows import change_row, free_row, move_row, remove_row
from programs.actions.rollouts import (
    MeetingPlan,
    add_regions,
    change_rollout,
    create_rollout,
    discard_rollout,
    propose_rollout,
)

__all__ = [
    "Applied",
    "MeetingPlan",
    "add_holiday",
    "add_regions",
    "apply_rollout",
    "change_holiday",
    "change_rollout",
    "change_row",
    "create_rollout",
    "discard_rollout",
    "fetch_holidays",
    "finish_batch",
    "free_row",
    "move_row",
    "plan_again",
    "propose_rollout",
    "remove_holiday",
    "remove_row",
    "NEXT_STATES",
    "Outcome",
    "SessionPlan",
    "ask_for_topics",
    "cancel_batch",
    "choose_most_wanted",
    "count_origin_again",
    "create_batch",
    "decide_topic",
    "enter_meeting",
    "forget_origins",
    "group_phrases",
    "keep_rules",
    "move_program",
    "publish_batch",
    "reschedule",
    "save_reference",
    "save_round",
    "set_aside_origin",
    "set_phrase_aside",
    "set_quota",
    "set_registration_end",
    "set_requirements",
    "undo_decision",
    "ungroup_phrase",
    "withdraw_meeting",
    "withdraw_request",
]
