from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from incentives.rules import Contestant, Criterion, OpenTie, TieDecision, compute
from incentives.rules.ranking import ranks
from tests.incentives import judged
from tests.incentives.judged import PLAIN, TWO_SLOTS

PAIR = tuple(Criterion(code, Decimal(weight)) for code, weight in (("light", 40), ("heavy", 60)))
TWO = replace(PLAIN, criteria=PAIR, tiers=TWO_SLOTS)


def test_ranks_are_shared_as_in_sport() -> None:
    scores = {entry: Fraction(score) for entry, score in ((1, 90), (2, 80), (3, 80), (4, 70), (5, 70), (6, 60))}
    assert ranks(scores) == {1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 6}


def test_a_tie_inside_a_tier_asks_for_no_decision() -> None:
    sheets = judged.totals({1: [90], 2: [90], 3: [80], 4: [80], 5: [70], 6: [70], 7: [60]})
    outcome = compute(PLAIN, sheets, judged.field(range(1, 8)))
    assert outcome.may_be_locked
    found = [(one.rank, one.place, one.tier, one.broken_by) for one in outcome.entries]
    assert found == [
        (1, 1, "1", ""),
        (1, 1, "1", ""),
        (3, 3, "2", ""),
        (3, 3, "2", ""),
        (5, 5, "3", ""),
        (5, 5, "3", ""),
        (7, 7, "", ""),
    ]


@pytest.mark.parametrize(
    ("scores", "entries", "tiers"),
    [
        ([9, 8, 8, 7, 6, 5, 4], (2, 3), ("1", "2")),
        ([9, 8, 7, 6, 6, 5, 4], (4, 5), ("2", "3")),
        ([9, 8, 7, 6, 5, 4, 4], (6, 7), ("3", "")),
        ([9, 8, 8, 8, 8, 8, 8], (2, 3, 4, 5, 6, 7), ("1", "2", "3", "")),
    ],
)
def test_a_tie_across_a_border_stays_open(scores: list[int], entries: tuple[int, ...], tiers: tuple[str, ...]) -> None:
    outcome = compute(
        PLAIN, judged.totals({entry: [s] for entry, s in enumerate(scores, 1)}), judged.field(range(1, 8))
    )
    assert outcome.open_ties == (OpenTie(entries, "", tiers, ("chair",)),)
    assert not outcome.may_be_locked
    assert {one.entry for one in outcome.entries if one.verdict == "open"} == set(entries)


def test_a_tie_in_the_reserve_needs_none_until_it_is_needed() -> None:
    sheets = judged.totals({entry: [score] for entry, score in enumerate([9, 8, 7, 6, 5, 4, 3, 3], 1)})
    contestants = judged.field(range(1, 9))
    before = compute(PLAIN, sheets, contestants)
    assert before.may_be_locked
    assert [(one.entry, one.place) for one in before.reserves] == [(7, 7), (8, 7)]
    after = compute(PLAIN, sheets, [replace(contestants[0], state="withdrawn"), *contestants[1:]])
    assert after.open_ties == (OpenTie((7, 8), "", ("3", ""), ("chair",)),)


def test_the_heaviest_criterion_breaks_a_tie() -> None:
    """Equal totals of 80: the one with more in the criterion of 60 %, though it stands second."""
    method = replace(TWO, tie_breaks=("criteria", "chair"))
    codes = ("light", "heavy")
    sheets = [judged.sheet(1, 1, "95,70", codes=codes), judged.sheet(1, 2, "80,80", codes=codes)]
    outcome = compute(method, sheets, judged.field([1, 2]))
    found = [(one.entry, one.rank, one.place, one.tier, one.broken_by) for one in outcome.entries]
    assert found == [(2, 1, 1, "1", "criteria:heavy"), (1, 1, 2, "2", "criteria:heavy")]


def test_the_next_criterion_breaks_what_the_heaviest_leaves() -> None:
    criteria = tuple(Criterion(code, Decimal(weight)) for code, weight in (("a", 50), ("b", 30), ("c", 20)))
    method = replace(TWO, criteria=criteria, tie_breaks=("criteria",))
    sheets = [judged.sheet(1, entry, scores, codes="abc") for entry, scores in ((1, "80,70,80"), (2, "80,76,71"))]
    outcome = compute(method, sheets, judged.field([1, 2]))
    assert [(one.entry, one.broken_by) for one in outcome.entries] == [(2, "criteria:b"), (1, "criteria:b")]


