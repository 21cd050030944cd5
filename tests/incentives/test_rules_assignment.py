from collections import Counter
from collections.abc import Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from incentives.rules import Assignment, Candidate, assign, compute
from tests.incentives import judged


def candidates(count: int, regions: int = 27, categories: int = 3) -> list[Candidate]:
    return [Candidate(n, f"33.75.01.{1000 + n % regions}", f"category {n % categories}") for n in range(count)]


def check(found: Assignment, per_entry: int, conflicts: set[tuple[int, int]]) -> None:
    """What holds for every assignment."""
    for entry, jurors in found.jurors_of.items():
        assert len(set(jurors)) == len(jurors) == per_entry - found.short.get(entry, 0)
        assert not {(juror, entry) for juror in jurors} & conflicts
    loads = Counter(juror for jurors in found.jurors_of.values() for juror in jurors)
    assert {juror: loads[juror] for juror in found.loads} == dict(found.loads)


def test_assign_gives_everybody_the_same_load_where_it_can() -> None:
    found = assign(range(9), candidates(300), 3, seed="pitch")
    check(found, 3, set())
    assert set(found.loads.values()) == {100}
    assert found.is_connected
    assert found.short == {}


def test_assign_spreads_each_kelurahan_and_category() -> None:
    """81 entries of 27 kelurahan, three each with three jurors: nine jurors see each kelurahan once."""
    found = assign(range(9), candidates(81), 3, seed="pitch")
    listed = {one.entry: one for one in candidates(81)}
    regions = Counter((juror, listed[entry].region) for entry, jurors in found.jurors_of.items() for juror in jurors)
    categories = Counter(
        (juror, listed[entry].category) for entry, jurors in found.jurors_of.items() for juror in jurors
    )
    assert set(regions.values()) == {1}
    assert max(categories.values()) - min(categories.values()) <= 2


def test_assign_keeps_the_load_even_around_conflicts() -> None:
    conflicts = {(juror, entry) for juror in (0, 1) for entry in range(0, 30, 3)}
    found = assign(range(5), candidates(30), 3, conflicts=conflicts, seed="pitch")
    check(found, 3, conflicts)
    assert set(found.loads.values()) == {18}


def test_assign_tells_entries_that_lack_jurors() -> None:
    conflicts = {(0, 4), (1, 4)}
    found = assign(range(4), candidates(8), 3, conflicts=conflicts, seed="pitch")
    check(found, 3, conflicts)
    assert found.short == {4: 1}


def test_assign_of_one_juror_each_is_not_connected() -> None:
    assert not assign(range(3), candidates(9), 1, seed="pitch").is_connected
    assert assign(range(1), candidates(9), 1, seed="pitch").is_connected


def test_assign_joins_jurors_whom_even_loads_left_apart() -> None:
    """The third entry is left to the pair of the first, the fourth to that of the second: then two are exchanged."""
    conflicts = {(2, 2), (3, 2)}
    for seed in map(str, range(40)):
        rows = [Candidate(number, region="abcd"[number]) for number in range(4)]
        found = assign(range(4), rows, 2, conflicts=conflicts, seed=seed)
        check(found, 2, conflicts)
        assert set(found.loads.values()) == {2}
        assert found.is_connected


def test_assign_prefers_who_has_least_of_this_kelurahan_then_of_this_category() -> None:
    rows = [Candidate(0, "x", "food"), Candidate(1, "y", "craft")]
    kept = {0: [0], 1: [1]}
    for seed in map(str, range(10)):
        for new, juror in (
            (Candidate(2, "x", "other"), 1),
            (Candidate(2, "y", "other"), 0),
            (Candidate(2, "z", "food"), 1),
            (Candidate(2, "z", "craft"), 0),
            (Candidate(2, "x", "craft"), 1),
        ):
            assert assign(range(2), [*rows, new], 1, seed=seed, kept=kept).jurors_of[2] == (juror,)


def test_assign_joins_only_by_moving_what_may_move() -> None:
    kept = {0: [0, 1], 1: [0, 1], 2: [2, 3], 3: [2, 3]}
    found = assign(range(4), candidates(4), 2, seed="pitch", kept=kept)
    assert found.jurors_of == {entry: tuple(jurors) for entry, jurors in kept.items()}
    assert not found.is_connected


