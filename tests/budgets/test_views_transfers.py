"""The pages of transfer lists, the files opened again cell by cell, and hostile requests."""

import io
import re
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it ships no types
import pytest
from django.test import Client

from accounts.models import AuditEntry
from accounts.roles import Role
from budgets import actions
from budgets.models import BudgetLine, PayeeAccount, Payment, TransferLine, TransferList
from tests import cast, factories
from tests.budgets.listed import award, layout, listed, six_awards
from tests.budgets.money import sums
from tests.participants.desk import at_desk

pytestmark = pytest.mark.django_db
LISTS = "/kerja/pembayaran/transfer/"
NEW = f"{LISTS}baru/"


@pytest.fixture
def line() -> BudgetLine:
    return factories.budget_line(ceiling=20_000_000)


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def page(made: TransferList, step: str = "") -> str:
    return f"{LISTS}{made.pk}/{step}"


def test_transfer_list_shows_numbers_and_sums(line: BudgetLine) -> None:
    listed(line)
    found = at_desk(cast.auditor()).get(LISTS)
    said = words(found)
    assert ("13.680.000" in said, "6 baris belum diketahui" in said, NEW in found.content.decode()) == (
        True,
        True,
        False,
    )
    assert NEW in at_desk(cast.treasurer()).get(LISTS).content.decode()


def test_transfer_list_asks_as_often_with_many(line: BudgetLine, django_assert_num_queries: Any) -> None:
    client, count = at_desk(cast.treasurer()), 0
    for number in range(3):
        listed(line, award(line, reference=f"a:{number}"))
        client.get(LISTS)
        with django_assert_num_queries(count or 100, exact=bool(count)) as asked:
            client.get(LISTS)
        count = count or len(asked.captured_queries)


def test_transfer_create_counts_what_is_ticked_and_makes_it(line: BudgetLine) -> None:
    payments = six_awards(line)
    client = at_desk(cast.treasurer())
    offered = client.get(f"{NEW}?bundle=competition:1")
    assert offered.context["sums"] == {"count": 6, "gross": 14_400_000, "tax": 720_000, "net": 13_680_000}
    assert not any(account.number in offered.content.decode() for account in PayeeAccount.objects.all())
    told = {"layout": layout().pk, "payment": [row.pk for row in payments[:2]]}
    counted = client.post(NEW, told | {"step": "count"})
    assert (counted.status_code, counted.context["sums"]["net"], TransferList.objects.count()) == (200, 5_700_000, 0)
    moved = client.post(NEW, told | {"step": "make"})
    made = TransferList.objects.get()
    assert (moved.status_code, moved["Location"], made.lines.count()) == (302, page(made), 2)
    again = client.post(NEW, told | {"step": "make"})
    assert (again.status_code, TransferList.objects.count()) == (422, 1)


def test_transfer_create_tells_beside_the_row_why_not(line: BudgetLine) -> None:
    cools, fine = award(line, reference="a:1"), award(line, reference="a:2")
    PayeeAccount.objects.filter(pk=cools.account_id or 0).update(
        state="pending", holder_name="Budi", holder_reason="Suami"
    )
    client = at_desk(cast.treasurer())
    shown = client.get(NEW)
    assert "milik orang lain" in words(shown)
    boxes = re.findall(r'<input type="checkbox"[^>]*name="payment"[^>]*>', shown.content.decode())
    assert ["disabled" in box for box in boxes] == [True, False]
    told = {"layout": layout().pk, "payment": [cools.pk, fine.pk], "step": "make"}
    assert (client.post(NEW, told).status_code, TransferList.objects.count()) == (422, 0)


def test_transfer_create_asks_about_one_account_of_several_payees(line: BudgetLine) -> None:
    first, second, third = (award(line, reference=f"a:{number}") for number in range(3))
    PayeeAccount.objects.filter(pk__in=[first.account_id, second.account_id]).update(number_hash="a" * 64)
    client = at_desk(cast.treasurer())
    shown = words(client.get(NEW))
    assert "Beberapa penerima memakai satu rekening" in shown
    apart = {"layout": layout().pk, "payment": [third.pk], "step": "count"}
    assert "Beberapa penerima" not in words(client.post(NEW, apart))
    told = {"layout": layout().pk, "payment": [first.pk, third.pk], "step": "make"}
    refused = client.post(NEW, told)
    assert (refused.status_code, TransferList.objects.count()) == (422, 0)
    assert f"{first.payee_name}; belum dibayar, di luar daftar ini: {second.payee_name}" in words(refused)
    assert client.post(NEW, told | {"shared_seen": "on"}).status_code == 302
    made = TransferList.objects.get()
    assert f"{first.payee_name}; belum dibayar" in words(at_desk(cast.auditor()).get(page(made)))
    actions.cancel_transfer_list(transfer_list=made, reason="Salah", by=cast.treasurer())
    assert "Beberapa penerima" not in words(client.get(page(made)))


