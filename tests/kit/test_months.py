from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.months import month_named, next_month

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
MONTHS = DAYS.map(lambda day: day.replace(day=1))


@given(MONTHS)
def test_next_month_and_back(first: date) -> None:
    assert next_month(next_month(first), -1) == first


@given(DAYS)
def test_next_month_of_any_day_is_the_first_after_it(day: date) -> None:
    found = next_month(day)
    assert (found.day, 1 <= (found - day).days <= 31) == (1, True)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "1999-12", "2101-01", "٢٠٢٦-٠٧", "2026-07-01", "x" * 90]
)
def test_what_is_no_month_is_none(text: str) -> None:
    assert month_named(text) is None


def test_month_named_is_its_first_day() -> None:
    assert month_named("2024-07") == date(2024, 7, 1)
