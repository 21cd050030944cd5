import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import rules
from accounts.rules import HIDDEN, Attempts

NOW = dt.datetime(2024, 7, 1, 8, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("code", "region", "inside"),
    [
        ("33.75", "33.75", True),
        ("33.75.01.1006", "33.75", True),
        ("33.75.01.1006", "33", True),
        ("33.75", "33.7", False),
        ("33.751", "33.75", False),
        ("33.75", "33.75.01", False),
        ("33.74.01", "33.75", False),
    ],
)
def test_is_inside_compares_whole_codes(code: str, region: str, inside: bool) -> None:
    assert rules.is_inside(code, region) is inside


@pytest.mark.parametrize(
    ("lockouts", "minutes"), [(1, 15), (2, 30), (3, 60), (4, 120), (5, 240), (6, 240), (1000, 240)]
)
def test_lockout_duration_doubles_up_to_four_hours(lockouts: int, minutes: int) -> None:
    assert rules.lockout_duration(lockouts) == minutes * MINUTE


def after(failures: int, start: Attempts | None = None, now: dt.datetime = NOW) -> Attempts:
    state = start or Attempts()
    for _number in range(failures):
        state = rules.counted(state, now, 5)
    return state


def test_counted_closes_with_the_fifth_attempt() -> None:
    assert after(4) == Attempts(4, 0, NOW, None)
    assert after(5) == Attempts(0, 1, NOW, NOW + 15 * MINUTE)


def test_counted_forgets_after_fifteen_quiet_minutes() -> None:
    assert rules.counted(after(4), NOW + 15 * MINUTE, 5) == Attempts(1, 0, NOW + 15 * MINUTE, None)
    assert rules.counted(after(4), NOW + 14 * MINUTE, 5).is_locked(NOW + 14 * MINUTE)


def test_counted_grows_until_a_quiet_day() -> None:
    second = after(5, after(5), NOW + 20 * MINUTE)
    assert second == Attempts(0, 2, NOW + 20 * MINUTE, NOW + 50 * MINUTE)
    later = NOW + dt.timedelta(days=2)
    assert after(5, second, later) == Attempts(0, 1, later, later + 15 * MINUTE)


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"nik": "9971015207990001"}, {"nik": f"{HIDDEN}001"}),
        ({"note": "NIK 9971015207990001 salah"}, {"note": f"NIK {HIDDEN}0001 salah"}),
        ({"note": "9971 0152 0799 0001"}, {"note": f"{HIDDEN}0001"}),
        ({"number": 9971015207990001}, {"number": f"{HIDDEN}0001"}),
        ({"password": "rahasia"}, {"password": HIDDEN}),
        ({"pin": 1234}, {"pin": HIDDEN}),
        ({"email": ["ani@contoh.id", ""]}, {"email": [f"{HIDDEN}.id", ""]}),
        ({"note": "tulis ke ani.w@contoh.id"}, {"note": f"tulis ke a{HIDDEN}@contoh.id"}),
        ({"recipient": {"name": "Ani Wulandari"}}, {"recipient": {"name": f"{HIDDEN}ari"}}),
        ({"quota": [40, 45], "open": True, "reason": None}, {"quota": [40, 45], "open": True, "reason": None}),
    ],
)
def test_mask_changes_hides_persons_and_secrets(changes: dict, kept: dict) -> None:
    assert rules.mask_changes(changes) == kept


@given(st.from_regex(r"99[0-9]{14}", fullmatch=True), st.text(max_size=20), st.text(max_size=20))
def test_mask_text_never_leaves_an_identity_number(nik: str, before: str, behind: str) -> None:
    if before[-1:].isdigit() or behind[:1].isdigit():
        return
    assert nik not in rules.mask_text(f"{before}{nik}{behind}")
