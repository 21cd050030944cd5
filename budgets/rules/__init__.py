"""Codes, amounts, taxes and bank files: values in, values out."""

from budgets.rules.amounts import AmountError, parse_rupiah
from budgets.rules.codes import CodeError, code_key, parse_account_code, parse_sub_activity_code
from budgets.rules.tax import Rate, TaxTerms, gross_up, tax_on
from budgets.rules.transfers import Layout, LayoutError, Misfit, Orders, Transfer, bank_file, misfits, parse_layout
from budgets.rules.withholding import SLIP_OPENING, Withheld, slip_body

__all__ = [
    "SLIP_OPENING",
    "AmountError",
    "CodeError",
    "Layout",
    "LayoutError",
    "Misfit",
    "Orders",
    "Rate",
    "TaxTerms",
    "Transfer",
    "Withheld",
    "bank_file",
    "code_key",
    "gross_up",
    "misfits",
    "parse_account_code",
    "parse_layout",
    "parse_rupiah",
    "parse_sub_activity_code",
    "slip_body",
    "tax_on",
]
