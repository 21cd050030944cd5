"""Who comes in where."""

from collections.abc import Callable
from typing import Any

PUBLIC = "IIIIIIIIIIII"  # without the door of the own page everybody is asked who they are
# One letter for each of the cast of tests/ikm_portal/test_access.py.
TABLE: dict[str, tuple[str, str]] = {
    "incentives:pitch_own": ("get", PUBLIC),
    "incentives:pitch_own_file": ("get", PUBLIC),
    "incentives:pitch_own_file_remove": ("post", PUBLIC),
    "incentives:pitch_own_withdraw": ("get", PUBLIC),
}
ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "incentives:pitch_own": lambda world: [world["competition"].pk],
    "incentives:pitch_own_file": lambda world: [world["competition"].pk, 1],
    "incentives:pitch_own_file_remove": lambda world: [world["competition"].pk, 1],
    "incentives:pitch_own_withdraw": lambda world: [world["competition"].pk],
}
