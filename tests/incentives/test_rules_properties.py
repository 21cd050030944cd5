"""What holds for every competition; small numbers and few of them, so that ties are the rule."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import permutations, product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from incentives.rules import (
    Contestant,
    Criterion,
    Method,
    Outcome,
    Sheet,
    TieDecision,
    Tier,
    compute,
    fingerprint,
    sensitivity,
)
from incentives.rules.severity import is_connected, severity

JURORS = (1, 2, 3, 4, 5)
CODES = ("a", "b", "c")
WIDE = Decimal(1000)
CRITERIA = tuple(
    Criterion(code, Decimal(weight), Decimal(0), WIDE) for code, weight in zip(CODES, (50, 30, 20), strict=True)
)
AGGREGATIONS = st.sampled_from(("mean", "trimmed_mean", "median"))
CHAINS = st.lists(st.sampled_from(("criteria", "more_jurors", "median")), unique=True).map(tuple)
SLOTS = st.lists(st.integers(1, 3), min_size=1, max_size=3).map(
    lambda slots: tuple(Tier(str(place), "", count, 100 - place) for place, count in enumerate(slots))
)
KEY = st.sampled_from(("", "x", "y"))
STATE = st.sampled_from(("submitted",) * 5 + ("draft", "recused"))
Table = Mapping[tuple[int, int], tuple[str, tuple[int, ...]]]


@st.composite
def methods(draw: st.DrawFn) -> Method:
    return Method(
        CRITERIA,
        draw(SLOTS),
        draw(AGGREGATIONS),
        minimum=draw(st.sampled_from((None, Decimal("0.15")))),
        tie_breaks=(*draw(CHAINS), "chair"),
        one_per_household=draw(st.booleans()),
        one_per_business=draw(st.booleans()),
    )


@st.composite
def fields(draw: st.DrawFn, size: int = 6) -> list[Contestant]:
    return [
        Contestant(
            entry, draw(KEY), draw(KEY), draw(KEY), state=draw(st.sampled_from(("standing",) * 4 + ("withdrawn",)))
        )
        for entry in range(1, draw(st.integers(1, size)) + 1)
    ]


@st.composite
def tables(draw: st.DrawFn, entries: Sequence[int], jurors: Sequence[int] = JURORS) -> Table:
    """Scores of 0 to 3 of 1000: many ties."""
    score = st.tuples(*(st.integers(0, 3) for _code in CODES))
    return {
        (entry, juror): (draw(STATE), draw(score)) for entry in entries for juror in jurors if draw(st.integers(0, 4))
    }


def sheets_of(table: Table) -> list[Sheet]:
    return [
        Sheet(juror, entry, state, dict(zip(CODES, map(Decimal, scores), strict=True)))
        for (entry, juror), (state, scores) in table.items()
    ]


@st.composite
def competitions(draw: st.DrawFn) -> tuple[Method, list[Sheet], list[Contestant]]:
    field = draw(fields())
    return draw(methods()), sheets_of(draw(tables([one.entry for one in field]))), field


@given(competitions(), st.randoms())
@settings(max_examples=150)
def test_the_order_of_what_comes_in_never_matters(
    competition: tuple[Method, list[Sheet], list[Contestant]], chance: random.Random
) -> None:
    method, sheets, field = competition
    decisions = [TieDecision((1, 2, 3, 4, 5, 6), "chair"), TieDecision((2, 1), "chair")]
    told = (compute(method, sheets, field, decisions), fingerprint(method, sheets, field, decisions))
    other = sensitivity(method, sheets, field, decisions)
    for given_list in (sheets, field, decisions):
        chance.shuffle(given_list)
    turned = [replace(sheet, scores=dict(sorted(sheet.scores.items(), reverse=True))) for sheet in sheets]
    assert (compute(method, turned, field, decisions), fingerprint(method, turned, field, decisions)) == told
    assert sensitivity(method, turned, field, decisions) == other


@given(competitions())
@settings(max_examples=150)
def test_the_numbers_of_the_jurors_never_matter(competition: tuple[Method, list[Sheet], list[Contestant]]) -> None:
    method, sheets, field = competition
    renamed = [replace(sheet, juror=100 - sheet.juror) for sheet in sheets]
    assert _places(compute(method, renamed, field)) == _places(compute(method, sheets, field))


@given(competitions(), st.integers(1, 6), st.sampled_from(JURORS), st.sampled_from(CODES), st.integers(1, 6))
@settings(max_examples=300)
def test_a_higher_score_never_lowers_a_rank(
    competition: tuple[Method, list[Sheet], list[Contestant]], entry: int, juror: int, code: str, more: int
) -> None:
    method, sheets, field = competition
    raised = [
        replace(s, scores={**s.scores, code: s.scores[code] + more}) if (s.entry, s.juror) == (entry, juror) else s
        for s in sheets
    ]
    assume(raised != sheets)
    before, after = compute(method, sheets, field).of(entry), compute(method, raised, field).of(entry)
    assume(before.rank is not None and before.place is not None)
    assert (before.rank, before.place) >= (after.rank, before.place)
    assert (after.place or 0) <= (before.place or 0)
    if before.verdict == "winner" and after.verdict == "winner":
        assert int(after.tier) <= int(before.tier)
    assert not (before.verdict == "winner" and after.verdict in ("reserve", "below_minimum"))


@given(competitions(), st.data())
@settings(max_examples=150)
def test_what_is_missing_is_never_zero(
    competition: tuple[Method, list[Sheet], list[Contestant]], data: st.DataObject
) -> None:
    """A draft, a recusal or a sheet with a gap is the same as no sheet."""
    method, sheets, field = competition
    counted = [sheet for sheet in sheets if sheet.state == "submitted"]
    states = st.sampled_from(("draft", "recused", "abstained", "assigned", "gap", "none"))
    given_up = [(sheet, data.draw(states)) for sheet in counted if data.draw(st.booleans())]
    absent = [sheet for sheet in counted if all(sheet is not one for one, _state in given_up)]
    unfinished = [
        replace(one, scores={"a": one.scores["a"]}) if state == "gap" else replace(one, state=state)
        for one, state in given_up
        if state != "none"
    ]
    outcome = compute(method, [*absent, *unfinished], field)
    assert outcome == compute(method, absent, field)
    scored = {sheet.entry for sheet in absent}
    assert {one.entry for one in outcome.entries if one.mean is None} == {one.entry for one in field} - scored


@given(competitions())
@settings(max_examples=400)
def test_slots_and_open_ties_are_those_of_all_orders(competition: tuple[Method, list[Sheet], list[Contestant]]) -> None:
    """Brute force: a tie is open exactly where two orders of equal scores would give different awards."""
    method, sheets, field = competition
    method = replace(method, tie_breaks=("chair",))
    outcome = compute(method, sheets, field)
    results = {_filled(method, field, order) for order in _orders(outcome)}
    if outcome.may_be_locked:
        assert results == {_awards(outcome)}
    else:
        assert len(results) > 1


@given(competitions(), st.permutations(range(1, 7)))
@settings(max_examples=300)
def test_a_decision_on_everything_leaves_nothing_open(
    competition: tuple[Method, list[Sheet], list[Contestant]], order: list[int]
) -> None:
    """And gives what one walk down the list gives, with the chain's keys for totals that are equal."""
    method, sheets, field = competition
    method = replace(method, tie_breaks=("criteria", "median", "chair"))
    outcome = compute(method, sheets, field, [TieDecision(tuple(order), "chair")])
    assert outcome.may_be_locked

    def key(entry: int) -> tuple[Fraction, ...]:
        one = outcome.of(entry)
        assert one.final is not None
        assert one.median is not None
        return (-one.final, *(-one.criteria[code] for code in CODES), -one.median, Fraction(order.index(entry)))

    walked = sorted((one.entry for one in outcome.entries if one.rank is not None), key=key)
    assert _filled(method, field, [(entry, outcome.of(entry).final) for entry in walked]) == _awards(outcome)


