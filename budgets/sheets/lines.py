"""The layout of a budget as a spreadsheet: its columns, how they may be called, and what is wrong in a cell."""

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from budgets.models import BudgetLine, FundSource
from budgets.rules import AmountError, CodeError, parse_account_code, parse_rupiah, parse_sub_activity_code
from kit.sheets import Column, write_xlsx
from kit.workbooks import Cell, Rows, is_date, read_workbook

# What office lists call each column, in small letters without signs.
HEADINGS: dict[str, tuple[str, ...]] = {
    "sub_activity_code": ("kode sub kegiatan", "kode subkegiatan", "kode kegiatan", "sub activity code"),
    "sub_activity_name": ("nama sub kegiatan", "sub kegiatan", "subkegiatan", "nomenklatur", "sub activity"),
    "account_code": ("kode rekening", "kode rekening belanja", "kode akun", "rekening", "account code"),
    "account_name": ("nama rekening", "uraian rekening", "belanja", "nama akun", "account"),
    "description": ("uraian", "rincian", "keterangan", "details"),
    "share": ("bidang", "field"),
    "amount": ("pagu", "pagu anggaran", "jumlah", "anggaran", "jumlah rp", "pagu rp", "ceiling"),
}
NEEDED = ("sub_activity_code", "account_code", "amount")
TITLES = {
    "sub_activity_code": "Kode sub kegiatan",
    "sub_activity_name": "Nama sub kegiatan",
    "account_code": "Kode rekening",
    "account_name": "Nama rekening",
    "description": "Uraian",
    "share": "Bidang",
    "amount": "Pagu",
}
HEADING_WITHIN = 30
LONGEST = {"sub_activity_name": 300, "account_name": 300, "description": 200, "share": 120}
TOTAL = re.compile(r"^(grand )?(total|jumlah)\b", re.IGNORECASE)


def read_budget(content: bytes, fund: FundSource) -> list[dict[str, Any]]:
    """One dictionary for each line, as `BudgetSheet.rows` keeps it; what is wrong stands in its `problems`."""
    rows = read_workbook(content)
    heading, columns = _heading(rows)
    lines = [_line(cells, columns) for cells in rows[heading + 1 :] if _holds_line(cells, columns)]
    if not lines:
        raise ValidationError(_("Below the headings stands no line."), code="no_lines")
    _compare(lines, fund)
    return lines


def _heading(rows: Rows) -> tuple[int, dict[str, int]]:
    best: dict[str, int] = {}
    for number, cells in enumerate(rows[:HEADING_WITHIN]):
        columns: dict[str, int] = {}
        for place, cell in enumerate(cells):
            name = _named(cell)
            if name and name not in columns:
                columns[name] = place
        if all(name in columns for name in NEEDED):
            return number, columns
        best = max(best, columns, key=len)
    missing = ", ".join(f"“{TITLES[name]}”" for name in NEEDED if name not in best)
    sentence = _("These columns are missing: %(columns)s. Use the template.") % {"columns": missing}
    raise ValidationError(sentence, code="columns_missing")


def _named(cell: Cell) -> str | None:
    words = " ".join(re.sub(r"[^a-z ]", " ", cell.text.lower()).split())
    return next((name for name, known in HEADINGS.items() if words in known), None)


def _holds_line(cells: list[Cell], columns: dict[str, int]) -> bool:
    """Empty rows and sums at the end are no lines; whatever names a code or a part of one is."""
    told = {name: _cell(cells, place).text for name, place in columns.items()}
    if not any(told.values()):
        return False
    codes = told["sub_activity_code"], told["account_code"]
    is_sum = any(TOTAL.match(cell.text) for cell in cells) and not any(re.search(r"\d", code) for code in codes)
    return not is_sum


