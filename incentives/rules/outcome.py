"""The result of a competition: from method, sheets, contestants and decisions to ranks, awards and open ties."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from incentives.rules.agreement import Agreement, agreement
from incentives.rules.method import Contestant, Method, Sheet, TieDecision
from incentives.rules.ranking import Allotment, Chain, OpenTie, Placed, Race, blocks, ranks
from incentives.rules.scoring import AGGREGATED, Marks, aggregated, marks_of, outliers, variance
from incentives.rules.severity import Severity, severity


@dataclass(frozen=True)
class EntryResult:
    """All in points of 0 to 100 and unrounded. None is not computable: no counted sheet, or too few.

    `rank` is shared (1, 2, 2, 4); `place` is after the ties that had to be broken; `broken_by` names the step.
    `is_split`: two jurors are further apart than the gap. `outliers`: jurors far from the median of the others.
    """

    entry: int
    category: str
    totals: Mapping[int, Fraction]
    criteria: Mapping[str, Fraction]
    mean: Fraction | None
    trimmed_mean: Fraction | None
    median: Fraction | None
    spread: Fraction | None
    variance: Fraction | None
    is_split: bool
    outliers: tuple[int, ...]
    adjusted: Fraction | None
    final: Fraction | None
    rank: int | None
    place: int | None
    broken_by: str
    verdict: str
    tier: str
    amount: int

    @property
    def deviation(self) -> Decimal | None:
        """Sample standard deviation, to 28 digits."""
        if self.variance is None:
            return None
        with localcontext(prec=28):
            return (Decimal(self.variance.numerator) / self.variance.denominator).sqrt()

    @property
    def is_winner(self) -> bool:
        return self.verdict == "winner"


@dataclass(frozen=True)
class JurorResult:
    """How many sheets count, their mean, and the effect that was found: above zero is lenient. None: not connected."""

    juror: int
    sheets: int
    mean: Fraction
    leniency: Fraction | None


@dataclass(frozen=True)
class Outcome:
    """Entries by category, place and number; those without a place at the end."""

    entries: tuple[EntryResult, ...]
    jurors: tuple[JurorResult, ...]
    open_ties: tuple[OpenTie, ...]
    agreement: Agreement
    is_connected: bool

    @property
    def may_be_locked(self) -> bool:
        return not self.open_ties

    @property
    def winners(self) -> tuple[EntryResult, ...]:
        return tuple(one for one in self.entries if one.is_winner)

    @property
    def reserves(self) -> tuple[EntryResult, ...]:
        return tuple(one for one in self.entries if one.verdict == "reserve")

    @property
    def amount(self) -> int:
        return sum(one.amount for one in self.entries)

    def of(self, entry: int) -> EntryResult:
        return next(one for one in self.entries if one.entry == entry)

    def as_json(self) -> dict[str, Any]:
        """Fractions as they are, "4823/60": nothing is lost, and two computations can be compared letter by letter."""
        return {
            "entries": [_as_json(one) for one in self.entries],
            "jurors": [_as_json(one) for one in self.jurors],
            "open_ties": [_as_json(one) for one in self.open_ties],
            "agreement": _as_json(self.agreement),
            "is_connected": self.is_connected,
        }


def compute(
    method: Method, sheets: Iterable[Sheet], contestants: Iterable[Contestant], decisions: Iterable[TieDecision] = ()
) -> Outcome:
    """`ValueError` where the method has faults, a contestant is there twice, or a sheet cannot be (`ScoreError`)."""
    field = by_entry(method, contestants)
    marks = marks_of(method, sheets, field)
    judged = marks.only(entry for entry, one in field.items() if one.state == "standing")
    found = severity(judged)
    finals = aggregated(method.aggregation, marks)
    placing = place(method, marks, field, tuple(decisions), finals)
    ranked = _ranks(method, field, finals)
    figures = [_entry(method, marks, one, found, finals, placing, ranked) for one in field.values()]
    figures.sort(key=lambda one: (one.category if method.per_category else "", one.place or len(field) + 1, one.entry))
    return Outcome(
        tuple(figures),
        _jurors(judged, marks.unit, found),
        tuple(placing.open_ties),
        agreement(judged),
        found is not None,
    )


def by_entry(method: Method, contestants: Iterable[Contestant]) -> dict[int, Contestant]:
    if faults := method.faults():
        raise ValueError(f"the method has faults: {', '.join(faults)}")
    listed = sorted(contestants, key=lambda one: one.entry)
    field = {one.entry: one for one in listed}
    if len(field) < len(listed):
        raise ValueError("an entry is there twice")
    if method.per_category and any(one.may_win and not one.category for one in listed):
        raise ValueError("awards are given by category, and an entry has none")
    return field


def place(
    method: Method,
    marks: Marks,
    field: Mapping[int, Contestant],
    decisions: Sequence[TieDecision],
    scores: Mapping[int, Fraction],
) -> Allotment:
    """Slots, reserve and ties by these scores, whichever they are."""
    races = [
        Race(category, method.tiers_of(category), blocks(given))
        for category, given in _fields(method, field, scores).items()
    ]
    minimum = None if method.minimum is None else Fraction(method.minimum)
    allotment = Allotment(method, Chain(method, marks, decisions), field, minimum)
    allotment.run(races)
    return allotment


def _fields(
    method: Method, field: Mapping[int, Contestant], scores: Mapping[int, Fraction]
) -> dict[str, dict[int, Fraction]]:
    """Who is ranked against whom."""
    fields: dict[str, dict[int, Fraction]] = {}
    for entry, one in field.items():
        if one.may_win and entry in scores:
            fields.setdefault(one.category if method.per_category else "", {})[entry] = scores[entry]
    return dict(sorted(fields.items()))


def _ranks(method: Method, field: Mapping[int, Contestant], scores: Mapping[int, Fraction]) -> dict[int, int]:
    return {entry: rank for given in _fields(method, field, scores).values() for entry, rank in ranks(given).items()}


def _entry(
    method: Method,
    marks: Marks,
    contestant: Contestant,
    found: Severity | None,
    finals: Mapping[int, Fraction],
    placing: Allotment,
    ranked: Mapping[int, int],
) -> EntryResult:
    entry = contestant.entry
    totals, unit = marks.totals(entry), marks.unit
    values = list(totals.values())
    spread = Fraction(max(values) - min(values), unit) if values else None
    varied, gap = variance(values), Fraction(method.outlier_gap)
    figures = {name: aggregate(values) / unit if values else None for name, aggregate in AGGREGATED.items()}
    adjusted = found.adjusted.get(entry) if found else None
    placed = placing.placed.get(entry)
    return EntryResult(
        entry=entry,
        category=contestant.category,
        totals={juror: Fraction(total, unit) for juror, total in totals.items()},
        criteria={one.code: marks.criterion(entry, at, one) for at, one in enumerate(method.criteria) if values},
        **figures,
        spread=spread,
        variance=None if varied is None else varied / unit**2,
        is_split=spread is not None and spread > gap,
        outliers=outliers(totals, gap * unit),
        adjusted=None if adjusted is None else adjusted / unit,
        final=finals.get(entry),
        rank=ranked.get(entry),
        place=placed.place if placed else None,
        broken_by=placed.broken_by if placed else "",
        verdict=_verdict(contestant, placed),
        tier=placed.tier.code if placed and placed.tier else "",
        amount=placed.tier.amount if placed and placed.tier else 0,
    )


def _verdict(contestant: Contestant, placed: Placed | None) -> str:
    if contestant.state != "standing":
        return contestant.state
    if contestant.excluded:
        return "excluded"
    return placed.verdict if placed else "not_scored"


def _jurors(judged: Mapping[int, Mapping[int, int]], unit: int, found: Severity | None) -> tuple[JurorResult, ...]:
    given: dict[int, list[int]] = {}
    for totals in judged.values():
        for juror, total in totals.items():
            given.setdefault(juror, []).append(total)
    return tuple(
        JurorResult(
            juror,
            len(totals),
            Fraction(sum(totals), len(totals) * unit),
            found.leniency[juror] / unit if found else None,
        )
        for juror, totals in sorted(given.items())
    )


def _as_json(value: Any) -> Any:
    """Fractions and keys as text, so that JSON keeps both."""
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _as_json(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [_as_json(each) for each in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _as_json(getattr(value, name)) for name in value.__dataclass_fields__}
    return value
