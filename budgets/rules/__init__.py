"""Codes, amounts and taxes: values in, values out."""

from budgets.rules.amounts import AmountError, parse_rupiah
from budgets.rules.codes import CodeError, code_key, parse_account_code, parse_sub_activity_code
from budgets.rules.tax import Rate, TaxTerms, gross_up, tax_on

__all__ = [
    "AmountError",
    "CodeError",
    "Rate",
    "TaxTerms",
    "code_key",
    "gross_up",
    "parse_account_code",
    "parse_rupiah",
    "parse_sub_activity_code",
    "tax_on",
]
