from typing import Any

import pytest

from accounts.models import AuditEntry
from budgets import actions
from budgets.models import Bank, PayeeAccount
from tests import cast, factories
from tests.budgets.money import refused

pytestmark = pytest.mark.django_db


def enter(number: str = "9000 0123-45", holder: str = "Sari Dewi", reason: str = "", **values: Any) -> PayeeAccount:
    bank = Bank.objects.get_or_create(code="113", defaults={"name": "Bank Jateng"})[0]
    told: dict[str, Any] = {"agency": cast.home_agency(), "owner": "instructor:1", "payee_name": "Sari Dewi, S.Pd."}
    told |= {"by": cast.activity_officer()} | values
    return actions.enter_account(details=actions.AccountDetails(bank, number, holder, reason), **told)


def test_first_account_of_the_payee_is_in_force_at_once() -> None:
    row = enter()
    assert (row.state, row.number, row.last4, row.needs_second) == ("in_force", "9000012345", "2345", False)
    entry = AuditEntry.objects.about(row).get()
    assert "9000012345" not in str(entry.changes)


def test_changed_account_needs_a_second_person() -> None:
    first, second = enter(), enter("8800 1122 33")
    assert (first.state, second.state) == ("in_force", "pending")
    refused("own_account", action=actions.confirm_account, account=second, by=cast.activity_officer())
    actions.confirm_account(account=second, by=cast.treasurer())
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.decided_by) == ("ended", "in_force", cast.treasurer())
    refused("account_decided", action=actions.confirm_account, account=second, by=cast.treasurer())


def test_account_of_somebody_else_needs_a_reason_and_a_second_person() -> None:
    refused("holder_differs", action=enter, holder="Budi Santoso")
    row = enter(holder="Budi Santoso", reason="Rekening suami")
    assert (row.state, row.holder_differs) == ("pending", True)
    actions.refuse_account(account=row, reason="Tanpa surat kuasa", by=cast.treasurer())
    assert PayeeAccount.objects.get().state == "refused"
    assert enter().state == "pending"  # after a refusal no account is a first one


def test_a_newer_account_takes_the_place_of_one_that_waits() -> None:
    enter()
    waiting, newest = enter("8800112233"), enter("7700112233")
    waiting.refresh_from_db()
    assert (waiting.state, newest.state) == ("refused", "pending")
    refused("account_same", action=enter, number="9000012345")


@pytest.mark.parametrize("number", ["1234", "12345678901234567890 1", "12a45678", "", "９０００012345"])
def test_account_number_has_digits(number: str) -> None:
    refused("account_number", action=enter, number=number)


def test_look_at_a_whole_number_leaves_a_trace() -> None:
    row = factories.payee_account(number="9000012345")
    assert actions.reveal_account(account=row, purpose="Transfer SP2D 7", by=cast.treasurer()) == "9000012345"
    entry = AuditEntry.objects.about(row).get()
    assert (entry.action, entry.purpose) == ("payee_account.revealed", "Transfer SP2D 7")
    refused("reason_missing", action=actions.reveal_account, account=row, purpose=" ", by=cast.treasurer())
