"""Columns that the tables of many papers have. Sides and widths as the layouts read them."""

from collections.abc import Sequence
from typing import Any

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
