from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.rules import day_named, monday_of, month_days, month_named, next_month

MONTHS = st.dates(date(2000, 1, 1), date(2100, 12, 31)).map(lambda day: day.replace(day=1))


@given(MONTHS)
def test_sheet_of_a_month_is_whole_weeks_that_hold_it(first: date) -> None:
    days = month_days(first)
    inside = [day for day in days if day.month == first.month]
    assert (days[0].weekday(), days[-1].weekday(), len(days) % 7) == (0, 6, 0)
    assert (inside[0], next_month(first)) == (first, date.fromordinal(inside[-1].toordinal() + 1))
    assert sorted(set(days)) == days


@given(MONTHS)
def test_next_month_and_back(first: date) -> None:
    assert next_month(next_month(first), -1) == first


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "1999-12", "2101-01", "٢٠٢٦-٠٧", "2026-07-01", "x" * 90]
)
def test_what_is_no_month_is_none(text: str) -> None:
    assert month_named(text) is None


@pytest.mark.parametrize("text", ["", "2026-02-30", "20260701", "1999-01-01", "2026-W27-1", "\0", "9" * 40])
def test_what_is_no_day_is_none(text: str) -> None:
    assert day_named(text) is None


def test_months_days_and_mondays_are_read() -> None:
    assert (month_named("2024-07"), day_named("2024-07-03")) == (date(2024, 7, 1), date(2024, 7, 3))
    assert monday_of(date(2024, 7, 3)) == date(2024, 7, 1)
