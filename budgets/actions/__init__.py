"""Writes about money: every one that consumes a budget line locks that line."""

from budgets.actions.funds import save_fund

__all__ = ["save_fund"]
