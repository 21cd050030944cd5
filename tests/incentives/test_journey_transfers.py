"""Six awards go to the bank in the browser: a list, its files, money that comes back, another account, paid once."""

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it ships no types
import pytest
from django.db.models import F
from playwright.sync_api import Page, expect

from accounts.models import AuditEntry
from budgets.actions import approve_payments, load_money_lists
from budgets.models import BudgetLine, PayeeAccount, Payment, TransferLine, TransferList
from incentives import actions
from incentives.models import Award, Competition
from incentives.queries.awards import awards_of, owner_of, payee_name
from tests import cast, factories
from tests.budgets.money import path, sums
from tests.incentives import decided
from tests.incentives.journey import at_the_desk
from tests.incentives.journey_desk import follow, press, said
from tests.support.browser import LiveSite
from tests.support.looking import looked_at

pytestmark = pytest.mark.slow
NETS = [2_850_000, 2_850_000, 2_280_000, 2_280_000, 1_710_000, 1_710_000]


def test_journey_transfers_from_a_list_to_six_awards_paid_once(transactional_db: None, live: LiveSite) -> None:
    of = approved()
    treasurer = at_the_desk(live, cast.treasurer())
    first = a_list_is_made(live, treasurer, of)
    files_add_up(treasurer, first)
    all_are_paid(live, treasurer, first)
    returned = comes_back(live, treasurer, first)
    officer = at_the_desk(live, cast.activity_officer())
    account = is_changed_by_two(officer, treasurer, returned)
    is_proposed_again(officer, returned)
    cools_first(live, treasurer, returned, account)
    goes_once_more(treasurer, returned, account)
    everything_is_paid_once(of, first, returned)


def approved() -> Competition:
    """Six winners with accounts, of whom the last two share one; proposed by the officer, approved by the authority."""
    load_money_lists(by=None)
    of = decided.won(factories.batch(factories.program(cast.home_agency())), 6)
    awards = awards_of(of)
    for award in awards[:5]:
        factories.payee_account(owner=owner_of(award), payee_name=payee_name(award))
    shared = PayeeAccount.objects.get(owner=owner_of(awards[4]))
    told: dict[str, Any] = {"number": shared.number, "number_hash": shared.number_hash, "last4": shared.last4}
    factories.payee_account(owner=owner_of(awards[5]), payee_name=payee_name(awards[5]), **told)
    payments = actions.propose_awards(competition=of, by=cast.activity_officer())
    approve_payments(payments=payments, by=cast.budget_authority())
    return of


def a_list_is_made(live: LiveSite, page: Page, of: Competition) -> TransferList:
    """Two of the winners have one account: the list waits for the tick that this was seen."""
    page.goto(f"/kerja/pembayaran/transfer/baru/?bundle={of.reference}")
    expect(page.locator(".stats-money")).to_contain_text("Rp13.680.000")
    said(page, "Beberapa penerima memakai satu rekening")
    press(page, "Buat daftar")
    expect(page.locator(".error-summary, [role=alert]").first).to_contain_text(
        "Beberapa penerima memakai satu rekening."
    )
    assert not TransferList.objects.exists()
    looked_at(live, page, "transfer-shared")
    page.get_by_label("Sudah diperiksa").check()
    press(page, "Buat daftar")
    said(page, "sudah dibuat.")
    made = TransferList.objects.get()
    seen = AuditEntry.objects.about(made).get(action="transfer_list.shared_seen")
    assert (seen.actor, [len(keys) for keys in seen.changes["payments"]]) == (cast.treasurer(), [2])
    looked_at(live, page, "transfer-made")
    return made


def downloaded(page: Page, button: str) -> bytes:
    with page.expect_download() as waiting:
        press(page, button)
    return Path(waiting.value.path()).read_bytes()


def files_add_up(page: Page, made: TransferList) -> None:
    """Both files, opened again, say of each line what the office keeps; to the rupiah."""
    lines = list(made.lines.order_by("position"))
    assert [line.net for line in lines] == NETS
    sheet = openpyxl.load_workbook(io.BytesIO(downloaded(page, "Lembar kerja"))).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    told = [row for row in rows if row[0] in range(1, 7)]
    assert [[value for value in row if value in NETS] for row in told] == [[net] for net in NETS]
    assert [line.number in row for line, row in zip(lines, told, strict=True)] == [True] * 6
    assert 13_680_000 in rows[-1]
    bank = list(csv.DictReader(io.StringIO(downloaded(page, "Berkas bank").decode())))
    assert [int(row["Jumlah"]) for row in bank] == NETS
    assert sum(int(row["Jumlah"]) for row in bank) == 13_680_000
    assert [(row["Nomor Rekening"], row["Nama Penerima"]) for row in bank] == [
        (line.number, line.holder_name) for line in lines
    ]