def test_transfer_create_loses_no_ticked_payment_silently(line: BudgetLine) -> None:
    first, second = award(line, reference="a:1"), award(line, reference="a:2")
    actions.record_failed(payment=second, reason="x", by=cast.treasurer())
    told = {"layout": layout().pk, "payment": [first.pk, second.pk], "step": "make"}
    refused = at_desk(cast.treasurer()).post(NEW, told)
    assert (refused.status_code, second.payee_name in words(refused), TransferList.objects.count()) == (422, True, 0)


@pytest.mark.parametrize("query", ["?payment=x&payment=-1&payment=99999999999999999999", "?bundle=%00'", "?payment="])
def test_transfer_create_survives_hostile_addresses(query: str, line: BudgetLine) -> None:
    award(line)
    client = at_desk(cast.treasurer())
    assert client.get(NEW + query).status_code == 200
    hostile = {"layout": "1 OR 1=1", "payment": ["1;--", "\0", "9" * 30], "step": "make"}
    assert client.post(NEW + query, hostile).status_code in {200, 422}
    assert TransferList.objects.count() == 0


def test_transfer_detail_masks_numbers_and_offers_by_duty(line: BudgetLine) -> None:
    made = listed(line, award(line))
    row = made.lines.get()
    for user, doors in ((cast.treasurer(), True), (cast.auditor(), False), (cast.budget_authority(), False)):
        shown = at_desk(user).get(page(made)).content.decode()
        assert (row.number in shown, f"…{row.last4}" in shown, page(made, "berkas/") in shown) == (False, True, doors)
    payment = at_desk(cast.treasurer()).get(f"/kerja/pembayaran/{row.payment_id}/").content.decode()
    assert (page(made) in payment, f"{row.payment_id}/bayar/" in payment) == (True, False)


def test_transfer_sheet_holds_every_cell_as_text_and_sum(line: BudgetLine) -> None:
    payee = factories.payee_account(payee_name="Budi Contoh", number="0071000099")
    wild = factories.payee_account(payee_name="+62 Sari", holder_name="Sari", number="0000000001")
    first = award(line, payee=payee)
    second = award(line, payee=wild, reference="a:2", purpose="=HYPERLINK(1)")
    made = listed(line, first, second, code="contoh-titik-koma")
    answer = at_desk(cast.treasurer()).post(page(made, "lembar/"))
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    reference, jateng = f"TL{made.year % 100:02d}001000", ["Bank Jateng", "113"]
    assert rows == [
        [1, "Budi Contoh", *jateng, "0071000099", "Budi Contoh", 950_000, "Penghargaan Juara", f"{reference}1"],
        [2, "+62 Sari", *jateng, "0000000001", "Sari", 950_000, "=HYPERLINK(1)", f"{reference}2"],
        [None, "Jumlah", None, None, None, None, 1_900_000, None, None],
    ]
    assert {cell.data_type for row in sheet.iter_rows(min_row=4, max_row=5) for cell in row} == {"n", "s"}


def test_transfer_sheet_and_file_are_for_the_treasurer_by_post(line: BudgetLine) -> None:
    made = listed(line, award(line))
    strangers = (cast.auditor(), cast.budget_authority(), cast.activity_officer(), cast.division_head())
    for step in ("lembar/", "berkas/"):
        assert [at_desk(user).post(page(made, step)).status_code for user in strangers] == [403] * 4
        assert at_desk(cast.other_agency_officer()).post(page(made, step)).status_code == 404
        assert at_desk(cast.treasurer()).get(page(made, step)).status_code == 405
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(cast.treasurer())
        assert strict.post(page(made, step)).status_code == 403
    assert not AuditEntry.objects.filter(action="transfer_list.downloaded").exists()


