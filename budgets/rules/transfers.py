"""Files that banks take: a layout is data, rows are values, and what does not fit is told and never cut.

A layout is a table of a TOML file (budgets/data/transfer_layouts.toml tells its words).
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What a column may hold: of each transfer, and of the list as a whole.
OF_ROW = ("sequence", "bank_code", "bank_name", "account", "holder", "payee", "net", "purpose", "reference")
OF_LIST = ("list_number", "date", "count", "total", "office")
NEEDED = {"account", "net"}
SINGLE_BYTE = ("ascii", "cp1252", "latin-1")
CHARSETS = (*SINGLE_BYTE, "utf-8", "utf-8-sig")
LINE_ENDS = {"crlf": "\r\n", "lf": "\n"}
DATE_FORMAT = re.compile(r"(?:%[dmYy]|[-/. ])+")
# What a spreadsheet program would take for a formula when it opens the file.
FORMULA = re.compile(r"[=+\-@\t\r]")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
SPOKEN = {"bank_name", "holder", "payee", "purpose", "office"}


class LayoutError(ValueError):
    """`code` says what is wrong with the layout, `place` where."""

    def __init__(self, code: str, place: str) -> None:
        super().__init__(f"{place}: {code}")
        self.code, self.place = code, place


@dataclass(frozen=True)
class Transfer:
    """One order of a list, in whole rupiah."""

    sequence: int
    bank_code: str
    bank_name: str
    account: str
    holder: str
    payee: str
    net: int
    purpose: str
    reference: str


@dataclass(frozen=True)
class Orders:
    """A list of transfers as a whole."""

    list_number: str
    date: dt.date
    office: str
    rows: Sequence[Transfer]

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def total(self) -> int:
        return sum(row.net for row in self.rows)


@dataclass(frozen=True)
class LayoutColumn:
    """`length` is the most letters of a delimited column and the width of a fixed one; 0: no limit."""

    title: str
    source: str
    length: int = 0
    align: str = "left"
    fill: str = " "
    value: str = ""
    allowed: str = ""
    upper: bool = False


@dataclass(frozen=True)
class Layout:
    shape: str
    columns: tuple[LayoutColumn, ...]
    delimiter: str = ","
    quote: str = ""
    charset: str = "utf-8"
    line_end: str = "\r\n"
    decimals: int = 0
    decimal_sign: str = ""
    date_format: str = "%Y-%m-%d"
    titles: bool = False
    extension: str = "txt"
    head: tuple[LayoutColumn, ...] = ()
    foot: tuple[LayoutColumn, ...] = ()

    @property
    def is_fixed(self) -> bool:
        return self.shape == "fixed"


@dataclass(frozen=True)
class Misfit:
    """A value that the layout cannot take. `row` is 0 for what stands above or below the transfers."""

    row: int
    column: str
    code: str
    value: str
    limit: int = 0
    letters: str = ""


def parse_layout(told: Mapping[str, Any]) -> Layout:
    """A layout from what the table keeps, or `LayoutError`."""
    known = {"shape", "delimiter", "quote", "charset", "decimals", "decimal_sign", "date_format", "titles", "extension"}
    unknown = told.keys() - known - {"line_end", "column", "head", "foot"}
    _check(not unknown, "unknown_word", ", ".join(sorted(unknown)))
    parts = {name: tuple(_column(one) for one in told.get(name, ())) for name in ("column", "head", "foot")}
    values = {name: told[name] for name in known if name in told}
    line_end = LINE_ENDS.get(told.get("line_end", "crlf"))
    _check(line_end is not None, "line_end", "line_end")
    layout = Layout(**values, line_end=line_end or "", columns=parts["column"], head=parts["head"], foot=parts["foot"])
    _check_whole(layout)
    for column in (*layout.columns, *layout.head, *layout.foot):
        _check(not layout.is_fixed or column.length > 0, "width_missing", column.title)
        _check(len(column.fill) == 1 and column.align in {"left", "right"}, "filling", column.title)
    return layout


def _check(fits: bool, code: str, place: str) -> None:
    if not fits:
        raise LayoutError(code, place)


def _column(told: Mapping[str, Any]) -> LayoutColumn:
    try:
        column = LayoutColumn(**told)
    except TypeError as error:
        raise LayoutError("unknown_word", str(told.get("title", "?"))) from error
    _check(column.source in {*OF_ROW, *OF_LIST, "constant"}, "unknown_source", column.title)
    try:
        re.compile(f"[{column.allowed}]" if column.allowed else "")
    except re.error as error:
        raise LayoutError("letters", column.title) from error
    return column


def _check_whole(layout: Layout) -> None:
    _check(layout.shape in {"delimited", "fixed"}, "shape", "shape")
    _check(layout.charset in (SINGLE_BYTE if layout.is_fixed else CHARSETS), "charset", "charset")
    _check(layout.is_fixed or len(layout.delimiter) == 1, "delimiter", "delimiter")
    _check(len(layout.quote) <= 1 and layout.quote != layout.delimiter, "quote", "quote")
    _check(layout.decimals in range(3), "decimals", "decimals")
    _check(layout.decimal_sign in {"", ".", ","}, "decimal_sign", "decimal_sign")
    _check(DATE_FORMAT.fullmatch(layout.date_format) is not None, "date_format", "date_format")
    _check(re.fullmatch(r"[a-z0-9]{1,5}", layout.extension) is not None, "extension", "extension")
    missing = NEEDED - {column.source for column in layout.columns}
    _check(not missing, "column_missing", ", ".join(sorted(missing)))
    _check(all(one.source not in OF_ROW for one in (*layout.head, *layout.foot)), "unknown_source", "head, foot")


def misfits(layout: Layout, orders: Orders) -> list[Misfit]:
    """Everything that the file could not hold as it is; of an empty list the file can be made."""
    found = []
    for row in orders.rows:
        found += [one for column in layout.columns if (one := _misfit(layout, column, orders, row))]
    for column in (*layout.head, *layout.foot):
        if one := _misfit(layout, column, orders, None):
            found.append(one)
    return found


def _misfit(layout: Layout, column: LayoutColumn, orders: Orders, row: Transfer | None) -> Misfit | None:
    text, place = _text(layout, column, orders, row), row.sequence if row else 0

    def misfit(code: str, letters: str = "") -> Misfit:
        return Misfit(place, column.title, code, text, column.length, letters)

    if column.length and len(text) > column.length:
        return misfit("long")
    if strange := _strange(layout, column, text):
        return misfit("letters", strange)
    if layout.is_fixed:
        return None
    if column.source in SPOKEN and FORMULA.match(text):
        return misfit("formula", text[:1])
    if not layout.quote and layout.delimiter in text:
        return misfit("delimiter", layout.delimiter)
    return None


def _strange(layout: Layout, column: LayoutColumn, text: str) -> str:
    """The letters that the character set, the column or any file of lines does not take."""
    strange = {letter for letter in text if CONTROL.match(letter) or not _encodes(letter, layout.charset)}
    if column.allowed:
        strange |= {letter for letter in text if not re.fullmatch(f"[{column.allowed}]", letter)}
    return "".join(sorted(strange))


def _encodes(letter: str, charset: str) -> bool:
    try:
        letter.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _text(layout: Layout, column: LayoutColumn, orders: Orders, row: Transfer | None) -> str:
    if column.source == "constant":
        text = column.value
    elif column.source == "date":
        text = orders.date.strftime(layout.date_format)
    elif column.source in {"net", "total"}:
        amount = row.net if row and column.source == "net" else orders.total
        text = f"{amount}{layout.decimal_sign if layout.decimals else ''}{'0' * layout.decimals}"
    else:
        text = str(getattr(row if column.source in OF_ROW else orders, column.source))
    return text.upper() if column.upper else text


def bank_file(layout: Layout, orders: Orders) -> bytes:
    """The bytes that go to the bank; ValueError when something does not fit."""
    if misfits(layout, orders):
        raise ValueError("a value does not fit into the layout")
    lines = [_line(layout, layout.head, orders, None)] if layout.head else []
    if layout.titles:
        lines.append(layout.delimiter.join(_quoted(layout, column.title) for column in layout.columns))
    lines += [_line(layout, layout.columns, orders, row) for row in orders.rows]
    if layout.foot:
        lines.append(_line(layout, layout.foot, orders, None))
    return "".join(line + layout.line_end for line in lines).encode(layout.charset)


def _line(layout: Layout, columns: Sequence[LayoutColumn], orders: Orders, row: Transfer | None) -> str:
    if layout.is_fixed:
        return "".join(_filled(column, _text(layout, column, orders, row)) for column in columns)
    return layout.delimiter.join(_quoted(layout, _text(layout, column, orders, row)) for column in columns)


def _filled(column: LayoutColumn, text: str) -> str:
    fill = text.rjust if column.align == "right" else text.ljust
    return fill(column.length, column.fill)


def _quoted(layout: Layout, text: str) -> str:
    if layout.quote and (layout.delimiter in text or layout.quote in text):
        return f"{layout.quote}{text.replace(layout.quote, layout.quote * 2)}{layout.quote}"
    return text
