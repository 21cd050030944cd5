"""What a resident, three jurors and a visitor do on their telephones."""

from playwright.sync_api import Page, expect

from incentives.models import Competition, ScoreSheet
from participants.models import Registration, initial_pin
from tests.incentives.journey import BATIK, CODES, JAMU, KERIPIK, ROTI
from tests.incentives.journey_desk import follow, press, said
from tests.incentives.pitching import FORM, slides
from tests.incentives.sitting import PIN
from tests.incentives.test_jury_browser import submit
from tests.support.browser import PHONE, LiveSite
from tests.support.looking import looked_at


def pitches(live: LiveSite, resident: Registration) -> None:
    """Number and PIN, the own page, words and figures, slides as PDF."""
    page = live.page(PHONE)
    page.goto("/saya/masuk/")
    page.fill("[name=code]", resident.code)
    page.fill("[name=pin]", initial_pin(resident.submission_key))
    press(page, "Buka halaman saya")
    follow(page, "Ikut lomba")
    for name, value in (FORM | {"business_name": ROTI}).items():
        page.fill(f"[name={name}]", value)
    file = slides(3)
    page.set_input_files(
        "[name=slides]", {"name": file.name or "", "mimeType": "application/pdf", "buffer": file.read()}
    )
    looked_at(live, page, "pitch-typed")
    press(page, "Kirim presentasi saya")
    said(page, "Presentasi Anda sudah terkirim.")
    expect(page.locator("main")).to_contain_text("3 halaman")
    looked_at(live, page, "pitch-sent")


def joins(live: LiveSite, link: str, *, looks: bool) -> Page:
    """By the link of the invitation: a PIN, the declaration, the list of thirty."""
    page = live.page(PHONE)
    page.goto(link)
    page.fill("[name=pin]", PIN)
    page.fill("[name=again]", PIN)
    if looks:
        looked_at(live, page, "jury-link")
    page.click("main form .btn-primary")
    page.click(".alert .btn-primary")
    page.check("[name=confirmed]")
    if looks:
        looked_at(live, page, "jury-declare")
    page.click("main form .btn-primary")
    expect(page.locator(".jury-list li")).to_have_count(30)
    return page


def opens(page: Page, name: str) -> None:
    page.locator(".jury-list").get_by_role("link", name=name).click()
    page.wait_for_selector("#sheet")


def scores(page: Page, value: str) -> None:
    for code in CODES:
        page.fill(f"[name=score_{code}]", value)


def score_together(live: LiveSite, chair: Page, lost: Page, recused: Page) -> None:
    """At once: the first submits, the second has no signal, the third is a cousin of the owner."""
    for page in (chair, lost, recused):
        opens(page, ROTI)
    scores(chair, "92")
    expect(chair.locator("#jury-total")).to_have_text("92,00")
    expect(chair.locator("#jury-status")).to_contain_text("Tersimpan")
    looked_at(live, chair, "sheet")
    lost.context.set_offline(True)
    scores(lost, "90")
    expect(lost.locator("#jury-status")).to_contain_text("Tidak ada jaringan")
    submit(lost)
    expect(lost.locator("#jury-status")).to_contain_text("menunggu jaringan")

    recused.click(".jury-recuse a")
    recused.check("[value=family]")
    looked_at(live, recused, "recuse")
    recused.click(".btn-danger")
    opens(recused, KERIPIK)
    scores(recused, "88")
    submit(chair)
    chair.wait_for_url("**/juri/")
    assert sheets_of(ROTI) == ["submitted", "assigned", "recused"]
    lost.context.set_offline(False)
    lost.wait_for_url("**/juri/")
    submit(recused)
    recused.wait_for_url("**/juri/")
    assert sheets_of(ROTI) == ["submitted", "submitted", "recused"]
    looked_at(live, recused, "jury-home")


def sheets_of(name: str) -> list[str]:
    rows = ScoreSheet.objects.filter(entry__business_name=name).order_by("juror__position")
    return [row.state for row in rows]


def sees_what_is_missing(live: LiveSite, chair: Page) -> None:
    """One sheet of ninety: who owes it, and no total of anybody before it is in."""
    chair.goto("/juri/ketua/")
    expect(chair.locator("tr", has_text=JAMU)).to_contain_text("Hendra Contoh")
    expect(chair.locator("tr", has_text=ROTI).locator("td").nth(1)).to_have_text("Tidak menilai: Wulan Contoh")
    looked_at(live, chair, "board")
    follow(chair, "Hasil, nilai sama, dan kunci")
    said(chair, "1 lembar penilaian belum masuk.")
    expect(chair.locator("main")).not_to_contain_text("88,00")
    looked_at(live, chair, "result-missing")


def hands_in_the_last(page: Page) -> None:
    page.goto("/juri/")
    opens(page, JAMU)
    scores(page, "82")
    submit(page)
    page.wait_for_url("**/juri/")


def decides_the_tie(live: LiveSite, chair: Page) -> None:
    """The lock is refused; the chair says after deliberation who is second and who is third."""
    chair.goto("/juri/ketua/hasil/kunci/")
    said(chair, "1 nilai sama di batas penghargaan belum diputuskan.")
    expect(chair.locator("[name=sure]")).to_have_count(0)
    looked_at(live, chair, "lock-refused")
    follow(chair, "Kembali")
    looked_at(live, chair, "result-tied")
    follow(chair, "Putuskan nilai sama")
    for name, place in ((KERIPIK, "1"), (BATIK, "2")):
        chair.get_by_label(name).select_option(place)
    chair.fill("[name=reason]", "Musyawarah: penjualan sudah berjalan di tiga kecamatan")
    looked_at(live, chair, "tie")
    press(chair, "Putuskan")
    said(chair, "Nilai sama sudah diputuskan.")


def locks(live: LiveSite, chair: Page, of: Competition) -> str:
    """The hash of the result, as the chair sees it."""
    follow(chair, "Kunci hasil")
    chair.check("[name=sure]")
    looked_at(live, chair, "lock")
    press(chair, "Kunci")
    said(chair, "Hasil dikunci.")
    looked_at(live, chair, "result-locked")
    follow(chair, "Buka kembali")
    looked_at(live, chair, "reopen")
    return of.results.get().sha256


def objects(live: LiveSite, of: Competition) -> None:
    """Somebody who saw the announcement, without an account."""
    page = live.page(PHONE)
    page.goto(f"/lomba/{of.program.slug}/{of.slug}/")
    looked_at(live, page, "public")
    follow(page, "Para pemenang")
    looked_at(live, page, "winners-before")
    follow(page, "Tulis sanggahan")
    page.fill("[name=text]", f"Saya kira izin usaha {BATIK} bukan atas nama pemenang. Mohon diperiksa lagi.")
    page.fill("[name=name]", "Tetangga Contoh")
    page.fill("[name=contact]", "0812-0000-0099")
    looked_at(live, page, "objection")
    press(page, "Kirim")
    said(page, "Sanggahan Anda sudah diterima.")
