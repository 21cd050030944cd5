"""Every write about competitions."""

from incentives.actions.deciding import decide_tie, lock_result, remove_entry, reopen_result

__all__ = ["decide_tie", "lock_result", "remove_entry", "reopen_result"]
