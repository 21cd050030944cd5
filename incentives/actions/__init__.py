"""Every write about competitions."""

from incentives.actions.deciding import decide_tie, lock_result, remove_entry, reopen_result
from incentives.actions.declaring import cancel_competition, declare_change, declare_competition
from incentives.actions.drafting import Wording, create_competition, discard_change, example_wording, save_draft

__all__ = [
    "Wording",
    "cancel_competition",
    "create_competition",
    "decide_tie",
    "declare_change",
    "declare_competition",
    "discard_change",
    "example_wording",
    "lock_result",
    "remove_entry",
    "reopen_result",
    "save_draft",
]
