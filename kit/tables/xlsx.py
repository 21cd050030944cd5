"""Workbooks of Excel, LibreOffice and Google, a row at a time: however long a sheet is, little of it is in memory."""

import posixpath
import re
import zipfile
from array import array
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import IO, Any
from xml.etree import ElementTree

from kit.tables.limits import Limits
from kit.tables.refused import Refused

Cell = str | tuple[str, str]
Element = ElementTree.Element
PIECE = 1 << 16
# Number formats of Excel itself that show a date or a time.
DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
NOT_A_SIGN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
MOST_MERGED = 20_000
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class Texts:
    """The workbook's table of texts, packed: an offset for each and all letters in one piece."""

    def __init__(self) -> None:
        self._letters, self._ends = bytearray(), array("L", [0])

    def add(self, text: str) -> None:
        self._letters += text.encode("utf-8", "replace")
        self._ends.append(len(self._letters))

    def __getitem__(self, place: int) -> str:
        if not 0 <= place < len(self._ends) - 1:
            raise ValueError("no such text")
        return self._letters[self._ends[place] : self._ends[place + 1]].decode()


class Workbook:
    def __init__(self, packed: zipfile.ZipFile, limits: Limits) -> None:
        self.packed, self.limits = packed, limits
        self.names = {name.lower(): name for name in packed.namelist()}
        self.sheets, self.begins_1904 = self._sheets()
        if not self.sheets:
            raise Refused("no_sheet")
        self.dates = self._date_styles()
        self.texts = self._texts()

    def choose(self, sheet: int | None) -> int:
        if sheet is not None:
            return sheet if 0 <= sheet < len(self.sheets) else 0
        for place, (_name, part) in enumerate(self.sheets):
            if any(self._cells(row) for row in _elements(self._open(part), "row", within="sheetData")):
                return place
        return 0

    def rows(self, sheet: int) -> Iterator[tuple[int, list[Cell]]]:
        part = self.sheets[sheet][1]
        merged, number = _merged(self._open(part)), 0
        held: dict[tuple[int, int], Cell] = {}
        for row in _elements(self._open(part), "row", within="sheetData"):
            number = int(row.get("r") or number + 1)
            cells = self._cells(row)
            if merged and (number in merged):
                _spread(cells, number, merged[number], held)
            yield number, cells

    def _cells(self, row: Element) -> list[Cell]:
        cells: list[Cell] = []
        for cell in row:
            place = cell.get("r")
            column = _column(place) if place else len(cells)
            value = self._value(cell)
            if value == "":
                continue
            if column > self.limits.columns:
                raise Refused("too_wide", limit=self.limits.columns)
            while len(cells) < column:
                cells.append("")
            cells[column:] = [value]
        return cells

    def _value(self, cell: Element) -> Cell:
        kind, text, formula, inline = cell.get("t", "n"), None, False, ""
        for part in cell:
            name = part.tag.rpartition("}")[2]
            if name == "v":
                text = part.text
            elif name == "f":
                formula = True
            elif name == "is":
                inline = _text_of(part)
        if kind == "inlineStr":
            return self._cut(inline)
        if text is None:
            return ("formula", "") if formula else ""
        if kind == "s":
            return self._cut(self.texts[int(text)])
        if kind == "str":
            shown = self._cut(text)
            return ("formula", shown) if formula else shown
        return self._typed(kind, text, cell.get("s", ""), formula)

    def _typed(self, kind: str, text: str, style: str, formula: bool) -> Cell:
        if kind == "e":
            return "error", text[:20]
        if kind == "b":
            return "bool", text[:1]
        if kind == "d":
            return "date", text[:10]
        if formula and style not in self.dates:
            return "formula", _number(text)
        if style in self.dates and (day := _day(text, self.begins_1904)):
            return "date", day
        return "number", _number(text)

    def _cut(self, text: str) -> str:
        return text[: self.limits.cell].replace("\0", "").strip()

    def _open(self, part: str) -> IO[bytes]:
        name = self.names.get(part.lower())
        if name is None:
            raise Refused("unreadable")
        return self.packed.open(name)

    def _sheets(self) -> tuple[list[tuple[str, str]], bool]:
        """Visible sheets with the part that holds each, and whether days are counted from 1904."""
        book = self._book()
        folder = posixpath.dirname(book)
        targets = {}
        for relation in _elements(self._open(f"{folder}/_rels/{posixpath.basename(book)}.rels"), "Relationship"):
            target = relation.get("Target", "")
            target = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            targets[relation.get("Id", "")] = target
        found, begins_1904 = [], False
        for element in _elements(self._open(book), "sheet", "workbookPr"):
            if element.tag.endswith("workbookPr"):
                begins_1904 = element.get("date1904") in {"1", "true"}
                continue
            target = targets.get(element.get(RELATION) or element.get(STRICT_RELATION) or "", "")
            if element.get("state", "visible") == "visible" and "worksheets" in target:
                found.append((element.get("name", "")[:60], target))
        return found, begins_1904

    def _book(self) -> str:
        if "xl/workbook.xml" in self.names:
            return self.names["xl/workbook.xml"]
        for relation in _elements(self._open("_rels/.rels"), "Relationship"):
            if relation.get("Type", "").endswith("/officeDocument"):
                return relation.get("Target", "").lstrip("/")
        raise Refused("no_spreadsheet")

    def _date_styles(self) -> set[str]:
        if "xl/styles.xml" not in self.names:
            return set()
        own, styles, inside = {}, set(), False
        count = 0
        for element in _elements(self._open("xl/styles.xml"), "numFmt", "cellXfs"):
            if element.tag.endswith("numFmt"):
                own[element.get("numFmtId", "")] = element.get("formatCode", "")
                continue
            inside = True
            for form in element:
                number = form.get("numFmtId", "0")
                signs = NOT_A_SIGN.sub("", own.get(number, "")).lower()
                if (number.isdigit() and int(number) in DATE_FORMATS) or any(sign in signs for sign in "dy"):
                    styles.add(str(count))
                count += 1
        return styles if inside else set()

    def _texts(self) -> Texts:
        texts = Texts()
        if "xl/sharedstrings.xml" in self.names:
            for element in _elements(self._open("xl/sharedStrings.xml"), "si"):
                texts.add(_text_of(element))
        return texts


