"""Three phones in the hall at once: one loses its signal, one juror is recused, the chair watches."""

import pytest
from playwright.sync_api import Page, expect

from incentives import actions
from incentives.models import Competition, Juror, ScoreSheet
from tests import cast
from tests.incentives import made
from tests.incentives.sitting import CODES, PIN
from tests.support.browser import LiveSite

pytestmark = pytest.mark.slow


def come_in(site: LiveSite, juror: Juror, **options: object) -> Page:
    """By the link of the invitation, over PIN and declaration, to the list."""
    token = actions.invite_juror(juror=juror, by=cast.program_officer())
    page = site.page(360, **options)  # type: ignore[arg-type]  # javascript alone
    page.goto(f"/juri/undangan/{token}/")
    page.fill("[name=pin]", PIN)
    page.fill("[name=again]", PIN)
    page.click("main form .btn-primary")
    page.click(".alert .btn-primary")
    page.check("[name=confirmed]")
    page.click("main form .btn-primary")
    page.wait_for_url("**/juri/")
    return page


def open_sheet(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).click()
    page.wait_for_selector("#sheet")


def score(page: Page, values: list[str]) -> None:
    for code, value in zip(CODES, values, strict=True):
        page.fill(f"[name=score_{code}]", value)


def submit(page: Page) -> None:
    page.click("#sheet [name=send]")
    page.click("[data-confirm]")


def forgive_silence(live: LiveSite) -> None:
    """That nothing came through without a signal is what the test is about."""
    live.problems[:] = [problem for problem in live.problems if "ERR_INTERNET_DISCONNECTED" not in problem]


@pytest.fixture
def jury(live: LiveSite) -> tuple[Competition, list[Juror]]:
    competition = made.competition()
    jurors = [made.juror(competition, name=f"Juri {name}", is_chair=name == "Satu") for name in ("Satu", "Dua", "Tiga")]
    for place, name in enumerate(("Roti Sehat", "Keripik Pisang"), 1):
        made.entry(competition, business_name=name, title=name, position=place)
    actions.assign_sheets(competition=competition, by=cast.program_officer())
    return competition, jurors


def test_three_phones_one_without_signal_and_one_recused(live: LiveSite, jury: tuple[Competition, list[Juror]]) -> None:
    competition, jurors = jury
    chair, lost, recused = [come_in(live, juror) for juror in jurors]
    for page in (chair, lost, recused):
        open_sheet(page, "Roti Sehat")
    score(chair, ["85", "80", "80", "78", "80"])
    expect(chair.locator("#jury-total")).to_have_text("80,85")
    expect(chair.locator("#jury-status")).to_contain_text("Tersimpan")
    assert live.violations(chair) == []
    assert live.overflow(chair) == 0

    lost.context.set_offline(True)
    score(lost, ["60", "60", "60", "60", "60"])
    expect(lost.locator("#jury-status")).to_contain_text("Tidak ada jaringan")
    lost.click(".jury-bar a")
    expect(lost.locator("#jury-status")).to_contain_text("halaman lain terbuka saat jaringan kembali")
    submit(lost)
    expect(lost.locator("#jury-status")).to_contain_text("menunggu jaringan")
    assert not ScoreSheet.objects.filter(state="submitted").exists()

    recused.click(".jury-recuse a")
    recused.check("[value=family]")
    recused.click(".btn-danger")
    recused.wait_for_url("**/juri/")

    submit(chair)
    chair.wait_for_url("**/juri/")
    lost.context.set_offline(False)
    lost.wait_for_url("**/juri/")
    rows = ScoreSheet.objects.filter(entry__position=1).order_by("juror__pk")
    assert [row.state for row in rows] == ["submitted", "submitted", "recused"]
    chair.goto("/juri/ketua/")
    expect(chair.locator("tbody tr").first).to_contain_text("20,85")
    assert [live.overflow(page) for page in (chair, lost, recused)] == [0, 0, 0]
    assert live.violations(chair) == []
    forgive_silence(live)


def test_page_closed_without_signal_gives_back_what_was_typed(
    live: LiveSite, jury: tuple[Competition, list[Juror]]
) -> None:
    _competition, jurors = jury
    page = come_in(live, jurors[0])
    open_sheet(page, "Keripik Pisang")
    url = page.url
    page.context.set_offline(True)
    score(page, ["70", "71", "72", "73", "74"])
    expect(page.locator("#jury-status")).to_contain_text("Tidak ada jaringan")
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(url)
    expect(page.locator("#jury-status")).to_contain_text("Tersimpan")
    expect(page.locator("[name=score_presentation]")).to_have_value("74")
    sheet = ScoreSheet.objects.get(juror=jurors[0], entry__position=2)
    assert (sheet.state, sorted(int(one.value) for one in sheet.scores.all())) == ("draft", [70, 71, 72, 73, 74])
    forgive_silence(live)


def test_two_devices_of_one_juror_show_both_versions(live: LiveSite, jury: tuple[Competition, list[Juror]]) -> None:
    _competition, jurors = jury
    first = come_in(live, jurors[0])
    open_sheet(first, "Roti Sehat")
    other = first.context.new_page()
    other.goto(first.url)
    other.fill("[name=score_model]", "90")
    expect(other.locator("#jury-status")).to_contain_text("Tersimpan")
    first.fill("[name=score_model]", "70")
    expect(first.locator("#jury-clash")).to_be_visible()
    expect(first.locator("#jury-clash tbody tr").first).to_contain_text("90")
    assert live.violations(first) == []
    first.click("[data-take=mine]")
    expect(first.locator("#jury-status")).to_contain_text("Tersimpan")
    sheet = ScoreSheet.objects.get(juror=jurors[0], entry__position=1)
    assert ([str(score.value) for score in sheet.scores.all()], sheet.revision) == (["70.00"], 2)
