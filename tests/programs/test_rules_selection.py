import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.rules import (
    Applicant,
    Capacity,
    Contender,
    Limit,
    PointRule,
    Terms,
    allot,
    capacities,
    groups_of,
    in_order,
    lot,
    next_in_line,
    points_of,
    seed_hash,
    share_out,
)

SEED = "7f" * 32
GROUPS = st.lists(st.sampled_from(["sex:female", "sex:male", "business_kind:roti"]), max_size=2, unique=True)
CONTENDERS = st.lists(
    st.tuples(st.integers(1, 900), st.integers(0, 5), GROUPS), max_size=25, unique_by=lambda one: one[0]
).map(lambda rows: [Contender(number, points, tuple(groups)) for number, points, groups in rows])
LIMITS = st.fixed_dictionaries(
    {group: st.tuples(st.integers(0, 6), st.booleans()) for group in ("sex:female", "sex:male", "business_kind:roti")}
)
CAPACITIES = st.builds(Capacity, seats=st.integers(1, 12), waiting=st.integers(0, 6), limits=LIMITS)


def outcomes(ordered: list[Contender], capacity: Capacity) -> str:
    return " ".join(f"{one.number}:{one.outcome}/{one.reason}" for one in allot(ordered, capacity))


def test_allot_gives_seats_then_waiting_places_then_nothing() -> None:
    line = [Contender(number) for number in (5, 3, 9, 1)]
    assert outcomes(line, Capacity(seats=2, waiting=1)) == "5:held/seat 3:held/seat 9:waiting/seats 1:none/seats"


def test_allot_passes_over_a_group_that_is_full() -> None:
    line = [Contender(number, groups=(f"business_kind:{kind}",)) for number, kind in ((1, "a"), (2, "a"), (3, "b"))]
    capacity = Capacity(2, 5, {"business_kind:a": (1, False), "business_kind:b": (1, False)})
    assert outcomes(line, capacity) == "1:held/seat 2:waiting/limit 3:held/seat"
    assert [one.group for one in allot(line, capacity)] == ["", "business_kind:a", ""]


def test_allot_gives_seats_left_over_beyond_a_limit_that_yields() -> None:
    line = [Contender(number, groups=("business_kind:a",)) for number in (1, 2, 3)]
    assert outcomes(line, Capacity(2, 0, {"business_kind:a": (1, True)})) == "1:held/seat 2:held/leftover 3:none/limit"
    assert outcomes(line, Capacity(2, 0, {"business_kind:a": (1, False)})) == "1:held/seat 2:none/limit 3:none/limit"


@given(line=CONTENDERS, capacity=CAPACITIES)
def test_allot_keeps_seats_limits_and_order(line: list[Contender], capacity: Capacity) -> None:
    result = allot(line, capacity)
    assert [one.number for one in result] == [one.number for one in line]
    assert [one.rank for one in result] == list(range(1, len(line) + 1))
    held = [one for one in result if one.outcome == "held"]
    waiting = [one for one in result if one.outcome == "waiting"]
    assert len(held) <= capacity.seats
    assert len(waiting) == min(capacity.waiting, len(line) - len(held))
    for group, (seats, yields) in capacity.limits.items():
        inside = [one for one in held if group in one.groups and (one.reason == "seat" or not yields)]
        assert len(inside) <= seats
    # Nobody without a group is passed by somebody who stands behind.
    free = [one for one in result if not one.groups]
    assert [one.outcome for one in free] == sorted((one.outcome for one in free), key=["held", "waiting", "none"].index)
    if len(held) < capacity.seats:
        assert all(one.reason == "limit" for one in result if one.outcome != "held")


def test_in_order_by_points_then_by_number() -> None:
    line = [Contender(3, 1), Contender(2, 1), Contender(1, 0), Contender(4, 9)]
    assert [one.number for one in in_order(line)] == [4, 2, 3, 1]


def test_in_order_by_lot_is_the_sha256_of_seed_words_and_number() -> None:
    line = [Contender(number, points=number) for number in range(1, 6)]
    assert [one.number for one in in_order(line, seed=SEED, words="4 8 15")] == [4, 3, 1, 5, 2]
    assert lot("a", "b", 1) == "6cce7cb783ec0ac78f072eeed1c71edc1dc62959a913c7b19e533f6be2cbe9ed"
    assert seed_hash("a") == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"


@given(numbers=st.lists(st.integers(1, 10_000), min_size=2, max_size=30, unique=True))
def test_in_order_by_lot_leaves_the_others_where_they_were_when_one_goes(numbers: list[int]) -> None:
    order = [one.number for one in in_order(map(Contender, numbers), seed=SEED, words="x")]
    without = [one.number for one in in_order(map(Contender, numbers[1:]), seed=SEED, words="x")]
    assert without == [number for number in order if number != numbers[0]]


def test_lots_give_each_number_about_the_same_chance() -> None:
    wins = dict.fromkeys(range(10), 0)
    for draw in range(2000):
        wins[in_order(map(Contender, wins), seed=f"{draw:064x}", words="x")[0].number] += 1
    assert all(140 < won < 260 for won in wins.values())


