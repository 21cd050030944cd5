"""Who comes in where. Pages of jurors are public addresses: whoever has no juror's cookie is led to number and PIN."""

from collections.abc import Callable
from typing import Any

from incentives.queries import wall_key

# One letter for each of the cast of tests/ikm_portal/test_access.py.
SEES, RUNS, PUBLIC = "LFFFIIIINIFF", "LFFFIFFFNFFF", "IIIIIIIIIIII"
TABLE: dict[str, tuple[str, str]] = {
    "incentives:juror_list": ("get", SEES),
    "incentives:juror_create": ("get", RUNS),
    "incentives:juror_assign": ("post", RUNS),
    "incentives:juror_training": ("get", RUNS),
    "incentives:juror_invite": ("post", RUNS),
    "incentives:juror_chair": ("post", RUNS),
    "incentives:juror_withdraw": ("get", RUNS),
    "incentives:juror_conflict": ("get", RUNS),
    "incentives:pitch_day": ("get", SEES),
    "incentives:pitch_step": ("post", RUNS),
    "incentives:wall": ("get", PUBLIC),
    "incentives:wall_now": ("get", PUBLIC),
    "incentives:jury_home": ("get", PUBLIC),
    "incentives:jury_door": ("get", PUBLIC),
    "incentives:jury_leave": ("post", PUBLIC),
    "incentives:jury_link": ("get", PUBLIC),
    "incentives:jury_worker": ("get", PUBLIC),
    "incentives:jury_lost": ("get", PUBLIC),
    "incentives:jury_changes": ("get", PUBLIC),
    "incentives:jury_declare": ("get", PUBLIC),
    "incentives:jury_sheet": ("get", PUBLIC),
    "incentives:jury_file": ("get", PUBLIC),
    "incentives:jury_save": ("post", PUBLIC),
    "incentives:jury_send": ("get", PUBLIC),
    "incentives:jury_recuse": ("get", PUBLIC),
    "incentives:jury_board": ("get", PUBLIC),
    "incentives:jury_entry": ("get", PUBLIC),
    "incentives:jury_correct": ("get", PUBLIC),
}
OF_COMPETITION = ("juror_list", "juror_create", "juror_assign", "juror_training", "pitch_day")
OF_SHEET = ("jury_sheet", "jury_save", "jury_send", "jury_recuse", "jury_correct")
ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    **{f"incentives:{name}": lambda world: [world["competition"].pk] for name in OF_COMPETITION},
    **{f"incentives:{name}": lambda world: [world["juror"].pk] for name in ("juror_invite", "juror_chair")},
    "incentives:juror_withdraw": lambda world: [world["juror"].pk],
    "incentives:juror_conflict": lambda world: [world["conflict"].pk],
    **{f"incentives:{name}": lambda world: [world["sheet"].pk] for name in OF_SHEET},
    **{f"incentives:{name}": lambda world: [world["pitch"].pk] for name in ("jury_entry", "pitch_step")},
    "incentives:jury_file": lambda world: [world["sheet"].pk, 1],
    "incentives:jury_link": lambda world: ["x" * 43],
    "incentives:wall": lambda world: [world["competition"].pk, wall_key(world["competition"].pk)],
}
