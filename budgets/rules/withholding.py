"""Income tax that was kept back, as a proposal for the withholding slip of the tax system; papers are in Indonesian."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from budgets.rules.tax import HUNDRED, TaxTerms, tax_on
from kit.words import MONTHS, amount_in_words, official_date, official_rupiah

# In the words of the tax law. The code of the object is chosen in the tax system, whose list changes.
TAX_OBJECTS = {
    "winner": "Hadiah atau penghargaan kepada peserta perlombaan",
    "participant": "Imbalan kepada peserta pendidikan dan pelatihan",
    "not_employee": "Imbalan kepada bukan pegawai",
    "civil_servant_2": "Imbalan kepada PNS golongan I atau II, beban APBD (final)",
    "civil_servant_3": "Imbalan kepada PNS golongan III, beban APBD (final)",
    "civil_servant_4": "Imbalan kepada PNS golongan IV atau pejabat negara, beban APBD (final)",
}
UNKNOWN_OBJECT = "Ditentukan oleh bendahara"
BY_TREASURER = "ditetapkan bendahara"
NO_NUMBER = "belum ada"
# What the papers of all apps begin with until an office says it otherwise.
SLIP_OPENING = (
    "Lembar ini adalah USULAN untuk diketik ke dalam sistem pajak dan bukan bukti pemotongan. Bendahara memeriksa "
    "objek pajak, dasar pengenaan, dan tarif sebelum bukti potong diterbitkan melalui sistem pajak."
)


@dataclass(frozen=True)
class Withheld:
    """One payment with the tax that was kept back from it. `terms` is None where no rule proposed the tax."""

    name: str
    identity: str
    kind: str
    purpose: str
    gross: int
    tax: int
    terms: TaxTerms | None
    legal_basis: str
    is_final: bool
    paid_on: dt.date | None
    document: str

    @property
    def tax_object(self) -> str:
        return TAX_OBJECTS.get(self.kind, UNKNOWN_OBJECT)

    @property
    def base(self) -> int | None:
        """What the rates stand on, in whole rupiah downwards."""
        return None if self.terms is None else int(Decimal(self.gross) * self.terms.base_percent / HUNDRED)

    @property
    def rate(self) -> str:
        """5 %, or each rate that a part of the base reaches; not where the treasurer put another tax in its place."""
        if self.terms is None or self.base is None or self.tax != tax_on(self.gross, self.terms):
            return BY_TREASURER
        reached, floor = [], 0
        for one in self.terms.rates:
            if self.base > floor:
                reached.append(f"{one.percent.normalize():f}".replace(".", ",") + " %")
            floor = self.base if one.limit is None else one.limit
        return ", ".join(reached) or BY_TREASURER

    @property
    def rule(self) -> str:
        final = "final" if self.is_final else "tidak final"
        return f"{self.legal_basis} ({final})" if self.terms is not None else BY_TREASURER

    @property
    def period(self) -> str:
        """The tax period: the month in which the money went out."""
        return f"{MONTHS[self.paid_on.month - 1]} {self.paid_on.year}" if self.paid_on else "bulan pembayaran"


def slip_body(one: Withheld, *, office: str) -> Mapping[str, Any]:
    """What the slip prints below its opening, as the layout of lists takes it."""
    base = official_rupiah(one.base) if one.base is not None else BY_TREASURER
    when = f"{official_date(one.paid_on)}, nomor {one.document}" if one.paid_on else "belum dibayar"
    return {
        "heading": ["Usulan", "bukti pemotongan PPh Pasal 21"],
        "facts": [
            ["Pemotong", office],
            ["Penerima", one.name],
            ["NIK", one.identity or NO_NUMBER],
            ["Objek pajak", one.tax_object],
            ["Untuk pembayaran", one.purpose],
            ["Masa pajak", one.period],
            ["Tanggal bayar", when],
            ["Penghasilan bruto", official_rupiah(one.gross)],
            ["Dasar pengenaan", base],
            ["Tarif", one.rate],
            ["PPh dipotong", f"{official_rupiah(one.tax)} ({amount_in_words(one.tax)})"],
            ["Diterima", official_rupiah(one.gross - one.tax)],
            ["Dasar hukum", one.rule],
            ["Nomor bukti potong", "........................................"],
        ],
        "signers": [{"as": "Yang menyiapkan,", "official": 0}],
    }
