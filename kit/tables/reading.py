"""What kind of file it is, by what it holds; then its rows one after another.

A cell is its text, or a pair of a kind and a text where it is no plain text: number, date (ISO), bool, error, formula,
merged (it holds what the first cell of its block holds). Runs in a process of its own.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from kit.tables.limits import Limits
from kit.tables.refused import Refused
from kit.tables.text import read_text
from kit.tables.xlsx import Workbook

Cell = str | tuple[str, str]
Row = tuple[int, list[Cell]]

# How a file begins that people rename or choose by mistake.
BEGINNINGS = {
    b"%PDF": "pdf",
    b"\xd0\xcf\x11\xe0": "old_excel",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"{\\rtf": "document",
    b"Rar!": "archive",
    b"7z\xbc\xaf": "archive",
    b"\x1f\x8b": "archive",
}
# Parts by which other files of the same packing are known.
PARTS = {"word/document.xml": "document", "ppt/presentation.xml": "document", "xl/workbook.bin": "xlsb"}
WIDE_BEGINNINGS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Table:
    """The visible sheets by name (none for a text file), which of them is read, and its rows, counted from 1."""

    rows: Iterator[Row]
    sheets: list[str] = field(default_factory=list)
    sheet: int = 0


def open_table(content: bytes, limits: Limits, sheet: int | None = None) -> Table:
    """Without a sheet the first visible one that holds something."""
    head = content[:4]
    for beginning, code in BEGINNINGS.items():
        if content.startswith(beginning):
            raise Refused(code)
    if head == b"PK\x03\x04" or head == b"PK\x05\x06":
        return _packed(content, limits, sheet)
    if not content.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe\0"):
        raise Refused("empty")
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml", b"<style", b"<div")):
        raise Refused("web_page")
    if b"\0" in content[:4096] and not content.startswith(WIDE_BEGINNINGS):
        raise Refused("no_spreadsheet")
    return Table(_counted(read_text(content, limits), limits))


def _packed(content: bytes, limits: Limits, sheet: int | None) -> Table:
    try:
        packed = zipfile.ZipFile(io.BytesIO(content))
        _look_over(packed, limits)
        book = Workbook(packed, limits)
        chosen = book.choose(sheet)
        return Table(_counted(_safe(book.rows(chosen)), limits), [name for name, _part in book.sheets], chosen)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, KeyError, ValueError) as error:
        raise Refused("unreadable") from error


def _look_over(packed: zipfile.ZipFile, limits: Limits) -> None:
    """Before anything is unpacked. Python's reader stops a part at the size that it states, so a lie gains nothing."""
    parts = packed.infolist()
    names = {part.filename for part in parts}
    if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.unpacked:
        raise Refused("bomb")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("locked")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused("macros")
    for name, code in PARTS.items():
        if name in names:
            raise Refused(code)
    if "mimetype" in names and b"opendocument" in packed.open("mimetype").read(200):
        raise Refused("open_document")
    if "[Content_Types].xml" not in names:
        raise Refused("no_spreadsheet")
    if b"macroEnabled" in packed.open("[Content_Types].xml").read(2**20):
        raise Refused("macros")


def _safe(rows: Iterator[Row]) -> Iterator[Row]:
    """Whatever is broken inside comes out as one answer."""
    try:
        yield from rows
    except (zipfile.BadZipFile, OSError, EOFError, KeyError, ValueError, OverflowError) as error:
        raise Refused("unreadable") from error


def _counted(rows: Iterator[Row], limits: Limits) -> Iterator[Row]:
    """Rows that hold something, as many as may be."""
    count = 0
    for number, cells in rows:
        while cells and cells[-1] == "":
            cells.pop()
        if not cells:
            continue
        count += 1
        if count > limits.rows:
            raise Refused("too_long", limit=limits.rows)
        if len(cells) > limits.columns:
            raise Refused("too_wide", limit=limits.columns)
        yield number, cells
