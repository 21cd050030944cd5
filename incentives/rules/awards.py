"""What an award costs and what is left of it. Taxes are a proposal of `budgets.rules`; the treasurer confirms."""

from collections.abc import Iterable
from dataclasses import dataclass

from budgets.rules import TaxTerms, gross_up, tax_on
from incentives.rules.method import Method


@dataclass(frozen=True)
class AwardMoney:
    """Whole rupiah."""

    gross: int
    tax: int

    @property
    def net(self) -> int:
        return self.gross - self.tax


def award_money(amount: int, terms: TaxTerms, *, is_net: bool = False, has_tax_number: bool = True) -> AwardMoney:
    """`is_net`: the amount was promised net, so the gross is the smallest one of which it is left (domain.md 8.5)."""
    gross = gross_up(amount, terms, has_tax_number=has_tax_number) if is_net else amount
    return AwardMoney(gross, tax_on(gross, terms, has_tax_number=has_tax_number))


def money_to_reserve(method: Method, terms: TaxTerms, *, categories: Iterable[str] = (), is_net: bool = False) -> int:
    """The gross of all slots, in every category; for net amounts as if nobody had a tax number: it suffices."""
    races = sorted(set(categories)) if method.per_category else [""]
    return sum(
        tier.slots * award_money(tier.amount, terms, is_net=is_net, has_tax_number=False).gross
        for category in races
        for tier in method.tiers_of(category)
    )
