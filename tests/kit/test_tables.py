"""Whatever somebody sends as a list gets its rows, or one clear answer."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it ships no types
import pytest
from django.core.exceptions import ValidationError

from kit.tables.apart import read_head, reading
from kit.tables.limits import Limits

LIMITS = Limits(rows=100, columns=20, unpacked=2 * 2**20, seconds=20)
NIK = "9971015207990001"


def book(fill: Callable[[Any], None], **options: Any) -> bytes:
    made = openpyxl.Workbook()
    fill(made.active)
    for name, state in options.items():
        made.create_sheet(name).append(["lain"])
        made[name].sheet_state = state
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def rows(content: bytes, **options: Any) -> list[Any]:
    with reading(content, LIMITS, **options) as sheet:
        return [row for piece in sheet.pieces for row in piece]


def refusal(content: bytes) -> str:
    with pytest.raises(ValidationError) as refused:
        rows(content)
    return str(refused.value.code)


def zipped(parts: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as packed:
        for name, body in parts.items():
            packed.writestr(name, body)
    return out.getvalue()


def with_part(content: bytes, name: str, body: bytes) -> bytes:
    """The same workbook with one part more, or another one in its place."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {part: packed.read(part) for part in packed.namelist()}
    return zipped(parts | {name: body})


def small() -> bytes:
    return book(lambda sheet: sheet.append(["NIK", "Nama"]))


def test_cells_keep_what_they_are() -> None:
    def fill(sheet: Any) -> None:
        sheet.append([NIK, 9971015207990001, 81234567890, 3.5, date(1999, 7, 12), True, "  dua  kata "])
        sheet["H1"], sheet["I1"] = "=1/0", '="812"&"345"'

    assert rows(book(fill)) == [
        [
            1,
            [
                NIK,
                ["number", "9.97102E+15"],
                ["number", "81234567890"],
                ["number", "3.5"],
                ["date", "1999-07-12"],
                ["bool", "1"],
                "dua  kata",
                ["formula", ""],
                ["formula", ""],
            ],
        ]
    ]


def test_rows_keep_their_numbers_and_empty_ones_are_passed_over() -> None:
    def fill(sheet: Any) -> None:
        sheet["B2"], sheet["A5"] = "dua", "lima"

    assert rows(book(fill)) == [[2, ["", "dua"]], [5, ["lima"]]]


def test_merged_cells_hold_what_the_first_one_holds_and_say_so() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["B1"], sheet["A4"] = "Medono", "satu", "judul"
        sheet["B2"] = "dua"
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("A4:B4")

    assert rows(book(fill)) == [
        [1, ["Medono", "satu"]],
        [2, [["merged", "Medono"], "dua"]],
        [4, ["judul", ["merged_across", "judul"]]],
    ]


def test_the_first_visible_sheet_that_holds_something_is_read_unless_another_is_chosen() -> None:
    content = book(lambda _sheet: None, Kode="hidden", Medono="visible", Tirto="visible")
    head = read_head(content, LIMITS)
    assert (head.sheets, head.sheet, head.rows) == (["Sheet", "Medono", "Tirto"], 1, [[1, ["lain"]]])
    assert read_head(content, LIMITS, 2).sheet == 2
    assert read_head(content, LIMITS, 99).sheet == 0


@pytest.mark.parametrize(
    "content",
    [
        f"NIK;Nama;Umur\r\n{NIK};Siti;3,5\r\n".encode(),
        f"\ufeffNIK;Nama;Umur\n{NIK};Siti;3,5\n".encode(),
        f"NIK\tNama\tUmur\n{NIK}\tSiti\t3,5\n".encode(),
        f'NIK,Nama,Umur\n{NIK},Siti,"3,5"\n'.encode(),
        f'sep=;\nNIK;Nama;Umur\n="{NIK}";Siti;3,5\n'.encode(),
        f"NIK\tNama\tUmur\n{NIK}\tSiti\t3,5\n".encode("utf-16"),
    ],
)
def test_text_files_are_read_whatever_divides_them(content: bytes) -> None:
    assert [cells for _number, cells in rows(content)] == [["NIK", "Nama", "Umur"], [NIK, "Siti", "3,5"]]


def test_a_text_file_of_windows_keeps_its_signs() -> None:
    assert rows("Nama;Alamat\nJosé;Jl. “Anggrek”\n".encode("cp1252"))[1][1] == ["José", "Jl. “Anggrek”"]


REFUSED: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b" \r\n ",
    "pdf": lambda: b"%PDF-1.7\n%%EOF",
    "picture": lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
    "old_excel": lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    "archive": lambda: b"Rar!\x1a\x07\0",
    "document": lambda: zipped({"[Content_Types].xml": b"", "word/document.xml": b"<w/>"}),
    "xlsb": lambda: zipped({"[Content_Types].xml": b"", "xl/workbook.bin": b""}),
    "open_document": lambda: zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
    "web_page": lambda: b"<html><table><tr><td>NIK</td></tr></table></html>",
    "macros": lambda: with_part(small(), "xl/vbaProject.bin", b"x"),
    "bomb": lambda: zipped({"[Content_Types].xml": b"", "xl/worksheets/sheet1.xml": b"0" * 3 * 2**20}),
    "no_spreadsheet": lambda: zipped({"gambar.txt": b"x"}),
    "unreadable": lambda: small()[:-300],
    "quotes": lambda: b'NIK;Nama\n1;"Siti\n',
    "too_long": lambda: b"NIK;Nama\n" + b"1;Siti\n" * 101,
    "too_wide": lambda: b";".join([b"x"] * 21),
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_is_no_list_gets_a_clear_answer(code: str) -> None:
    assert refusal(REFUSED[code]()) == code


def test_a_binary_file_without_a_name_is_no_spreadsheet() -> None:
    assert refusal(b"MZ\0\0" + bytes(range(256))) == "no_spreadsheet"


def test_a_part_that_is_larger_than_it_states_gains_nothing() -> None:
    """The sizes in the directory say 10 bytes; what comes out is cut there and is no sheet any more."""
    content = bytearray(with_part(small(), "xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * 50_000))
    place = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    content[place + 24 : place + 28] = (10).to_bytes(4, "little")
    assert refusal(bytes(content)) == "unreadable"


@pytest.mark.parametrize(
    "sheet",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><worksheet><sheetData/></worksheet>',
        b"<!--" + b" " * 70_000 + b'--><!DOCTYPE x [<!ENTITY a "a">]><worksheet><sheetData/></worksheet>',
        b"<worksheet><sheetData><row><c><v>1</v></row></sheetData></worksheet>",
        b'<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>999</v></c></row></sheetData></worksheet>',
        b'<worksheet><sheetData><row r="x"><c r="A1"><v>1</v></c></row></sheetData></worksheet>',
    ],
)
def test_a_broken_sheet_is_unreadable(sheet: bytes) -> None:
    assert refusal(with_part(small(), "xl/worksheets/sheet1.xml", sheet)) == "unreadable"


def test_the_process_opens_nothing_and_is_stopped_when_it_takes_too_long(tmp_path: Any) -> None:
    endless = b"<worksheet><sheetData>" + b'<row r="1"><c r="A1" s="1"/></row>' * 60_000 + b"</sheetData></worksheet>"
    content = with_part(small(), "xl/worksheets/sheet1.xml", endless)
    slow = Limits(rows=10, unpacked=20 * 2**20, seconds=0)
    with pytest.raises(ValidationError) as refused, reading(content, slow) as sheet:
        list(sheet.pieces)
    assert refused.value.code == "too_slow"
