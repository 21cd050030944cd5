"""Who comes in where."""

from collections.abc import Callable
from typing import Any

# One letter for each of the cast of tests/ikm_portal/test_access.py.
SEES = "LFFFIIIINIFF"
MANAGES = "LFFFIFFFNFFF"
TABLE: dict[str, tuple[str, str]] = {
    "incentives:result_detail": ("get", SEES),
    "incentives:result_remove": ("get", MANAGES),
}
ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = dict.fromkeys(
    TABLE, lambda rows: [rows["competition"].pk]
)
