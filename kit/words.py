"""What official papers write out: amounts, days and hours, always in Indonesian whatever language the reader has.

`lokal.terbilang` is right as far as quintillions and refuses beyond; num2words writes *satu juta satu ribu*. This is
right for every integer (tests/kit/test_words.py holds it against a reader of its own).
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

UNITS = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")
SCALES = (
    *("", "ribu", "juta", "miliar", "triliun", "kuadriliun", "kuintiliun"),
    *("sekstiliun", "septiliun", "oktiliun", "noniliun"),
)
LARGEST, LARGEST_NAME = 10**33, "desiliun"
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def number_in_words(number: int) -> str:
    """1001000 -> "satu juta seribu". Any integer; what is below zero begins with "minus"."""
    if number <= 0:
        return "nol" if number == 0 else f"minus {number_in_words(-number)}"
    above, rest = divmod(number, LARGEST)
    words = [number_in_words(above), LARGEST_NAME] if above else []
    for power in range(len(SCALES) - 1, -1, -1):
        group = rest // 1000**power % 1000
        if group == 1 and power == 1:
            words.append("seribu")
        elif group:
            words += [_below_thousand(group), SCALES[power]]
    return " ".join(word for word in words if word)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    words = ["seratus" if hundreds == 1 else f"{UNITS[hundreds]} ratus"] if hundreds else []
    if rest < 12:
        words.append(UNITS[rest])
    elif rest < 20:
        words.append(f"{UNITS[units]} belas")
    else:
        words += [f"{UNITS[tens]} puluh", UNITS[units]]
    return " ".join(word for word in words if word)


def amount_in_words(rupiah: int) -> str:
    """The *terbilang* of a receipt: "dua juta empat ratus ribu rupiah"."""
    return f"{number_in_words(rupiah)} rupiah"


def official_rupiah(rupiah: int) -> str:
    """Rp2.400.000, as the papers write it in every language of the screen."""
    return f"{'-' if rupiah < 0 else ''}Rp{abs(rupiah):,}".replace(",", ".")


def date_in_words(day: date) -> str:
    """How minutes begin: "Selasa tanggal dua bulan Juli tahun dua ribu dua puluh empat"."""
    written = f"{number_in_words(day.day)} bulan {MONTHS[day.month - 1]} tahun {number_in_words(day.year)}"
    return f"{DAYS[day.weekday()]} tanggal {written}"


def official_date(day: date, *, weekday: bool = False) -> str:
    """2 Juli 2024, or Selasa, 2 Juli 2024."""
    written = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{DAYS[day.weekday()]}, {written}" if weekday else written


def official_dates(days: list[date]) -> str:
    """1 dan 2 Juli 2024; 19 s.d. 23 September 2023 where each day follows the other. In order, each once."""
    days = sorted(set(days))
    first, last = days[0], days[-1]
    if first == last:
        return official_date(first)
    closed = len(days) > 2 and (last - first).days == len(days) - 1
    if closed:
        return f"{_beginning(first, last)} s.d. {official_date(last)}"
    written = [_beginning(day, after) for day, after in zip(days, days[1:], strict=False)]
    return f"{', '.join(written)} dan {official_date(last)}"


def _beginning(day: date, after: date) -> str:
    if day.year != after.year:
        return official_date(day)
    return str(day.day) if day.month == after.month else f"{day.day} {MONTHS[day.month - 1]}"


def official_days(days: list[date]) -> str:
    """With their weekdays: "Senin dan Selasa, 1 dan 2 Juli 2024"; a run of days: "Selasa s.d. Sabtu, 19 s.d. ..."."""
    days = sorted(set(days))
    if len(days) == 1:
        return official_date(days[0], weekday=True)
    named = [DAYS[day.weekday()] for day in days]
    if len(days) == 2:
        return f"{named[0]} dan {named[1]}, {official_dates(days)}"
    is_run = (days[-1] - days[0]).days == len(days) - 1 < 7
    return f"{named[0]} s.d. {named[-1]}, {official_dates(days)}" if is_run else official_dates(days)


def official_hours(start: datetime, end: datetime | None, zone: ZoneInfo) -> str:
    """08.00 s.d. 12.00 WIB; without an end: 08.00 WIB s.d. selesai."""
    begins = start.astimezone(zone)
    if end is None:
        return f"{begins:%H.%M} {begins:%Z} s.d. selesai"
    ends = end.astimezone(zone)
    return f"{begins:%H.%M} s.d. {ends:%H.%M} {ends:%Z}"


def roman(number: int) -> str:
    """1 to 39 in Roman numerals: months in the numbers of papers, and parts of a decree."""
    if not 1 <= number <= 39:
        raise ValueError("roman() writes 1 to 39")
    written = ""
    for value, sign in ROMAN:
        times, number = divmod(number, value)
        written += sign * times
    return written
