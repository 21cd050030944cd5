"""Writes about money: what consumes a budget line takes it by one conditional statement, as late as it can."""

from budgets.actions.accounts import (
    AccountDetails,
    confirm_account,
    enter_account,
    refuse_account,
    reveal_account,
)
from budgets.actions.funds import save_fund
from budgets.actions.payments import (
    approve_payments,
    cancel_payment,
    propose_again,
    record_failed,
    record_paid,
    record_returned,
    reject_payment,
)
from budgets.actions.proposing import Proposal, propose_payment, propose_payments
from budgets.actions.reservations import release, reserve

__all__ = [
    "AccountDetails",
    "Proposal",
    "approve_payments",
    "cancel_payment",
    "confirm_account",
    "enter_account",
    "propose_again",
    "propose_payment",
    "propose_payments",
    "record_failed",
    "record_paid",
    "record_returned",
    "refuse_account",
    "reject_payment",
    "release",
    "reserve",
    "reveal_account",
    "save_fund",
]
