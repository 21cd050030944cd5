"""Every write about competitions."""

from incentives.actions.awarding import confirm_receipt, propose_awards
from incentives.actions.deciding import decide_tie, lock_result, remove_entry, reopen_result
from incentives.actions.declaring import cancel_competition, declare_change, declare_competition
from incentives.actions.drafting import Wording, create_competition, discard_change, example_wording, save_draft
from incentives.actions.files import add_pitch_file, drop_files, remove_pitch_file
from incentives.actions.pitching import Pitch, save_pitch, withdraw_pitch

__all__ = [
    "Pitch",
    "Wording",
    "add_pitch_file",
    "cancel_competition",
    "confirm_receipt",
    "create_competition",
    "decide_tie",
    "declare_change",
    "declare_competition",
    "discard_change",
    "drop_files",
    "example_wording",
    "lock_result",
    "propose_awards",
    "remove_entry",
    "remove_pitch_file",
    "reopen_result",
    "save_draft",
    "save_pitch",
    "withdraw_pitch",
]
