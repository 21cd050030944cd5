"""Who comes in where."""

from collections.abc import Callable
from typing import Any

RUNS = "LFFFIFFFNFFF"
# One letter for each of the cast of tests/ikm_portal/test_access.py.
TABLE: dict[str, tuple[str, str]] = {
    "incentives:competition_list": ("get", "LFFFIIIIIIFF"),
    "incentives:competition_create": ("get", "LFFFIFFFIFFF"),
    "incentives:competition_detail": ("get", "LFFFIIIINIFF"),
    "incentives:competition_edit": ("get", RUNS),
    "incentives:competition_declare": ("get", RUNS),
    "incentives:competition_change": ("get", RUNS),
    "incentives:competition_change_declare": ("get", RUNS),
    "incentives:competition_change_discard": ("post", RUNS),
    "incentives:competition_cancel": ("get", RUNS),
    "incentives:competition_public": ("get", "IIIIIIIIIIII"),
}
ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "incentives:competition_public": lambda world: [world["competition"].program.slug, world["competition"].slug],
    "incentives:competition_list": lambda _world: [],
    "incentives:competition_create": lambda _world: [],
    "incentives:competition_": lambda world: [world["competition"].pk],
}
