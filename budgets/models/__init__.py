"""Funds, their budget lines, and what was paid from them."""

from budgets.models.fund import FundGroup, FundReport, FundShare, FundSource, FundSourceQuerySet, TargetGroup
from budgets.models.line import BudgetLine, BudgetLineQuerySet, CeilingAmount, CeilingVersion, Reservation
from budgets.models.payee import Bank, PayeeAccount, account_hash, clean_account_number
from budgets.models.payment import DROPPED, HELD, Payment, PaymentQuerySet, PaymentStep
from budgets.models.proof import ProvenPayment, TransferProof
from budgets.models.sheet import BudgetSheet
from budgets.models.slips import slip_subjects, slips_of
from budgets.models.stand_in import StandIn
from budgets.models.tax import TaxKind, TaxRule
from budgets.models.transfer import TransferLayout, TransferLine, TransferList

__all__ = [
    "account_hash",
    "clean_account_number",
    "DROPPED",
    "HELD",
    "Bank",
    "BudgetLine",
    "BudgetLineQuerySet",
    "BudgetSheet",
    "CeilingAmount",
    "CeilingVersion",
    "FundGroup",
    "FundReport",
    "FundShare",
    "FundSource",
    "FundSourceQuerySet",
    "Payment",
    "PaymentQuerySet",
    "PaymentStep",
    "PayeeAccount",
    "ProvenPayment",
    "Reservation",
    "StandIn",
    "TargetGroup",
    "TaxKind",
    "TaxRule",
    "TransferLayout",
    "TransferLine",
    "TransferList",
    "TransferProof",
    "slip_subjects",
    "slips_of",
]
