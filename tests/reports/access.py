"""Who may open the boards of papers: a part of tests/ikm_portal/test_access.py."""

from collections.abc import Callable
from typing import Any

# Anonymous, nobody, village officers here and next door, programme officer, verifier, head of division, treasurer,
# officer of another office, auditor, data protection officer, administrator.
SEES = "LFFFIFIIIIFF"
SEES_HERE = "LFFFIFIINIFF"
MAKES_HERE = "LFFFIFFFNFFF"

COMPLETENESS: dict[str, tuple[str, str]] = {
    "reports:completeness_list": ("get", SEES),
    "reports:completeness_batch": ("get", SEES_HERE),
    "reports:completeness_make": ("post", MAKES_HERE),
    "reports:completeness_print": ("post", SEES_HERE),
    "reports:completeness_program": ("get", SEES_HERE),
    "reports:completeness_program_make": ("post", MAKES_HERE),
    "reports:completeness_program_print": ("post", SEES_HERE),
    "reports:completeness_competitions": ("get", SEES),
    "reports:completeness_competition": ("get", SEES_HERE),
    "reports:completeness_competition_make": ("post", MAKES_HERE),
    "reports:completeness_competition_print": ("post", SEES_HERE),
}
# Every name that begins so.
COMPLETENESS_ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "reports:completeness_program": lambda world: [world["program"].pk],
    "reports:completeness_competitions": lambda world: [],
    "reports:completeness_competition": lambda world: [world["competition"].pk],
}
