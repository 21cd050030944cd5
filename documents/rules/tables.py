"""Columns that the tables of many papers have. Sides and widths as the layouts read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kit.words import amount_in_words, official_rupiah

Column = dict[str, Any]


def column(label: str, *, fr: float = 0, mm: float = 0, side: str = "left", sign: bool = False) -> Column:
    """`mm` wide, else a share `fr` of what is left; `sign` where people sign."""
    told: Column = {"label": label, "side": side} | ({"mm": mm} if mm else {"fr": fr or 1})
    return told | {"sign": True} if sign else told


NUMBER = column("No.", mm=10, side="center")


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], **more: Any) -> dict[str, Any]:
    """The first column counts the rows."""
    numbered = [[str(number), *row] for number, row in enumerate(rows, 1)]
    return {"columns": [NUMBER, *columns], "rows": numbered, **more}


@dataclass(frozen=True)
class Paid:
    """Somebody who receives money, what for, and what is kept back as tax."""

    name: str
    purpose: str
    gross: int
    tax: int


MONEY_COLUMNS = (
    column("Nama", fr=2.2),
    column("Uraian", fr=2.2),
    column("Jumlah (Rp)", mm=24, side="right"),
    column("PPh 21 (Rp)", mm=20, side="right"),
    column("Diterima (Rp)", mm=24, side="right"),
    column("Tanda tangan", mm=46, sign=True),
)


# Who signs such a list, in the order of `money_body`.
MONEY_SIGNERS = ("budget_authority", "treasurer", "activity_officer")


def money_body(heading: str, facts: list[list[str]], people: Sequence[Paid]) -> dict[str, Any]:
    """A list of receipts: each row, the sums, and what is received altogether in words."""
    rows = [[one.name, one.purpose, *_figures(one.gross, one.tax)] for one in people]
    gross, tax = sum(one.gross for one in people), sum(one.tax for one in people)
    sums = [[1, figure, "right"] for figure in _figures(gross, tax)]
    total = [[3, "Jumlah", "center"], *sums, [2, "", "left"]]
    words = amount_in_words(gross - tax)
    return {
        "heading": [heading],
        "facts": facts,
        "groups": [{"table": table(MONEY_COLUMNS, rows, total=total, numbered_columns=True)}],
        "in_words": words[0].upper() + words[1:],
        "row": 8.4,
        "size": 9.5,
        "signers": [
            {"as": "Setuju dibayar,", "official": 0},
            {"as": "Lunas dibayar,", "official": 1},
            {"as": "Yang membuat daftar,", "official": 2},
        ],
    }


def _figures(gross: int, tax: int) -> list[str]:
    return [official_rupiah(amount).removeprefix("Rp") for amount in (gross, tax, gross - tax)]