@given(st.data(), st.sampled_from(JURORS), st.integers(-300, 300))
@settings(max_examples=200)
def test_a_severe_juror_never_changes_the_adjusted_order(data: st.DataObject, juror: int, constant: int) -> None:
    """A constant on all of one juror's totals moves every adjusted score by the same amount."""
    cells = list(product(range(1, 8), JURORS))
    table = {entry: {} for entry in range(1, 8)}  # type: dict[int, dict[int, int]]
    for entry, who in cells:
        if data.draw(st.integers(0, 2)):
            table[entry][who] = data.draw(st.integers(300, 700))
    table = {entry: totals for entry, totals in table.items() if totals}
    assume(is_connected(table))
    assume(any(juror in totals for totals in table.values()))
    before = compute(*_competition(table))
    moved = {e: {who: t + constant * (who == juror) for who, t in totals.items()} for e, totals in table.items()}
    after = compute(*_competition(moved))
    shifts = {
        one.adjusted - before.of(one.entry).adjusted  # type: ignore[operator]  # both are computable
        for one in after.entries
        if one.adjusted is not None
    }
    jurors = len({who for totals in table.values() for who in totals})
    assert shifts == {Fraction(constant, 10 * jurors)}


@given(st.data())
@settings(max_examples=200)
def test_severity_is_the_least_squares_solution(data: st.DataObject) -> None:
    """What is left of the totals sums to zero for every juror and every entry, exactly; so do the jurors' effects."""
    table = {
        entry: {who: data.draw(st.integers(0, 50)) for who in JURORS if data.draw(st.booleans())} for entry in range(6)
    }
    table = {entry: totals for entry, totals in table.items() if totals}
    found = severity(table)
    assert (found is not None) == is_connected(table)
    assume(found is not None)
    assert found is not None
    left = {
        (entry, who): total - found.adjusted[entry] - found.leniency[who]
        for entry, totals in table.items()
        for who, total in totals.items()
    }
    assert sum(found.leniency.values()) == 0
    for place, numbers in ((0, table), (1, found.leniency)):
        assert all(sum(rest for cell, rest in left.items() if cell[place] == number) == 0 for number in numbers)


