import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import lokal
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.words import (
    LARGEST,
    amount_in_words,
    date_in_words,
    number_in_words,
    official_date,
    official_dates,
    official_days,
    official_hours,
    official_rupiah,
    roman,
)

VECTORS = json.loads((Path(__file__).parents[1] / "data/test_vectors.json").read_text())
DIGITS = ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
WORDS_FOR_DIGITS = dict(zip(DIGITS, range(1, 10), strict=True))
POWERS = {"ribu": 3, "juta": 6, "miliar": 9, "triliun": 12, "kuadriliun": 15, "kuintiliun": 18, "sekstiliun": 21}
POWERS |= {"septiliun": 24, "oktiliun": 27, "noniliun": 30}
# Every form of a group of three digits that Indonesian has, as the spelling rules list them.
GROUP = re.compile(
    r"(?:(?P<one_hundred>seratus)|(?P<hundreds>dua|tiga|empat|lima|enam|tujuh|delapan|sembilan) ratus)? ?"
    r"(?:(?P<ten>sepuluh)|(?P<eleven>sebelas)|(?P<teens>dua|tiga|empat|lima|enam|tujuh|delapan|sembilan) belas"
    r"|(?:(?P<tens>dua|tiga|empat|lima|enam|tujuh|delapan|sembilan) puluh)? ?"
    r"(?P<units>satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)?)"
)


def read_group(text: str) -> int:
    found = GROUP.fullmatch(text)
    assert found, f"no Indonesian number below a thousand: {text}"
    said = {name: WORDS_FOR_DIGITS.get(word or "", 0) for name, word in found.groupdict().items()}
    teens = said["teens"] + 10 if said["teens"] else 0
    small = 10 * bool(found["ten"]) + 11 * bool(found["eleven"]) + teens + 10 * said["tens"] + said["units"]
    return 100 * (bool(found["one_hundred"]) + said["hundreds"]) + small


def read_aloud(text: str) -> int:
    """The other way round, from the words alone: how somebody who hears the number writes it down."""
    if text.startswith("minus "):
        return -read_aloud(text.removeprefix("minus "))
    if text == "nol":
        return 0
    before, named, after = text.rpartition("desiliun")
    total, last = (read_aloud(before.strip()) * LARGEST, 99) if named else (0, 99)
    group: list[str] = []
    for word in after.split():
        if word == "seribu":
            assert not group, "seribu stands alone"
            assert last > 3
            total, last = total + 1000, 3
        elif word in POWERS:
            spelled = " ".join(group)
            assert (word, spelled) != ("ribu", "satu"), "one thousand is seribu"
            assert POWERS[word] < last, "larger scales come first"
            assert 0 < read_group(spelled) < 1000
            total, last, group = total + read_group(spelled) * 10 ** POWERS[word], POWERS[word], []
        else:
            group.append(word)
    return total + (read_group(" ".join(group)) if group else 0)


@pytest.mark.parametrize(("number", "words"), VECTORS["terbilang"].items())
def test_number_in_words_as_in_the_worked_examples(number: str, words: str) -> None:
    assert number_in_words(int(number)) == words
    assert amount_in_words(int(number)) == f"{words} rupiah"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (-21_000, "minus dua puluh satu ribu"),
        (10, "sepuluh"),
        (19, "sembilan belas"),
        (110, "seratus sepuluh"),
        (1_000, "seribu"),
        (2_001_011, "dua juta seribu sebelas"),
        (1_000_000_000, "satu miliar"),
        (21_980_000_000_000, "dua puluh satu triliun sembilan ratus delapan puluh miliar"),
        (101_001_001, "seratus satu juta seribu satu"),
        (10**36 + 1, "seribu desiliun satu"),
    ],
)
def test_number_in_words_where_the_rules_turn(number: int, words: str) -> None:
    assert number_in_words(number) == words


def test_number_in_words_is_understood_for_every_small_number() -> None:
    assert [read_aloud(number_in_words(number)) for number in range(12_000)] == list(range(12_000))


