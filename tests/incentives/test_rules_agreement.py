from fractions import Fraction

import pytest

from incentives.rules import agreement, compute
from incentives.rules.severity import severity
from tests.incentives import judged
from tests.incentives.judged import PLAIN

# Six targets and four judges: P. E. Shrout, J. L. Fleiss, Intraclass correlations, Psychological Bulletin 86 (1979).
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def table(rows: list[list[int]]) -> dict[int, dict[int, int]]:
    return {entry: dict(enumerate(row)) for entry, row in enumerate(rows)}


def test_intraclass_correlation_is_the_published_one() -> None:
    """Published: ICC(2,1) = .29 and ICC(2,k) = .62."""
    found = agreement(table(SHROUT_FLEISS))
    assert (judged.rounded(found.icc_single, 2), judged.rounded(found.icc_mean, 2)) == (0.29, 0.62)


def test_kendall_w_by_hand_with_ties() -> None:
    """Ranks 1 2.5 2.5 and 1 2 3: sums 2, 4.5, 5.5; S = 6.5; most = (4 * 24 - 2 * 6) / 12 = 7."""
    assert agreement(table([[1, 1], [2, 2], [2, 3]])).kendall_w == Fraction(13, 14)


@pytest.mark.parametrize(
    ("rows", "kendall", "single", "mean"),
    [
        ([[1, 1], [2, 2], [3, 3]], 1, 1, 1),
        ([[1, 3], [2, 2], [3, 1]], 0, -3, None),
        ([[1, 11], [2, 12], [3, 13]], 1, Fraction(1, 51), Fraction(1, 26)),
    ],
)
def test_agreement_of_plain_cases(rows: list[list[int]], kendall: int, single: Fraction, mean: Fraction | None) -> None:
    """The same order with other levels is concordance 1 and hardly any absolute agreement; contradiction is none."""
    found = agreement(table(rows))
    assert [found.kendall_w, found.icc_single, found.icc_mean] == [kendall, single, mean]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "too_few"),
        ({1: {1: 5, 2: 6}}, "too_few"),
        ({1: {1: 5}, 2: {1: 6}}, "too_few"),
        ({1: {1: 5, 2: 6}, 2: {1: 6}}, "incomplete"),
        ({1: {1: 5, 2: 5}, 2: {1: 5, 2: 5}}, "all_equal"),
    ],
)
def test_agreement_tells_why_there_is_none(given: dict[int, dict[int, int]], reason: str) -> None:
    found = agreement(given)
    assert (found.kendall_w, found.icc_single, found.icc_mean, found.reason) == (None, None, None, reason)


def test_agreement_of_a_competition_leaves_out_who_was_absent_or_withdrew() -> None:
    sheets = judged.totals({1: [80, 81], 2: [70, 72], 4: [60, None]})
    field = judged.field([1, 2, 3, 4])
    assert compute(PLAIN, sheets, field).agreement.reason == "incomplete"
    withdrawn = [judged.Contestant(4, state="withdrawn") if one.entry == 4 else one for one in field]
    found = compute(PLAIN, sheets, withdrawn).agreement
    assert (found.entries, found.jurors, found.kendall_w) == (2, 2, Fraction(1))


def test_severity_where_everybody_scored_everything_is_the_mean() -> None:
    outcome = compute(judged.METHOD, judged.example(), judged.field(judged.EXAMPLE))
    assert outcome.is_connected
    assert [one.adjusted for one in outcome.entries] == [one.mean for one in outcome.entries]
    assert sum((one.leniency or 0 for one in outcome.jurors), Fraction(0)) == 0
    assert [(one.juror, one.sheets, one.mean - outcome.jurors[0].mean) for one in outcome.jurors] == [
        (1, 3, 0),
        (2, 3, Fraction(-3, 4)),
        (3, 3, Fraction(-31, 30)),
    ]


def test_severity_evens_out_who_met_the_severe_juror() -> None:
    """Juror 2 gives ten points less. Entry 3 only met juror 2, entry 1 only juror 1; both are equally good."""
    outcome = compute(PLAIN, judged.totals({1: [80, None], 2: [70, 60], 3: [None, 70]}), judged.field([1, 2, 3]))
    assert {one.entry: one.adjusted for one in outcome.entries} == {1: 75, 2: 65, 3: 75}
    assert {one.juror: one.leniency for one in outcome.jurors} == {1: 5, 2: -5}
    assert [(one.entry, one.rank) for one in outcome.entries] == [(1, 1), (3, 2), (2, 3)]


def test_severity_is_not_computable_in_parts_that_share_nothing() -> None:
    sheets = judged.totals({1: [80, 70, None, None], 2: [None, None, 60, 50]})
    outcome = compute(PLAIN, sheets, judged.field([1, 2]))
    assert not outcome.is_connected
    assert [one.adjusted for one in outcome.entries] == [None, None]
    assert [one.leniency for one in outcome.jurors] == [None] * 4


def test_severity_of_nothing_is_not_computable() -> None:
    assert severity({}) is None
    assert compute(PLAIN, [], judged.field([1])).jurors == ()


def test_severity_of_one_juror_is_what_was_given() -> None:
    outcome = compute(PLAIN, judged.totals({1: [80], 2: [70]}), judged.field([1, 2]))
    assert [one.adjusted for one in outcome.entries] == [80, 70]
    assert outcome.jurors[0].leniency == 0
