import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from rustpy_xlsxwriter import FastExcel

from budgets.models import FundSource
from budgets.sheets import budget_template, read_budget
from budgets.sheets.lines import TITLES
from kit.workbooks import read_workbook
from tests import cast, factories

pytestmark = pytest.mark.django_db
CODE, ACCOUNT = "2.07.03.02.01.0001", "5.1.02.02.01.0003"
HEAD = "Kode Sub Kegiatan;Nama Sub Kegiatan;Kode Rekening;Nama Rekening;Uraian;Pagu (Rp)"


@pytest.fixture
def fund() -> FundSource:
    return factories.fund_source(cast.home_agency())


def csv(*lines: str, head: str = HEAD) -> bytes:
    return "\r\n".join(["DPA 2026", "", head, *lines]).encode("utf-8-sig")


def line(amount: str = "1.000.000,00", code: str = CODE, account: str = ACCOUNT, more: str = "") -> str:
    return f"{code};Latihan;{account};Honor;{more};{amount}"


def xlsx(*records: dict[str, Any], merged: Any = ()) -> bytes:
    target = io.BytesIO()
    book = FastExcel(target)
    book.sheet("DPA", list(records), merge_ranges=list(merged))
    book.save()
    return target.getvalue()


def full(**values: Any) -> dict[str, Any]:
    given = dict(zip(TITLES.values(), [CODE, "Latihan", ACCOUNT, "Honor", "", "", 5_000_000], strict=True))
    return given | {TITLES[name]: value for name, value in values.items()}


def problems(content: bytes, fund: FundSource) -> list[list[str]]:
    with translation.override("en"):
        return [row["problems"] for row in read_budget(content, fund)]


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The same workbook with parts added or put in the place of others."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        named = {name.replace("__", "/").replace("_dot_", "."): body for name, body in parts.items()}
        for name in old.namelist():
            if name not in named:
                new.writestr(name, old.read(name))
        for name, body in named.items():
            new.writestr(name, body)
    return target.getvalue()


def test_csv_with_semicolons_and_decimal_commas(fund: FundSource) -> None:
    rows = read_budget(csv(line(), line("2.500.000", more="Konsumsi"), ";;;;;", "JUMLAH;;;;;3.500.000"), fund)
    assert [(row["amount"], row["sub_activity_code"], row["sub_activity_key"]) for row in rows] == [
        (1_000_000, CODE, "2.7.3.2.1.1"),
        (2_500_000, CODE, "2.7.3.2.1.1"),
    ]
    assert [row["problems"] for row in rows] == [[], []]


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (line("2,400"), "F4: this could be two amounts. Write whole rupiah: 2.400.000."),
        (line(""), "F4: the amount is missing."),
        (line("-5"), "F4: an amount is not below zero."),
        (line("1.000,50"), "F4: write whole rupiah, without cents."),
        (line(code="2.07.03"), "A4: a code has six parts, as 2.07.03.2.01.0001."),
        (line(account=""), "C4: the code is missing. It looks like 5.1.02.02.01.0003."),
        (line(account="5.1.02.02.01.ABC"), "C4: a code has digits and dots only, as 5.1.02.02.01.0003."),
    ],
)
def test_each_broken_cell_has_its_sentence(fund: FundSource, broken: str, sentence: str) -> None:
    assert problems(csv(broken, line(more="baik")), fund) == [[sentence], []]


def test_the_same_line_in_two_spellings_is_told(fund: FundSource) -> None:
    assert problems(csv(line(), line(code="2.07.03.2.01.0001")), fund) == [
        [],
        ["The same codes and details stand in row 4 already."],
    ]


def test_codes_that_excel_made_numbers_or_dates(fund: FundSource) -> None:
    found = problems(xlsx(full(), full(sub_activity_code=2.07), full(account_code=dt.date(2002, 1, 5))), fund)
    assert found[1][0] == "A3: Excel keeps this code as a number. Format the column as text, type it again."
    assert found[2][0] == "C4: Excel made a date of this code. Format the column as text, type it again."
    assert found[0] == []


def test_merged_cells_hold_for_each_of_their_rows(fund: FundSource) -> None:
    content = xlsx(full(), full(sub_activity_code=None, description="Konsumsi"))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        body = packed.read("xl/worksheets/sheet1.xml")
    end = b"</sheetData>"
    merged = body.replace(end, end + b'<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>')
    rows = read_budget(repacked(content, xl__worksheets__sheet1_dot_xml=merged), fund)
    assert [(row["sub_activity_code"], row["problems"]) for row in rows] == [(CODE, []), (CODE, [])]


def test_formulas_in_amounts_are_remarked_and_in_codes_refused(fund: FundSource) -> None:
    content = xlsx(full(), full(description="x"))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        body = packed.read("xl/worksheets/sheet1.xml").decode()
    begin = body.index('r="G2"')
    value = body.index("<v>", begin)
    body = body[:value] + "<f>5*1000000</f>" + body[value:]
    with translation.override("en"):
        first = read_budget(repacked(content, xl__worksheets__sheet1_dot_xml=body.encode()), fund)[0]
    assert (first["amount"], first["problems"]) == (5_000_000, [])
    assert first["remarks"] == ["G2: a formula; its last result is taken."]


def test_unknown_field_names_and_lines_in_use(fund: FundSource) -> None:
    used = factories.budget_line(fund, description="", ceiling=9, spent=9)
    content = xlsx(full(amount=8), full(description="x", share="Kesehatan", sub_activity_name=""))
    assert used.account_key == "5.1.2.2.1.3"
    assert problems(content, fund) == [
        ["More than this is reserved and spent on the line already."],
        ["The fund has no field “Kesehatan”.", "A new line needs the names of its sub-activity and its account."],
    ]


def test_template_is_read_back_as_it_is(fund: FundSource) -> None:
    assert problems(budget_template(fund), fund) == [[]]
    made = factories.budget_line(fund)
    rows = read_budget(budget_template(fund), fund)
    assert [(row["amount"], row["before"], row["account_code"]) for row in rows] == [
        (made.ceiling, made.ceiling, made.account_code)
    ]


def bomb() -> bytes:
    return repacked(xlsx(full()), xl__worksheets__sheet2_dot_xml=b"0" * (61 * 2**20))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: b"", "empty"),
        (lambda: b"\xd0\xcf\x11\xe0 old", "old_excel"),
        (lambda: b"PK\x03\x04 broken", "unreadable"),
        (lambda: b"GIF89a\0\0\0", "no_spreadsheet"),
        (lambda: repacked(xlsx(full()), xl__vbaProject_dot_bin=b"x"), "macros"),
        (lambda: repacked(xlsx(full()), xl__workbook_dot_xml=b"<broken"), "unreadable"),
        (bomb, "bomb"),
        (lambda: csv(head="Kode;Nama"), "columns_missing"),
        (lambda: csv(), "no_lines"),
        (lambda: b"a;b\n" * 5001, "too_large"),
        (lambda: b'a;"b\n', "csv_broken"),
    ],
)
def test_file_that_is_no_budget_is_refused(fund: FundSource, content: Any, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        read_budget(content(), fund)
    assert refusal.value.code == code


def test_workbook_names_places_as_excel_does() -> None:
    rows = read_workbook((";".join(["x"] * 28) + "\n").encode())
    assert (rows[0][0].place, rows[0][25].place, rows[0][27].place) == ("A1", "Z1", "AB1")
