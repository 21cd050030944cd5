"""Writes about money: what consumes a budget line takes it by one conditional statement, as late as it can."""

from budgets.actions.accounts import (
    AccountDetails,
    AccountSource,
    confirm_account,
    confirm_listed,
    enter_account,
    refuse_account,
    reveal_account,
    withdraw_listed,
)
from budgets.actions.ceilings import Decree, apply_version, close_fund, keep_sheet, shift_between, take_over_sheet
from budgets.actions.checking import note_wrong_sums
from budgets.actions.funds import save_fund, set_fund_rules
from budgets.actions.lines import enter_line
from budgets.actions.payments import (
    approve_payments,
    cancel_payment,
    propose_again,
    record_failed,
    record_paid,
    record_returned,
    reject_payment,
)
from budgets.actions.proofs import keep_proof, look_at_proof, withdraw_proof
from budgets.actions.proposing import Proposal, propose_payment, propose_payments
from budgets.actions.reference import load_money_lists, load_transfer_layouts
from budgets.actions.reservations import release, reserve
from budgets.actions.stand_ins import end_stand_in, name_stand_in
from budgets.actions.transfers import (
    Outcome,
    cancel_transfer_list,
    hand_out_orders,
    make_transfer_list,
    record_outcome,
)
from budgets.actions.withholding import hand_out_withheld

__all__ = [
    "AccountDetails",
    "AccountSource",
    "Decree",
    "Outcome",
    "Proposal",
    "apply_version",
    "approve_payments",
    "cancel_payment",
    "cancel_transfer_list",
    "close_fund",
    "confirm_account",
    "confirm_listed",
    "end_stand_in",
    "enter_account",
    "enter_line",
    "hand_out_orders",
    "hand_out_withheld",
    "keep_proof",
    "keep_sheet",
    "load_money_lists",
    "load_transfer_layouts",
    "look_at_proof",
    "make_transfer_list",
    "name_stand_in",
    "note_wrong_sums",
    "propose_again",
    "propose_payment",
    "propose_payments",
    "record_failed",
    "record_outcome",
    "record_paid",
    "record_returned",
    "refuse_account",
    "reject_payment",
    "release",
    "reserve",
    "reveal_account",
    "save_fund",
    "set_fund_rules",
    "shift_between",
    "take_over_sheet",
    "withdraw_listed",
    "withdraw_proof",
]
