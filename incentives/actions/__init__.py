from incentives.actions.assigning import assign_sheets
from incentives.actions.awarding import propose_awards
from incentives.actions.checking import admit_entry, ask_entry_fix, end_entry, refuse_entry, undo_entry_check
from incentives.actions.copies import note_copies, undo_copy
from incentives.actions.deciding import decide_tie, lock_result, remove_entry, reopen_result
from incentives.actions.declaring import cancel_competition, declare_change, declare_competition
from incentives.actions.drafting import Wording, create_competition, discard_change, save_draft
from incentives.actions.files import add_pitch_file, drop_files, remove_pitch_file
from incentives.actions.finishing import close_file, reopen_file
from incentives.actions.forgetting import erase_other, note_copy
from incentives.actions.jurors import (
    JurorInput,
    add_juror,
    enter_jury,
    invite_juror,
    join_jury,
    name_chair,
    read_method,
    withdraw_juror,
)
from incentives.actions.objecting import ObjectionInput, answer_objection, object_to_result
from incentives.actions.ordering import draw_order, move_entry, plan_times, tell_order
from incentives.actions.photos import add_use_photo, drop_photos
from incentives.actions.pitching import Pitch, save_pitch, withdraw_pitch
from incentives.actions.receipts import (
    ReceiptAnswer,
    answer_receipt,
    ask_everybody,
    follow_payments,
    note_receipt,
    remind_receipts,
    settle_receipt,
)
from incentives.actions.recusing import Said, abstain, decide_conflict, declare_conflicts, recuse
from incentives.actions.reporting import (
    Use,
    Used,
    decide_use_report,
    note_use_exported,
    note_visit,
    remind_reports,
    save_use_report,
    send_use_report,
)
from incentives.actions.scoring import SheetInput, StaleSheetError, correct_sheet, save_sheet, submit_sheet
from incentives.actions.staging import end_pitch, make_training_entry, mark_absent, start_pitch, take_back_pitch

__all__ = [
    "JurorInput",
    "ObjectionInput",
    "Pitch",
    "ReceiptAnswer",
    "Said",
    "SheetInput",
    "StaleSheetError",
    "Use",
    "Used",
    "Wording",
    "abstain",
    "add_juror",
    "add_pitch_file",
    "add_use_photo",
    "admit_entry",
    "answer_objection",
    "answer_receipt",
    "ask_entry_fix",
    "ask_everybody",
    "assign_sheets",
    "cancel_competition",
    "close_file",
    "correct_sheet",
    "create_competition",
    "decide_conflict",
    "decide_tie",
    "decide_use_report",
    "declare_change",
    "declare_competition",
    "declare_conflicts",
    "discard_change",
    "draw_order",
    "drop_files",
    "drop_photos",
    "end_entry",
    "end_pitch",
    "enter_jury",
    "erase_other",
    "follow_payments",
    "invite_juror",
    "join_jury",
    "lock_result",
    "make_training_entry",
    "mark_absent",
    "move_entry",
    "name_chair",
    "note_copies",
    "note_copy",
    "note_receipt",
    "note_use_exported",
    "note_visit",
    "object_to_result",
    "plan_times",
    "propose_awards",
    "read_method",
    "recuse",
    "refuse_entry",
    "remind_receipts",
    "remind_reports",
    "remove_entry",
    "remove_pitch_file",
    "reopen_file",
    "reopen_result",
    "save_draft",
    "save_pitch",
    "save_sheet",
    "save_use_report",
    "send_use_report",
    "settle_receipt",
    "start_pitch",
    "submit_sheet",
    "take_back_pitch",
    "tell_order",
    "undo_copy",
    "undo_entry_check",
    "withdraw_juror",
    "withdraw_pitch",
]
