import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from incentives.rules import Contestant, Criterion, Method, ScoreError, Sheet, Tier, compute, shown
from tests.incentives import judged
from tests.incentives.judged import PLAIN, A, B, C

AWARDS = json.loads((Path(__file__).parents[1] / "data" / "test_vectors.json").read_text())["awards"]


def test_compute_gives_the_worked_example_to_the_digit() -> None:
    outcome = compute(judged.METHOD, judged.example(), judged.field(judged.EXAMPLE))
    found = {
        one.entry: ([str(shown(total)) for total in one.totals.values()], str(shown(one.final)))
        for one in outcome.entries
    }
    assert found == judged.SHOWN
    assert [(one.entry, one.rank, one.place) for one in outcome.entries] == [(B, 1, 1), (A, 2, 2), (C, 3, 3)]


def test_compute_ranks_on_unrounded_scores() -> None:
    """80.385 and 80.3850...1 are shown alike and are not equal."""
    sheets = judged.totals({1: ["80.385"], 2: ["80.38500000000000000001"]})
    outcome = compute(PLAIN, sheets, judged.field([1, 2]))
    assert [(one.entry, one.rank, str(shown(one.final))) for one in outcome.entries] == [
        (2, 1, "80.39"),
        (1, 2, "80.39"),
    ]


def test_compute_gives_the_six_awards_of_the_scheme() -> None:
    tiers = tuple(Tier(label, label, slots, amount) for label, slots, amount in AWARDS["scheme"])
    sheets = judged.totals({entry: [95 - entry] for entry in range(30)})
    outcome = compute(replace(PLAIN, tiers=tiers), sheets, judged.field(range(30)))
    expected = [(label, amount) for label, slots, amount in AWARDS["scheme"] for _slot in range(slots)]
    assert [(one.tier, one.amount) for one in outcome.winners] == expected
    assert outcome.amount == AWARDS["gross_total"]
    assert [one.entry for one in outcome.reserves] == list(range(6, 30))


def test_compute_counts_only_submitted_and_complete_sheets() -> None:
    sheets = [
        judged.sheet(1, 1, "80,80,80,80,80"),
        judged.sheet(2, 1, "60,60,60,60,-"),
        judged.sheet(3, 1, "60,60,60,60,60", "draft"),
        Sheet(4, 1, "recused"),
        Sheet(5, 1, "abstained"),
        Sheet(6, 1, "assigned"),
    ]
    [one] = compute(judged.METHOD, sheets, judged.field([1])).entries
    assert (one.final, dict(one.totals)) == (Fraction(80), {1: Fraction(80)})
    assert dict(one.criteria) == dict.fromkeys(judged.WEIGHTS, 80)


def test_compute_with_a_missing_sheet_takes_the_mean_of_the_others() -> None:
    outcome = compute(PLAIN, judged.totals({1: [90, 80, None], 2: [80, 80, 80]}), judged.field([1, 2]))
    assert outcome.of(1).final == 85
    assert outcome.of(1).rank == 1


def test_compute_of_an_entry_without_a_sheet_is_not_zero() -> None:
    outcome = compute(PLAIN, judged.totals({1: [0]}), judged.field([1, 2]))
    none = outcome.of(2)
    assert (none.verdict, none.final, none.rank, none.place, none.mean, none.adjusted) == ("not_scored", *[None] * 5)
    assert outcome.of(1).verdict == "winner"


def test_compute_turns_five_steps_into_points_times_twenty() -> None:
    method = replace(PLAIN, criteria=(Criterion("all", Decimal(100), Decimal(1), Decimal(5)),))
    outcome = compute(method, judged.totals({1: [1], 2: ["4.5"], 3: [5]}), judged.field([1, 2, 3]))
    assert {one.entry: one.final for one in outcome.entries} == {1: 20, 2: 90, 3: 100}


@pytest.mark.parametrize("score", ["0.99", "5.01", "NaN", "Infinity"])
def test_compute_refuses_a_score_outside_its_scale(score: str) -> None:
    method = replace(PLAIN, criteria=(Criterion("all", Decimal(100), Decimal(1), Decimal(5)),))
    with pytest.raises(ScoreError, match="juror 1, entry 7: all is outside its scale"):
        compute(method, judged.totals({7: [score]}), judged.field([7]))


