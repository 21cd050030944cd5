"""All tax that was kept back in a month, for whoever types the slips into the tax system."""

import datetime as dt
from collections.abc import Sequence

from budgets.rules import Withheld
from kit.sheets import Column, write_xlsx
from kit.words import MONTHS

COLUMNS = (
    Column("No.", 6, "whole"),
    Column("Tanggal bayar", 14, "date"),
    Column("Nama penerima", 30),
    Column("NIK", 20),
    Column("Objek pajak", 34),
    Column("Untuk pembayaran", 44),
    Column("Bruto (Rp)", 16, "whole"),
    Column("Dasar pengenaan (Rp)", 16, "whole"),
    Column("Tarif", 14),
    Column("PPh dipotong (Rp)", 16, "whole"),
    Column("Diterima (Rp)", 16, "whole"),
    Column("Dasar hukum", 34),
    Column("Nomor bayar", 20),
)


def withholding_workbook(rows: Sequence[Withheld], *, month: dt.date, office: str) -> bytes:
    cells = [
        [
            *(number, one.paid_on, one.name, one.identity, one.tax_object, one.purpose, one.gross, one.base),
            *(one.rate, one.tax, one.gross - one.tax, one.rule, one.document),
        ]
        for number, one in enumerate(rows, 1)
    ]
    gross, tax = sum(one.gross for one in rows), sum(one.tax for one in rows)
    total = [None, None, "Jumlah", None, None, None, gross, None, None, tax, gross - tax, None, None]
    period = f"{MONTHS[month.month - 1]} {month.year}"
    footer = f"{office}. Usulan untuk diketik ke dalam sistem pajak, bukan bukti potong."
    return write_xlsx(COLUMNS, [*cells, total], title=f"PPh dipotong {period}", footer=footer)
