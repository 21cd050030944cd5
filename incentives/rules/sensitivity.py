"""Would anybody else win with another method, or without one juror? A table beside the result; it never decides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from incentives.rules.method import AGGREGATIONS, Contestant, Method, Sheet, TieDecision
from incentives.rules.outcome import by_entry, place
from incentives.rules.ranking import Allotment
from incentives.rules.scoring import Marks, aggregated, marks_of
from incentives.rules.severity import severity


@dataclass(frozen=True)
class Variant:
    """Against the result as it stands: who comes in, who goes out, who gets another tier (entry, from, to).

    `kind` is aggregation, severity or juror. `undecided` are entries in ties that only this variant leaves open.
    """

    kind: str
    aggregation: str = ""
    juror: int | None = None
    is_computable: bool = True
    won: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()
    moved: tuple[tuple[int, str, str], ...] = ()
    undecided: tuple[int, ...] = ()

    @property
    def changes_winners(self) -> bool:
        return bool(self.won or self.lost)

    @property
    def changes_anything(self) -> bool:
        return bool(self.won or self.lost or self.moved or self.undecided)


def sensitivity(
    method: Method, sheets: Iterable[Sheet], contestants: Iterable[Contestant], decisions: Iterable[TieDecision] = ()
) -> tuple[Variant, ...]:
    """One line for each other aggregation, one for severity-adjusted scores, one without each juror."""
    field, decided = by_entry(method, contestants), tuple(decisions)
    marks = marks_of(method, sheets, field)

    def placed(scores: Mapping[int, Fraction], given: Marks = marks) -> Allotment:
        return place(method, given, field, decided, scores)

    actual = placed(aggregated(method.aggregation, marks))
    lines = [
        _against(actual, placed(aggregated(other, marks)), Variant("aggregation", aggregation=other))
        for other in AGGREGATIONS
        if other != method.aggregation
    ]
    judged = marks.only(entry for entry, one in field.items() if one.state == "standing")
    found = severity(judged)
    if found is None:
        lines.append(Variant("severity", is_computable=False))
    else:
        adjusted = {entry: score / marks.unit for entry, score in found.adjusted.items()}
        lines.append(_against(actual, placed(adjusted), Variant("severity")))
    for juror in sorted({juror for given in judged.values() for juror in given}):
        less = marks.without(juror)
        other = placed(aggregated(method.aggregation, less), less)
        lines.append(_against(actual, other, Variant("juror", juror=juror)))
    return tuple(lines)


def _against(actual: Allotment, other: Allotment, line: Variant) -> Variant:
    now, then = _tiers(actual), _tiers(other)
    pending, undecided = _undecided(actual), _undecided(other)
    return Variant(
        line.kind,
        line.aggregation,
        line.juror,
        won=tuple(sorted(then.keys() - now.keys() - pending)),
        lost=tuple(sorted(now.keys() - then.keys() - undecided)),
        moved=tuple(
            (entry, now[entry], then[entry]) for entry in sorted(now.keys() & then.keys()) if now[entry] != then[entry]
        ),
        undecided=tuple(sorted(undecided - pending)),
    )


def _undecided(allotment: Allotment) -> set[int]:
    return {entry for tie in allotment.open_ties for entry in tie.entries}


def _tiers(allotment: Allotment) -> dict[int, str]:
    return {entry: one.tier.code for entry, one in allotment.placed.items() if one.tier}
