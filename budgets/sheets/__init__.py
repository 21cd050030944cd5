"""Spreadsheets of money: the budget that comes in, and the lists that go out."""

from budgets.sheets.lines import budget_template, read_budget
from budgets.sheets.transfers import transfer_workbook
from budgets.sheets.withholding import withholding_workbook

__all__ = ["budget_template", "read_budget", "transfer_workbook", "withholding_workbook"]
