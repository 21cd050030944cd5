"""Reads about money that join several rows."""

from budgets.queries.checking import differing_lines
from budgets.queries.sums import Absorption, absorption_of, share_sums

__all__ = ["Absorption", "absorption_of", "differing_lines", "share_sums"]
