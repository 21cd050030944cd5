import base64
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


# RFC 6238, appendix B, the rows for SHA-1; the app shows the last six of the eight digits there.
@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_app_code_is_that_of_the_standard(seconds: int, code: str) -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert rules.app_code(secret, seconds // 30) == code
    assert rules.step_of_code(secret, code, seconds) == seconds // 30


def test_step_of_code_takes_a_neighbour_and_nothing_farther() -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    found = [rules.step_of_code(secret, rules.app_code(secret, 1000 + ahead), 30_000) for ahead in (-2, -1, 0, 1, 2)]
    assert found == [None, 999, 1000, 1001, None]


def test_step_of_code_refuses_what_is_used_up() -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    found = [rules.step_of_code(secret, rules.app_code(secret, step), 30_000, after=1000) for step in (999, 1000, 1001)]
    assert found == [None, None, 1001]


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 14; SM-A055F) SamsungBrowser/27 Chrome/125 Mobile", "Samsung Internet, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Firefox, Linux"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_browser_family_tells_kind_and_system(agent: str, family: str) -> None:
    assert rules.browser_family(agent) == family
