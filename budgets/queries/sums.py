"""How far money is used."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from budgets.models import BudgetLine, FundShare, FundSource


@dataclass(frozen=True)
class Absorption:
    """What a line or a fund has, and how much of it went: `percent` is spent of ceiling, None without a ceiling."""

    ceiling: int
    reserved: int
    spent: int

    @property
    def available(self) -> int:
        return self.ceiling - self.reserved - self.spent

    @property
    def percent(self) -> Decimal | None:
        if not self.ceiling:
            return None
        return (Decimal(self.spent * 100) / self.ceiling).quantize(Decimal("0.01"), ROUND_HALF_UP)


def absorption_of(lines: Iterable[BudgetLine]) -> Absorption:
    rows = list(lines)
    return Absorption(*(sum(getattr(row, name) for row in rows) for name in ("ceiling", "reserved", "spent")))


def share_sums(fund: FundSource) -> list[tuple[FundShare, int, Decimal, bool]]:
    """Each field of the fund with its ceilings, what part of the whole that is, and whether it is more than allowed."""
    lines = list(fund.lines.all())
    whole = absorption_of(lines).ceiling
    found = []
    for share in fund.shares.all():
        total = sum(line.ceiling for line in lines if line.share_id == share.pk)
        part = (Decimal(total * 100) / whole if whole else Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        found.append((share, total, part, part > share.percent))
    return found
