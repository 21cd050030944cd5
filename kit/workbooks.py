"""Spreadsheets in: what stands in each cell, as it was written, or a sentence about why the file cannot be read.

Nothing is evaluated and nothing is unpacked beyond a limit: a zip bomb is refused by the sizes that it states, and by
what comes out when it lies; macros, encrypted and foreign files by what they hold.
"""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineWorkbook

LARGEST_UNPACKED = 60 * 2**20
MOST_PARTS = 2000
MOST_ROWS = 5000
MOST_COLUMNS = 60
FORMULA = re.compile(rb'<c\s[^>]*?r="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<f[\s>/]')
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Cell:
    """`value` is text, a number, a date or "" where nothing stands; `place` is its name in the sheet: C7."""

    value: Any
    place: str
    formula: bool = False

    @property
    def text(self) -> str:
        return str(self.value).replace("\0", "").strip()


Rows = list[list[Cell]]


def read_workbook(content: bytes) -> Rows:
    """The first visible sheet of an .xlsx file, or a .csv with semicolons, commas or tabs. Cells that are merged all
    hold what the first of them holds.
    """
    if content.startswith(b"PK"):
        return _read_xlsx(content)
    if content.startswith(OLD_EXCEL):
        raise _refused(_("This is an old or protected Excel file. Save it as .xlsx without a password."), "old_excel")
    if not content.strip():
        raise _refused(_("The file is empty."), "empty")
    if b"\0" in content:
        raise _refused(_("This is no spreadsheet. Send an .xlsx or .csv file."), "no_spreadsheet")
    return _read_csv(content)


def _refused(sentence: Any, code: str) -> ValidationError:
    return ValidationError(sentence, code=code)


def _read_xlsx(content: bytes) -> Rows:
    formulas = _looked_over(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        shown = [sheet.name for sheet in book.sheets_metadata if str(sheet.visible).endswith(".Visible")]
        sheet = book.get_sheet_by_name((shown or book.sheet_names)[0])
        if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
            raise _refused(_("The sheet is larger than a budget can be. Remove empty rows and columns."), "too_large")
        values = sheet.to_python(skip_empty_area=False)
        merged = sheet.merged_cell_ranges or []
    except (CalamineError, IndexError) as error:
        raise _refused(_("This file cannot be read as a spreadsheet. Save it anew as .xlsx."), "unreadable") from error
    for (top, left), (bottom, right) in merged:
        for row in range(top, min(bottom + 1, len(values))):
            for column in range(left, min(right + 1, len(values[row]))):
                values[row][column] = values[top][left]
    return [
        [Cell(_plain(value), place := _place(row, column), place in formulas) for column, value in enumerate(cells)]
        for row, cells in enumerate(values)
    ]


def _looked_over(content: bytes) -> set[str]:
    """Refuses what no spreadsheet of an office is, before anything is unpacked whole; the places of formulas."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            names = {part.filename for part in parts}
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise _refused(_("The file holds macros. Save it as .xlsx without macros."), "macros")
            if "xl/workbook.xml" not in names:
                raise _refused(_("This is no spreadsheet. Send an .xlsx or .csv file."), "no_spreadsheet")
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise _refused(_("The sheet is larger than a budget can be. Remove empty rows and columns."), "bomb")
            return _formulas(packed, parts)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise _refused(_("This file cannot be read as a spreadsheet. Save it anew as .xlsx."), "unreadable") from error


def _formulas(packed: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> set[str]:
    """Python's reader stops a part at the size that it states, so nothing can come out larger than was checked."""
    found: set[str] = set()
    for part in parts:
        with packed.open(part) as source:
            body = source.read(LARGEST_UNPACKED)
        if part.filename.startswith("xl/worksheets/sheet"):
            found |= {place.decode() for place in FORMULA.findall(body)}
    return found


def _plain(value: Any) -> Any:
    """A whole number as such: Excel keeps 50000 as 50000.0."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return int(value)
    return value


def _read_csv(content: bytes) -> Rows:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    lines = [line for line in text.splitlines() if line.strip()][:20]
    marks = {mark: sum(line.count(mark) for line in lines) for mark in ";\t,"}
    # A comma is also the decimal sign: it divides only where nothing else does.
    mark = ";" if marks[";"] else "\t" if marks["\t"] else ","
    try:
        return list(_numbered(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)))
    except csv.Error as error:
        sentence = _("A line of the file cannot be read: a quotation mark is missing or a cell is too long.")
        raise _refused(sentence, "csv_broken") from error


def _numbered(lines: Iterator[list[str]]) -> Iterator[list[Cell]]:
    for row, cells in enumerate(lines):
        if row >= MOST_ROWS or len(cells) > MOST_COLUMNS:
            raise _refused(_("The sheet is larger than a budget can be. Remove empty rows and columns."), "too_large")
        yield [Cell(value, _place(row, column)) for column, value in enumerate(cells)]


def _place(row: int, column: int) -> str:
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def is_date(value: Any) -> bool:
    return isinstance(value, dt.date | dt.time | dt.timedelta)
