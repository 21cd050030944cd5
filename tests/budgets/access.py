"""Who comes to the pages of funds: a part of tests/ikm_portal/test_access.py."""

from collections.abc import Callable
from datetime import date
from typing import Any

from accounts.models import Agency
from budgets.actions import Decree, apply_version
from tests import cast, factories

# Anonymous, nobody, village officers here and next door, programme officer, verifier, head of division, treasurer,
# officer of another office, auditor, data protection officer, administrator.
SEES_FUNDS = "LFFFIFIIIIFF"
SEES_FUND = "LFFFIFIINIFF"
KEEPS_FUNDS = "LFFFFFFFFFFF"  # the activity officer alone: tests/budgets/test_views_funds.py

FUNDS: dict[str, tuple[str, str]] = {
    "budgets:fund_list": ("get", SEES_FUNDS),
    "budgets:fund_detail": ("get", SEES_FUND),
    "budgets:line_detail": ("get", SEES_FUND),
    "budgets:version_detail": ("get", SEES_FUND),
    "budgets:fund_create": ("get", KEEPS_FUNDS),
    "budgets:fund_edit": ("get", KEEPS_FUNDS),
    "budgets:fund_close": ("get", KEEPS_FUNDS),
    "budgets:line_create": ("get", KEEPS_FUNDS),
    "budgets:fund_ceilings": ("get", KEEPS_FUNDS),
    "budgets:fund_shift": ("get", KEEPS_FUNDS),
    "budgets:fund_rules": ("get", KEEPS_FUNDS),
    "budgets:fund_upload": ("get", KEEPS_FUNDS),
    "budgets:fund_template": ("get", KEEPS_FUNDS),
    "budgets:sheet_detail": ("get", KEEPS_FUNDS),
}

FUND_ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "budgets:account_source": lambda world: [world["account"].agency_id, world["account"].source],
    "budgets:fund_list": lambda world: [],
    "budgets:fund_create": lambda world: [],
    "budgets:fund_": lambda world: [world["fund"].pk],
    "budgets:line_create": lambda world: [world["fund"].pk],
    "budgets:line_detail": lambda world: [world["fund_line"].pk],
    "budgets:version_detail": lambda world: [world["fund_version"].pk],
    "budgets:sheet_detail": lambda world: [1],
}


def funds(agency: Agency) -> dict[str, Any]:
    fund = factories.fund_source(agency, code="dana-uji")
    line = factories.budget_line(fund, ceiling=0)
    decree = Decree("original", "DPA 1", date(2026, 1, 2))
    version = apply_version(fund=fund, decree=decree, amounts={line.pk: 1_000_000}, by=cast.activity_officer())
    return {"fund": fund, "fund_line": line, "fund_version": version}
