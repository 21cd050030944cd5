"""Text files with semicolons, tabs or commas, as Excel and other programs save them."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from kit.tables.limits import Limits
from kit.tables.refused import Refused

LOOKED_AT = 20
MARKS = ";\t|,"
SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
# ="0812" is how people keep Excel from making a number of it.
KEPT_AS_TEXT = re.compile(r'="([^"]*)"')


def read_text(content: bytes, limits: Limits) -> Iterator[tuple[int, list[str | tuple[str, str]]]]:
    text = _decoded(content)
    mark, text = _mark(text)
    csv.field_size_limit(limits.cell * 4)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        for number, cells in enumerate(lines, 1):
            yield number, [_cell(value[: limits.cell]) for value in cells]
    except csv.Error as error:
        raise Refused("quotes", line=lines.line_num) from error


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _mark(text: str) -> tuple[str, str]:
    """The sign between cells. A comma is also the decimal sign: it divides only where nothing else does."""
    told = SEP_LINE.match(text)
    if told:
        return told[1], text[told.end() :]
    lines = [re.sub(r'"[^"]*"', "", line) for line in text[:100_000].splitlines() if line.strip()][:LOOKED_AT]
    # The sign that stands in most lines, equally often in as many of them as possible.
    found = {mark: [line.count(mark) for line in lines] for mark in MARKS}
    for mark in MARKS:
        if lines and sum(count > 0 for count in found[mark]) * 2 > len(lines):
            return mark, text
    return max(MARKS, key=lambda mark: sum(found[mark])), text


def _cell(text: str) -> str:
    kept = KEPT_AS_TEXT.fullmatch(text.strip())
    return kept[1] if kept else text.replace("\0", "").strip()
