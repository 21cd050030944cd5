"""Sums of a line and payments of the tests of money."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from budgets import actions
from budgets.models import BudgetLine, Payment, PaymentStep
from tests import cast, factories


def sums(line: BudgetLine) -> tuple[int, int]:
    """Reserved and spent, as PostgreSQL has them now."""
    return BudgetLine.objects.values_list("reserved", "spent").get(pk=line.pk)


def proposed(line: BudgetLine, **values: Any) -> Payment:
    """An honorarium of a million for the payee of an account in force."""
    payee = values.pop("payee", None) or factories.payee_account(line.fund.agency)
    told: dict[str, Any] = {"payee_name": payee.payee_name, "gross": 1_000_000, "kind": "honorarium"}
    told |= {"purpose": "Mengajar", "reference": "session:1", "by": cast.activity_officer()}
    return actions.propose_payment(line=line, payee=payee, **(told | values))


def approved(line: BudgetLine, **values: Any) -> Payment:
    return actions.approve_payments(payments=[proposed(line, **values)], by=cast.budget_authority())[0]


def paid(line: BudgetLine, **values: Any) -> Payment:
    told: dict[str, Any] = {
        "paid_on": line.fund.agency.today(),
        "document": "SP2D 1",
        "tax": 50_000,
        "by": cast.treasurer(),
    }
    return actions.record_paid(payments=[approved(line, **values)], **told)[0]


def path(payment: Payment) -> list[str]:
    return list(PaymentStep.objects.filter(payment=payment).values_list("state", flat=True))


def refused(code: str, *, action: Callable[..., Any], **call: Any) -> None:
    """The action refuses, with this code alone, whether for a field or as a whole."""
    with pytest.raises(ValidationError) as refusal:
        action(**call)
    error = refusal.value
    found = (
        [each for errors in error.error_dict.values() for each in errors]
        if hasattr(error, "error_dict")
        else error.error_list
    )
    assert [each.code for each in found] == [code]
