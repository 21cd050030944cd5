"""Approved payments of the tests of transfer lists, and a list of them."""

from typing import Any

from budgets import actions
from budgets.models import BudgetLine, Payment, TransferLayout, TransferList
from tests import cast, factories
from tests.budgets.money import approved

AWARDS = (3_000_000, 3_000_000, 2_400_000, 2_400_000, 1_800_000, 1_800_000)


def layout(code: str = "contoh-csv") -> TransferLayout:
    actions.load_money_lists(by=None)
    return TransferLayout.objects.get(code=code, agency=None)


def six_awards(line: BudgetLine) -> list[Payment]:
    """The worked example: gross 14.400.000, tax 720.000, net 13.680.000."""
    return [award(line, gross=gross, reference=f"competition:{place}") for place, gross in enumerate(AWARDS)]


def award(line: BudgetLine, **values: Any) -> Payment:
    actions.load_money_lists(by=None)  # with the rule that the tax follows from
    told = {"kind": "award", "purpose": "Penghargaan Juara", "tax_kind": "winner", "bundle": "competition:1"}
    return approved(line, **(told | values))


def listed(line: BudgetLine | None = None, *payments: Payment, code: str = "contoh-csv") -> TransferList:
    """A list of the given payments, else of the six awards, made by the treasurer."""
    rows = list(payments) or six_awards(line or factories.budget_line(ceiling=20_000_000))
    return actions.make_transfer_list(payments=rows, layout=layout(code), by=cast.treasurer())
