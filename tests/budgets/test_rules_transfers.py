"""Bank files byte by byte, and what does not fit told before one is made."""

import datetime as dt
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.rules import LayoutError, Misfit, Orders, Transfer, bank_file, misfits, parse_layout

EXAMPLES = {
    told["code"]: told["file"]
    for told in tomllib.loads(Path("budgets/data/transfer_layouts.toml").read_text())["layout"]
}
CSV, SEMICOLON, FIXED = EXAMPLES["contoh-csv"], EXAMPLES["contoh-titik-koma"], EXAMPLES["contoh-lebar-tetap"]
DEWI = Transfer(
    1, "113", "Bank Jateng", "0071000012", "Dewi Lestari", "Dewi Lestari", 2_850_000, "Juara I, Pitch", "TL240030001"
)
BUDI = replace(DEWI, sequence=2, account="0071000013", holder="Budi O'Neil", net=2_280_000, reference="TL240030002")


def orders(*rows: Transfer) -> Orders:
    return Orders("003/2024", dt.date(2024, 7, 9), "Dinas Contoh", rows or (DEWI, BUDI))


def test_csv_is_quoted_only_where_it_must_be() -> None:
    assert bank_file(parse_layout(CSV), orders()) == (
        b"No,Kode Bank,Nomor Rekening,Nama Penerima,Jumlah,Berita,Referensi\r\n"
        b'1,113,0071000012,Dewi Lestari,2850000,"Juara I, Pitch",TL240030001\r\n'
        b'2,113,0071000013,Budi O\'Neil,2280000,"Juara I, Pitch",TL240030002\r\n'
    )


def test_semicolons_carry_two_decimals_and_the_day() -> None:
    assert bank_file(parse_layout(SEMICOLON), orders()) == (
        b"09/07/2024;113;0071000012;Dewi Lestari;2850000,00;TL240030001\r\n"
        b"09/07/2024;113;0071000013;Budi O'Neil;2280000,00;TL240030002\r\n"
    )


def test_fixed_width_is_a_hundred_letters_with_head_and_foot() -> None:
    made = bank_file(parse_layout(FIXED), orders())
    lines = made.decode("ascii").split("\r\n")
    assert [len(line) for line in lines] == [100, 100, 100, 100, 0]
    assert lines[0] == "009072024" + "003/2024".ljust(12) + " " * 79
    assert lines[1] == (
        "100001113" + "0071000012".ljust(20) + "DEWI LESTARI".ljust(35) + "285000000".rjust(17, "0")
    ) + "TL240030001".ljust(19)
    assert lines[3] == "9" + "00002" + "513000000".rjust(17, "0") + " " * 77


@pytest.mark.parametrize(
    ("file", "changed", "column", "code", "letters"),
    [
        (CSV, {"holder": "D" * 101}, "Nama Penerima", "long", ""),
        (SEMICOLON, {"holder": "Dewi; Lestari"}, "Nama Pemilik", "letters", ";"),
        (SEMICOLON, {"holder": "Déwi ✿"}, "Nama Pemilik", "letters", "é✿"),
        (FIXED, {"holder": "D" * 36}, "Nama pemilik", "long", ""),
        (FIXED, {"holder": "Dewi\tLestari"}, "Nama pemilik", "letters", "\t"),
        (CSV, {"holder": "Dewi\r\n0,0"}, "Nama Penerima", "letters", "\n\r"),
        (CSV, {"holder": "=1+1"}, "Nama Penerima", "formula", "="),
        (CSV, {"purpose": "@SUM(A1)"}, "Berita", "formula", "@"),
        (CSV, {"purpose": "-2+3"}, "Berita", "formula", "-"),
        (CSV, {"account": "12345678901234567890123"}, "Nomor Rekening", "long", ""),
    ],
)
def test_what_does_not_fit_is_told_and_never_cut(
    file: dict[str, Any], changed: dict[str, str], column: str, code: str, letters: str
) -> None:
    layout, row = parse_layout(file), replace(DEWI, **changed)  # type: ignore[arg-type]  # the table holds texts alone
    [found] = misfits(layout, orders(row))
    assert (found.row, found.column, found.code, found.letters) == (1, column, code, letters)
    with pytest.raises(ValueError, match="does not fit"):
        bank_file(layout, orders(row))


def test_delimiter_without_quotes_is_told() -> None:
    file = CSV | {"quote": "", "delimiter": ";"}
    found = misfits(parse_layout(file), orders(replace(DEWI, purpose="a;b")))
    assert found == [Misfit(1, "Berita", "delimiter", "a;b", 200, ";")]


def test_sum_that_is_too_wide_is_told_of_the_list() -> None:
    row = replace(DEWI, net=10**15)
    found = [(one.row, one.column, one.code) for one in misfits(parse_layout(FIXED), orders(row))]
    assert found == [(1, "Jumlah", "long"), (0, "Jumlah seluruhnya", "long")]


@given(
    holder=st.text(st.characters(codec="ascii", categories=("L", "N", "P", "Zs")), max_size=35),
    net=st.integers(1, 10**12),
)
def test_fixed_file_gives_back_what_went_in(holder: str, net: int) -> None:
    layout = parse_layout(FIXED)
    made = orders(replace(DEWI, holder=holder, net=net))
    if misfits(layout, made):
        return
    line = bank_file(layout, made).decode("ascii").split("\r\n")[1]
    assert (line[29:64].rstrip(), int(line[64:81])) == (holder.upper().rstrip(), net * 100)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"shape": "table"}, "shape"),
        ({"charset": "utf-16"}, "charset"),
        ({"delimiter": ",,"}, "delimiter"),
        ({"quote": ","}, "quote"),
        ({"decimals": 3}, "decimals"),
        ({"decimal_sign": "x"}, "decimal_sign"),
        ({"date_format": "%c"}, "date_format"),
        ({"line_end": "cr"}, "line_end"),
        ({"extension": "../x"}, "extension"),
        ({"macro": "1"}, "unknown_word"),
        ({"column": CSV["column"][:3]}, "column_missing"),
        ({"column": [*CSV["column"], {"title": "x", "source": "secret"}]}, "unknown_source"),
        ({"column": [*CSV["column"], {"title": "x", "source": "net", "colour": "red"}]}, "unknown_word"),
        ({"column": [*CSV["column"], {"title": "x", "source": "holder", "allowed": "z-a"}]}, "letters"),
        ({"column": [*CSV["column"], {"title": "x", "source": "net", "fill": "ab"}]}, "filling"),
        ({"head": [{"title": "x", "source": "account"}]}, "unknown_source"),
        ({"shape": "fixed", "charset": "ascii"}, "width_missing"),
        ({"shape": "fixed"}, "charset"),
    ],
)
def test_layout_that_cannot_work_is_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(LayoutError) as refusal:
        parse_layout(CSV | change)
    assert refusal.value.code == code
