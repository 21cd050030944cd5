"""Reads about money that join several rows."""

from budgets.queries.accounts import ListedAccount, WaitingList, listed_accounts, waiting_lists
from budgets.queries.checking import differing_lines
from budgets.queries.shared import shared_by_lines, shared_by_payments
from budgets.queries.sums import Absorption, absorption_of, share_sums
from budgets.queries.transfers import (
    Candidate,
    account_hindrance,
    candidates,
    misfit_sentence,
    open_lists,
    orders_of,
)
from budgets.queries.withholding import withheld_from, withheld_in

__all__ = [
    "Absorption",
    "Candidate",
    "ListedAccount",
    "WaitingList",
    "absorption_of",
    "account_hindrance",
    "candidates",
    "differing_lines",
    "listed_accounts",
    "misfit_sentence",
    "open_lists",
    "orders_of",
    "share_sums",
    "shared_by_lines",
    "shared_by_payments",
    "waiting_lists",
    "withheld_from",
    "withheld_in",
]
