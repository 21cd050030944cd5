"""Funds, their budget lines, and what was paid from them."""

from budgets.models.fund import FundSource

__all__ = ["FundSource"]