def test_compute_refuses_sheets_and_entries_that_cannot_be() -> None:
    sheets = judged.totals({1: [80]})
    with pytest.raises(ScoreError, match="twice or of no entry"):
        compute(PLAIN, sheets + sheets, judged.field([1]))
    with pytest.raises(ScoreError, match="twice or of no entry"):
        compute(PLAIN, sheets, judged.field([2]))
    with pytest.raises(ValueError, match="an entry is there twice"):
        compute(PLAIN, sheets, judged.field([1, 1]))
    with pytest.raises(ValueError, match="an entry has none"):
        compute(replace(PLAIN, per_category=True), sheets, judged.field([1]))


@pytest.mark.parametrize(
    ("given", "mean", "trimmed", "median"),
    [
        (["70"], 70, 70, 70),
        (["70", "90"], 80, 80, 80),
        (["10", "70", "71"], Fraction(151, 3), Fraction(151, 3), 70),
        (["10", "70", "71", "99"], Fraction(125, 2), Fraction(141, 2), Fraction(141, 2)),
        (["10", "70", "71", "72", "99"], Fraction(322, 5), 71, 71),
    ],
)
def test_aggregations_side_by_side(given: list[str], mean: Fraction, trimmed: Fraction, median: Fraction) -> None:
    """Below four sheets nothing is trimmed."""
    for aggregation, expected in (("mean", mean), ("trimmed_mean", trimmed), ("median", median)):
        method = replace(PLAIN, aggregation=aggregation)
        [one] = compute(method, judged.totals({1: given}), judged.field([1])).entries
        assert (one.mean, one.trimmed_mean, one.median, one.final) == (mean, trimmed, median, expected)


@pytest.mark.parametrize(
    ("given", "spread", "deviation", "is_split", "outliers"),
    [
        (["80"], "0.00", None, False, ()),
        (["80", "65"], "15.00", "10.61", False, ()),
        (["80", "64.99"], "15.01", "10.61", True, (1, 2)),
        (["80", "81", "60"], "21.00", "11.85", True, (3,)),
        (["70", "72", "86"], "16.00", "8.72", True, ()),
        (["60", "75", "90"], "30.00", "15.00", True, (1, 3)),
    ],
)
def test_spread_and_outliers(
    given: list[str], spread: str, deviation: str | None, is_split: bool, outliers: tuple[int, ...]
) -> None:
    """Split: two jurors more than 15 apart. Outlier: more than 15 from the median of the others."""
    [one] = compute(PLAIN, judged.totals({1: given}), judged.field([1])).entries
    shown_deviation = None if one.deviation is None else str(round(one.deviation, 2))
    assert (str(shown(one.spread)), shown_deviation) == (spread, deviation)
    assert (one.is_split, one.outliers) == (is_split, outliers)


def test_verdicts_of_those_who_cannot_win() -> None:
    contestants = [
        Contestant(1, state="withdrawn"),
        Contestant(2, state="disqualified"),
        Contestant(3, excluded="won in 2025"),
        Contestant(4),
        Contestant(5),
    ]
    method = replace(PLAIN, minimum=Decimal(60))
    table: dict[int, list[str | int | Decimal | None]] = {1: [99], 2: [98], 3: [97], 4: ["59.99"], 5: [60]}
    outcome = compute(method, judged.totals(table), contestants)
    verdicts = {one.entry: (one.verdict, one.rank) for one in outcome.entries}
    assert verdicts == {
        1: ("withdrawn", None),
        2: ("disqualified", None),
        3: ("excluded", None),
        4: ("below_minimum", 2),
        5: ("winner", 1),
    }
    assert outcome.of(1).mean == 99


def test_minimum_leaves_slots_empty() -> None:
    outcome = compute(judged.METHOD, judged.example(), judged.field(judged.EXAMPLE))
    assert len(outcome.winners) == 3
    strict = compute(replace(judged.METHOD, minimum=Decimal(80)), judged.example(), judged.field(judged.EXAMPLE))
    assert [one.verdict for one in strict.entries] == ["winner", "below_minimum", "below_minimum"]


def test_withdrawal_lets_the_reserve_move_up() -> None:
    sheets = judged.totals({entry: [90 - entry] for entry in range(1, 9)})
    contestants = [replace(one, state="withdrawn") if one.entry == 2 else one for one in judged.field(range(1, 9))]
    before, after = compute(PLAIN, sheets, judged.field(range(1, 9))), compute(PLAIN, sheets, contestants)
    assert [(one.entry, one.tier) for one in before.winners][-1] == (6, "3")
    tiers = {1: "1", 3: "1", 4: "2", 5: "2", 6: "3", 7: "3"}
    assert {one.entry: one.tier for one in after.winners} == tiers


