"""Every write about registrations. The batch's row is locked by whoever moves a seat."""

from participants.actions.access import (
    issue_claim_code,
    open_with_pin,
    renew_pin,
    reveal_nik,
    send_recovery_code,
)
from participants.actions.allowances import (
    propose_allowances,
)
from participants.actions.answering import (
    answer_request,
    correct_as_asked,
    look_at_request_evidence,
    refuse_request,
    restrict_as_asked,
    take_request,
)
from participants.actions.asking import Asked, ask, take_back_request
from participants.actions.batches import (
    cancel_batch,
    change_quota,
    extend_registration,
    finish_batch,
    note_wrong_counters,
    reschedule_batch,
)
from participants.actions.bringing_in import CHANGED, bring_in, start_bringing_in, stop_bringing_in
from participants.actions.certificates import (
    certificate_bytes,
    keep_certificates_print,
    note_certificate_fetched,
    tell_certificates,
)
from participants.actions.checking import (
    decide_many,
    reject,
    request_fix,
    undo_decision,
    verify,
)
from participants.actions.complaining import (
    Said,
    open_with_word,
    reopen_complaint,
    send_complaint,
)
from participants.actions.complaints import (
    answer_complaint,
    close_complaint,
    forget_complaint_contacts,
    note_complaint,
    pass_complaint,
    publish_complaint,
    reveal_complaint_contact,
    take_complaint,
    undo_complaint,
    unpublish_complaint,
)
from participants.actions.completing import (
    note_test_passed,
    recompute_completions,
)
from participants.actions.consent_texts import (
    discard_consent_text,
    publish_consent_text,
    save_consent_text,
    take_back_consent_text,
)
from participants.actions.consents import give_consent, withdraw_consent
from participants.actions.correcting import (
    correct,
)
from participants.actions.desk import (
    register_at_desk,
    use_file,
)
from participants.actions.devices import prepare_device, receive_marks, revoke_device
from participants.actions.drafts import (
    forget_drafts,
    move_draft,
    purge_drafts,
    register_from_device,
    save_draft,
)
from participants.actions.erasing import confirm_erasure, drop_erasure_proposal, propose_erasure
from participants.actions.evidence import (
    add_evidence,
    look_at_evidence,
    remove_evidence,
    sweep_evidence,
)
from participants.actions.exporting import (
    keep_export,
    keep_mistakes,
)
from participants.actions.extracts import note_extract
from participants.actions.finding import (
    find_doubles,
)
from participants.actions.guarding import (
    switch_guard,
)
from participants.actions.identity import (
    link_identity,
    mark_different,
    resolve_duplicate,
)
from participants.actions.import_rows import fix_row, leave_out_row, let_row_in, take_row_back
from participants.actions.importing import (
    check_again,
    discard_import,
    end_check,
    finish_check,
    forget_rows,
    recheck_rows,
    settle_columns,
    stage_rows,
    start_import,
    wipe_imports,
)
from participants.actions.incidents import (
    change_incident,
    close_incident,
    list_people,
    note_authority,
    note_incident,
    note_incident_sheet,
    note_letters,
    reopen_incident,
    report_incident,
    tell_people,
)
from participants.actions.job_cards import (
    end_card,
    fill_card_sheet,
    forget_card_sheets,
    note_report,
    prepare_card,
    record_card,
    remind_reports,
    reopen_card,
    reveal_number,
    undo_report,
)
from participants.actions.marking import (
    MarkInput,
    MarkResult,
    note_marks,
)
from participants.actions.merging import (
    approve_merge,
    decide_pair,
    propose_merge,
    refuse_merge,
    seal_merge,
    seal_merges,
    undo_merge,
    withdraw_merge,
)
from participants.actions.moving import (
    move,
    withdraw,
)
from participants.actions.numbering import (
    give_number,
)
from participants.actions.offers import (
    accept_offer,
    decline_offer,
    expire_offers,
)
from participants.actions.own_page import open_with_own_page_code, send_own_page_code
from participants.actions.processing import (
    end_activity,
    remove_processor,
    save_activity,
    save_privacy_contact,
    save_processor,
    take_over_activities,
)
from participants.actions.registering import (
    register,
)
from participants.actions.replacing import (
    replace,
)
from participants.actions.restricting import lift_restriction, restrict
from participants.actions.retention import (
    approve_retention,
    carry_out_retention,
    discard_retention,
    end_standing_approval,
    give_standing_approval,
    propose_all_retention,
    propose_retention,
    save_retention_rule,
)
from participants.actions.rollouts import (
    RolledOut,
    apply_rollout,
)
from participants.actions.selecting import (
    freeze_selection,
    share_out_seats,
)
from participants.actions.sessions import (
    add_session,
    cancel_session,
    change_session,
)
from participants.actions.settling import (
    add_scan,
    decide_difference,
    read_sheet,
    remove_scan,
    reopen_sheet,
    settle_case,
    settle_sheet,
)
from participants.actions.sweeping import sweep_requests
from participants.actions.undoing_import import undo_import
from participants.actions.writing import (
    discard_broadcast,
    save_broadcast,
    send_broadcast,
    start_broadcast,
    take_back_broadcast,
)

