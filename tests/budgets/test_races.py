"""Money taken by many at once on connections of their own."""

from collections import Counter
from functools import partial
from typing import Any

import pytest

from accounts.roles import Role
from budgets import actions
from budgets.models import PayeeAccount, Payment, TransferLine, TransferList
from tests import cast, factories
from tests.budgets.listed import award, layout, listed, six_awards
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


def test_ten_lists_at_once_take_each_payment_once() -> None:
    line, form, by = factories.budget_line(ceiling=20_000_000), layout(), cast.treasurer()
    payments = six_awards(line)
    orders = [payments, payments[::-1]] * 5
    jobs = [partial(actions.make_transfer_list, payments=rows, layout=form, by=by) for rows in orders]
    answers = outcomes(at_once(jobs))
    assert sorted(set(answers)) == ["done", "+".join(["listed"] * 6)]
    assert (answers.count("done"), TransferList.objects.count(), TransferLine.objects.count()) == (1, 1, 6)


def test_lists_made_at_once_have_numbers_without_gap() -> None:
    line, form, by = factories.budget_line(ceiling=20_000_000), layout(), cast.treasurer()
    payments = [award(line, reference=f"a:{number}") for number in range(8)]
    jobs = [partial(actions.make_transfer_list, payments=[row], layout=form, by=by) for row in payments]
    assert outcomes(at_once(jobs)) == ["done"] * 8
    assert sorted(TransferList.objects.values_list("number", flat=True)) == list(range(1, 9))


def test_two_treasurers_record_the_same_outcome_at_once() -> None:
    line = factories.budget_line(ceiling=20_000_000)
    made = listed(line)
    told = actions.Outcome(made.agency.today(), dict.fromkeys(made.lines.values_list("pk", flat=True), "TRX-1"))
    both = [cast.treasurer(), factories.user("bendahara.dua", role=Role.TREASURER)]
    jobs = [partial(actions.record_outcome, transfer_list=made, outcome=told, by=by) for by in both]
    assert Counter(outcomes(at_once(jobs))) == {"done": 1, "line_settled": 1}
    steps = [row.steps.filter(state="paid").count() for row in Payment.objects.all()]
    assert (sums(line), steps) == ((0, 14_400_000), [1] * 6)


def test_list_outcome_cancelling_and_paying_beside_it_end_in_one_way() -> None:
    line, by, form = factories.budget_line(ceiling=20_000_000), cast.treasurer(), layout()
    officer = cast.activity_officer()
    for number in range(6):
        row = award(line, reference=f"a:{number}", gross=1_000)
        told: dict[str, Any] = {"paid_on": row.agency.today(), "document": "SP2D", "by": by}
        answers = outcomes(
            at_once(
                [
                    partial(actions.make_transfer_list, payments=[row], layout=form, by=by),
                    partial(actions.record_paid, payments=[row], **told),
                    partial(actions.cancel_payment, payment=row, reason="x", by=officer),
                ]
            )
        )
        assert Counter(answers)["done"] == 1
        assert set(answers) <= {"done", "payment_moved", "payment_listed"}
    listed_now = TransferLine.objects.filter(state="waiting").count()
    assert Payment.objects.filter(state="approved").count() == listed_now