@given(st.integers() | st.integers(min_value=-(10**80), max_value=10**80))
def test_number_in_words_is_understood_for_every_integer(number: int) -> None:
    assert read_aloud(number_in_words(number)) == number


@given(st.integers(min_value=-(10**21) + 1, max_value=10**21 - 1))
def test_number_in_words_agrees_with_another_hand(number: int) -> None:
    assert number_in_words(number) == lokal.terbilang(number)


def test_another_hand_ends_where_this_one_goes_on() -> None:
    with pytest.raises(ValueError, match="terlalu besar"):
        lokal.terbilang(10**21)
    assert number_in_words(10**21) == "satu sekstiliun"


def test_date_in_words_opens_minutes() -> None:
    assert date_in_words(date(2024, 7, 2)) == "Selasa tanggal dua bulan Juli tahun dua ribu dua puluh empat"
    assert date_in_words(date(2019, 8, 11)) == "Minggu tanggal sebelas bulan Agustus tahun dua ribu sembilan belas"


def test_official_date_is_indonesian() -> None:
    for day, words in VECTORS["date_full"].items():
        assert official_date(date.fromisoformat(day), weekday=True) == words
    assert official_date(date(2024, 8, 9)) == "9 Agustus 2024"


@pytest.mark.parametrize(
    ("days", "written"),
    [
        ([date(2024, 7, 2)], "2 Juli 2024"),
        ([date(2024, 7, 3), date(2024, 7, 2), date(2024, 7, 3)], "2 dan 3 Juli 2024"),
        ([date(2023, 9, 19 + number) for number in range(5)], "19 s.d. 23 September 2023"),
        ([date(2024, 7, 31), date(2024, 8, 1)], "31 Juli dan 1 Agustus 2024"),
        ([date(2024, 7, 30), date(2024, 7, 31), date(2024, 8, 1)], "30 Juli s.d. 1 Agustus 2024"),
        ([date(2023, 9, 19), date(2023, 9, 20), date(2023, 9, 24)], "19, 20 dan 24 September 2023"),
        ([date(2024, 12, 31), date(2025, 1, 1)], "31 Desember 2024 dan 1 Januari 2025"),
    ],
)
def test_official_dates_write_what_they_share_once(days: list[date], written: str) -> None:
    assert official_dates(days) == written


def test_official_days_name_their_weekdays() -> None:
    written = [
        official_days([date(2024, 7, 2)]),
        official_days([date(2024, 7, 2), date(2024, 7, 1)]),
        official_days([date(2023, 9, 19 + number) for number in range(5)]),
        official_days([date(2023, 9, day) for day in (19, 20, 24)]),
    ]
    assert written == [
        "Selasa, 2 Juli 2024",
        "Senin dan Selasa, 1 dan 2 Juli 2024",
        "Selasa s.d. Sabtu, 19 s.d. 23 September 2023",
        "19, 20 dan 24 September 2023",
    ]


def test_official_hours_name_the_zone_of_the_office() -> None:
    begins, ends = datetime(2023, 9, 19, 0, 0, tzinfo=UTC), datetime(2023, 9, 19, 4, 30, tzinfo=UTC)
    assert official_hours(begins, ends, ZoneInfo("Asia/Makassar")) == "08.00 s.d. 12.30 WITA"
    assert official_hours(begins, None, ZoneInfo("Asia/Jakarta")) == "07.00 WIB s.d. selesai"


def test_official_rupiah_has_points() -> None:
    for amount, written in VECTORS["rupiah"].items():
        assert official_rupiah(int(amount)) == written
    assert [official_rupiah(amount) for amount in (0, 999, 14_400_000, -2_500)] == [
        *("Rp0", "Rp999", "Rp14.400.000", "-Rp2.500"),
    ]


def test_roman_counts_months_and_parts() -> None:
    assert " ".join(roman(number) for number in range(1, 13)) == "I II III IV V VI VII VIII IX X XI XII"
    assert roman(39) == "XXXIX"
    with pytest.raises(ValueError, match="1 to 39"):
        roman(40)