def test_more_jurors_break_a_tie() -> None:
    method = replace(PLAIN, tiers=TWO_SLOTS, tie_breaks=("more_jurors", "chair"))
    outcome = compute(method, judged.totals({1: [90, 70, 70], 2: [70, 80, 80]}), judged.field([1, 2]))
    assert [(one.entry, one.broken_by) for one in outcome.entries] == [(2, "more_jurors"), (1, "more_jurors")]


def test_more_jurors_in_a_circle_break_nothing() -> None:
    method = replace(PLAIN, tiers=TWO_SLOTS, tie_breaks=("more_jurors", "chair"))
    outcome = compute(method, judged.totals({1: [3, 2, 1], 2: [2, 1, 3], 3: [1, 3, 2]}), judged.field([1, 2, 3]))
    assert [tie.entries for tie in outcome.open_ties] == [(1, 2, 3)]


def test_more_jurors_counts_only_those_who_scored_both() -> None:
    method = replace(PLAIN, tiers=TWO_SLOTS, tie_breaks=("more_jurors", "chair"))
    table = {1: [80, 60, None], 2: [79, None, 61]}
    outcome = compute(method, judged.totals(table), judged.field([1, 2]))
    assert [one.entry for one in outcome.entries] == [1, 2]


def test_the_median_breaks_a_tie() -> None:
    method = replace(PLAIN, tiers=TWO_SLOTS, tie_breaks=("median", "chair"))
    outcome = compute(method, judged.totals({1: [60, 70, 80], 2: [50, 75, 85]}), judged.field([1, 2]))
    assert [(one.entry, one.broken_by) for one in outcome.entries] == [(2, "median"), (1, "median")]


def test_the_chain_is_only_asked_as_far_as_a_border_needs_it() -> None:
    """Three for two slots of one tier: the criterion puts the third outside, the two inside stay equal."""
    method = replace(TWO, tiers=(replace(TWO_SLOTS[0], slots=2),), tie_breaks=("criteria", "chair"))
    codes = ("light", "heavy")
    rows = ((1, "80,80"), (2, "80,80"), (3, "95,70"))
    outcome = compute(method, [judged.sheet(1, e, scores, codes=codes) for e, scores in rows], judged.field([1, 2, 3]))
    assert [(one.entry, one.place, one.verdict) for one in outcome.entries] == [
        (1, 1, "winner"),
        (2, 1, "winner"),
        (3, 3, "reserve"),
    ]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
@pytest.mark.parametrize("by", ["chair", "lot"])
def test_a_decision_breaks_a_tie(order: tuple[int, ...], by: str) -> None:
    method = replace(PLAIN, tiers=TWO_SLOTS, tie_breaks=("criteria", "lot", "chair"))
    sheets, contestants = judged.totals({1: [80], 2: [80]}), judged.field([1, 2])
    assert compute(method, sheets, contestants).open_ties == (OpenTie((1, 2), "", ("1", "2"), ("lot", "chair")),)
    outcome = compute(method, sheets, contestants, [TieDecision(order, by)])
    assert outcome.may_be_locked
    assert [(one.entry, one.broken_by) for one in outcome.entries] == [(entry, by) for entry in order]


def test_a_decision_holds_for_those_who_remain() -> None:
    sheets = judged.totals({1: [80], 2: [80], 3: [80]})
    contestants = [Contestant(1), Contestant(2, state="withdrawn"), Contestant(3)]
    method = replace(PLAIN, tiers=TWO_SLOTS)
    outcome = compute(method, sheets, contestants, [TieDecision((3, 2, 1), "chair")])
    assert [one.entry for one in outcome.winners] == [3, 1]


@pytest.mark.parametrize(
    "decisions",
    [
        [TieDecision((1, 2), "chair")],
        [TieDecision((1, 2, 3), "lot")],
        [TieDecision((1, 2, 3), "chair"), TieDecision((3, 2, 1), "chair")],
    ],
)
def test_a_decision_that_does_not_fit_decides_nothing(decisions: list[TieDecision]) -> None:
    """Not of all who are tied; not by whom the chain names; two that contradict each other."""
    sheets = judged.totals({1: [80], 2: [80], 3: [80]})
    outcome = compute(replace(PLAIN, tiers=TWO_SLOTS), sheets, judged.field([1, 2, 3]), decisions)
    assert [tie.entries for tie in outcome.open_ties] == [(1, 2, 3)]


