"""Who comes in where."""

from collections.abc import Callable
from typing import Any

# One letter for each of the cast of tests/ikm_portal/test_access.py.
SEES = "LFFFIIIINIFF"
MANAGES = "LFFFIFFFNFFF"
PROPOSES = "LFFFFFFFFFFF"  # none of the cast keeps the activity
TABLE: dict[str, tuple[str, str]] = {
    "incentives:result_detail": ("get", SEES),
    "incentives:result_remove": ("get", MANAGES),
    "incentives:award_list": ("get", SEES),
    "incentives:award_propose": ("post", PROPOSES),
}
TABLE |= {"incentives:award_copies": ("get", SEES)}
NO_COPY = "LFFFNNNNNNFF"  # nothing was marked
ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = dict.fromkeys(
    TABLE, lambda rows: [rows["competition"].pk]
)
PUBLIC = "IIIIIIIIIIII"  # without the cookie of the chair everybody is led to number and PIN
CHAIR = dict.fromkeys(("jury_result", "result_lock", "result_reopen", "tie_decide"), ("get", PUBLIC))
TABLE |= {"incentives:objection_list": ("get", MANAGES), "incentives:objection_answer": ("get", MANAGES)}
ARGUMENTS |= {"incentives:objection_list": lambda rows: [rows["competition"].pk]}
ARGUMENTS |= {"incentives:objection_answer": lambda rows: [rows["objection"].pk]}
for page in ("winners", "objection_send"):
    TABLE |= {f"incentives:{page}": ("get", PUBLIC)}
    ARGUMENTS |= {f"incentives:{page}": lambda rows: [rows["competition"].program.slug, rows["competition"].slug]}
TABLE |= {"incentives:copy_undo": ("post", NO_COPY)}
ARGUMENTS |= {"incentives:copy_undo": lambda rows: [0]}
TABLE |= {f"incentives:{name}": row for name, row in CHAIR.items()}
ARGUMENTS |= {"incentives:tie_decide": lambda rows: [rows["pitch"].pk]}
