"""Minutes and decree of a batch whose seats follow a frozen result, and the lists of what was proposed to be paid."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from budgets.actions import Proposal, approve_payments, propose_payments
from budgets.models import TaxRule
from documents.kinds import paper_kinds
from documents.typesetting import Typesetter
from participants.actions import reject
from participants.models import RejectReason
from programs.models import Batch
from programs.rules import Limit, PointRule, Terms
from tests import cast, factories
from tests.documents.typed import one_typesetter, papers
from tests.participants.selecting import WORDS, close, freeze, seed_of, selecting_batch, verified

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with one_typesetter() as one:
        yield one


def printed(typesetter: Typesetter, code: str, batch: Batch) -> str:
    kind, full = paper_kinds()[code], Batch.objects.with_parts().get(pk=batch.pk)
    [pages] = papers(typesetter, kind, list(kind.subjects(full)))
    return " ".join(pages)


def tight(text: str) -> str:
    return text.replace(" ", "")


def test_minutes_of_a_draw_open_the_seed_and_name_everybody_with_the_reason(typesetter: Typesetter) -> None:
    batch = selecting_batch(quota=2, waiting_quota=1)
    entries = verified(batch, 4)
    refused = factories.registration(batch)
    reject(registration=refused, reason=RejectReason.WRONG_DATA, note="", by=cast.verifier())
    factories.registration(batch)
    close(batch)
    selection = freeze(batch)
    text = printed(typesetter, "selection_minutes", batch)
    for words in (
        "Jumlah pendaftar : 6 (enam) orang",
        "Ikut serta dalam seleksi : 4 (empat) orang",
        "Diterima : 2 (dua) orang",
        "Cadangan : 1 (satu) orang",
        "dengan undian di antara seluruh pendaftar yang terverifikasi",
        f"Kata saksi : {WORDS}",
        "cadangan ke-1; kuota telah penuh",
        "belum terverifikasi sampai batas waktu",
        "data tidak sesuai dengan KTP",
    ):
        assert words in text
    for digits in (seed_of(batch), selection.seed_hash, selection.list_hash):
        assert digits in tight(text)
    order = [row.registration.full_name for row in selection.rows.filter(outcome="held").select_related("registration")]
    assert text.index(f" {order[0]} P ") < text.index(f" {order[1]} P ")
    assert all(entry.full_name in text for entry in entries)


def test_minutes_say_what_was_decided_though_a_seat_was_given_back(typesetter: Typesetter) -> None:
    batch = selecting_batch(quota=2, waiting_quota=1)
    verified(batch, 3)
    close(batch)
    selection = freeze(batch)
    held = selection.rows.filter(outcome="held")[0].registration
    type(held).objects.filter(pk=held.pk).update(seat="released")
    assert "Diterima : 2 (dua) orang" in printed(typesetter, "selection_minutes", batch)


def test_minutes_of_points_tell_the_declared_rule_and_the_points(typesetter: Typesetter) -> None:
    terms = Terms((PointRule("sex", "female", 7),), (Limit("region", 1, yields=True), Limit("sex", 2, "male")))
    batch = selecting_batch("points", terms=terms, quota=1, waiting_quota=0)
    verified(batch, 1, sex="male")
    verified(batch, 1)
    close(batch)
    freeze(batch, witness_words="")
    text = printed(typesetter, "selection_minutes", batch)
    for words in (
        "jenis kelamin perempuan: 7 poin;",
        "setiap kelurahan: paling banyak 1 (satu) orang, kecuali masih ada tempat yang tersisa;",
        "jenis kelamin laki-laki: paling banyak 2 (dua) orang;",
        "Tidak memperoleh tempat : 1 (satu) orang",
    ):
        assert words in text
    assert "Benih" not in text


def test_decree_says_how_they_were_chosen(typesetter: Typesetter) -> None:
    batch = selecting_batch(quota=2)
    verified(batch, 2)
    close(batch)
    freeze(batch)
    assert "seleksi dengan undian yang dapat diperiksa, telah diperoleh" in printed(
        typesetter, "participant_decree", batch
    )
    first = factories.batch(factories.program(cast.home_agency()))
    factories.registration(first)
    assert "seleksi menurut urutan pendaftaran, telah diperoleh" in printed(typesetter, "participant_decree", first)


def test_lists_of_money_hold_what_was_proposed(typesetter: Typesetter) -> None:
    batch = factories.batch(factories.program(cast.home_agency()))
    entry = factories.registration(batch)
    [session, _other] = batch.sessions.order_by("pk")
    paid = (
        (f"session:{session.pk}", "honorarium", 900_000, "civil_servant_3"),
        (f"entry:{entry.pk}", "allowance", 100_000, "participant"),
    )
    for reference, kind, gross, tax in paid:
        TaxRule.objects.create(
            kind=tax, valid=(date(2020, 1, 1), None), legal_basis="PMK", base_percent=100, rates=[[None, 5]]
        )
        account = factories.payee_account(payee_name=f"Penerima {kind}")
        proposal = Proposal(
            payee=account,
            payee_name=account.payee_name,
            gross=gross,
            purpose="2 hari",
            reference=reference,
            tax_kind=tax,
        )
        line, by = factories.budget_line(), cast.activity_officer()
        propose_payments(line=line, proposals=[proposal], kind=kind, by=by, bundle=f"batch:{batch.pk}")
    honoraria = printed(typesetter, "honorarium_list", batch)
    allowances = printed(typesetter, "allowance_receipt", batch)
    assert "Penerima honorarium" in honoraria
    assert "900.000 45.000 855.000" in honoraria
    assert "Penerima allowance" not in honoraria
    assert "Penerima allowance" in allowances
    assert "100.000 5.000 95.000" in allowances


def test_withholding_slips_of_a_batch_follow_what_is_approved(typesetter: Typesetter) -> None:
    batch, line = factories.batch(factories.program(cast.home_agency())), factories.budget_line()
    person = factories.registration(batch).person
    assert person is not None
    rule: dict[str, Any] = {"legal_basis": "PMK 168/2023", "base_percent": 100, "rates": [[None, 5]]}
    TaxRule.objects.create(kind="participant", valid=(date(2020, 1, 1), None), **rule)
    proposals = [
        Proposal("Sari Dewi", 50_000, "Uang saku 1 hari", f"entry:{number}", payee_key=key, tax_kind=kind)
        for number, (key, kind) in enumerate(((f"person:{person.pk}", "participant"), ("warga", "unset")))
    ]
    told: dict[str, Any] = {
        "line": line,
        "kind": "allowance",
        "bundle": f"batch:{batch.pk}",
        "by": cast.activity_officer(),
    }
    payments = propose_payments(proposals=proposals, **told)
    kind = paper_kinds()["batch_withholding_slip"]
    assert kind.counts is not None
    assert kind.counts([batch.pk]) == {batch.pk: 0}
    approve_payments(payments=payments, by=cast.budget_authority())
    assert (kind.counts([batch.pk]), kind.needed) == ({batch.pk: 1}, False)
    text = printed(typesetter, "batch_withholding_slip", batch)
    for words in ("Rp2.500", "5 %", f"************{person.nik_last4}", "pendidikan dan pelatihan", "USULAN"):
        assert words in text, words
    assert person.nik not in text
