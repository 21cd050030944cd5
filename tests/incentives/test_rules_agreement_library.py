"""Kendall's W, intraclass correlation and severity against SciPy and NumPy."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from incentives.rules import agreement
from incentives.rules.severity import is_connected, severity
from tests.incentives import judged

SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
WORKED = [[8085, 8000, 8030], [8110, 7970, 7905], [7250, 7250, 7200]]
Rows = Sequence[Sequence[int]]


@st.composite
def complete(draw: st.DrawFn) -> list[list[int]]:
    """Entries by jurors; few values, so that ties are the rule."""
    jurors, most = draw(st.integers(2, 9)), draw(st.sampled_from((3, 100)))
    row = st.lists(st.integers(0, most), min_size=jurors, max_size=jurors)
    return draw(st.lists(row, min_size=3, max_size=12))


def table(rows: Rows) -> dict[int, dict[int, int]]:
    return {entry: dict(enumerate(row)) for entry, row in enumerate(rows)}


@pytest.mark.parametrize(
    ("rows", "kendall", "single", "mean"),
    [(SHROUT_FLEISS, 0.887037, 0.289764, 0.620051), (WORKED, 0.777778, 0.978173, 0.992617)],
)
def test_agreement_is_that_of_pingouin(rows: Rows, kendall: float, single: float, mean: float) -> None:
    """Figures of pingouin 0.7.0, `intraclass_corr`: ICC(A,1) and ICC(A,k); W from SciPy 1.17.1."""
    found = agreement(table(rows))
    figures = tuple(judged.rounded(value, 6) for value in (found.kendall_w, found.icc_single, found.icc_mean))
    assert figures == (kendall, single, mean)


@given(complete())
@settings(max_examples=200, deadline=None)
def test_kendall_w_is_that_of_scipy(rows: Rows) -> None:
    """Friedman's statistic is W * jurors * (entries - 1), with the same correction for ties."""
    assume(any(len(set(column)) > 1 for column in zip(*rows, strict=True)))
    friedman = stats.friedmanchisquare(*rows).statistic / (len(rows[0]) * (len(rows) - 1))
    assert judged.rounded(agreement(table(rows)).kendall_w) == pytest.approx(friedman, abs=1e-9)


@given(complete())
@settings(max_examples=200, deadline=None)
def test_intraclass_correlation_is_that_of_scipy(rows: Rows) -> None:
    """The mean squares of both ways come from the F values of SciPy's one-way analyses, the rest by subtraction."""
    data = np.array(rows, dtype=float)
    entries, jurors = data.shape
    total = float(((data - data.mean()) ** 2).sum())
    between = _between(data, total) / (entries - 1)
    columns = _between(data.T, total) / (jurors - 1)
    rest = (total - between * (entries - 1) - columns * (jurors - 1)) / ((entries - 1) * (jurors - 1))
    single = between + (jurors - 1) * rest + jurors * (columns - rest) / entries
    together = between + (columns - rest) / entries
    assume(single > 1e-6 and together > 1e-6)
    found = agreement(table(rows))
    assert judged.rounded(found.icc_single) == pytest.approx((between - rest) / single, abs=1e-6)
    assert judged.rounded(found.icc_mean) == pytest.approx((between - rest) / together, abs=1e-6)


def _between(data: np.ndarray, total: float) -> float:
    """Sum of squares between the rows, from F = (between / (rows - 1)) / (within / (all - rows))."""
    rows, columns = data.shape
    within = ((data - data.mean(axis=1, keepdims=True)) ** 2).sum()
    assume(within > 0)
    ratio = float(stats.f_oneway(*data).statistic) * (rows - 1) / (rows * (columns - 1))
    return total * ratio / (1 + ratio)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_severity_is_that_of_numpy(data: st.DataObject) -> None:
    """`lstsq` on one column an entry and one a juror gives the smallest solution; it is shifted to effects of sum 0."""
    jurors, entries = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 9))
    rows = {
        e: {j: data.draw(st.integers(0, 100)) for j in range(jurors) if data.draw(st.booleans())}
        for e in range(entries)
    }
    rows = {entry: totals for entry, totals in rows.items() if totals}
    assume(is_connected(rows))
    known = sorted({juror for totals in rows.values() for juror in totals})
    cells = [(entry, juror, total) for entry, totals in rows.items() for juror, total in totals.items()]
    design = np.zeros((len(cells), len(rows) + len(known)))
    for number, (entry, juror, _total) in enumerate(cells):
        design[number, list(rows).index(entry)] = design[number, len(rows) + known.index(juror)] = 1
    solution = np.linalg.lstsq(design, np.array([total for *_cell, total in cells], dtype=float), rcond=None)[0]
    middle = solution[len(rows) :].mean()
    found = severity(rows)
    assert found is not None
    assert [judged.rounded(value) for value in found.adjusted.values()] == pytest.approx(
        solution[: len(rows)] + middle, abs=1e-8
    )
    assert [judged.rounded(found.leniency[j]) for j in known] == pytest.approx(solution[len(rows) :] - middle, abs=1e-8)
