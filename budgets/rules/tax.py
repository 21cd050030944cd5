"""Income tax that is kept back from a payment: a proposal, which the treasurer confirms. Sources: domain.md 8.5."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

HUNDRED = Decimal(100)
ROUNDINGS = {"down": ROUND_DOWN, "nearest": ROUND_HALF_UP, "up": ROUND_UP}


@dataclass(frozen=True)
class Rate:
    """`percent` of what lies above the rate before and up to `limit`; None has no end."""

    limit: int | None
    percent: Decimal


@dataclass(frozen=True)
class TaxTerms:
    """The rates stand on `base_percent` of the gross. `surcharge_percent` is added where there is no tax number."""

    rates: tuple[Rate, ...]
    base_percent: Decimal = HUNDRED
    surcharge_percent: Decimal = Decimal(0)
    rounding: str = "down"

    @classmethod
    def of(cls, rates: Any, base_percent: Decimal, surcharge_percent: Decimal, rounding: str) -> "TaxTerms":
        """From what the table keeps: [[60000000, "5"], [null, "15"]]."""
        made = tuple(Rate(limit, Decimal(str(percent))) for limit, percent in rates)
        return cls(made, base_percent, surcharge_percent, rounding)


def tax_on(gross: int, terms: TaxTerms, *, has_tax_number: bool = True) -> int:
    """Whole rupiah, rounded once at the end; never more than the gross."""
    base = Decimal(gross) * terms.base_percent / HUNDRED
    tax, floor = Decimal(0), Decimal(0)
    for rate in terms.rates:
        top = base if rate.limit is None else min(base, Decimal(rate.limit))
        if top > floor:
            tax += (top - floor) * rate.percent / HUNDRED
            floor = top
    if not has_tax_number:
        tax += tax * terms.surcharge_percent / HUNDRED
    return min(gross, int(tax.quantize(Decimal(1), rounding=ROUNDINGS[terms.rounding])))


def gross_up(net: int, terms: TaxTerms, *, has_tax_number: bool = True) -> int:
    """The smallest gross of which at least `net` is left. The rest never falls by more than the tax rises."""
    low, high = net, max(net * 4, 1)
    while high - tax_on(high, terms, has_tax_number=has_tax_number) < net:
        high *= 2
        if high > 10**18:
            raise ValueError("no gross leaves so much")
    while low < high:
        middle = (low + high) // 2
        if middle - tax_on(middle, terms, has_tax_number=has_tax_number) >= net:
            high = middle
        else:
            low = middle + 1
    return low
