"""What a competition declares before its first score, and the facts its result is computed from (domain.md 11.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

AGGREGATIONS = ("mean", "trimmed_mean", "median")
# `lot` and `chair` are decided by people and come in as a TieDecision; the others are read from the sheets.
TIE_BREAKS = ("criteria", "more_jurors", "median", "lot", "chair")
DECIDED = ("lot", "chair")
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Criterion:
    """Weight in percent. A score counts as score * 100 / highest, so that 1-5 is times 20 and a 1 is 20 points.

    `lowest` only bounds what may be given: the worst mark of a scale that begins at 1 is not zero points.
    """

    code: str
    weight: Decimal
    lowest: Decimal = Decimal(0)
    highest: Decimal = HUNDRED


@dataclass(frozen=True)
class Tier:
    """So many awards of so many rupiah. With awards for each category: `category` empty stands for every one."""

    code: str
    label: str
    slots: int
    amount: int
    category: str = ""


@dataclass(frozen=True)
class Method:
    """`minimum` and `outlier_gap` are points of 0 to 100. The tiers stand in order, the first one is filled first."""

    criteria: tuple[Criterion, ...]
    tiers: tuple[Tier, ...]
    aggregation: str = "mean"
    minimum: Decimal | None = None
    tie_breaks: tuple[str, ...] = ("criteria", "more_jurors", "chair")
    per_category: bool = False
    one_per_household: bool = False
    one_per_business: bool = False
    outlier_gap: Decimal = Decimal(15)

    def faults(self) -> tuple[str, ...]:
        """What is wrong, as codes: weights, criteria, scales, aggregation, tie_breaks, tiers, categories, numbers."""
        codes = [criterion.code for criterion in self.criteria]
        tiers = [tier.code for tier in self.tiers]
        wrong = {
            "criteria": not codes or len(set(codes)) < len(codes),
            "weights": sum(one.weight for one in self.criteria) != HUNDRED or any(c.weight <= 0 for c in self.criteria),
            "scales": any(not 0 <= one.lowest < one.highest for one in self.criteria),
            "aggregation": self.aggregation not in AGGREGATIONS,
            "tie_breaks": not set(self.tie_breaks) <= set(TIE_BREAKS)
            or len(set(self.tie_breaks)) < len(self.tie_breaks),
            "tiers": len(set(tiers)) < len(tiers) or any(tier.slots < 1 or tier.amount < 0 for tier in self.tiers),
            "categories": not self.per_category and any(tier.category for tier in self.tiers),
            "numbers": self.outlier_gap < 0 or (self.minimum is not None and self.minimum < 0),
        }
        return tuple(code for code, is_wrong in wrong.items() if is_wrong)

    def tiers_of(self, category: str) -> tuple[Tier, ...]:
        return tuple(tier for tier in self.tiers if tier.category in ("", category))

    def as_json(self) -> dict[str, Any]:
        return {
            "criteria": [
                {"code": one.code} | {name: plain(getattr(one, name)) for name in ("weight", "lowest", "highest")}
                for one in self.criteria
            ],
            "tiers": [
                {"code": t.code, "label": t.label, "slots": t.slots, "amount": t.amount, "category": t.category}
                for t in self.tiers
            ],
            "aggregation": self.aggregation,
            "minimum": None if self.minimum is None else plain(self.minimum),
            "tie_breaks": list(self.tie_breaks),
            "per_category": self.per_category,
            "one_per_household": self.one_per_household,
            "one_per_business": self.one_per_business,
            "outlier_gap": plain(self.outlier_gap),
        }

    @staticmethod
    def from_json(stored: Mapping[str, Any]) -> "Method":
        minimum = stored.get("minimum")
        return Method(
            criteria=tuple(
                Criterion(one["code"], *(Decimal(str(one[name])) for name in ("weight", "lowest", "highest")))
                for one in stored["criteria"]
            ),
            tiers=tuple(Tier(**tier) for tier in stored["tiers"]),
            aggregation=stored["aggregation"],
            minimum=None if minimum is None else Decimal(str(minimum)),
            tie_breaks=tuple(stored["tie_breaks"]),
            per_category=stored["per_category"],
            one_per_household=stored["one_per_household"],
            one_per_business=stored["one_per_business"],
            outlier_gap=Decimal(str(stored["outlier_gap"])),
        )


@dataclass(frozen=True)
class Sheet:
    """What one juror gave one entry, by the criterion's code. Only submitted sheets with every criterion count."""

    juror: int
    entry: int
    state: str
    scores: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Contestant:
    """Person, household and business are keys that are only compared; an empty one is like no other.

    `excluded` is a reason, as having won in an earlier year: the entry is scored and cannot win.
    """

    entry: int
    person: str = ""
    household: str = ""
    business: str = ""
    category: str = ""
    state: str = "standing"
    excluded: str = ""

    @property
    def may_win(self) -> bool:
        return self.state == "standing" and not self.excluded


@dataclass(frozen=True)
class TieDecision:
    """The order that the chair gave after deliberation, or that a lot gave, to entries that are tied."""

    entries: tuple[int, ...]
    by: str


def plain(value: Decimal) -> str:
    """One way to write a number, however it was typed: 80, 80.0 and 80.00 are 80."""
    written = format(value, "f")
    return (written.rstrip("0").rstrip(".") if "." in written else written) or "0"


def shown(value: Fraction | None) -> Decimal | None:
    """For people: two decimals, half away from zero. Nothing is ever ranked by it."""
    if value is None:
        return None
    cents = (200 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return Decimal(cents if value >= 0 else -cents).scaleb(-2)
