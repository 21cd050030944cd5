"""Each rule of PostgreSQL about transfer lists, broken once."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from budgets.models import TransferLayout, TransferLine, TransferList
from tests import cast, factories
from tests.budgets.listed import award, layout
from tests.support.constraints import broken_by

pytestmark = pytest.mark.django_db
Write = Callable[[], Any]


def list_of(**values: Any) -> TransferList:
    told = {"agency": cast.home_agency(), "year": 2026, "number": 1, "layout": layout(), "made_by": cast.treasurer()}
    return TransferList.objects.create(**(told | values))


def made(*, times: int = 1, **values: Any) -> Write:
    return lambda: [list_of(**values) for _ in range(times)]


def line(*changes: dict[str, Any]) -> Write:
    """Lines of one list; each of a payment of its own unless it says otherwise."""

    def write() -> None:
        of, money = list_of(), factories.budget_line()
        payments = [award(money, reference=f"a:{number}") for number, _change in enumerate(changes)]
        for position, (payment, change) in enumerate(zip(payments, changes, strict=True), 1):
            told: dict[str, Any] = {"transfer_list": of, "position": position, "payment": payment}
            told |= {"account": payment.account, "number": "1", "last4": "1", "gross": 100, "tax": 5} | change
            if told.pop("same", False):
                told["payment"] = payments[0]
            TransferLine.objects.create(**told)

    return write


def layouts(agency: Callable[[], Any] | None) -> Write:
    def write() -> None:
        for _ in range(2):
            office = agency() if agency else None
            TransferLayout.objects.create(
                agency=office, code="bank", name="B", valid=(dt.date(2024, 1, 1), None), spec={}
            )

    return write


BREAKING: list[tuple[str, Write]] = [
    ("transfer_layout_one_of_the_office", layouts(cast.home_agency)),
    ("transfer_layout_one_for_all", layouts(None)),
    ("transfer_list_number_once", made(times=2)),
    ("transfer_list_cancelled_is_told", made(state="cancelled", closed_at=timezone.now())),
    ("transfer_list_closed_is_told", made(state="closed")),
    ("transfer_list_closed_is_told", made(closed_at=timezone.now())),
    ("transfer_line_position_once", line({}, {"position": 1})),
    ("transfer_line_one_standing", line({}, {"same": True})),
    (
        "transfer_line_one_standing",
        line({"state": "paid", "paid_on": dt.date(2026, 1, 2), "document": "1"}, {"same": True}),
    ),
    ("transfer_line_net_positive", line({"tax": 100})),
    ("transfer_line_net_positive", line({"tax": -1})),
    ("transfer_line_paid_is_told", line({"state": "paid", "document": "1"})),
    ("transfer_line_failed_is_told", line({"state": "failed"})),
]


@pytest.mark.parametrize(("constraint", "write"), BREAKING)
def test_constraint_refuses(constraint: str, write: Write) -> None:
    assert broken_by(write) == constraint
