from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.rules import (
    CODE_ALPHABET,
    changed_fields,
    clean_code,
    declaration_flags,
    new_code,
    new_pin,
    ordered_pair,
    pin_lock,
    similarity,
)

MINUTES = timedelta(minutes=1)


@given(st.integers(1, 20))
def test_new_code_has_only_signs_that_are_read_aloud_without_mistakes(length: int) -> None:
    code = new_code(length)
    assert (len(code), set(code) <= set(CODE_ALPHABET)) == (length, True)
    assert not set("01OIL") & set(code)


def test_new_codes_and_pins_differ() -> None:
    assert len({new_code() for _ in range(200)}) == 200
    assert len({new_pin() for _ in range(200)}) > 150


def test_new_pin_may_begin_with_zero_and_has_six_digits() -> None:
    pins = [new_pin() for _ in range(500)]
    assert {len(pin) for pin in pins} == {6}
    assert any(pin.startswith("0") for pin in pins)


@given(st.text(CODE_ALPHABET, min_size=8, max_size=8))
def test_clean_code_reads_what_was_printed(code: str) -> None:
    for typed in (code, code.lower(), f"{code[:4]}-{code[4:]}", f" {code[:4]} {code[4:]}\n", "-".join(code)):
        assert clean_code(typed) == code


@given(st.text(max_size=60))
def test_clean_code_leaves_nothing_but_letters_and_digits(text: str) -> None:
    assert clean_code(text).isalnum() or clean_code(text) == ""
    assert clean_code(clean_code(text)) == clean_code(text)


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [
        (0, None),
        (1, None),
        (4, None),
        (5, 15),
        (6, None),
        (10, 30),
        (15, 60),
        (20, 120),
        (35, 960),
        (40, 1440),
        (500, 1440),
    ],
)
def test_pin_lock_doubles_up_to_a_day(failures: int, minutes: int | None) -> None:
    assert pin_lock(failures) == (None if minutes is None else minutes * MINUTES)


@given(st.integers(0, 32767))
def test_pin_lock_never_shrinks_and_never_fails(failures: int) -> None:
    now, before = pin_lock(failures), pin_lock(failures - 5) if failures >= 5 else None
    assert (now is None) == (failures == 0 or failures % 5 != 0)
    assert now is None or before is None or timedelta(minutes=15) <= before <= now <= timedelta(days=1)


def flags(**values: Any) -> list[str]:
    declared: dict[str, Any] = {
        "nik": "9971015207990001",
        "birth_date": date(1999, 7, 12),
        "sex": "female",
        "full_name": "Siti Aminah",
        "today": date(2026, 11, 21),
        "contact_differs": False,
    }
    return declaration_flags(**(declared | values))


def test_declaration_flags_name_what_to_look_at() -> None:
    assert flags() == []
    assert flags(sex="male") == ["nik_sex_differs"]
    assert flags(birth_date=date(1978, 7, 12)) == ["nik_birth_date_differs"]
    assert flags(full_name="Siti 2", contact_differs=True) == ["name_has_digits", "contact_differs"]
    assert flags(nik="9971016902010000") == ["nik_birth_date", "nik_serial"]


@given(st.text("0123456789", min_size=16, max_size=16), st.dates(date(1930, 1, 1), date(2020, 1, 1)))
def test_declaration_flags_fit_into_their_column(nik: str, birth_date: date) -> None:
    found = flags(nik=nik, birth_date=birth_date, sex="male", full_name="X 1", contact_differs=True)
    assert all(len(flag) <= 30 for flag in found)
    assert len(found) == len(set(found))


FACTS = st.fixed_dictionaries(
    {name: st.sampled_from("ab") for name in ("name_key", "birth_date", "phone", "nik_last4")}
)


@given(FACTS, FACTS)
def test_similarity_is_mutual_and_whole_only_for_twins(first: dict[str, str], second: dict[str, str]) -> None:
    likeness = similarity(first, second)
    assert likeness == similarity(second, first)
    assert 0 <= likeness <= 100
    assert (likeness == 100) == (first == second)


@given(st.integers(1, 99), st.integers(1, 99))
def test_ordered_pair_is_the_same_both_ways(first: int, second: int) -> None:
    assert ordered_pair(first, second) == ordered_pair(second, first) == (min(first, second), max(first, second))


def test_changed_fields_in_the_order_asked() -> None:
    before, after = {"a": 1, "b": 2, "c": 3}, {"a": 9, "b": 2, "c": 9}
    assert changed_fields(before, after, ["c", "b", "a"]) == ["c", "a"]