def test_assign_is_the_same_for_a_seed_whatever_the_order() -> None:
    first = assign(range(7), candidates(40), 3, conflicts=[(1, 2), (3, 4)], seed="one")
    turned = assign(reversed(range(7)), reversed(candidates(40)), 3, conflicts=[(3, 4), (1, 2)], seed="one")
    assert first == turned
    assert first != assign(range(7), candidates(40), 3, conflicts=[(1, 2), (3, 4)], seed="two")


@given(
    st.integers(1, 6),
    st.integers(1, 4),
    st.sets(st.tuples(st.integers(0, 5), st.integers(0, 9)), max_size=25),
    st.text("ab", max_size=3),
)
@settings(max_examples=200)
def test_assign_is_as_even_as_can_be(jurors: int, per_entry: int, conflicts: set[tuple[int, int]], seed: str) -> None:
    """Short only by conflicts; no single move makes the loads more even; without conflicts they are one apart."""
    found = assign(range(jurors), candidates(10), per_entry, conflicts=conflicts, seed=seed)
    check(found, per_entry, conflicts)
    eligible = {e: [j for j in range(jurors) if (j, e) not in conflicts] for e in range(10)}
    lacking = {entry: per_entry - len(able) for entry, able in eligible.items() if len(able) < per_entry}
    assert found.short == lacking
    assert not _movable(found.jurors_of, found.loads, eligible)
    if not conflicts:
        assert max(found.loads.values()) - min(found.loads.values()) <= 1


def _movable(
    jurors_of: Mapping[int, tuple[int, ...]], loads: Mapping[int, int], eligible: Mapping[int, list[int]]
) -> list[tuple[int, int, int]]:
    return [
        (giver, entry, taker)
        for entry, jurors in jurors_of.items()
        for giver in jurors
        for taker in eligible[entry]
        if taker not in jurors and loads[taker] <= loads[giver] - 2
    ]


def refilled(
    jurors_of: Mapping[int, tuple[int, ...]],
    jurors: range,
    entries: list[Candidate],
    per_entry: int,
    *,
    leaving: list[tuple[int, int]],
    conflicts: Sequence[tuple[int, int]] = (),
) -> Assignment:
    """As sheets are dealt out after recusals: what is left stays, and who left comes back to no entry."""
    kept = {entry: [one for one in given if (one, entry) not in leaving] for entry, given in jurors_of.items()}
    return assign(jurors, entries, per_entry, conflicts=[*leaving, *conflicts], seed="pitch", kept=kept)


def test_refill_gives_the_work_to_the_least_loaded_without_conflict() -> None:
    before = assign(range(5), candidates(10), 3, seed="pitch")
    leaving = [(0, entry) for entry, jurors in before.jurors_of.items() if 0 in jurors]
    after = refilled(before.jurors_of, range(1, 5), candidates(10), 3, leaving=leaving, conflicts=[(1, 0)])
    check(after, 3, {(1, 0), *leaving})
    for entry, jurors in before.jurors_of.items():
        assert set(jurors) - {0} <= set(after.jurors_of[entry])
    assert max(after.loads.values()) - min(after.loads.values()) <= 1
    assert after.short == {}


def test_refill_of_one_recusal_moves_nobody_else() -> None:
    jurors_of = {0: (0, 1), 1: (0, 1), 2: (1, 2), 3: (0, 3)}
    found = refilled(jurors_of, range(4), candidates(4), 2, leaving=[(0, 1)])
    taken = {entry: set(found.jurors_of[entry]) - set(jurors) for entry, jurors in jurors_of.items()}
    assert taken in ({0: set(), 1: {2}, 2: set(), 3: set()}, {0: set(), 1: {3}, 2: set(), 3: set()})
    assert 0 not in found.jurors_of[1]


def test_refill_tells_what_cannot_be_filled() -> None:
    found = refilled({0: (0, 1), 1: (0, 1)}, range(2), candidates(2), 2, leaving=[(0, 1)])
    assert found.jurors_of == {0: (0, 1), 1: (1,)}
    assert found.short == {1: 1}


def test_assigned_sheets_make_severity_computable() -> None:
    found = assign(range(3), candidates(6), 2, seed="pitch")
    table = {e: [70 + j if j in jurors else None for j in range(3)] for e, jurors in found.jurors_of.items()}
    outcome = compute(judged.PLAIN, judged.totals(table), judged.field(range(6)))
    assert outcome.is_connected is found.is_connected is True
    assert {one.leniency for one in outcome.jurors} == {-1, 0, 1}
