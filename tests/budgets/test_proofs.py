"""Proofs of transfers: encrypted, looked at with a line in the trail, and worth nothing for another transfer."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import AuditEntry
from budgets import actions
from budgets.models import BudgetLine, Payment, ProvenPayment, TransferProof
from jobs.models import StoredFile
from kit.scans import Scan, clean_scan
from tests import cast, factories
from tests.budgets.money import approved, paid, refused
from tests.participants.desk import at_desk, errors, flash
from tests.support.constraints import broken_by
from tests.support.pdf import blank
from tests.support.photos import photo

pytestmark = pytest.mark.django_db
HERE = "/kerja/pembayaran/bukti/"


@pytest.fixture
def line(settings: Any, tmp_path: Path) -> BudgetLine:
    settings.MEDIA_ROOT = tmp_path
    return factories.budget_line(factories.fund_source(cast.home_agency()))


def scan() -> Scan:
    return clean_scan(photo())


def kept(*payments: Payment) -> TransferProof:
    return actions.keep_proof(payments=payments, scan=scan(), by=cast.treasurer())


def proven() -> set[int]:
    return set(ProvenPayment.objects.standing().values_list("payment", flat=True))


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("bukti.jpg", content, content_type="image/jpeg")


def test_keep_proof_shows_several_payments_and_lies_encrypted(line: BudgetLine) -> None:
    first, second = paid(line), paid(line, reference="session:2")
    proof = kept(first, second)
    assert proven() == {first.pk, second.pk}
    stored = StoredFile.objects.get(pk=proof.stored_id)
    assert (b"JFIF" in stored.content(), stored.name) == (False, "transfer-proof")
    content = actions.look_at_proof(proof=proof, by=cast.auditor())
    assert content[:2] == b"\xff\xd8"
    assert AuditEntry.objects.about(proof).get().action == "payment.proof_opened"
    assert AuditEntry.objects.filter(action="payment.proof_kept").count() == 2


def test_keep_proof_is_for_paid_transfers_and_for_who_records_payments(line: BudgetLine) -> None:
    one = paid(line)
    call: dict[str, Any] = {"action": actions.keep_proof, "scan": scan()}
    refused("no_duty", payments=[one], by=cast.activity_officer(), **call)
    refused("payment_moved", payments=[approved(line, reference="session:2")], by=cast.treasurer(), **call)
    refused("nothing_chosen", payments=[], by=cast.treasurer(), **call)
    [cash] = actions.record_paid(
        payments=[approved(line, reference="session:3")],
        paid_on=line.fund.agency.today(),
        document="BKU 3",
        tax=0,
        by=cast.treasurer(),
        cash=True,
    )
    refused("paid_in_cash", payments=[cash], by=cast.treasurer(), **call)


def test_a_proof_is_worth_nothing_after_the_money_came_back(line: BudgetLine) -> None:
    one = paid(line)
    kept(one)
    today = line.fund.agency.today()
    actions.record_returned(payment=one, reason="Rekening tutup", by=cast.treasurer())
    assert proven() == set()
    again = actions.propose_again(payment=one, account=one.account, reason="Dicoba lagi", by=cast.activity_officer())
    actions.approve_payments(payments=[again], by=cast.budget_authority())
    actions.record_paid(payments=[again], paid_on=today, document="SP2D 2", tax=50_000, by=cast.treasurer())
    assert proven() == set()
    kept(again)
    assert proven() == {one.pk}


def test_withdraw_proof_keeps_the_row_and_proves_nothing(line: BudgetLine) -> None:
    one = paid(line)
    proof = kept(one)
    refused("reason_missing", action=actions.withdraw_proof, proof=proof, reason=" ", by=cast.treasurer())
    refused("no_duty", action=actions.withdraw_proof, proof=proof, reason="Salah", by=cast.program_officer())
    actions.withdraw_proof(proof=proof, reason="Lembar lain", by=cast.treasurer())
    assert (proven(), TransferProof.objects.count()) == (set(), 1)
    refused("proof_withdrawn", action=actions.withdraw_proof, proof=proof, reason="Salah", by=cast.treasurer())


def test_constraints_of_proofs(line: BudgetLine) -> None:
    one = paid(line)
    proof = kept(one)
    rows = TransferProof.objects.filter(pk=proof.pk)
    assert broken_by(lambda: rows.update(withdrawn_at=timezone.now())) == "transfer_proof_withdrawn_why"
    again = ProvenPayment(proof=proof, payment=one, document="SP2D 1")
    assert broken_by(lambda: again.save(force_insert=True)) == "proven_payment_once"
    assert broken_by(lambda: ProvenPayment.objects.update(document="")) == "proven_payment_has_number"


def test_proof_list_takes_a_scan_for_the_payments_that_wait(line: BudgetLine) -> None:
    first, second = paid(line), paid(line, reference="session:2")
    Payment.objects.filter(pk__in=[first.pk, second.pk]).update(bundle="competition:7")
    address = f"{HERE}?bundle=competition:7"
    desk = at_desk(cast.treasurer())
    assert desk.get(address).content.decode().count("Belum ada") >= 2
    answer = desk.post(address, {"payment": [first.pk], "file": upload(photo())})
    assert (answer.status_code, flash(answer)) == (302, ["Bukti disimpan."])
    assert proven() == {first.pk}
    assert desk.get(address).context["waiting"] == [second.pk]
    assert errors(desk.post(address, {"payment": [first.pk], "file": upload(photo())}))["payment"] != []
    assert errors(desk.post(address, {"payment": [second.pk]}))["file"] == ["Mohon pilih foto atau PDF dahulu."]
    assert "file" in errors(desk.post(address, {"payment": [second.pk], "file": upload(b"bukan gambar")}))
    pdf = SimpleUploadedFile("bukti.pdf", blank(1), content_type="application/pdf")
    desk.post(f"{HERE}?payment={second.pk}", {"payment": [second.pk], "file": pdf})
    assert proven() == {first.pk, second.pk}


def test_proof_list_lets_nobody_else_keep_one(line: BudgetLine) -> None:
    one = paid(line)
    address = f"{HERE}?payment={one.pk}"
    for person in (cast.program_officer(), cast.auditor(), cast.activity_officer()):
        assert at_desk(person).post(address, {"payment": [one.pk], "file": upload(photo())}).status_code == 403
    assert at_desk(cast.other_agency_officer()).get(address).context["rows"] == []
    assert TransferProof.objects.count() == 0


def test_proof_file_is_written_down_and_not_kept_by_browsers(line: BudgetLine) -> None:
    one = paid(line)
    proof = kept(one)
    answer = at_desk(cast.auditor()).get(f"{HERE}{proof.pk}/")
    assert (answer.status_code, answer["Content-Type"], "no-store" in answer["Cache-Control"]) == (
        200,
        "image/jpeg",
        True,
    )
    assert AuditEntry.objects.about(proof).get().actor == cast.auditor()
    assert at_desk(cast.other_agency_officer()).get(f"{HERE}{proof.pk}/").status_code == 404


def test_proof_withdraw_asks_why(line: BudgetLine) -> None:
    proof = kept(paid(line))
    desk = at_desk(cast.treasurer())
    assert errors(desk.post(f"{HERE}{proof.pk}/tarik/", {"reason": ""}))["reason"] == ["Tulis apa yang keliru."]
    assert desk.post(f"{HERE}{proof.pk}/tarik/", {"reason": "Lembar lain"}).status_code == 302
    assert TransferProof.objects.standing().count() == 0
    assert at_desk(cast.program_officer()).get(f"{HERE}{proof.pk}/tarik/").status_code == 403


def test_proof_list_without_a_name_shows_what_waits_for_its_proof(line: BudgetLine) -> None:
    first, second = paid(line), paid(line, reference="session:2")
    desk = at_desk(cast.treasurer())
    assert [row.pk for row, _proofs in desk.get(HERE).context["rows"]] == [first.pk, second.pk]
    kept(first)
    assert [row.pk for row, _proofs in desk.get(HERE).context["rows"]] == [second.pk]
    kept(second)
    assert "Semua transfer sudah ada buktinya" in desk.get(HERE).content.decode()
    assert "Belum ada yang ditransfer" in desk.get(f"{HERE}?bundle=batch:0").content.decode()
