"""Every write about official papers: the office's texts and numbers, who signs, and what was issued."""

from documents.actions.letterheads import save_letterhead
from documents.actions.officials import (
    end_mandate,
    end_tenure,
    give_mandate,
    give_position,
    remove_mandate,
    remove_tenure,
    save_official,
    save_position,
)
from documents.actions.signing import MOST_AT_ONCE, keep_scan, note_read, sign_papers, withdraw_scan

__all__ = [
    "MOST_AT_ONCE",
    "end_mandate",
    "end_tenure",
    "give_mandate",
    "give_position",
    "keep_scan",
    "note_read",
    "remove_mandate",
    "remove_tenure",
    "save_letterhead",
    "save_official",
    "save_position",
    "sign_papers",
    "withdraw_scan",
]