def _cell(cells: list[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else Cell("", "")


def _line(cells: list[Cell], columns: dict[str, int]) -> dict[str, Any]:
    line: dict[str, Any] = {"row": re.sub(r"\D", "", cells[0].place), "problems": [], "remarks": []}
    for name in TITLES:
        line[name] = _cell(cells, columns[name]).text if name in columns else ""
    for name, longest in LONGEST.items():
        if len(line[name]) > longest:
            _complain(line, _cell(cells, columns[name]), _("at most %(count)d letters.") % {"count": longest})
        line[name] = " ".join(line[name].split())[:longest]
    _code(line, _cell(cells, columns["sub_activity_code"]), "sub_activity", parse_sub_activity_code)
    _code(line, _cell(cells, columns["account_code"]), "account", parse_account_code)
    _amount(line, _cell(cells, columns["amount"]))
    return line


def _complain(line: dict[str, Any], cell: Cell, sentence: str) -> None:
    line["problems"].append(f"{cell.place}: {sentence}")


def _code(line: dict[str, Any], cell: Cell, name: str, parse: Callable[[str], str]) -> None:
    line[f"{name}_key"] = ""
    line[f"{name}_code"] = cell.text[:40]
    if is_date(cell.value):
        return _complain(line, cell, _("Excel made a date of this code. Format the column as text, type it again."))
    if not isinstance(cell.value, str):
        return _complain(line, cell, _("Excel keeps this code as a number. Format the column as text, type it again."))
    if cell.formula:
        return _complain(line, cell, _("a code cannot be a formula. Paste it as a value."))
    try:
        line[f"{name}_key"] = parse(cell.text)
    except CodeError as error:
        _complain(line, cell, _code_sentences(name)[error.code])
    return None


def _code_sentences(name: str) -> dict[str, str]:
    example = "2.07.03.2.01.0001" if name == "sub_activity" else "5.1.02.02.01.0003"
    told = {"example": example}
    return {
        "empty": _("the code is missing. It looks like %(example)s.") % told,
        "letters": _("a code has digits and dots only, as %(example)s.") % told,
        "parts": _("a code has six parts, as %(example)s.") % told,
        "long": _("a part of this code is too long. It looks like %(example)s.") % told,
    }


def _amount(line: dict[str, Any], cell: Cell) -> None:
    line["amount"] = 0
    sentences = {
        "empty": _("the amount is missing."),
        "negative": _("an amount is not below zero."),
        "ambiguous": _("this could be two amounts. Write whole rupiah: 2.400.000."),
        "cents": _("write whole rupiah, without cents."),
        "large": _("this amount is too large."),
        "unreadable": _("this is no amount. Write whole rupiah: 2.400.000."),
    }
    if is_date(cell.value) or isinstance(cell.value, bool):
        return _complain(line, cell, sentences["unreadable"])
    try:
        text = cell.text if not isinstance(cell.value, float) else f"{cell.value:.2f}".replace(".", ",")
        line["amount"] = parse_rupiah(text)
    except AmountError as error:
        return _complain(line, cell, sentences[error.code])
    if cell.formula:
        line["remarks"].append(f"{cell.place}: {_('a formula; its last result is taken.')}")
    return None


def _compare(lines: list[dict[str, Any]], fund: FundSource) -> None:
    """Against each other and against the fund: twice the same, unknown fields, names that are missing, what changes."""
    known = {(row.sub_activity_key, row.account_key, row.description): row for row in fund.lines.all()}
    shares = {share.name.casefold() for share in fund.shares.all()}
    seen: dict[tuple[str, str, str], str] = {}
    for line in lines:
        key = line["sub_activity_key"], line["account_key"], line["description"]
        old: BudgetLine | None = known.get(key)
        line["before"] = old.ceiling if old else None
        used = old.reserved + old.spent if old else 0
        if all(key[:2]) and key in seen:
            line["problems"].append(_("The same codes and details stand in row %(row)s already.") % {"row": seen[key]})
        seen.setdefault(key, line["row"])
        if line["share"] and line["share"].casefold() not in shares:
            line["problems"].append(_("The fund has no field “%(name)s”.") % {"name": line["share"]})
        if old is None and not (line["sub_activity_name"] and line["account_name"]):
            line["problems"].append(_("A new line needs the names of its sub-activity and its account."))
        if line["amount"] < used and not line["problems"]:
            line["problems"].append(_("More than this is reserved and spent on the line already."))


def budget_template(fund: FundSource) -> bytes:
    """The lines of the fund as they are, or an example, in the columns that the import reads. Codes stay text."""
    kinds = {"amount": "whole"}
    columns = [Column(title, 26, kinds.get(name, "text")) for name, title in TITLES.items()]  # type: ignore[arg-type]  # the table holds the names of kinds
    rows = [
        [*(getattr(line, name) for name in list(TITLES)[:5]), line.share.name if line.share else "", line.ceiling]
        for line in fund.lines.select_related("share")
    ]
    example = ["2.07.03.2.01.0001", "Contoh sub kegiatan", "5.1.02.02.01.0003", "Contoh rekening", "", "", 10_000_000]
    return write_xlsx(columns, rows or [example], title=f"Anggaran {fund}")