def _competition(table: Mapping[int, Mapping[int, int]]) -> tuple[Method, list[Sheet], list[Contestant]]:
    method = Method((Criterion("all", Decimal(100), Decimal(0), WIDE),), (Tier("1", "", 1, 1),))
    sheets = [
        Sheet(who, entry, "submitted", {"all": Decimal(total)})
        for entry, totals in table.items()
        for who, total in totals.items()
    ]
    return method, sheets, [Contestant(entry) for entry in table]


def _places(outcome: Outcome) -> list[tuple[object, ...]]:
    return [(one.entry, one.final, one.rank, one.place, one.verdict, one.tier) for one in outcome.entries]


def _awards(outcome: Outcome) -> frozenset[tuple[int, str]]:
    return frozenset((one.entry, one.tier) for one in outcome.winners)


def _orders(outcome: Outcome) -> Iterable[list[tuple[int, Fraction | None]]]:
    """Every order of the ranked entries in which none stands before one with a higher score."""
    ranked = sorted((one.rank, one.entry) for one in outcome.entries if one.rank is not None)
    groups = [[entry for rank, entry in ranked if rank == this] for this in sorted({rank for rank, _entry in ranked})]
    for mixed in product(*(permutations(group) for group in groups)):
        yield [(entry, outcome.of(entry).final) for group in mixed for entry in group]


def _filled(
    method: Method, field: Sequence[Contestant], order: Iterable[tuple[int, Fraction | None]]
) -> frozenset[tuple[int, str]]:
    """One walk down the list: the next slot to whoever reaches the minimum and has no award in the family."""
    slots = [tier.code for tier in method.tiers for _slot in range(tier.slots)]
    known = {one.entry: one for one in field}
    won: list[int] = []
    for entry, score in order:
        assert score is not None
        if len(won) == len(slots) or (method.minimum is not None and score < Fraction(method.minimum)):
            continue
        if not any(_are_near(method, known[entry], known[other]) for other in won):
            won.append(entry)
    return frozenset(zip(won, slots, strict=False))


def _are_near(method: Method, one: Contestant, other: Contestant) -> bool:
    return (
        (one.person != "" and one.person == other.person)
        or (method.one_per_household and one.household != "" and one.household == other.household)
        or (method.one_per_business and one.business != "" and one.business == other.business)
    )
