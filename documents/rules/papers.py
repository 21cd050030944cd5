"""How numbers of papers are written, and how texts of papers are filled. No database, no clock."""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from notifications.rules import fill, nearest, placeholders_in, tidy, unknown_braces

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
STANDARD_PATTERN = "{klasifikasi}/{seq:03d}/{unit}/{bulan_romawi}/{tahun}"
PLACE = re.compile(r"\{([a-z_]+)(?::0([1-9])d)?\}")
BRACED = re.compile(r"\{[^{}]*\}?|\}")
# The tokens of a pattern of numbers; only `seq` may say a width.
TOKENS = ("seq", "klasifikasi", "unit", "bulan_romawi", "bulan", "tahun", "kode")
LONGEST_NUMBER = 80


@dataclass(frozen=True)
class Series:
    """What all numbers of one kind share: the pattern, the code of classification and that of the unit."""

    pattern: str
    classification: str = ""
    unit: str = ""
    code: str = ""


def date_words(day: dt.date) -> str:
    """2 Juli 2024"""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def written_number(series: Series, sequence: int, day: dt.date) -> str:
    """500.15/045/DPK/VII/2024"""
    values = {
        "klasifikasi": series.classification,
        "unit": series.unit,
        "kode": series.code,
        "bulan_romawi": ROMAN[day.month - 1],
        "bulan": f"{day.month:02d}",
        "tahun": str(day.year),
    }

    def place(found: re.Match[str]) -> str:
        if found[1] == "seq":
            return f"{sequence:0{found[2]}d}" if found[2] else str(sequence)
        return values.get(found[1], found[0])

    return PLACE.sub(place, series.pattern)


def faults_of_pattern(series: Series) -> Iterator[tuple[str, str]]:
    """(code, what was typed) for everything that keeps the pattern from making numbers that are each their own."""
    pattern = series.pattern
    names = [match[1] for match in PLACE.finditer(pattern)]
    for match in BRACED.finditer(pattern):
        exact = PLACE.fullmatch(match[0])
        if exact is None or exact[1] not in TOKENS or (exact[2] and exact[1] != "seq"):
            yield "token_unknown", match[0]
    if names.count("seq") != 1:
        yield "sequence_once", pattern
    if "tahun" not in names:
        yield "year_missing", pattern
    if "klasifikasi" in names and not series.classification:
        yield "classification_missing", "{klasifikasi}"
    if "unit" in names and not series.unit:
        yield "unit_missing", "{unit}"
    if len(written_number(series, 99_999, dt.date(2024, 8, 1))) > LONGEST_NUMBER:
        yield "too_long", pattern


def paragraphs(text: str) -> list[str]:
    """An empty line begins a new paragraph; a single line break stays one inside it."""
    return [part.strip("\n") for part in re.split(r"\n[ \t]*\n", text) if part.strip()]


def filled_block(text: str, values: Mapping[str, str]) -> list[str]:
    """The paragraphs of a block with every placeholder given way to its value, once.

    Of several points one that begins with nothing is left out: a decree recalls no regulation that nobody named.
    """
    parts = paragraphs(text)
    told = [part for part in parts if not any(part.startswith(f"{{{name}}}") for name in values if not values[name])]
    return [fill(part, values) for part in (told or parts)]


def faults_of_block(text: str, known: Collection[str], required: Sequence[str]) -> Iterator[tuple[str, int, str, str]]:
    """(code, line, what was typed, what was probably meant) of each fault of a text."""
    for number, line in enumerate(text.splitlines(), 1):
        for typed in unknown_braces(line, known):
            yield "placeholder_unknown", number, typed, nearest(typed, known) or ""
    present = placeholders_in(text)
    for name in required:
        if name not in present:
            yield "placeholder_missing", 0, f"{{{name}}}", ""


__all__ = [
    "LONGEST_NUMBER",
    "MONTHS",
    "ROMAN",
    "STANDARD_PATTERN",
    "TOKENS",
    "Series",
    "date_words",
    "faults_of_block",
    "faults_of_pattern",
    "filled_block",
    "paragraphs",
    "tidy",
    "written_number",
]
