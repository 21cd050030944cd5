"""What three people at the desk click until six awards are paid: proposed, approved, paid."""

from playwright.sync_api import Page, expect

from incentives.models import Award, Competition
from tests import factories
from tests.incentives.journey_desk import follow, press, said
from tests.support.browser import LiveSite
from tests.support.looking import looked_at


def gives_an_account(live: LiveSite, page: Page, of: Competition) -> None:
    """The bank book of the first winner is typed; the others' accounts are known."""
    awards = list(Award.objects.filter(competition=of).order_by("tier__position", "slot"))
    assert len(awards) == 6
    for award in awards[1:]:
        owner = award.entry.registration
        assert owner is not None
        factories.payee_account(owner=f"person:{owner.person_id}", payee_name=owner.full_name)
    first = awards[0].entry.registration
    assert first is not None
    page.goto(f"{of.get_absolute_url()}penghargaan/")
    follow(page, "Masukkan rekening")
    expect(page.locator("[name=payee_name]")).to_have_value(first.full_name)
    page.select_option("[name=bank]", label="Bank Jateng")
    page.fill("[name=number]", "900-0100-7788")
    page.fill("[name=holder_name]", first.full_name.upper())
    looked_at(live, page, "account")
    press(page, "Simpan")
    said(page, "Rekening berlaku.")


def proposes(live: LiveSite, page: Page, of: Competition) -> None:
    page.goto(f"{of.get_absolute_url()}penghargaan/")
    looked_at(live, page, "awards-ready")
    press(page, "Usulkan pembayaran 6 penghargaan")
    said(page, "6 penghargaan diusulkan.")


def approves(live: LiveSite, page: Page) -> None:
    page.goto("/kerja/pembayaran/")
    follow(page, "Perlu disetujui")
    page.get_by_label("Centang semua baris di halaman ini").check()
    looked_at(live, page, "approve")
    press(page, "Setujui")
    said(page, "6 pembayaran disetujui.")


def pays(live: LiveSite, page: Page) -> None:
    page.goto("/kerja/pembayaran/")
    follow(page, "Perlu dibayar")
    page.get_by_label("Centang semua baris di halaman ini").check()
    press(page, "Catat terbayar …")
    expect(page.locator("main")).to_contain_text("Rp13.680.000")
    page.fill("[name=document]", "SP2D 00713/LS/2026")
    looked_at(live, page, "pay")
    press(page, "Catat dan pastikan pajak")
    said(page, "6 pembayaran dicatat.")


def hears_of_the_money(live: LiveSite, page: Page, of: Competition) -> None:
    """A winner says that it arrived; the page of the awards shows the whole file."""
    page.goto(f"{of.get_absolute_url()}penghargaan/")
    page.get_by_role("link", name="Catat jawaban").first.click()
    page.get_by_label("Semuanya diterima").check()
    page.get_by_role("button", name="Catat jawaban").click()
    said(page, "Jawaban pemenang dicatat.")
    page.goto(f"{of.get_absolute_url()}penghargaan/")
    for figure in ("Rp14.400.000", "Rp720.000", "Rp13.680.000"):
        expect(page.locator(".stats-money")).to_contain_text(figure)
    expect(page.locator(".stats-money")).not_to_contain_text("usulan")
    expect(page.locator("tbody .badge", has_text="Dibayar")).to_have_count(6)
    looked_at(live, page, "awards-paid")
