from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.months import next_month
from programs.rules import day_named, monday_of, month_days

MONTHS = st.dates(date(2000, 1, 1), date(2100, 12, 31)).map(lambda day: day.replace(day=1))


@given(MONTHS)
def test_sheet_of_a_month_is_whole_weeks_that_hold_it(first: date) -> None:
    days = month_days(first)
    inside = [day for day in days if day.month == first.month]
    assert (days[0].weekday(), days[-1].weekday(), len(days) % 7) == (0, 6, 0)
    assert (inside[0], next_month(first)) == (first, date.fromordinal(inside[-1].toordinal() + 1))
    assert sorted(set(days)) == days


@pytest.mark.parametrize("text", ["", "2026-02-30", "20260701", "1999-01-01", "2026-W27-1", "\0", "9" * 40])
def test_what_is_no_day_is_none(text: str) -> None:
    assert day_named(text) is None


def test_days_and_mondays_are_read() -> None:
    assert day_named("2024-07-03") == date(2024, 7, 3)
    assert monday_of(date(2024, 7, 3)) == date(2024, 7, 1)
