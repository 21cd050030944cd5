"""What colleagues of the office click on the way from a fund to winners: each step on its own page."""

from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from incentives.models import Competition
from tests.incentives.journey import BATIK, ROTI, pdf_words
from tests.support.browser import LiveSite
from tests.support.looking import looked_at


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()


def tab(page: Page, name: str) -> None:
    page.locator(".tabs").get_by_role("link", name=name, exact=True).click()


def said(page: Page, sentence: str) -> None:
    expect(page.get_by_text(sentence).first).to_be_visible()


def declares(live: LiveSite, page: Page) -> Competition:
    """From the fund line to a promise that everybody can read, with its money kept."""
    page.goto("/kerja/lomba/")
    follow(page, "Lomba baru")
    page.select_option("[name=program]", label="Wirausaha Baru 2026")
    for name, value in (
        *(("name", "Lomba Wirausaha Baru"), ("opens_day", "2026-07-06"), ("opens_hour", "07:00")),
        *(("closes_day", "2026-07-10"), ("closes_hour", "16:00"), ("held_on", "2026-07-13"), ("begins_at", "08:00")),
    ):
        page.fill(f"[name={name}]", value)
    press(page, "Lanjut ke cara penilaian")
    page.select_option("[name=line]", index=1)
    looked_at(live, page, "method")
    press(page, "Simpan dan periksa")
    said(page, "Tersimpan. Belum ada yang ditetapkan.")
    expect(page.locator("main")).to_contain_text("Rp14.400.000")
    looked_at(live, page, "declare")
    press(page, "Tetapkan dan cadangkan dana")
    expect(page.locator("main")).to_contain_text("Rp14.400.000")
    looked_at(live, page, "declared")
    return Competition.objects.select_related("program", "line", "edition").get()


def checks(live: LiveSite, page: Page, of: Competition) -> None:
    """The verifier, who is no juror, lets the pitch come before the jury."""
    page.goto(of.get_absolute_url())
    tab(page, "Peserta lomba")
    follow(page, ROTI)
    expect(page.locator("main")).to_contain_text("Salindia (PDF)")
    page.check("[value=admit]")
    looked_at(live, page, "check")
    press(page, "Putuskan dan kabari warga")
    said(page, "Tercatat, dan warga dikabari.")


def orders(live: LiveSite, page: Page, of: Competition) -> None:
    """By lot, with hours and a break, told to everybody."""
    page.goto(of.get_absolute_url())
    tab(page, "Peserta lomba")
    looked_at(live, page, "entries")
    follow(page, "Urutan dan jam")
    press(page, "Undi")
    page.fill("[name=from_1]", "12:00")
    page.fill("[name=to_1]", "13:00")
    press(page, "Susun jam")
    press(page, "Kirim jadwal")
    said(page, "30 pesan")
    looked_at(live, page, "order")


def calls_the_jury(live: LiveSite, page: Page, of: Competition) -> list[str]:
    """Three jurors, one of them in the chair, one of the same kelurahan as a pitch. Their links, as handed over."""
    page.goto(of.get_absolute_url())
    tab(page, "Juri")
    for name, institution, village in (
        ("Ratna Contoh", "Universitas Contoh", ""),
        ("Hendra Contoh", "Bank Contoh", "Medono"),
        ("Wulan Contoh", "Asosiasi Contoh", ""),
    ):
        follow(page, "Juri baru")
        for field, value in (("name", name), ("institution", institution), ("region_name", village)):
            page.fill(f"[name={field}]", value)
        if not village and "Ratna" in name:
            page.check("[name=is_chair]")
        press(page, "Simpan")
    looked_at(live, page, "jurors")
    press(page, "Bagikan lembar nilai")
    said(page, "90 lembar baru.")
    settles_the_conflict(live, page)
    links = []
    for place in range(3):
        page.get_by_role("button", name="Undang").nth(0).click()
        links.append(urlsplit(page.locator("#jury-link").inner_text().strip()).path)
        if not place:
            looked_at(live, page, "invitation")
        follow(page, "Kembali")
    return links


def settles_the_conflict(live: LiveSite, page: Page) -> None:
    """The data found the same kelurahan by itself."""
    waiting = page.locator(".jury-conflicts li")
    expect(waiting).to_have_count(1)
    expect(waiting).to_contain_text("Hendra Contoh")
    follow(page, "Putuskan")
    page.check("[value=no]")
    page.fill("[name=reason]", "Tinggal berjauhan dan tidak saling mengenal.")
    looked_at(live, page, "conflict")
    press(page, "Putuskan")
    expect(page.locator(".jury-conflicts li")).to_have_count(1)


def runs_the_day(live: LiveSite, page: Page, of: Competition) -> None:
    """The first is called, one is looked for in vain and comes after all, the first ends."""
    page.goto(of.get_absolute_url())
    tab(page, "Hari presentasi")
    first = page.locator(".stage-name").inner_text()
    press(page, "Mulai")
    expect(page.locator(".stage-now .stage-name")).to_have_text(first)
    late = page.locator(".stage-name").nth(1).inner_text()
    press(page, "Tidak hadir")
    expect(page.locator(".stage-name").nth(1)).not_to_have_text(late)
    looked_at(live, page, "day")
    wall = page.get_by_role("link", name="Layar besar").get_attribute("href")
    page.get_by_role("button", name="Kembali ke antrean").last.click()
    expect(page.locator(".stage-name").nth(1)).to_have_text(late)
    press(page, "Akhiri paparan")
    expect(page.locator(".stage-now")).to_contain_text("Belum ada yang memaparkan.")
    assert wall is not None
    screen = live.page(1280)
    screen.goto(wall)
    expect(screen.locator("#wall-held")).to_have_text("1")
    looked_at(live, screen, "wall")


def issues(page: Page, of: Competition, code: str) -> str:
    """One paper of the file, from the page of the awards; its words as they are printed."""
    page.goto(f"{of.get_absolute_url()}penghargaan/")
    page.locator(f"a[href$='/buat/{code}/{of.pk}/']").click()
    page.locator("main form .btn-primary").click()
    expect(page.locator("main")).to_contain_text("Buka PDF")
    path = page.get_by_role("link", name="Buka PDF").get_attribute("href")
    assert path is not None
    return pdf_words(page, path, code)


def answers(live: LiveSite, page: Page, of: Competition) -> None:
    page.goto(f"{of.get_absolute_url()}penghargaan/")
    expect(page.locator("main")).to_contain_text("belum dijawab")
    follow(page, "Semua sanggahan")
    looked_at(live, page, "objections")
    follow(page, "Jawab")
    page.check("[value=dismissed]")
    page.fill("[name=answer]", f"Izin usaha {BATIK} sudah kami periksa dan atas nama pemenang sendiri.")
    looked_at(live, page, "objection-answer")
    press(page, "Simpan jawaban")
    expect(page.locator("article .badge")).to_have_text("Ditolak")