__all__ = [
    "Asked",
    "CHANGED",
    "MarkInput",
    "MarkResult",
    "RolledOut",
    "Said",
    "accept_offer",
    "add_evidence",
    "add_scan",
    "add_session",
    "answer_complaint",
    "answer_request",
    "apply_rollout",
    "approve_merge",
    "approve_retention",
    "ask",
    "bring_in",
    "cancel_batch",
    "cancel_session",
    "carry_out_retention",
    "certificate_bytes",
    "change_incident",
    "change_quota",
    "change_session",
    "check_again",
    "close_complaint",
    "close_incident",
    "confirm_erasure",
    "correct",
    "correct_as_asked",
    "decide_difference",
    "decide_many",
    "decide_pair",
    "decline_offer",
    "discard_broadcast",
    "discard_consent_text",
    "discard_import",
    "discard_retention",
    "drop_erasure_proposal",
    "end_activity",
    "end_card",
    "end_check",
    "end_standing_approval",
    "expire_offers",
    "extend_registration",
    "fill_card_sheet",
    "find_doubles",
    "finish_batch",
    "finish_check",
    "fix_row",
    "forget_card_sheets",
    "forget_complaint_contacts",
    "forget_drafts",
    "forget_rows",
    "freeze_selection",
    "give_consent",
    "give_number",
    "give_standing_approval",
    "issue_claim_code",
    "keep_certificates_print",
    "keep_export",
    "keep_mistakes",
    "leave_out_row",
    "let_row_in",
    "lift_restriction",
    "link_identity",
    "list_people",
    "look_at_evidence",
    "look_at_request_evidence",
    "mark_different",
    "move",
    "move_draft",
    "note_authority",
    "note_certificate_fetched",
    "note_complaint",
    "note_extract",
    "note_incident",
    "note_incident_sheet",
    "note_letters",
    "note_marks",
    "note_report",
    "note_test_passed",
    "note_wrong_counters",
    "open_with_own_page_code",
    "open_with_pin",
    "open_with_word",
    "pass_complaint",
    "prepare_card",
    "prepare_device",
    "propose_all_retention",
    "propose_allowances",
    "propose_erasure",
    "propose_merge",
    "propose_retention",
    "publish_complaint",
    "publish_consent_text",
    "purge_drafts",
    "read_sheet",
    "receive_marks",
    "recheck_rows",
    "recompute_completions",
    "record_card",
    "refuse_merge",
    "refuse_request",
    "register",
    "register_at_desk",
    "register_from_device",
    "reject",
    "remind_reports",
    "remove_evidence",
    "remove_processor",
    "remove_scan",
    "renew_pin",
    "reopen_card",
    "reopen_complaint",
    "reopen_incident",
    "reopen_sheet",
    "replace",
    "report_incident",
    "request_fix",
    "reschedule_batch",
    "resolve_duplicate",
    "restrict",
    "restrict_as_asked",
    "reveal_complaint_contact",
    "reveal_nik",
    "reveal_number",
    "revoke_device",
    "save_activity",
    "save_broadcast",
    "save_consent_text",
    "save_draft",
    "save_privacy_contact",
    "save_processor",
    "save_retention_rule",
    "seal_merge",
    "seal_merges",
    "send_broadcast",
    "send_complaint",
    "send_own_page_code",
    "send_recovery_code",
    "settle_case",
    "settle_columns",
    "settle_sheet",
    "share_out_seats",
    "stage_rows",
    "start_bringing_in",
    "start_broadcast",
    "start_import",
    "stop_bringing_in",
    "sweep_evidence",
    "sweep_requests",
    "switch_guard",
    "take_back_broadcast",
    "take_back_consent_text",
    "take_back_request",
    "take_complaint",
    "take_over_activities",
    "take_request",
    "take_row_back",
    "tell_certificates",
    "tell_people",
    "undo_complaint",
    "undo_decision",
    "undo_import",
    "undo_merge",
    "undo_report",
    "unpublish_complaint",
    "use_file",
    "verify",
    "wipe_imports",
    "withdraw",
    "withdraw_consent",
    "withdraw_merge",
]
