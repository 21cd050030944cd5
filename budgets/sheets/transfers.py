"""A transfer list as a spreadsheet for the treasurer: account numbers are text, and the last row holds the sum."""

from budgets.rules import Orders
from kit.sheets import Column, write_xlsx
from kit.words import official_date

COLUMNS = (
    Column("No.", 6, "whole"),
    Column("Penerima", 30),
    Column("Bank", 28),
    Column("Kode bank", 11),
    Column("Nomor rekening", 24),
    Column("Nama pemilik rekening", 30),
    Column("Jumlah (Rp)", 18, "whole"),
    Column("Untuk pembayaran", 60),
    Column("Referensi", 18),
)


def transfer_workbook(orders: Orders) -> bytes:
    rows = [
        [
            *(row.sequence, row.payee, row.bank_name, row.bank_code, row.account, row.holder),
            *(row.net, row.purpose, row.reference),
        ]
        for row in orders.rows
    ]
    total = [None, "Jumlah", None, None, None, None, orders.total, None, None]
    title = f"Daftar transfer {orders.list_number}"
    footer = f"{orders.office}, dibuat {official_date(orders.date)}. Rahasia: memuat nomor rekening."
    return write_xlsx(COLUMNS, [*rows, total], title=title, footer=footer)
