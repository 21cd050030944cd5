"""From sheets to the figures of each entry, exactly: whole numbers over one common unit, fractions at the end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

from incentives.rules.method import Criterion, Method, Sheet

# Below four sheets a trimmed mean would be the word of one juror or two: then it is the mean of all.
TRIMMED_FROM = 4


class ScoreError(ValueError):
    """Sheets that cannot be: twice the same, of an unknown entry, or with a score outside its scale."""


@dataclass(frozen=True)
class Mark:
    """One counted sheet: its total in units of `Marks.unit`, its scores (in the method's order) in `Marks.step`."""

    total: int
    points: tuple[int, ...]


@dataclass(frozen=True)
class Marks:
    """Counted sheets by entry and juror. A total of 80.85 points is `mark.total / unit`, a score `point / step`."""

    unit: int
    step: int
    of: Mapping[int, Mapping[int, Mark]]

    def totals(self, entry: int) -> dict[int, int]:
        return {juror: mark.total for juror, mark in self.of[entry].items()}

    def only(self, entries: Iterable[int]) -> dict[int, dict[int, int]]:
        """Totals of these entries, as far as anybody scored them."""
        return {entry: self.totals(entry) for entry in entries if self.of[entry]}

    def without(self, juror: int) -> "Marks":
        kept = {entry: {who: mark for who, mark in given.items() if who != juror} for entry, given in self.of.items()}
        return Marks(self.unit, self.step, kept)

    def criterion(self, entry: int, position: int, criterion: Criterion) -> Fraction:
        """The mean of one criterion over the counted sheets, in points of 0 to 100."""
        given = self.of[entry].values()
        return (
            Fraction(sum(mark.points[position] for mark in given), self.step * len(given))
            * 100
            / Fraction(criterion.highest)
        )


def marks_of(method: Method, sheets: Iterable[Sheet], entries: Iterable[int]) -> Marks:
    """total = sum(weight * score / highest). A sheet that is not submitted or lacks a score is not there at all."""
    read: dict[int, dict[int, tuple[tuple[int, int], ...]]] = {entry: {} for entry in sorted(entries)}
    seen: set[tuple[int, int]] = set()
    ratios: dict[Decimal, tuple[int, int]] = {}
    for sheet in sheets:
        if sheet.entry not in read or (sheet.entry, sheet.juror) in seen:
            raise ScoreError(f"the sheet of juror {sheet.juror} for entry {sheet.entry} is there twice or of no entry")
        seen.add((sheet.entry, sheet.juror))
        if is_counted(method, sheet):
            read[sheet.entry][sheet.juror] = tuple(_ratio(one, sheet, ratios) for one in method.criteria)
    step = lcm(*(denominator for _numerator, denominator in ratios.values()))
    factors = [Fraction(one.weight) / Fraction(one.highest) for one in method.criteria]
    scale = lcm(*(factor.denominator for factor in factors))
    whole = [int(factor * scale) for factor in factors]
    of = {entry: {juror: _mark(given[juror], step, whole) for juror in sorted(given)} for entry, given in read.items()}
    return Marks(scale * step, step, of)


def is_counted(method: Method, sheet: Sheet) -> bool:
    return sheet.state == "submitted" and all(one.code in sheet.scores for one in method.criteria)


def _ratio(criterion: Criterion, sheet: Sheet, ratios: dict[Decimal, tuple[int, int]]) -> tuple[int, int]:
    score = sheet.scores[criterion.code]
    if not score.is_finite() or not criterion.lowest <= score <= criterion.highest:
        raise ScoreError(f"juror {sheet.juror}, entry {sheet.entry}: {criterion.code} is outside its scale")
    found = ratios.get(score)
    if found is None:
        found = ratios[score] = score.as_integer_ratio()
    return found


def _mark(given: Sequence[tuple[int, int]], step: int, whole: Sequence[int]) -> Mark:
    points = tuple(numerator * (step // denominator) for numerator, denominator in given)
    return Mark(sum(point * factor for point, factor in zip(points, whole, strict=True)), points)


def mean(totals: Sequence[int]) -> Fraction:
    return Fraction(sum(totals), len(totals))


def trimmed_mean(totals: Sequence[int]) -> Fraction:
    """Without the highest and the lowest one, from four sheets on."""
    ordered = sorted(totals)
    return mean(ordered[1:-1] if len(ordered) >= TRIMMED_FROM else ordered)


def median(totals: Sequence[int]) -> Fraction:
    """The middle one; between two in the middle half way."""
    ordered = sorted(totals)
    middle = len(ordered) // 2
    return Fraction(ordered[middle] + ordered[~middle], 2)


AGGREGATED = {"mean": mean, "trimmed_mean": trimmed_mean, "median": median}


def aggregated(aggregation: str, marks: Marks) -> dict[int, Fraction]:
    """The score of every entry that anybody scored, in points."""
    aggregate = AGGREGATED[aggregation]
    return {
        entry: aggregate([mark.total for mark in given.values()]) / marks.unit
        for entry, given in marks.of.items()
        if given
    }


def variance(totals: Sequence[int]) -> Fraction | None:
    """Of a sample (n - 1); with one sheet there is none."""
    count = len(totals)
    if count < 2:
        return None
    return Fraction(count * sum(total * total for total in totals) - sum(totals) ** 2, count * (count - 1))


def outliers(totals: Mapping[int, int], gap: Fraction) -> tuple[int, ...]:
    """Jurors whose total lies further than the gap from the median of the others' totals. Two apart are both told."""
    if len(totals) < 2:
        return ()
    found = []
    for juror, total in totals.items():
        others = [other for who, other in totals.items() if who != juror]
        if abs(total - median(others)) > gap:
            found.append(juror)
    return tuple(found)
