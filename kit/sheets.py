"""Spreadsheets out: text stays text, so an identity number keeps its last digit and nothing is taken for a formula."""

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.utils import timezone
from rustpy_xlsxwriter import FastExcel, Format

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Excel keeps 15 digits of a number, 32,767 letters of a cell, 31 of a sheet's name and 255 of a page's foot.
EXACT_NUMBER = 10**15
LONGEST_TEXT = 32_767
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
NUMBER_FORMATS = {
    "text": "@",
    "number": "#,##0.##",
    "whole": "#,##0",
    "date": "dd/mm/yyyy",
    "datetime": "dd/mm/yyyy hh:mm",
}
HEADER_ROW = 2


@dataclass(frozen=True)
class Column:
    """A column of a sheet. Anything that is not counted with is `text`: numbers of people, phones, codes, addresses."""

    title: str
    width: float = 18
    kind: Literal["text", "number", "whole", "date", "datetime"] = "text"


def write_xlsx(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    title: str,
    footer: str = "",
    time_zone: dt.tzinfo | None = None,
) -> bytes:
    """A workbook of one sheet: title, a line below it that is also the foot of every page, header with filters, rows.

    Aware times are written as the clock of `time_zone` (default: the current one) shows them. A row holds one value
    for each column, else ValueError.
    """
    titles = [str(column.title) for column in columns]
    if len(set(titles)) < len(titles) or not titles:
        raise ValueError("a sheet needs columns with different titles")
    zone = time_zone or timezone.get_current_timezone()
    last = max(len(columns) - 1, 1)
    target = io.BytesIO()
    book = FastExcel(target)
    book.freeze(row=HEADER_ROW + 1)
    book.sheet(
        _sheet_name(title),
        _records(columns, titles, rows, zone),
        column_widths=[column.width for column in columns],
        column_formats=[Format().set_num_format(NUMBER_FORMATS[column.kind]).set_align("top") for column in columns],
        header_format=Format().set_bold().set_text_wrap().set_align("top").set_border_bottom("thin"),
        header_row=HEADER_ROW,
        merge_ranges=[
            (0, 0, 0, last, _text(title), Format().set_bold().set_font_size(14)),
            (1, 0, 1, last, _text(footer), Format().set_font_color("#555555")),
        ],
        autofilter=True,
        ignore_errors=[title for title, column in zip(titles, columns, strict=True) if column.kind == "text"],
        page_setup=_page_setup(footer),
    )
    book.save()
    return target.getvalue()


def _page_setup(footer: str) -> dict[str, Any]:
    return {
        "landscape": True,
        "fit_to_pages": (1, 0),
        "repeat_rows": HEADER_ROW,
        "footer": f"&L{_text(footer).replace('&', '&&')[:200]}&R&P / &N",
    }


def _records(
    columns: Sequence[Column], titles: list[str], rows: Iterable[Sequence[Any]], zone: dt.tzinfo
) -> Iterator[dict[str, Any]]:
    empty = True
    for row in rows:
        empty = False
        yield {
            title: _cell(value, column.kind, zone) for title, column, value in zip(titles, columns, row, strict=True)
        }
    if empty:
        yield dict.fromkeys(titles)  # the library takes the header from the first row


def _cell(value: Any, kind: str, zone: dt.tzinfo) -> Any:
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        value = value.astimezone(zone).replace(tzinfo=None)
    if value is None or value == "":
        return None
    if kind == "text":
        return _text(value)
    if isinstance(value, dt.date):
        return value
    if isinstance(value, int | float | Decimal) and -EXACT_NUMBER < value < EXACT_NUMBER:
        return int(value) if value == int(value) else float(value)
    return _text(value)


def _text(value: Any) -> str:
    return NOT_IN_XML.sub("", str(value))[:LONGEST_TEXT]


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", str(title)).strip(" '")[:31].strip(" '") or "Data"
