"""Who comes in where."""

from collections.abc import Callable
from typing import Any

from incentives.models import Award, ReceiptCheck, UseReport

# One letter for each of the cast of tests/ikm_portal/test_access.py.
SEES = "LFFFIIIINIFF"
READS = "LFFFIFIINIFF"  # whoever sees payments as well
MANAGES = "LFFFIFFFNFFF"
HEAD = "LFFFFFFFFFFF"  # the head of the office is none of the cast
PUBLIC = "IIIIIIIIIIII"  # without the door of the own page everybody is asked who they are
TABLE: dict[str, tuple[str, str]] = {
    "incentives:follow_up": ("get", SEES),
    "incentives:receipt_draw": ("post", MANAGES),
    "incentives:receipt_ask_all": ("post", MANAGES),
    "incentives:report_sheet": ("post", READS),
    "incentives:file_close": ("get", MANAGES),
    "incentives:file_reopen": ("get", HEAD),
    "incentives:award_receipt": ("get", MANAGES),
    "incentives:receipt_settle": ("get", MANAGES),
    "incentives:report_detail": ("get", READS),
    "incentives:report_visit": ("get", MANAGES),
    "incentives:report_photo": ("get", "LFFFNFNNNNFF"),  # this report has no photo
    "incentives:receipt_own": ("get", PUBLIC),
    "incentives:report_own": ("get", PUBLIC),
    "incentives:report_own_photo": ("get", PUBLIC),
}
OF_COMPETITION = ("follow_up", "receipt_draw", "receipt_ask_all", "report_sheet", "file_close", "file_reopen")
ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    **{f"incentives:{name}": lambda rows: [rows["competition"].pk] for name in OF_COMPETITION},
    "incentives:award_receipt": lambda rows: [rows["award"].pk],
    "incentives:receipt_settle": lambda rows: [rows["receipt"].pk],
    "incentives:report_photo": lambda rows: [rows["use_report"].pk, 0],
    "incentives:report_detail": lambda rows: [rows["use_report"].pk],
    "incentives:report_visit": lambda rows: [rows["use_report"].pk],
    "incentives:report_own_photo": lambda rows: [rows["competition"].pk, 0],
    "incentives:receipt_own": lambda rows: [rows["competition"].pk],
    "incentives:report_own": lambda rows: [rows["competition"].pk],
}


def after_rows(award: Award) -> dict[str, Any]:
    """A question that waits and a report that is not begun."""
    today = award.competition.program.agency.today()
    check = ReceiptCheck.objects.create(award=award, net=2_850_000, paid_on=today, document="SP2D 1")
    return {"receipt": check, "use_report": UseReport.objects.create(award=award, due_on=today)}
