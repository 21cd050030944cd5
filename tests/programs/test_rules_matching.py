"""Ranking of instructors and the counting of paid hours."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.rules import Candidate, Rate, distance_between, fee_for, rank, weigh

LESSON = Rate("lesson_hour", 45, 100_000)
PERSON = Rate("person_hour", 60, 900_000)


def candidate(key: int = 1, **values: Any) -> Candidate:
    known: dict[str, Any] = {
        "name": f"Guru {key}",
        "needs_level": True,
        "level": 2,
        "distance": "city",
        "hours_near": 0,
        "gain": None,
    }
    return Candidate(key, **known | values)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("33.75.01.1006", "33.75.01.1006", "village"),
        ("33.75.01.1006", "33.75.01.1002", "district"),
        ("33.75.01.1006", "33.75.02.1002", "city"),
        ("33.75.01.1006", "33.75", "city"),
        ("33.75", "33.75", "city"),
        ("33.75.01.1006", "33.74.01.1001", "province"),
        ("33.75", "74.71", "far"),
        ("33.75.01", "33.75.01.1006", "district"),
        (None, "33.75", None),
        ("", "33.75", None),
    ],
)
def test_distance_is_the_smallest_region_that_holds_both(one: str | None, other: str, expected: str | None) -> None:
    assert distance_between(one, other) == expected
    assert distance_between(other, one) == expected


def test_rank_puts_the_better_first_for_each_reason() -> None:
    for better, worse in (
        ({"level": 3}, {"level": 2}),
        ({"distance": "village"}, {"distance": "district"}),
        ({"hours_near": 0}, {"hours_near": 16}),
        ({"gain": Decimal("0.7")}, {"gain": Decimal("0.2")}),
    ):
        found = rank([candidate(1, **worse), candidate(2, **better)])
        assert [match.candidate.key for match in found] == [2, 1]


def test_rank_keeps_those_who_cannot_come_at_the_end() -> None:
    people = [
        candidate(1, level=3, obstacles=("booked",)),
        candidate(2, level=1),
        candidate(3, obstacles=("elsewhere",)),
    ]
    found = rank(people)
    assert [match.candidate.key for match in found] == [2, 3, 1]
    assert [(match.is_free, match.is_possible) for match in found] == [(True, True), (False, True), (False, False)]


def test_somebody_new_stands_between_a_good_and_a_poor_past() -> None:
    points = [weigh(candidate(gain=gain)).points for gain in (Decimal("0.7"), None, Decimal("0.1"))]
    assert points == sorted(points, reverse=True)
    assert len(set(points)) == 3


@given(
    st.lists(
        st.builds(
            candidate,
            key=st.integers(1, 50),
            level=st.sampled_from([None, 1, 2, 3]),
            distance=st.sampled_from(["village", "district", "city", "province", "far", None]),
            hours_near=st.integers(0, 400),
            gain=st.none() | st.decimals(-1, 1, places=3),
        ),
        unique_by=lambda one: one.key,
    )
)
def test_rank_is_whole_and_the_same_in_any_order(people: list[Candidate]) -> None:
    found = rank(people)
    assert found == rank(list(reversed(people)))
    assert {match.candidate.key for match in found} == {one.key for one in people}
    assert all(0 <= match.points <= 100 and match.points == sum(r.points for r in match.reasons) for match in found)


@pytest.mark.parametrize(
    ("rate", "hours", "clock", "units", "gross"),
    [
        (LESSON, 8, 480, 8, 800_000),  # eight lesson hours, whatever the breaks
        (PERSON, 8, 480, 6, 5_400_000),  # 8 x 45 minutes are six person-hours
        (PERSON, 0, 240, 4, 3_600_000),  # 4 OJ x 900,000 (domain.md 8.5)
        (PERSON, 0, 239, 3, 2_700_000),  # an hour that is not finished is not paid
        (LESSON, 0, 100, 2, 200_000),
        (Rate("occasion", None, 700_000), 8, 480, 1, 700_000),
    ],
)
def test_fee_counts_whole_units(rate: Rate, hours: int, clock: int, units: int, gross: int) -> None:
    fee = fee_for(rate, lesson_hours=hours, clock_minutes=clock)
    assert (fee.units, fee.gross) == (units, gross)


@given(st.integers(0, 24), st.integers(1, 1440), st.integers(1, 2_000_000))
def test_person_hours_are_never_more_than_lesson_hours(hours: int, clock: int, amount: int) -> None:
    lesson = fee_for(Rate("lesson_hour", 45, amount), lesson_hours=hours, clock_minutes=clock)
    person = fee_for(Rate("person_hour", 60, amount), lesson_hours=hours, clock_minutes=clock)
    assert person.units <= lesson.units
    assert person.units * 60 <= person.minutes < (person.units + 1) * 60
