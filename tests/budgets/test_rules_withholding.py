"""What a proposal of a withholding slip tells of a payment."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from budgets.rules import Rate, TaxTerms, Withheld, slip_body, tax_on

RATES = (Rate(60_000_000, Decimal(5)), Rate(250_000_000, Decimal(15)), Rate(None, Decimal("25")))
TERMS = TaxTerms(RATES)
AWARD = Withheld("Dewi", "", "winner", "Juara I", 3_000_000, 150_000, TERMS, "PMK 168/2023", False, None, "")


def test_rate_names_each_part_of_the_base_that_is_reached() -> None:
    found = []
    for gross in (3_000_000, 60_000_000, 60_000_001, 250_000_001):
        found.append(replace(AWARD, gross=gross, tax=tax_on(gross, TERMS)).rate)
    assert found == ["5 %", "5 %", "5 %, 15 %", "5 %, 15 %, 25 %"]


def test_instructor_is_taxed_on_half() -> None:
    terms = TaxTerms(RATES, base_percent=Decimal(50))
    one = replace(AWARD, kind="not_employee", gross=3_600_000, tax=90_000, terms=terms)
    assert (one.base, one.rate, one.tax_object) == (1_800_000, "5 %", "Imbalan kepada bukan pegawai")


def test_slip_tells_the_month_of_payment_and_that_a_number_is_missing() -> None:
    paid = replace(AWARD, paid_on=dt.date(2024, 7, 9), document="SP2D 7", is_final=True)
    facts = {fact[0]: fact[1] for fact in slip_body(paid, office="Dinas Contoh")["facts"]}
    assert (facts["Masa pajak"], facts["Tanggal bayar"]) == ("Juli 2024", "9 Juli 2024, nomor SP2D 7")
    assert (facts["NIK"], facts["Dasar hukum"]) == ("belum ada", "PMK 168/2023 (final)")
    assert (facts["PPh dipotong"], facts["Diterima"]) == (
        "Rp150.000 (seratus lima puluh ribu rupiah)",
        "Rp2.850.000",
    )