@pytest.mark.parametrize("kind", ["person", "household", "business"])
def test_one_award_for_each_person_household_or_business(kind: str) -> None:
    method = replace(PLAIN, one_per_household=True, one_per_business=True)
    sheets = judged.totals({entry: [90 - entry] for entry in range(1, 10)})
    contestants = [Contestant(entry, **{kind: "same" if entry in (1, 2) else f"key {entry}"}) for entry in range(1, 10)]
    outcome = compute(method, sheets, contestants)
    assert outcome.of(2).verdict == f"second_{kind}"
    assert [one.entry for one in outcome.winners] == [1, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("kind", ["household", "business"])
def test_one_award_for_each_only_where_it_was_declared(kind: str) -> None:
    contestants = [Contestant(entry, **{kind: "same"}) for entry in (1, 2)]
    outcome = compute(PLAIN, judged.totals({1: [80], 2: [70]}), contestants)
    assert [one.verdict for one in outcome.entries] == ["winner", "winner"]


def test_empty_keys_are_like_no_other() -> None:
    method = replace(PLAIN, one_per_household=True, one_per_business=True)
    outcome = compute(method, judged.totals({1: [80], 2: [70]}), judged.field([1, 2]))
    assert len(outcome.winners) == 2


def _by_category(**changes: object) -> Method:
    return replace(PLAIN, **({"tiers": judged.TWO_SLOTS, "per_category": True} | changes))  # type: ignore[arg-type]  # a field by its name


def test_awards_for_each_category() -> None:
    categories = {1: "food", 2: "food", 3: "food", 4: "craft", 5: "craft"}
    contestants = [Contestant(entry, category=category) for entry, category in categories.items()]
    outcome = compute(_by_category(), judged.totals({1: [90], 2: [80], 3: [70], 4: [60], 5: [50]}), contestants)
    found = [(one.entry, one.category, one.rank, one.tier) for one in outcome.entries]
    assert found == [
        (4, "craft", 1, "1"),
        (5, "craft", 2, "2"),
        (1, "food", 1, "1"),
        (2, "food", 2, "2"),
        (3, "food", 3, ""),
    ]


def test_awards_of_one_category_alone() -> None:
    tiers = (Tier("all", "", 1, 500), Tier("food", "", 1, 300, "food"))
    contestants = [
        Contestant(entry, category=category)
        for entry, category in ((1, "food"), (2, "food"), (3, "craft"), (4, "craft"))
    ]
    outcome = compute(
        _by_category(tiers=tiers),
        judged.totals({1: [9], 2: [8], 3: [7], 4: [6]}),
        contestants,
    )
    assert {one.entry: one.tier for one in outcome.winners} == {1: "all", 2: "food", 3: "all"}


def test_a_person_in_two_categories_gets_the_larger_award() -> None:
    contestants = [
        Contestant(1, person="her", category="craft"),
        Contestant(2, person="him", category="craft"),
        Contestant(3, person="they", category="food"),
        Contestant(4, person="her", category="food"),
        Contestant(5, person="we", category="food"),
    ]
    outcome = compute(_by_category(), judged.totals({1: [70], 2: [60], 3: [99], 4: [98], 5: [50]}), contestants)
    assert {one.entry: one.tier for one in outcome.winners} == {1: "1", 2: "2", 3: "1", 5: "2"}
    assert outcome.of(4).verdict == "second_person"


def test_outcome_as_json_keeps_every_fraction() -> None:
    outcome = compute(judged.METHOD, judged.example(), judged.field(judged.EXAMPLE))
    told = json.loads(json.dumps(outcome.as_json()))
    assert Fraction(told["entries"][0]["final"]) == outcome.of(B).final == Fraction(4823, 60)
    assert told["entries"][0]["totals"] == {"1": "1617/20", "2": "80", "3": "803/10"}
    assert told["agreement"]["kendall_w"] == "7/9"


def test_a_person_in_two_categories_gets_the_larger_award_even_with_the_lower_score() -> None:
    tiers = (Tier("craft", "", 1, 500, "craft"), Tier("food", "", 1, 300, "food"))
    contestants = [Contestant(1, person="her", category="craft"), Contestant(2, person="her", category="food")]
    outcome = compute(_by_category(tiers=tiers), judged.totals({1: [60], 2: [90]}), contestants)
    assert {one.entry: one.verdict for one in outcome.entries} == {1: "winner", 2: "second_person"}
