"""The template for bank accounts of a batch: its payees are filled in, their accounts are not."""

from collections.abc import Sequence

from django.utils import translation

from budgets.models import Bank
from kit.blanks import BlankColumn, write_blank
from participants.models import Registration
from participants.sheets.columns import ACCOUNTS
from programs.models import Batch

# Lists are written in the official language, whoever downloads them.
NOTE = "Isi bank, nomor rekening dan nama pemilik. Baris yang belum ada rekeningnya boleh dibiarkan kosong."
WRONG = "Pilih salah satu dari daftar."
WIDTHS = {"entry": 20, "payee": 32, "bank": 30, "number": 24, "holder_name": 32, "holder_reason": 36}
EXAMPLES = {
    "entry": "ABCD-2345",
    "payee": "CONTOH Siti Aminah",
    "number": "0012345678",
    "holder_name": "SITI AMINAH",
}
HINTS = {
    "entry": "Jangan diubah: dari nomor ini portal mengenal penerimanya.",
    "payee": "Sesuai pendaftaran. Jangan mengurutkan satu kolom saja.",
    "bank": "Pilih dari daftar, atau tulis kode bank tiga angka.",
    "number": "5 sampai 20 angka. Kolom ini berformat teks: nol di depan ikut ditulis.",
    "holder_name": "Seperti tertulis di buku rekening.",
    "holder_reason": "Hanya bila rekening bukan milik penerima sendiri.",
}


def write_account_template(batch: Batch, entries: Sequence[Registration]) -> bytes:
    with translation.override("id"):
        banks = [bank.name for bank in Bank.objects.all()]
        columns = [
            BlankColumn(
                title=title,
                width=WIDTHS[name],
                choices=banks if name == "bank" else (),
                hint=HINTS[name],
                example=banks[0] if name == "bank" and banks else EXAMPLES.get(name, ""),
            )
            for name, (title, _others) in ACCOUNTS.fields.items()
        ]
        title = f"{ACCOUNTS.mark}: {batch.program.name}, {batch.name}"
        rows = [[entry.shown_code, entry.full_name] for entry in entries]
        return write_blank(columns, title=title, note=NOTE, sheet="Rekening", wrong=WRONG, rows=rows)