def test_transfer_file_is_as_the_layout_says(line: BudgetLine) -> None:
    payee = factories.payee_account(payee_name="Budi Contoh", number="0071000099")
    made = listed(line, award(line, payee=payee, gross=2_400_000))
    answer = at_desk(cast.treasurer()).post(page(made, "berkas/"))
    assert answer.content == (
        b"No,Kode Bank,Nomor Rekening,Nama Penerima,Jumlah,Berita,Referensi\r\n"
        + f"1,113,0071000099,Budi Contoh,2280000,Penghargaan Juara,TL{made.year % 100:02d}0010001\r\n".encode()
    )
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert "no-store" in answer["Cache-Control"]
    assert f'filename="transfer-{made.year}-001.csv"' in answer["Content-Disposition"]
    assert AuditEntry.objects.filter(action="transfer_list.downloaded", actor=cast.treasurer()).count() == 1
    actions.cancel_transfer_list(transfer_list=made, reason="x", by=cast.treasurer())
    assert at_desk(cast.treasurer()).post(page(made, "berkas/")).status_code == 302


def test_transfer_cancel_needs_a_reason(line: BudgetLine) -> None:
    made, client = listed(line, award(line)), at_desk(cast.treasurer())
    assert client.post(page(made, "batal/"), {"reason": ""}).status_code == 422
    assert client.post(page(made, "batal/"), {"reason": "Salah layout"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.cancelled_by, made.lines.get().state) == ("cancelled", cast.treasurer(), "dropped")
    assert client.post(page(made, "batal/"), {"reason": "lagi"}).status_code == 422


def outcome(made: TransferList, **values: str) -> dict[str, str]:
    told = {"paid_on": made.agency.today().isoformat(), "document": "TRX-1", "rest": "paid"}
    return told | values


def test_transfer_outcome_records_all_with_one_number(line: BudgetLine) -> None:
    made, client = listed(line), at_desk(cast.treasurer())
    assert client.get(page(made, "hasil/")).status_code == 200
    assert client.post(page(made, "hasil/"), outcome(made)).status_code == 302
    assert (sums(line), TransferList.objects.get().state) == ((0, 14_400_000), "closed")
    assert client.post(page(made, "hasil/"), outcome(made)).status_code == 422
    assert sums(line) == (0, 14_400_000)


def test_transfer_outcome_tells_lines_apart(line: BudgetLine) -> None:
    made, client = listed(line), at_desk(cast.treasurer())
    first, second, third, *_others = [row.pk for row in made.lines.all()]
    told = outcome(made, rest="open", document="")
    told |= {f"state_{first}": "paid", f"note_{first}": "TRX-7", f"state_{second}": "missed"}
    refused = client.post(page(made, "hasil/"), told)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, [f"note_{second}"])
    assert client.post(page(made, "hasil/"), told | {f"note_{second}": "Rekening ditutup"}).status_code == 302
    states = dict(made.lines.values_list("pk", "state"))
    assert (states[first], states[second], states[third]) == ("paid", "failed", "waiting")
    back = outcome(made, rest="open") | {f"state_{first}": "missed", f"note_{first}": "Retur"}
    assert client.post(page(made, "hasil/"), back).status_code == 302
    assert TransferLine.objects.get(pk=first).state == "returned"
    assert list(Payment.objects.filter(state="returned").values_list("document", flat=True)) == ["TRX-7"]


@pytest.mark.parametrize(
    "hostile", [{"rest": "all"}, {"paid_on": "2024-13-01"}, {"paid_on": ""}, {"document": "x" * 61}, {"rest": ""}]
)
def test_transfer_outcome_refuses_hostile_forms(line: BudgetLine, hostile: dict[str, str]) -> None:
    made = listed(line, award(line))
    answer = at_desk(cast.treasurer()).post(page(made, "hasil/"), outcome(made) | hostile)
    assert (answer.status_code, Payment.objects.get().state) == (422, "approved")


def test_transfer_outcome_keeps_the_whole_number_of_a_line_or_refuses_it(line: BudgetLine) -> None:
    made, client = listed(line, award(line)), at_desk(cast.treasurer())
    note = f"note_{made.lines.get().pk}"
    refused = client.post(page(made, "hasil/"), outcome(made) | {note: "9" * 61})
    assert refused.context["form"].errors == {note: ["Nomor paling banyak 60 huruf dan angka."]}
    assert client.post(page(made, "hasil/"), outcome(made) | {note: "9" * 60}).status_code == 302
    assert Payment.objects.get().document == "9" * 60


def test_transfer_pages_of_another_office_are_not_found(line: BudgetLine) -> None:
    made = listed(line, award(line))
    stranger = factories.user("bendahara.semarang", role=Role.TREASURER, agency=cast.next_agency())
    found = [
        at_desk(stranger).post(page(made, step)).status_code for step in ("lembar/", "berkas/", "batal/", "hasil/")
    ]
    assert [*found, at_desk(stranger).get(page(made)).status_code] == [404] * 5
