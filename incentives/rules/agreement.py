"""How far the jurors agree. Only where every juror scored every entry; otherwise there is no figure, and a reason."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Agreement:
    """At most 1; ICC may be below 0. `reason` is why there is none: too_few, incomplete, all_equal.

    Kendall's W compares orders, with the correction for ties. ICC(2,1) is how far one juror's total can be relied on,
    ICC(2,k) the mean of all; both two-way random, absolute agreement (Shrout and Fleiss 1979).
    """

    entries: int
    jurors: int
    kendall_w: Fraction | None = None
    icc_single: Fraction | None = None
    icc_mean: Fraction | None = None
    reason: str = ""


def agreement(totals: Mapping[int, Mapping[int, int]]) -> Agreement:
    """Of the entries that anybody scored and the jurors who scored anything; the unit of the totals plays no part."""
    jurors = sorted({juror for given in totals.values() for juror in given})
    if len(jurors) < 2 or len(totals) < 2:
        return Agreement(len(totals), len(jurors), reason="too_few")
    if any(len(given) < len(jurors) for given in totals.values()):
        return Agreement(len(totals), len(jurors), reason="incomplete")
    table = [[given[juror] for juror in jurors] for given in totals.values()]
    single, together = _intraclass(table)
    concordance = _kendall(table)
    reason = "all_equal" if concordance is None and single is None else ""
    return Agreement(len(table), len(jurors), concordance, single, together, reason)


def _kendall(table: Sequence[Sequence[int]]) -> Fraction | None:
    """W = 12 S / (m2 (n3 - n) - m T); ranks are doubled so that shared ones stay whole."""
    entries, jurors = len(table), len(table[0])
    sums, ties = [0] * entries, 0
    for column in zip(*table, strict=True):
        counted, below = Counter(column), 0
        doubled = {}
        for value in sorted(counted):
            doubled[value] = 2 * below + counted[value] + 1
            below += counted[value]
        ties += sum(count**3 - count for count in counted.values())
        sums = [total + doubled[value] for total, value in zip(sums, column, strict=True)]
    middle = jurors * (entries + 1)
    spread = sum((total - middle) ** 2 for total in sums)
    most = jurors**2 * (entries**3 - entries) - jurors * ties
    return Fraction(3 * spread, most) if most else None


def _intraclass(table: Sequence[Sequence[int]]) -> tuple[Fraction | None, Fraction | None]:
    """From the mean squares of entries, of jurors and of the rest."""
    n, k = len(table), len(table[0])
    grand = Fraction(sum(map(sum, table)) ** 2, n * k)
    rows = Fraction(sum(sum(row) ** 2 for row in table), k) - grand
    columns = Fraction(sum(sum(column) ** 2 for column in zip(*table, strict=True)), n) - grand
    rest = (sum(value * value for row in table for value in row) - grand - rows - columns) / ((n - 1) * (k - 1))
    rows, columns = rows / (n - 1), columns / (k - 1)
    beside = (columns - rest) / n
    single, together = rows + (k - 1) * rest + k * beside, rows + beside
    # Jurors who contradict each other leave less than nothing to divide by: a ratio of it would look like agreement.
    return ((rows - rest) / single if single else None, (rows - rest) / together if together > 0 else None)
