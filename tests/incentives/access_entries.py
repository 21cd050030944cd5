"""Who comes in where."""

from collections.abc import Callable
from typing import Any

PUBLIC = "IIIIIIIIIIII"  # without the door of the own page everybody is asked who they are
SEES = "LFFFIIIINIFF"
CHECKS = "LFFFIIFFNFFF"
MANAGES = "LFFFIFFFNFFF"
# One letter for each of the cast of tests/ikm_portal/test_access.py.
TABLE: dict[str, tuple[str, str]] = {
    "incentives:entry_list": ("get", SEES),
    "incentives:entry_print": ("get", SEES),
    "incentives:entry_run_sheet": ("get", SEES),
    "incentives:entry_detail": ("get", SEES),
    "incentives:entry_file": ("get", "LFFFNNNNNNFF"),  # this pitch has no file
    "incentives:entry_check": ("get", CHECKS),
    "incentives:entry_undo": ("post", CHECKS),
    "incentives:entry_end": ("get", CHECKS),
    "incentives:entry_order": ("get", MANAGES),
    "incentives:entry_draw": ("post", MANAGES),
    "incentives:entry_tell": ("post", MANAGES),
    "incentives:entry_move": ("post", MANAGES),
    "incentives:pitch_own": ("get", PUBLIC),
    "incentives:pitch_own_file": ("get", PUBLIC),
    "incentives:pitch_own_file_remove": ("post", PUBLIC),
    "incentives:pitch_own_withdraw": ("get", PUBLIC),
    "incentives:pitch_own_certificate": ("get", PUBLIC),
}
OF_COMPETITION = ("list", "print", "run_sheet", "order", "draw", "tell")
ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    **dict.fromkeys(
        [f"incentives:entry_{step}" for step in ("detail", "check", "undo", "end", "move")],
        lambda rows: [rows["pitch"].pk],
    ),
    **dict.fromkeys([f"incentives:entry_{step}" for step in OF_COMPETITION], lambda rows: [rows["competition"].pk]),
    "incentives:entry_file": lambda rows: [rows["pitch"].pk, 0],
    "incentives:pitch_own_file": lambda rows: [rows["competition"].pk, 0],
    "incentives:pitch_own_file_remove": lambda rows: [rows["competition"].pk, 0],
    "incentives:pitch_own_withdraw": lambda rows: [rows["competition"].pk],
    "incentives:pitch_own_certificate": lambda rows: [rows["competition"].pk],
    "incentives:pitch_own": lambda rows: [rows["competition"].pk],  # behind what begins like it
}
