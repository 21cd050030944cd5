"""The days of the demonstration, computed without a database."""

from datetime import date

import pytest

from ikm_portal.demo.days import pairs_from, timetable, working_week
from ikm_portal.demo.editions import PARALLEL, TRUE_FIRST_DAY, TRUE_PARALLEL


def test_pairs_skip_weekends_fridays_and_holidays() -> None:
    pairs = pairs_from(date(2026, 12, 21))
    assert [next(pairs) for _ in range(3)] == [
        (date(2026, 12, 21), date(2026, 12, 22)),
        (date(2026, 12, 23), date(2026, 12, 24)),
        (date(2026, 12, 28), date(2026, 12, 29)),
    ]


@pytest.mark.parametrize(("first", "parallel"), [(TRUE_FIRST_DAY, TRUE_PARALLEL), (date(2026, 12, 19), PARALLEL)])
def test_timetable_gives_27_batches_each_lane_once_a_day(first: date, parallel: list[int]) -> None:
    times = timetable(first, parallel)
    assert len(times) == len(set(times)) == 27


def test_working_week_waits_for_one_without_a_holiday() -> None:
    assert working_week(date(2026, 12, 22))[0] == date(2027, 1, 4)
