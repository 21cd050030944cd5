from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from programs.rules import (
    Facts,
    Requirement,
    age_on,
    check_age,
    check_domicile,
    check_eligibility,
    check_not_twice,
    check_target_group,
    duplicate_key,
    refusals,
)

BIRTHS = st.dates(date(1930, 1, 1), date(2015, 12, 31))
DAYS = st.dates(date(2016, 1, 1), date(2040, 12, 31))
DIGITS = st.integers(1, 99).map(lambda number: f"{number:02d}")
REGIONS = st.lists(DIGITS, min_size=1, max_size=4).map(".".join)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 12, 5), date(2026, 12, 4), 17),
        (date(2008, 12, 5), date(2026, 12, 5), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 28), 19),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(1961, 7, 1), date(2026, 6, 30), 64),
        (date(1961, 7, 1), date(2026, 7, 1), 65),
        (date(2026, 7, 1), date(2026, 7, 1), 0),
    ],
)
def test_age_on_of_worked_examples(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


@given(BIRTHS, DAYS)
def test_age_on_grows_by_one_each_birthday_and_never_falls(born: date, day: date) -> None:
    grown = age_on(born, day + timedelta(days=1)) - age_on(born, day)
    assert grown in {0, 1}
    tomorrow = day + timedelta(days=1)
    is_birthday = (tomorrow.month, tomorrow.day) == (born.month, born.day)
    moved_birthday = (born.month, born.day) == (2, 29) and (day.month, day.day) == (2, 28) and tomorrow.month == 3
    assert bool(grown) == (is_birthday or moved_birthday)


@given(BIRTHS, DAYS, st.integers(0, 90), st.integers(0, 90))
def test_check_age_passes_exactly_inside_of_the_bounds(born: date, day: date, low: int, high: int) -> None:
    assume(low <= high)
    line = check_age(Requirement("age", low, high), Facts(birth_date=born), day)
    assert line.passed == (low <= age_on(born, day) <= high)
    assert (line.data["age"], line.data["on"]) == (age_on(born, day), day.isoformat())


@pytest.mark.parametrize(
    ("minimum", "maximum", "passed"), [(None, None, True), (18, None, True), (None, 17, False), (19, None, False)]
)
def test_check_age_with_an_open_end(minimum: int | None, maximum: int | None, passed: bool) -> None:
    facts = Facts(birth_date=date(2008, 1, 1))
    assert check_age(Requirement("age", minimum, maximum), facts, date(2026, 1, 1)).passed == passed


def test_check_age_without_a_birth_date_is_not_answered() -> None:
    line = check_age(Requirement("age", 18, 64), Facts(), date(2026, 1, 1))
    assert (line.passed, "age" in line.data) == (None, False)


@given(REGIONS, st.lists(DIGITS, max_size=3))
def test_check_domicile_takes_whoever_lives_inside(batch_region: str, below: list[str]) -> None:
    lives = ".".join([batch_region, *below])
    assert check_domicile(Requirement("domicile"), Facts(region_code=lives), batch_region).passed


@given(REGIONS, REGIONS)
def test_check_domicile_compares_whole_parts_of_the_code(batch_region: str, lives: str) -> None:
    inside = lives.split(".")[: batch_region.count(".") + 1] == batch_region.split(".")
    assert check_domicile(Requirement("domicile"), Facts(region_code=lives), batch_region).passed == inside


@pytest.mark.parametrize("lives", ["33.75.01.10061", "33.75.01.1006.", "33.75.01.100", "33.750", "3", ""])
def test_check_domicile_is_not_deceived_by_a_likeness(lives: str) -> None:
    line = check_domicile(Requirement("domicile"), Facts(region_code=lives), "33.75.01.1006")
    assert line.passed == (lives == "33.75.01.1006.")


@pytest.mark.parametrize(
    ("values", "letter", "region", "passed", "by_letter"),
    [
        (("id_card", "letter"), True, "33.74.01.1001", True, True),
        (("id_card", "letter"), False, "33.74.01.1001", False, False),
        (("id_card",), True, "33.74.01.1001", False, False),
        (("id_card", "letter"), True, "33.75.01.1006", True, False),
    ],
)
def test_check_domicile_by_letter_only_where_the_programme_allows(
    values: tuple[str, ...], letter: bool, region: str, passed: bool, by_letter: bool
) -> None:
    facts = Facts(region_code=region, has_domicile_letter=letter)
    line = check_domicile(Requirement("domicile", values=values), facts, "33.75.01.1006")
    assert (line.passed, line.data["by_letter"]) == (passed, by_letter)


@pytest.mark.parametrize(("group", "passed"), [("pencari_kerja", True), ("petani", False), ("", None), (None, None)])
def test_check_target_group(group: str | None, passed: bool | None) -> None:
    line = check_target_group(Requirement("target_group", values=("pencari_kerja",)), Facts(target_group=group))
    assert line.passed is passed


@pytest.mark.parametrize(("held", "passed"), [(None, True), ("Angkatan 1", False)])
def test_check_not_twice(held: str | None, passed: bool) -> None:
    line = check_not_twice(Requirement("not_twice", values=("per_year",)), Facts(other_registration=held))
    assert (line.passed, line.data) == (passed, {"scope": "per_year", "batch": held or ""})


def test_check_eligibility_answers_in_the_order_of_the_programme() -> None:
    requirements = [
        Requirement("not_twice", values=("per_year",)),
        Requirement("domicile"),
        Requirement("age", 18, 64, blocking=False),
        Requirement("target_group", values=("x",)),
    ]
    facts = Facts(birth_date=date(2020, 1, 1), region_code="33.74")
    lines = check_eligibility(requirements, facts, first_day=date(2026, 1, 1), batch_region="33.75")
    assert [(line.kind, line.passed) for line in lines] == [
        ("not_twice", True),
        ("domicile", False),
        ("age", False),
        ("target_group", None),
    ]
    assert [line.kind for line in refusals(lines)] == ["domicile"]


def test_check_eligibility_knows_every_kind_or_says_so() -> None:
    with pytest.raises(ValueError, match="height"):
        check_eligibility([Requirement("height")], Facts(), first_day=date(2026, 1, 1), batch_region="33")


@given(st.lists(st.integers(1, 99)), st.integers(2000, 2100))
def test_duplicate_key_ignores_the_order_of_topics(topics: list[int], year: int) -> None:
    assert duplicate_key("per_topic", fiscal_year=year, topic_ids=topics) == duplicate_key(
        "per_topic", fiscal_year=year, topic_ids=topics[::-1]
    )


def test_duplicate_key_of_each_rule() -> None:
    assert duplicate_key("per_year", fiscal_year=2026, topic_ids=[3, 1]) == "year:2026"
    assert duplicate_key("per_topic", fiscal_year=2026, topic_ids=[3, 1]) == "topic:2026:1-3"
    assert duplicate_key("never", fiscal_year=2026, topic_ids=[3, 1]) == ""
