import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from kit.identity import clean_nik, mask_last4, nik_warnings, read_nik

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "test_vectors.json").read_text())
TODAY = date.fromisoformat(VECTORS["nik_reference_date"])
SIXTEEN = st.text("0123456789", min_size=16, max_size=16)
BIRTH_DATES = st.dates(date(1940, 1, 1), date(2009, 11, 21))


def nik_of(birth_date: date, sex: str, serial: int = 1) -> str:
    day = birth_date.day + (40 if sex == "female" else 0)
    return f"997101{day:02d}{birth_date:%m%y}{serial:04d}"


@pytest.mark.parametrize("vector", VECTORS["nik"], ids=lambda vector: vector["in"])
def test_nik_of_the_worked_examples(vector: dict[str, Any]) -> None:
    if not vector["digits_ok"]:
        with pytest.raises(ValidationError):
            clean_nik(vector["in"])
        return
    reading = read_nik(clean_nik(vector["in"]), today=TODAY)
    expected = date.fromisoformat(vector["birth_date"]) if vector["birth_date"] else None
    assert (reading.sex, reading.birth_date, list(reading.warnings)) == (vector["sex"], expected, vector["warnings"])


@pytest.mark.parametrize(
    "typed",
    [
        "9971015207990001",
        " 997101 520799 0001 ",
        "9971.0152.0799.0001",
        "9971-0152-0799-0001",
        "9971\u00a00152\u00a00799\u00a00001",
        "9971\u20110152\u20130799\u20140001",
        "\u202a9971015207990001\u202c",
        "\ufeff9971015207990001\n",
    ],
)
def test_clean_nik_takes_out_what_people_type_and_paste(typed: str) -> None:
    assert clean_nik(typed) == "9971015207990001"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "nik_length"),
        ("997101520799000", "nik_length"),
        ("99710152079900011", "nik_length"),
        ("9" * 10_000, "nik_length"),
        ("997101520799000A", "nik_not_digits"),
        ("997101520799000O", "nik_not_digits"),
        ("9971015207990001\x00", "nik_not_digits"),
        ("٩٩٧١٠١٥٢٠٧٩٩٠٠٠١", "nik_not_digits"),
        ("９９７１０１５２０７９９０００１", "nik_not_digits"),
        ("9.97102E+15", "nik_not_digits"),
        ("-9971015207990001+", "nik_not_digits"),
        ("😀" * 16, "nik_not_digits"),
        ("0000000000000000", "nik_impossible"),
        ("9999999999999999", "nik_impossible"),
        ("0071015207990001", "nik_impossible"),
    ],
)
def test_clean_nik_refuses(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        clean_nik(typed)
    assert refused.value.code == code


def test_clean_nik_says_how_many_digits_were_typed() -> None:
    with pytest.raises(ValidationError) as refused:
        clean_nik("997101520799000")
    assert refused.value.params == {"count": 15}


@given(st.text(max_size=60))
def test_clean_nik_gives_sixteen_digits_or_refuses(typed: str) -> None:
    try:
        cleaned = clean_nik(typed)
    except ValidationError:
        return
    assert len(cleaned) == 16
    assert set(cleaned) <= set("0123456789")
    assert clean_nik(cleaned) == cleaned


@given(SIXTEEN, st.dates(date(2024, 1, 1), date(2040, 12, 31)))
def test_read_nik_reads_whatever_sixteen_digits(nik: str, today: date) -> None:
    reading = read_nik(nik, today=today)
    assert (reading.sex is None) == (reading.birth_date is None)
    assert bool(set(reading.warnings) & {"day", "month", "birth_date"}) == (reading.birth_date is None)
    assert ("serial" in reading.warnings) == nik.endswith("0000")
    assert reading.birth_date is None or reading.birth_date <= today


@given(BIRTH_DATES, st.sampled_from(["female", "male"]))
def test_read_nik_finds_the_birth_date_of_whoever_is_old_enough(birth_date: date, sex: str) -> None:
    reading = read_nik(nik_of(birth_date, sex), today=TODAY)
    assert reading.sex == sex
    assert reading.birth_date is not None
    assert (reading.birth_date.day, reading.birth_date.month) == (birth_date.day, birth_date.month)
    assert (reading.birth_date.year - birth_date.year) % 100 == 0


@pytest.mark.parametrize(
    ("born", "century"),
    [(date(2009, 11, 21), 2009), (date(2009, 11, 22), 1909), (date(1926, 7, 12), 1926), (date(1999, 7, 12), 1999)],
)
def test_read_nik_chooses_the_century_by_the_age_on_the_day(born: date, century: int) -> None:
    reading = read_nik(nik_of(born, "female"), today=TODAY)
    assert reading.birth_date is not None
    assert reading.birth_date.year == century


@given(BIRTH_DATES, st.sampled_from(["female", "male"]))
def test_nik_warnings_are_none_for_a_true_declaration(birth_date: date, sex: str) -> None:
    assert nik_warnings(nik_of(birth_date, sex), birth_date=birth_date, sex=sex, today=TODAY) == []


@pytest.mark.parametrize(
    ("nik", "birth_date", "sex", "warnings"),
    [
        ("9971015207990001", date(1999, 7, 12), "female", []),
        ("9971015207990001", date(1999, 12, 7), "female", ["birth_date_differs"]),
        ("9971015207990001", date(1999, 7, 12), "male", ["sex_differs"]),
        ("9971015207990000", date(1999, 7, 13), "male", ["serial", "birth_date_differs", "sex_differs"]),
        ("9971015207990001", date(1899, 7, 12), "female", []),
        ("9971016902010001", date(2001, 3, 1), "female", ["birth_date"]),
        ("9971010013990001", date(1999, 7, 12), "male", ["day"]),
        ("9971010213990001", date(1999, 7, 12), "male", ["month"]),
        ("9971017201990001", date(1999, 7, 12), "male", ["day"]),
        ("9971015207990001", None, None, []),
    ],
)
def test_nik_warnings_of_worked_examples(
    nik: str, birth_date: date | None, sex: str | None, warnings: list[str]
) -> None:
    assert nik_warnings(nik, birth_date=birth_date, sex=sex, today=TODAY) == warnings


def test_mask_last4_shows_nothing_else() -> None:
    assert mask_last4("0001") == "************0001"
