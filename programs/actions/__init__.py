"""Writes about programmes, batches, and those who carry them out."""

from programs.actions.applying import Applied, Foresight, apply_rollout, foresee_rollout
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
from programs.actions.committees import (
    Member,
    name_committee,
)
from programs.actions.deciding import (
    choose_most_wanted,
    decide_topic,
    save_round,
    undo_decision,
)
from programs.actions.feeds import (
    open_feed,
    revoke_feed,
)
from programs.actions.grouping import (
    group_phrases,
    set_phrase_aside,
    ungroup_phrase,
)
from programs.actions.holidays import (
    add_holiday,
    change_holiday,
    fetch_holidays,
    remove_holiday,
)
from programs.actions.honoraria import propose_honoraria
from programs.actions.meetings import (
    Outcome,
    enter_meeting,
    withdraw_meeting,
)
from programs.actions.programmes import (
    NEXT_STATES,
    move_program,
    set_requirements,
)
from programs.actions.reference import (
    keep_rules,
    save_reference,
)
from programs.actions.replanning import (
    plan_again,
)
from programs.actions.requests import (
    ask_for_topics,
    count_origin_again,
    forget_origins,
    set_aside_origin,
    withdraw_request,
)
from programs.actions.resources import (
    add_paper,
    end_rate,
    move_instructor,
    read_paper,
    remove_paper,
    remove_resource,
    save_agreement,
    save_instructor,
    save_resource,
)
from programs.actions.rollout_rows import (
    ask_again,
    change_row,
    free_row,
    move_row,
    remove_row,
)
from programs.actions.rollouts import (
    MeetingPlan,
    add_regions,
    change_rollout,
    create_rollout,
    discard_rollout,
    propose_rollout,
)
from programs.actions.selection import declare_selection
from programs.actions.sessions import (
    SessionFacts,
    add_session,
    cancel_session,
    change_session,
    staff_session,
)
from programs.actions.teaching import (
    accept_invitation,
    decline_invitation,
    invite_instructor,
    record_teaching,
    withdraw_invitation,
)

__all__ = [
    "NEXT_STATES",
    "Applied",
    "Foresight",
    "MeetingPlan",
    "Member",
    "Outcome",
    "SessionFacts",
    "SessionPlan",
    "accept_invitation",
    "add_holiday",
    "add_paper",
    "add_regions",
    "add_session",
    "apply_rollout",
    "ask_again",
    "ask_for_topics",
    "cancel_batch",
    "cancel_session",
    "change_holiday",
    "change_rollout",
    "change_row",
    "change_session",
    "choose_most_wanted",
    "count_origin_again",
    "create_batch",
    "create_rollout",
    "decide_topic",
    "declare_selection",
    "decline_invitation",
    "discard_rollout",
    "end_rate",
    "enter_meeting",
    "fetch_holidays",
    "finish_batch",
    "foresee_rollout",
    "forget_origins",
    "free_row",
    "group_phrases",
    "invite_instructor",
    "keep_rules",
    "move_instructor",
    "move_program",
    "move_row",
    "name_committee",
    "open_feed",
    "plan_again",
    "propose_honoraria",
    "propose_rollout",
    "publish_batch",
    "read_paper",
    "record_teaching",
    "remove_holiday",
    "remove_paper",
    "remove_resource",
    "remove_row",
    "reschedule",
    "revoke_feed",
    "save_agreement",
    "save_instructor",
    "save_reference",
    "save_resource",
    "save_round",
    "set_aside_origin",
    "set_phrase_aside",
    "set_quota",
    "set_registration_end",
    "set_requirements",
    "staff_session",
    "undo_decision",
    "ungroup_phrase",
    "withdraw_invitation",
    "withdraw_meeting",
    "withdraw_request",
]
