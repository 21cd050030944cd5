"""How much of a file is read. Nothing of the portal is known here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """`rows` counts rows that hold something; `unpacked` is bytes of all parts of a workbook together."""

    rows: int = 50_000
    columns: int = 100
    unpacked: int = 200 * 2**20
    parts: int = 2_000
    cell: int = 32_767
    seconds: int = 60