def all_are_paid(live: LiveSite, page: Page, made: TransferList) -> None:
    follow(page, "Catat hasil …")
    page.fill("[name=document]", "TRX-2026-0717")
    page.get_by_label("sudah dibayar").check()
    looked_at(live, page, "transfer-outcome")
    press(page, "Catat hasil")
    said(page, "Tercatat. Setiap pembayaran sudah berstatus baru.")
    assert set(Payment.objects.values_list("state", flat=True)) == {"paid"}


def comes_back(live: LiveSite, page: Page, made: TransferList) -> Payment:
    """Of the last line; its money is reserved again, the others stay spent."""
    line = made.lines.get(position=6)
    follow(page, "Uang kembali …")
    page.select_option(f"[name=state_{line.pk}]", label="kemudian kembali")
    page.fill(f"[name=note_{line.pk}]", "Rekening ditutup")
    press(page, "Catat hasil")
    said(page, "Tercatat. Setiap pembayaran sudah berstatus baru.")
    looked_at(live, page, "transfer-returned")
    payment = Payment.objects.get(pk=line.payment_id)
    assert (payment.state, sums(payment.line)) == ("returned", (1_800_000, 12_600_000))
    return payment


def is_changed_by_two(officer: Page, treasurer: Page, payment: Payment) -> PayeeAccount:
    """The officer types it and cannot confirm it; the treasurer does."""
    officer.goto(f"/kerja/rekening/{payment.account_id}/")
    follow(officer, "Masukkan rekening lain")
    officer.select_option("[name=bank]", label="Bank Jateng")
    officer.fill("[name=number]", "900-0300-4411")
    officer.fill("[name=holder_name]", payment.payee_name)
    press(officer, "Simpan")
    said(officer, "Orang kedua memastikan rekening ini sebelum dipakai.")
    account = PayeeAccount.objects.get(state="pending")
    expect(officer.get_by_role("button", name="Pastikan rekening")).to_have_count(0)
    treasurer.goto(f"/kerja/rekening/{account.pk}/")
    press(treasurer, "Pastikan rekening")
    said(treasurer, "Rekening berlaku.")
    return account


def is_proposed_again(page: Page, payment: Payment) -> None:
    page.goto(payment.get_absolute_url())
    follow(page, "Usulkan lagi …")
    page.fill("[name=reason]", "Rekening baru dari pemenang")
    press(page, "Usulkan ulang")
    said(page, "Diusulkan lagi.")
    approve_payments(payments=[Payment.objects.get(pk=payment.pk)], by=cast.budget_authority())


def cools_first(live: LiveSite, page: Page, payment: Payment, account: PayeeAccount) -> None:
    """A day has to pass after the confirmation; the clock of the row is set back instead of waiting."""
    page.goto("/kerja/pembayaran/transfer/baru/")
    said(page, "Uang dapat dikirim mulai")
    box = page.locator(f"[name=payment][value='{payment.pk}']")
    expect(box).to_be_disabled()
    looked_at(live, page, "transfer-cools")
    PayeeAccount.objects.filter(pk=account.pk).update(decided_at=F("decided_at") - dt.timedelta(hours=25))
    page.reload()
    expect(box).to_be_checked()


def goes_once_more(page: Page, payment: Payment, account: PayeeAccount) -> None:
    """On a list of its own, in the layout of fixed width; the number is the new one."""
    page.select_option("[name=layout]", label="Contoh: lebar tetap 100 karakter")
    press(page, "Buat daftar")
    said(page, "sudah dibuat.")
    _head, line, foot = downloaded(page, "Berkas bank").decode().split("\r\n")[:3]
    assert (line[9:29].strip(), int(line[64:81]), int(foot[6:23])) == ("90003004411", 171_000_000, 171_000_000)
    follow(page, "Catat hasil …")
    page.fill("[name=document]", "TRX-2026-0720")
    page.get_by_label("sudah dibayar").check()
    press(page, "Catat hasil")
    said(page, "Tercatat.")
    again = TransferLine.objects.get(payment=payment, state="paid")
    assert (again.number, again.last4, again.account_id) == ("90003004411", "4411", account.pk)


def everything_is_paid_once(of: Competition, first: TransferList, returned: Payment) -> None:
    assert [str(row) for row in TransferList.objects.order_by("pk")] == [f"001/{first.year}", f"002/{first.year}"]
    assert set(TransferList.objects.values_list("state", flat=True)) == {"closed"}
    paid = TransferLine.objects.filter(state="paid")
    assert sorted(paid.values_list("payment", flat=True)) == sorted(
        Award.objects.standing().filter(competition=of).values_list("payment", flat=True)
    )
    assert sum(line.net for line in paid) == 13_680_000
    assert TransferLine.objects.exclude(state="paid").values_list("state", "payment").get() == ("returned", returned.pk)
    assert path(returned) == ["proposed", "approved", "paid", "returned", "proposed", "approved", "paid"]
    assert sums(BudgetLine.objects.get(pk=of.line_id or 0)) == (0, 14_400_000)
