"""Every write about official papers: the office's texts and numbers, who signs, and what was issued."""

from documents.actions.issuing import issue, issue_many, reissue, revoke, revoke_groundless
from documents.actions.letterheads import save_letterhead
from documents.actions.numbers import drop_numbering, open_register, save_numbering
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
from documents.actions.setting import note_copied, note_opened, render, reprint, set_in_type
from documents.actions.signing import MOST_AT_ONCE, keep_scan, note_read, sign_papers, withdraw_scan
from documents.actions.templates import check_template, restore_template, save_template

__all__ = [
    "MOST_AT_ONCE",
    "check_template",
    "drop_numbering",
    "end_mandate",
    "end_tenure",
    "give_mandate",
    "give_position",
    "issue",
    "issue_many",
    "keep_scan",
    "note_copied",
    "note_opened",
    "note_read",
    "open_register",
    "reissue",
    "remove_mandate",
    "remove_tenure",
    "render",
    "reprint",
    "restore_template",
    "revoke",
    "revoke_groundless",
    "save_letterhead",
    "save_numbering",
    "save_official",
    "save_position",
    "save_template",
    "set_in_type",
    "sign_papers",
    "withdraw_scan",
]
