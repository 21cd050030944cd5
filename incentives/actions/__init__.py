from incentives.actions.assigning import assign_sheets
from incentives.actions.awarding import confirm_receipt, propose_awards
from incentives.actions.checking import admit_entry, ask_entry_fix, end_entry, refuse_entry, undo_entry_check
from incentives.actions.copies import note_copies, undo_copy
from incentives.actions.deciding import decide_tie, lock_result, remove_entry, reopen_result
from incentives.actions.declaring import cancel_competition, declare_change, declare_competition
from incentives.actions.drafting import Wording, create_competition, discard_change, save_draft
from incentives.actions.files import add_pitch_file, drop_files, remove_pitch_file
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
from incentives.actions.pitching import Pitch, save_pitch, withdraw_pitch
from incentives.actions.recusing import Said, abstain, decide_conflict, declare_conflicts, recuse
from incentives.actions.scoring import SheetInput, StaleSheetError, correct_sheet, save_sheet, submit_sheet
from incentives.actions.staging import end_pitch, make_training_entry, mark_absent, start_pitch, take_back_pitch

__all__ = [
    "note_copies",
    "undo_copy",
    "ObjectionInput",
    "answer_objection",
    "object_to_result",
    "JurorInput",
    "Pitch",
    "Said",
    "SheetInput",
    "StaleSheetError",
    "Wording",
    "abstain",
    "add_juror",
    "add_pitch_file",
    "admit_entry",
    "ask_entry_fix",
    "assign_sheets",
    "cancel_competition",
    "confirm_receipt",
    "correct_sheet",
    "create_competition",
    "decide_conflict",
    "decide_tie",
    "declare_change",
    "declare_competition",
    "declare_conflicts",
    "discard_change",
    "draw_order",
    "drop_files",
    "end_entry",
    "end_pitch",
    "enter_jury",
    "invite_juror",
    "join_jury",
    "lock_result",
    "make_training_entry",
    "mark_absent",
    "move_entry",
    "erase_other",
    "note_copy",
    "name_chair",
    "plan_times",
    "propose_awards",
    "read_method",
    "recuse",
    "refuse_entry",
    "remove_entry",
    "remove_pitch_file",
    "reopen_result",
    "save_draft",
    "save_pitch",
    "save_sheet",
    "start_pitch",
    "submit_sheet",
    "take_back_pitch",
    "tell_order",
    "undo_entry_check",
    "withdraw_juror",
    "withdraw_pitch",
]
