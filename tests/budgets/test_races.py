"""Money taken by many at once on connections of their own."""

from collections import Counter
from functools import partial
from typing import Any

import pytest

from accounts.roles import Role
from budgets import actions
from budgets.models import PayeeAccount, Payment
from tests import cast, factories
from tests.budgets.money import approved, proposed, sums
from tests.participants.crowd import at_once, outcomes

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_thirty_propose_at_once_and_the_line_is_never_overdrawn() -> None:
    line, by = factories.budget_line(ceiling=1_000), cast.activity_officer()
    payees = [factories.payee_account() for _ in range(30)]
    jobs = [partial(proposed, line, payee=payee, gross=100, by=by) for payee in payees]
    assert Counter(outcomes(at_once(jobs))) == {"done": 10, "line_overdrawn": 20}
    assert (sums(line), Payment.objects.count()) == ((1_000, 0), 10)


def test_the_same_payment_twenty_times_is_proposed_once() -> None:
    line, payee, by = factories.budget_line(), factories.payee_account(), cast.activity_officer()
    answers = outcomes(at_once([partial(proposed, line, payee=payee, by=by)] * 20))
    assert Counter(answers) == {"done": 1, "payment_once": 19}
    assert sums(line) == (1_000_000, 0)


def test_two_treasurers_press_pay_at_once() -> None:
    line = factories.budget_line()
    payment = approved(line)
    both = [cast.treasurer(), factories.user("bendahara.dua", role=Role.TREASURER)]
    told: dict[str, Any] = {"payments": [payment], "paid_on": line.fund.agency.today(), "document": "SP2D 1", "tax": 0}
    answers = outcomes(at_once([partial(actions.record_paid, by=by, **told) for by in both]))
    assert Counter(answers) == {"done": 1, "payment_moved": 1}
    assert (sums(line), payment.steps.filter(state="paid").count()) == ((0, 1_000_000), 1)


def test_approve_cancel_and_reject_at_once_end_in_one_way() -> None:
    line = factories.budget_line()
    officer, authority = cast.activity_officer(), cast.budget_authority()
    for number in range(6):
        payment = proposed(line, reference=f"session:{number}", gross=1_000)
        answers = outcomes(
            at_once(
                [
                    partial(actions.approve_payments, payments=[payment], by=authority),
                    partial(actions.reject_payment, payment=payment, reason="x", by=authority),
                    partial(actions.cancel_payment, payment=payment, reason="x", by=officer),
                ]
            )
        )
        assert set(answers) <= {"done", "payment_moved"}
    kept = Payment.objects.filter(state="approved").count()
    assert sums(line) == (kept * 1_000, 0)


def test_bundles_that_cross_each_other_do_not_lock_each_other_out() -> None:
    line = factories.budget_line()
    payments = [proposed(line, gross=1_000) for _ in range(12)]
    authority = cast.budget_authority()
    jobs = [partial(actions.approve_payments, payments=rows, by=authority) for rows in (payments, payments[::-1])]
    assert Counter(outcomes(at_once(jobs))) == {"done": 1, "payment_moved": 1}
    assert Payment.objects.filter(state="approved").count() == 12


def test_ten_accounts_at_once_leave_one_in_force() -> None:
    agency, by = cast.home_agency(), cast.activity_officer()
    bank = factories.payee_account().bank
    jobs = [
        partial(
            actions.enter_account,
            agency=agency,
            owner="instructor:1",
            payee_name="Sari",
            details=actions.AccountDetails(bank, f"900000000{number}", "Sari"),
            by=by,
        )
        for number in range(10)
    ]
    assert outcomes(at_once(jobs)) == ["done"] * 10
    mine = PayeeAccount.objects.filter(owner="instructor:1")
    assert Counter(mine.values_list("state", flat=True)) == {"in_force": 1, "pending": 1, "refused": 8}