def _elements(source: IO[bytes], *names: str, within: str = "") -> Iterator[Element]:
    """Each element of these names as soon as it is whole, and forgotten afterwards."""
    depth: list[Element] = []
    for event, element in _events(source):
        if event == "start":
            depth.append(element)
            continue
        depth.pop()
        if element.tag.rpartition("}")[2] in names:
            yield element
            element.clear()
            if within and depth and depth[-1].tag.endswith(within):
                depth[-1].clear()
            elif depth and not within and element.tag.endswith(("si", "Relationship")):
                depth[-1].remove(element)


def _events(source: IO[bytes]) -> Iterator[tuple[str, Any]]:
    """Beginnings and ends of elements; refuses what is no XML, and XML that defines words of its own."""
    parser: ElementTree.XMLPullParser[Any] = ElementTree.XMLPullParser(events=("start", "end"))
    began, last = False, b""
    while piece := source.read(PIECE):
        if not began and b"<!DOCTYPE" in (last + piece).upper().replace(b"\0", b""):
            raise Refused("unreadable")
        last = piece[-32:]
        try:
            parser.feed(piece)
            events: list[Any] = list(parser.read_events())
        except ElementTree.ParseError as error:
            raise Refused("unreadable") from error
        began = began or bool(events)
        yield from events


def _text_of(element: Element) -> str:
    """The letters of a text that may be made of several runs; how it is read aloud is left out."""
    pieces = []
    for part in element:
        name = part.tag.rpartition("}")[2]
        if name == "t":
            pieces.append(part.text or "")
        elif name == "r":
            pieces += [run.text or "" for run in part if run.tag.endswith("}t") or run.tag == "t"]
    return "".join(pieces)


def _column(place: str) -> int:
    """B7 -> 1."""
    number = 0
    for sign in place:
        if not "A" <= sign <= "Z":
            break
        number = number * 26 + ord(sign) - 64
    return number - 1


def _number(text: str) -> str:
    """50000.0 as 50000; what Excel shows of a long number."""
    value = float(text)
    if value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    return repr(value) if abs(value) < 10**15 else f"{value:.5E}"


def _day(text: str, begins_1904: bool) -> str:
    """The ISO date of a serial number; Excel believes in 29 February 1900. Empty for a time of day alone."""
    serial = float(text)
    if not 1 <= serial < 2_958_466:
        return ""
    begin = datetime(1904, 1, 1) if begins_1904 else datetime(1899, 12, 30 if serial >= 60 else 31)  # noqa: DTZ001 - days without a clock
    day: date = (begin + timedelta(days=int(serial))).date()
    return day.isoformat()


def _merged(source: IO[bytes]) -> dict[int, list[tuple[int, int, int, int]]]:
    """Row -> the blocks of merged cells that touch it: (top, left, bottom, right), rows from 1, columns from 0."""
    found: dict[int, list[tuple[int, int, int, int]]] = {}
    rest, count = b"", 0
    while piece := source.read(PIECE):
        piece = rest + piece
        end = 0
        for match in MERGED.finditer(piece):
            end, count = match.end(), count + 1
            left, top, right, bottom = _column(match[1].decode()), int(match[2]), _column(match[3].decode()), 0
            bottom = int(match[4])
            if count > MOST_MERGED or bottom - top > 100_000:
                raise Refused("too_merged")
            for row in range(top, bottom + 1):
                found.setdefault(row, []).append((top, left, bottom, right))
        rest = piece[max(end, len(piece) - 200) :]
    return found


def _spread(
    cells: list[Cell], number: int, blocks: list[tuple[int, int, int, int]], held: dict[tuple[int, int], Cell]
) -> None:
    """Every cell of a block holds what its first one holds, marked as merged."""
    for top, left, bottom, right in blocks:
        if number == top:
            held[top, left] = cells[left] if left < len(cells) else ""
        value = held.get((top, left), "")
        text = value if isinstance(value, str) else value[1]
        for column in range(left, min(right + 1, 1_000)):
            if (number, column) == (top, left) or text == "":
                continue
            while len(cells) <= column:
                cells.append("")
            cells[column] = ("merged" if top != number and left == right else "merged_across", text)
        if number == bottom:
            held.pop((top, left), None)