def test_a_decision_never_overrules_scores() -> None:
    sheets = judged.totals({1: [80], 2: [79]})
    outcome = compute(replace(PLAIN, tiers=TWO_SLOTS), sheets, judged.field([1, 2]), [TieDecision((2, 1), "chair")])
    assert [one.entry for one in outcome.entries] == [1, 2]


def test_two_of_one_household_in_a_tie_ask_for_a_decision() -> None:
    """Both slots are of one tier, but only one of the household may win."""
    method = replace(PLAIN, tiers=(replace(TWO_SLOTS[0], slots=2),), one_per_household=True)
    contestants = [Contestant(1, household="h"), Contestant(2, household="h"), Contestant(3)]
    sheets = judged.totals({1: [80], 2: [80], 3: [70]})
    assert [tie.entries for tie in compute(method, sheets, contestants).open_ties] == [(1, 2)]
    outcome = compute(method, sheets, contestants, [TieDecision((2, 1), "chair")])
    assert [(one.entry, one.verdict) for one in outcome.entries] == [
        (2, "winner"),
        (1, "second_household"),
        (3, "winner"),
    ]


def test_who_cannot_win_has_no_part_in_a_tie() -> None:
    contestants = [Contestant(1, person="p"), Contestant(2, person="p"), Contestant(3)]
    outcome = compute(replace(PLAIN, tiers=TWO_SLOTS), judged.totals({1: [90], 2: [80], 3: [80]}), contestants)
    assert outcome.may_be_locked
    assert {one.entry: one.verdict for one in outcome.entries} == {1: "winner", 2: "second_person", 3: "winner"}


def test_two_open_ties_are_told_together() -> None:
    sheets = judged.totals({entry: [score] for entry, score in enumerate([9, 8, 8, 7, 7, 6, 6], 1)})
    outcome = compute(PLAIN, sheets, judged.field(range(1, 8)))
    assert [tie.entries for tie in outcome.open_ties] == [(2, 3), (4, 5), (6, 7)]


def test_a_household_tied_in_the_reserve_needs_no_decision() -> None:
    method = replace(PLAIN, tiers=TWO_SLOTS[:1], one_per_household=True)
    contestants = [Contestant(1), Contestant(2, household="h"), Contestant(3, household="h")]
    outcome = compute(method, judged.totals({1: [90], 2: [80], 3: [80]}), contestants)
    assert outcome.may_be_locked
    assert [(one.entry, one.place) for one in outcome.reserves] == [(2, 2), (3, 2)]


def test_a_decision_need_not_name_who_cannot_win() -> None:
    """The second entry of the winner stands behind those who are told apart."""
    contestants = [Contestant(1, person="p"), Contestant(2, person="p"), Contestant(3), Contestant(4)]
    sheets = judged.totals({1: [90], 2: [80], 3: [80], 4: [80]})
    method = replace(PLAIN, tiers=TWO_SLOTS)
    assert [tie.entries for tie in compute(method, sheets, contestants).open_ties] == [(3, 4)]
    outcome = compute(method, sheets, contestants, [TieDecision((4, 3), "chair")])
    found = [(one.entry, one.place, one.verdict) for one in outcome.entries]
    assert found == [(1, 1, "winner"), (4, 2, "winner"), (3, 3, "reserve"), (2, 4, "second_person")]


def test_who_wins_in_any_order_of_an_open_tie_closes_the_award_to_the_same_person() -> None:
    contestants = [Contestant(1, person="p"), Contestant(2), Contestant(3, person="p"), Contestant(4)]
    method = replace(PLAIN, tiers=(*TWO_SLOTS, replace(TWO_SLOTS[0], code="3")))
    outcome = compute(method, judged.totals({1: [90], 2: [90], 3: [80], 4: [70]}), contestants)
    found = [(one.entry, one.verdict, one.tier) for one in outcome.entries]
    assert found == [(1, "open", ""), (2, "open", ""), (3, "second_person", ""), (4, "winner", "3")]
