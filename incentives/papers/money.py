"""What the treasurer's file holds of the awards: a receipt of each, the list of all, and what winners promise."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from documents.kinds import Snapshot, Subject
from documents.rules.tables import Paid, money_body
from incentives.models import Award, Competition
from incentives.papers.telling import Told, region_of, told_of
from incentives.queries.awards import AwardRow
from kit.words import amount_in_words, official_rupiah

HEADING = "Tanda terima penghargaan"
BY_HAND = -1


def winners_of(competition: Competition) -> Iterable[Subject]:
    told = told_of(competition)
    agency = competition.program.agency
    for row in told.awards.rows:
        yield Subject(f"award:{row.award.pk}", row.name, agency, row.award.entry.region_id, (told, row))


def winners_needed(keys: Sequence[int]) -> Mapping[int, int]:
    found = dict.fromkeys(keys, 0)
    for key in Award.objects.standing().filter(competition__in=keys).values_list("competition_id", flat=True):
        found[key] += 1
    return found


def receipts_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    return [_receipt(*subject.source) for subject in subjects]


def _receipt(told: Told, row: AwardRow) -> Snapshot:
    line = told.competition.line
    account = f"{_masked(row)} a.n. {row.account.holder_name}" if row.account else "-"
    return {"values": told.values | {"nama": row.name}} | receipt_body(
        row.name,
        payer=f"Bendahara Pengeluaran {told.competition.program.agency.name}",
        purpose=f"Penghargaan {row.award.tier.label} {told.competition.name}, {told.values['keputusan']}",
        gross=row.award.gross,
        tax=_tax(row),
        account=account,
        code=line.account_code if line is not None else "-",
        year=told.values["tahun_anggaran"],
    )


def receipt_body(
    name: str, *, payer: str, purpose: str, gross: int, tax: int, account: str, code: str, year: str
) -> dict[str, Any]:
    return {
        "heading": ["Kuitansi"],
        "facts": [
            ["Sudah terima dari", payer],
            ["Uang sejumlah", f"{amount_in_words(gross).capitalize()}"],
            ["Untuk pembayaran", purpose],
            ["Jumlah", official_rupiah(gross)],
            ["PPh Pasal 21", official_rupiah(tax)],
            ["Diterima", f"{official_rupiah(gross - tax)} ({amount_in_words(gross - tax)})"],
            ["Rekening penerima", account],
            ["Kode rekening", f"{code}, Tahun Anggaran {year}"],
            ["Nomor BKU", "........................................"],
        ],
        "signers": [
            {"as": "Setuju dibayar,", "official": 0},
            {"as": "Lunas dibayar,", "official": 1},
            {"as": "Mengetahui,", "official": 2},
            {"as": "Yang menerima,", "official": BY_HAND, "name": name},
        ],
    }


def receipt_lists_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    return [_receipt_list(told_of(subject.source)) for subject in subjects]


def _receipt_list(told: Told) -> Snapshot:
    rows = told.awards.rows
    if not rows:
        raise ValidationError(_("Nobody has an award yet."), code="no_awards")
    people = [Paid(row.name, f"{row.award.tier.label}, {_account(row)}", row.award.gross, _tax(row)) for row in rows]
    facts = [["Lomba", told.competition.name], ["Dasar", told.values["keputusan"]]]
    return {"values": told.values, **money_body(HEADING, facts, people)}


def _account(row: AwardRow) -> str:
    return f"rekening {_masked(row)}" if row.account else "tunai"


def _masked(row: AwardRow) -> str:
    return f"{row.account.bank}, {row.account.last4.rjust(8, '*')}" if row.account else ""


def _tax(row: AwardRow) -> int:
    if row.money is None:
        told = {"payee": row.name}
        raise ValidationError(_("Enter the tax of %(payee)s; there is no rule for it.") % told, code="no_tax")
    return row.money.tax


def statements_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    return [_statement(*subject.source) for subject in subjects]


def _statement(told: Told, row: AwardRow) -> Snapshot:
    entry = row.award.entry
    values = told.values | {"nama": row.name, "penghargaan": row.award.tier.label}
    values |= {"jumlah": official_rupiah(row.award.gross), "jumlah_huruf": amount_in_words(row.award.gross)}
    return {"values": values, **statement_body(row.name, entry.business_name or "-", region_of(entry))}


def statement_body(name: str, business: str, region: str) -> dict[str, Any]:
    return {
        "heading": ["Surat pernyataan", "penggunaan uang penghargaan"],
        "facts": [["Nama", name], ["Usaha", business], ["Kelurahan", region]],
        "signers": [{"as": "Yang menyatakan,", "official": BY_HAND, "name": name}],
    }
