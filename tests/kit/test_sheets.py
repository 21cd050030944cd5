import datetime as dt
import io
import zipfile
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from kit.sheets import Column, write_xlsx

JAKARTA = ZoneInfo("Asia/Jakarta")
NAMES = [Column("Nama"), Column("NIK", width=20)]


def read(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def rows_of(content: bytes) -> list[list[Any]]:
    return read(content)[3:]


def sheet_xml(content: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()


def test_write_xlsx_has_title_line_header_and_rows() -> None:
    content = write_xlsx(NAMES, [["Siti", "9971015207990001"]], title="Peserta Medono", footer="Rahasia & pribadi")
    assert read(content) == [
        ["Peserta Medono", ""],
        ["Rahasia & pribadi", ""],
        ["Nama", "NIK"],
        ["Siti", "9971015207990001"],
    ]
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == ["Peserta Medono"]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+62812", "-1", "@x", "=HYPERLINK(\"http://x\")", "\t=1", "9971015207990001", "007", "0812", "1e5",
        "33.75.01.1006", "<b>&amp;\"'", "Jl. Kurinci\nRT 01", "🙂", "TRUE", "21/11/2026", " ", "http://example.org",
    ],
)  # fmt: skip
def test_write_xlsx_keeps_text_as_text(text: str) -> None:
    content = write_xlsx(NAMES, [["Siti", text]], title="Peserta")
    assert rows_of(content) == [["Siti", text]]
    assert "<f>" not in sheet_xml(content)


def test_write_xlsx_text_column_takes_numbers_as_text() -> None:
    assert rows_of(write_xlsx(NAMES, [[7, 9971015207990001]], title="x")) == [["7", "9971015207990001"]]


def test_write_xlsx_writes_typed_cells() -> None:
    columns = [Column("jumlah", kind="whole"), Column("nilai", kind="number"), Column("lahir", kind="date")]
    content = write_xlsx(columns, [[3_000_000, Decimal("7.02"), dt.date(1999, 7, 12)]], title="x")
    assert rows_of(content) == [[3_000_000, 7.02, dt.date(1999, 7, 12)]]


def test_write_xlsx_shows_times_as_the_clock_of_the_office() -> None:
    """Kendari is an hour ahead of Jakarta; the spreadsheet knows no zones."""
    columns = [Column("waktu", kind="datetime")]
    moment = dt.datetime(2026, 11, 20, 18, 30, tzinfo=dt.UTC)
    jakarta = write_xlsx(columns, [[moment]], title="x", time_zone=JAKARTA)
    kendari = write_xlsx(columns, [[moment]], title="x", time_zone=ZoneInfo("Asia/Makassar"))
    assert rows_of(jakarta)[0][0].isoformat() == "2026-11-21T01:30:00"
    assert rows_of(kendari)[0][0].isoformat() == "2026-11-21T02:30:00"


def test_write_xlsx_leaves_nothing_where_nothing_is() -> None:
    columns = [Column("a"), Column("b", kind="number"), Column("c", kind="date")]
    assert rows_of(write_xlsx(columns, [[None, None, None], ["", 0, ""]], title="x")) == [["", "", ""], ["", 0, ""]]


def test_write_xlsx_keeps_all_digits_of_a_long_number() -> None:
    columns = [Column("n", kind="whole")]
    assert rows_of(write_xlsx(columns, [[9971015207990001]], title="x")) == [["9971015207990001"]]


def test_write_xlsx_without_rows_still_has_the_header() -> None:
    assert read(write_xlsx(NAMES, [], title="Peserta"))[2] == ["Nama", "NIK"]


def test_write_xlsx_of_one_column() -> None:
    assert rows_of(write_xlsx([Column("Nama")], [["Siti"]], title="Peserta"))[0][0] == "Siti"


def test_write_xlsx_freezes_the_header_filters_and_sets_widths() -> None:
    xml = sheet_xml(write_xlsx(NAMES, [["a", "b"], ["c", "d"]], title="x"))
    assert 'ySplit="3"' in xml
    assert '<autoFilter ref="A3:B5"/>' in xml
    assert '<col min="2" max="2" width="20.7109375"' in xml


@pytest.mark.parametrize("title", ["", "a/b:c[d]*?\\", "'quoted'", "x" * 200, "&P"])
def test_write_xlsx_takes_any_title(title: str) -> None:
    assert read(write_xlsx(NAMES, [["a", "b"]], title=title, footer=title))[0][0] == title


def test_write_xlsx_takes_control_characters_and_very_long_text() -> None:
    assert rows_of(write_xlsx(NAMES, [["a\x00\x0bb", "x" * 40_000]], title="x")) == [["ab", "x" * 32_767]]


@pytest.mark.parametrize("row", [["a"], ["a", "b", "c"]])
def test_write_xlsx_refuses_rows_of_another_length(row: list[str]) -> None:
    with pytest.raises(ValueError, match="argument"):
        write_xlsx(NAMES, [row], title="x")


@pytest.mark.parametrize("columns", [[], [Column("a"), Column("a")]])
def test_write_xlsx_refuses_columns_that_cannot_be_told_apart(columns: list[Column]) -> None:
    with pytest.raises(ValueError, match="different titles"):
        write_xlsx(columns, [], title="x")


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30))
def test_write_xlsx_brings_every_text_back(text: str) -> None:
    expected = text.replace("\ufffe", "").replace("\uffff", "")
    assert rows_of(write_xlsx(NAMES, [["x", text]], title="x")) == [["x", expected]]
