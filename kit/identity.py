"""The national identity number (NIK): 16 digits `PPKKCC DDMMYY NNNN`. Rules: domain.md 1.1."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kit.digits import without_separators

Sex = Literal["male", "female"]

# In place of a NIK that somebody has not got yet: TMP and nine digits, never sixteen, so that no rule takes it for one.
TEMPORARY_PREFIX = "TMP"
TEMPORARY = re.compile(r"TMP[0-9]{9}", re.ASCII)
WOMAN_OFFSET = 40
NIK_LENGTH = 16


@dataclass(frozen=True)
class NikReading:
    """What the digits say. They never prove anything: a warning asks a verifier to look, it never blocks."""

    sex: Sex | None
    birth_date: date | None
    warnings: tuple[str, ...] = field(default=())


def clean_nik(text: str) -> str:
    """16 ASCII digits, or `ValidationError`. Spaces, dots and hyphens that people type are taken out."""
    digits = without_separators(text)
    if not re.fullmatch(r"[0-9]*", digits, re.ASCII):
        raise ValidationError(_("NIK has digits only. Please take out letters and other signs."), code="nik_not_digits")
    if len(digits) != NIK_LENGTH:
        raise ValidationError(
            ngettext_lazy(
                "NIK must be 16 digits. You entered %(count)d digit.",
                "NIK must be 16 digits. You entered %(count)d digits.",
                "count",
            ),
            code="nik_length",
            params={"count": len(digits)},
        )
    if len(set(digits)) == 1 or digits.startswith("00"):
        raise ValidationError(_("This is not a NIK. Please copy it from the identity card."), code="nik_impossible")
    return digits


def new_temporary() -> str:
    """A number of the office's own for somebody without a NIK."""
    return f"{TEMPORARY_PREFIX}{secrets.randbelow(10**9):09d}"


def is_temporary(number: str) -> bool:
    return TEMPORARY.fullmatch(number) is not None


def clean_temporary(text: str) -> str:
    """A temporary number as typed from a slip, or `ValidationError`: any case, spaces, dots and hyphens."""
    number = without_separators(text).upper()
    if not is_temporary(number):
        raise ValidationError(
            _("A temporary number is TMP and nine digits, as on the slip."), code="temporary_malformed"
        )
    return number


def show_temporary(number: str) -> str:
    """In groups, as it is read aloud: TMP 123 456 789."""
    return " ".join((number[:3], number[3:6], number[6:9], number[9:]))


def read_nik(nik: str, *, today: date, minimum_age: int = 17) -> NikReading:
    """Sex and birth date as the digits tell them. The century is 20YY only if that makes the holder old enough."""
    day, month, short_year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    serial = ("serial",) if nik[12:] == "0000" else ()
    sex: Sex = "female" if day > WOMAN_OFFSET else "male"
    day_of_month = day - WOMAN_OFFSET if sex == "female" else day
    if not 1 <= day_of_month <= 31:
        return NikReading(None, None, ("day", *serial))
    if not 1 <= month <= 12:
        return NikReading(None, None, ("month", *serial))
    year = 2000 + short_year
    if (year, month, day_of_month) > (today.year - minimum_age, today.month, today.day):
        year -= 100
    try:
        return NikReading(sex, date(year, month, day_of_month), serial)
    except ValueError:
        return NikReading(None, None, ("birth_date", *serial))


def nik_warnings(nik: str, *, birth_date: date | None, sex: str | None, today: date) -> list[str]:
    """Codes of what a verifier must look at: the digits beside what was declared.

    The declared date settles the century. A corrected birth date leaves the NIK as it is, so a difference is lawful.
    """
    reading = read_nik(nik, today=today)
    found = list(reading.warnings)
    if reading.birth_date and birth_date:
        same_day = (reading.birth_date.day, reading.birth_date.month, reading.birth_date.year % 100) == (
            birth_date.day,
            birth_date.month,
            birth_date.year % 100,
        )
        if not same_day:
            found.append("birth_date_differs")
    if reading.sex and sex and reading.sex != sex:
        found.append("sex_differs")
    return found


def mask_last4(last4: str) -> str:
    return f"{'*' * 12}{last4}"
