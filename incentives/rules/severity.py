"""How severe each juror is: total = entry + juror, least squares, solved exactly. For comparison; it never decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

Totals = Mapping[int, Mapping[int, int]]


@dataclass(frozen=True)
class Severity:
    """In the unit of the totals. The jurors' effects sum to zero: an adjusted score is what all of them together,

    each counted once, would have given. Where everybody scored everything it is the mean.
    """

    adjusted: Mapping[int, Fraction]
    leniency: Mapping[int, Fraction]


def is_connected(totals: Totals) -> bool:
    """Whether every juror can be compared with every other one through entries they share."""
    by_juror: dict[int, list[int]] = {}
    for entry, given in totals.items():
        for juror in given:
            by_juror.setdefault(juror, []).append(entry)
    if not by_juror:
        return False
    first = min(by_juror)
    reached, waiting, seen = {first}, [first], set()
    while waiting:
        for entry in by_juror[waiting.pop()]:
            if entry not in seen:
                seen.add(entry)
                waiting += [juror for juror in totals[entry] if juror not in reached]
                reached.update(totals[entry])
    return len(reached) == len(by_juror)


def severity(totals: Totals) -> Severity | None:
    """None where jurors and entries fall apart into groups that share nothing. Each entry has at least one total."""
    if not is_connected(totals):
        return None
    jurors = sorted({juror for given in totals.values() for juror in given})
    effects = _solved(*_equations(totals, {juror: position for position, juror in enumerate(jurors)}))
    middle = Fraction(sum(effects), len(effects))
    leniency = {juror: effect - middle for juror, effect in zip(jurors, effects, strict=True)}
    # The sums of effects are few, so fractions are added once for each set of jurors and not once for each sheet.
    shared: dict[tuple[int, ...], Fraction] = {}
    adjusted = {}
    for entry, given in totals.items():
        who = tuple(sorted(given))
        if who not in shared:
            shared[who] = sum((leniency[juror] for juror in who), Fraction(0))
        adjusted[entry] = (sum(given.values()) - shared[who]) / len(who)
    return Severity(adjusted, leniency)


def _equations(totals: Totals, position: Mapping[int, int]) -> tuple[list[list[int]], list[int]]:
    """The normal equations of the jurors once the entries are eliminated, times the least common number of sheets."""
    size = len(position)
    common = lcm(*{len(given) for given in totals.values()})
    left, right = [[0] * size for _juror in range(size)], [0] * size
    for given in totals.values():
        share, total = common // len(given), sum(given.values())
        places = [position[juror] for juror in given]
        for juror, value in given.items():
            row = left[position[juror]]
            row[position[juror]] += common
            right[position[juror]] += common * value - share * total
            for place in places:
                row[place] -= share
    return left, right


def _solved(left: list[list[int]], right: list[int]) -> list[Fraction]:
    """With the last juror at zero. What is left is positive definite, so no pivot of Bareiss' elimination is zero."""
    size = len(left) - 1
    rows = [[*left[row][:size], right[row]] for row in range(size)]
    before = 1
    for step in range(size):
        pivot = rows[step]
        for row in rows[step + 1 :]:
            factor = row[step]
            for column in range(step, size + 1):
                row[column] = (row[column] * pivot[step] - factor * pivot[column]) // before
        before = pivot[step]
    found = [Fraction(0)] * (size + 1)
    for step in reversed(range(size)):
        known = sum((rows[step][column] * found[column] for column in range(step + 1, size)), Fraction(0))
        found[step] = (rows[step][size] - known) / rows[step][step]
    return found