@pytest.mark.parametrize(
    ("rule", "earned"),
    [
        (PointRule("target_group", "buruh_phk", 5), 5),
        (PointRule("target_group", "pelaku_ikm", 5), 0),
        (PointRule("region", "33.75", 4), 4),
        (PointRule("region", "33.7", 4), 0),
        (PointRule("age", "18-24", 3), 3),
        (PointRule("age", "25-30", 3), 0),
        (PointRule("first_time", "", 2), 2),
        (PointRule("education", "sd", 1), 1),
    ],
)
def test_points_of_one_rule(rule: PointRule, earned: int) -> None:
    somebody = Applicant(
        1, region="33.75.01.1006", sex="female", target_group="buruh_phk", education="sd", age=24, first_time=True
    )
    assert points_of(Terms(points=(rule,)), somebody) == earned
    assert points_of(Terms(points=(rule, rule)), somebody) == 2 * earned


def test_points_of_somebody_whose_age_is_not_known() -> None:
    assert points_of(Terms(points=(PointRule("age", "18-24", 3),)), Applicant(1)) == 0


def test_groups_of_a_named_value_goes_before_each() -> None:
    terms = Terms(
        limits=(
            Limit("business_kind", 1),
            Limit("business_kind", 3, value="roti"),
            Limit("region", 5, value="33.75.01"),
        )
    )
    baker = Applicant(1, region="33.75.01.1006", business_kind="roti")
    weaver = Applicant(2, region="33.75.02.1004", business_kind="tenun")
    assert groups_of(terms, baker) == ("business_kind:roti", "region:33.75.01")
    assert groups_of(terms, weaver) == ("business_kind:tenun",)
    assert groups_of(terms, Applicant(3)) == ()
    limits = capacities(terms, [*groups_of(terms, baker), *groups_of(terms, weaver)])
    assert {group: seats for group, (seats, _yields) in limits.items()} == {
        "business_kind:roti": 3,
        "region:33.75.01": 5,
        "business_kind:tenun": 1,
    }


def test_terms_come_back_from_json_as_they_were() -> None:
    terms = Terms((PointRule("sex", "female", 1),), (Limit("region", 2, yields=True),))
    assert Terms.from_json(terms.as_json()) == terms
    assert Terms.from_json({}) == Terms()


def test_next_in_line_keeps_the_limits() -> None:
    line = [Contender(1, groups=("a:x",)), Contender(2, groups=("a:y",)), Contender(3)]
    hard, soft = {"a:x": (1, False), "a:y": (1, False)}, {"a:x": (1, True), "a:y": (1, False)}
    assert next_in_line(line, [("a:x",)], hard, 1) == [2]
    assert next_in_line(line, [("a:x",), ("a:y",)], hard, 3) == [3]
    assert next_in_line(line, [("a:x",), ("a:y",)], soft, 3) == [3, 1]
    assert next_in_line(line, [], hard, 0) == []


def test_share_out_goes_where_most_wait_for_each_seat() -> None:
    assert share_out({"a": 3, "b": 1}, {"c": (10, 10), "d": (2, 40)}) == [("a", "c", 3), ("b", "c", 1)]
    assert share_out({"a": 9}, {"c": (2, 10), "d": (2, 10)}) == [("a", "c", 2), ("a", "d", 2)]
    assert share_out({}, {"c": (2, 10)}) == share_out({"a": 2}, {}) == []


@given(
    free=st.dictionaries(st.sampled_from("abcd"), st.integers(0, 9)),
    waiting=st.dictionaries(st.sampled_from("wxyz"), st.tuples(st.integers(0, 9), st.integers(1, 40))),
)
def test_share_out_moves_what_is_there_to_who_needs_it(
    free: dict[str, int], waiting: dict[str, tuple[int, int]]
) -> None:
    moved = share_out(free, waiting)
    assert sum(seats for *_pair, seats in moved) == min(
        sum(free.values()), sum(people for people, _ in waiting.values())
    )
    for key, seats in free.items():
        assert sum(count for giver, _to, count in moved if giver == key) <= seats
    for key, (people, _seats) in waiting.items():
        assert sum(count for _giver, to, count in moved if to == key) <= people


def published_script() -> ModuleType:
    path = Path(__file__).parents[2] / "static/undian/periksa.py"
    spec = importlib.util.spec_from_file_location("periksa", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@given(line=CONTENDERS, capacity=CAPACITIES, by_lot=st.booleans())
def test_the_published_script_finds_the_same(line: list[Contender], capacity: Capacity, by_lot: bool) -> None:
    script = published_script()
    settings = {"cara": "draw" if by_lot else "points", "benih": SEED, "kata_saksi": "4 8"}
    settings |= {"kursi": str(capacity.seats), "cadangan": str(capacity.waiting)}
    rows = [
        {"nomor": str(one.number), "ikut": "1", "poin": str(one.points), "kelompok": " ".join(one.groups)}
        for one in line
    ]
    ours = allot(in_order(line, seed=SEED if by_lot else "", words="4 8"), capacity)
    expected = {str(one.number): (str(one.rank), one.outcome) for one in ours}
    assert script.results(settings, capacity.limits, rows) == expected
