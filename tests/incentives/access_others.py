"""Who answers jurors and objectors about their data: officers of requests; erasing is the protection officer's."""

from collections.abc import Callable
from typing import Any

ANSWERS, ANSWERS_HERE, ERASES = "LFFFIFFFIFIF", "LFFFIFFFNFIF", "LFFFFFFFFFIF"
TABLE: dict[str, tuple[str, str]] = {
    "incentives:other_list": ("get", ANSWERS),
    "incentives:other_detail": ("get", ANSWERS_HERE),
    "incentives:other_erase": ("get", ERASES),
}
ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "incentives:other_list": lambda _rows: [],
    "incentives:other_detail": lambda rows: ["juri", rows["juror"].pk],
    "incentives:other_erase": lambda rows: ["penyanggah", rows["objection"].pk],
}
