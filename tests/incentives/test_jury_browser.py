"""Three phones in the hall at once: one loses its signal, one juror is recused, the chair watches."""

from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Error, Page, expect

from incentives import actions
from incentives.models import Competition, Juror, ScoreSheet
from tests import cast
from tests.incentives import made
from tests.incentives.sitting import CODES, PIN
from tests.support.browser import LiveSite
from tests.support.stack import wait_until

pytestmark = pytest.mark.slow
SILENCE = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")
# What lies on the phone: pages in the cache of jurors, and rows of the database of scores.
LYING_HERE = """async () => {
    const pages = [];
    for (const name of await caches.keys()) {
        if (!name.startsWith("juri-halaman-")) continue;
        for (const one of await (await caches.open(name)).keys()) pages.push(new URL(one.url).pathname);
    }
    const opening = indexedDB.open("juri");
    const base = await new Promise((done) => { opening.onsuccess = () => done(opening.result); });
    const rows = [];
    for (const name of base.objectStoreNames) {
        const asked = base.transaction(name).objectStore(name).getAllKeys();
        const keys = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
        rows.push(...keys.map((key) => `${name} ${key}`));
    }
    base.close();
    return { pages, rows };
}"""


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
    live.problems[:] = [problem for problem in live.problems if not problem.endswith(SILENCE)]


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
    lost.click(".jury-recuse a")
    expect(lost.locator("#jury-status")).to_contain_text("terbuka saat jaringan kembali")
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


def offline_pages(page: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = page.evaluate(LYING_HERE)
    return found


def nothing_waits(page: Page) -> bool:
    """Asked again and again from here: a promise counts as true where the browser's own waiting asks."""
    try:
        return bool(page.evaluate("async () => !(await self.juryStore.all()).length"))
    except Error:  # the list loads itself anew once all is sent
        return False


def come_in_ready(live: LiveSite, juror: Juror, count: int) -> Page:
    page = come_in(live, juror)
    expect(page.locator("#jury-ready")).to_have_text(f"Siap tanpa jaringan: {count} dari {count} peserta")
    expect(page.locator("#jury-ready")).to_have_attribute("data-level", "good")
    return page


def test_each_entry_opens_without_network_and_all_scores_arrive_once(
    live: LiveSite, jury: tuple[Competition, list[Juror]]
) -> None:
    competition, jurors = jury
    made.entry(competition, business_name="Teh Bunga", title="Teh Bunga", position=3)
    actions.assign_sheets(competition=competition, by=cast.program_officer())
    page = come_in_ready(live, jurors[0], 3)
    assert (live.violations(page), live.overflow(page)) == ([], 0)
    page.context.set_offline(True)
    for value, name in ((70, "Roti Sehat"), (75, "Keripik Pisang"), (80, "Teh Bunga")):
        page.goto("/juri/")
        open_sheet(page, name)
        score(page, [str(value)] * 5)
        expect(page.locator("#jury-status")).to_contain_text("Tidak ada jaringan")
    submit(page)
    expect(page.locator("#jury-status")).to_contain_text("menunggu jaringan")
    page.goto("/juri/benturan/")
    expect(page.locator("h1")).to_have_text("Tidak ada jaringan")
    again = page.context.new_page()
    page.close()
    again.goto("/juri/")
    expect(again.locator("[data-sheet] .jury-waits")).to_have_count(3)
    open_sheet(again, "Keripik Pisang")
    expect(again.locator("[name=score_finance]")).to_have_value("75")
    assert ScoreSheet.objects.exclude(state="assigned").count() == 0
    again.context.set_offline(False)
    expect(again.locator("#jury-status")).to_contain_text("Tersimpan", timeout=20_000)
    wait_until(lambda: nothing_waits(again), 30)
    again.goto("/juri/")
    expect(again.locator("[data-sheet] .jury-waits")).to_have_count(0)
    sheets = ScoreSheet.objects.filter(juror=jurors[0]).order_by("entry__position")
    assert list(sheets.values_list("state", "revision", "scores__value").distinct()) == [
        ("draft", 1, Decimal(70)),
        ("draft", 1, Decimal(75)),
        ("submitted", 1, Decimal(80)),
    ]
    assert sheets[2].events.count() == 1
    expect(again.locator("#jury-ready")).to_have_text("Siap tanpa jaringan: 2 dari 2 peserta")
    assert f"/juri/lembar/{sheets[2].pk}/" not in offline_pages(again)["pages"]
    forgive_silence(live)


def test_kept_page_shows_what_was_sent_since_it_was_kept(live: LiveSite, jury: tuple[Competition, list[Juror]]) -> None:
    page = come_in_ready(live, jury[1][0], 2)
    open_sheet(page, "Roti Sehat")
    url = page.url
    score(page, ["61", "62", "63", "64", "65"])
    expect(page.locator("#jury-status")).to_contain_text("Tersimpan")
    wait_until(lambda: nothing_waits(page), 30)
    page.context.set_offline(True)
    page.goto(url)
    expect(page.locator("[name=score_presentation]")).to_have_value("65")
    page.fill("[name=score_presentation]", "66")
    expect(page.locator("#jury-status")).to_contain_text("Tidak ada jaringan")
    page.context.set_offline(False)
    expect(page.locator("#jury-status")).to_contain_text("Tersimpan", timeout=20_000)
    expect(page.locator("#jury-clash")).to_be_hidden()
    forgive_silence(live)


def test_forgetting_takes_everything_off_and_says_first_what_is_lost(
    live: LiveSite, jury: tuple[Competition, list[Juror]]
) -> None:
    page = come_in_ready(live, jury[1][0], 2)
    open_sheet(page, "Roti Sehat")
    page.context.set_offline(True)
    score(page, ["61", "62", "63", "64", "65"])
    expect(page.locator("#jury-status")).to_contain_text("Tidak ada jaringan")
    page.click(".jury-bar a")
    page.click(".jury-leave button")
    expect(page.locator("#jury-unsent")).to_contain_text("1 lembar belum terkirim")
    page.context.set_offline(False)
    wait_until(lambda: nothing_waits(page), 30)
    page.wait_for_load_state("networkidle")
    page.click(".jury-leave button")
    page.wait_for_url("**/juri/masuk/")
    wait_until(lambda: offline_pages(page) == {"pages": [], "rows": []}, 20)
    page.context.set_offline(True)
    page.goto("/juri/")
    expect(page.locator("h1")).to_have_text("Tidak ada jaringan")
    assert "Roti Sehat" not in page.content()
    forgive_silence(live)


def test_another_juror_on_the_same_phone_finds_only_the_own_pages(
    live: LiveSite, jury: tuple[Competition, list[Juror]]
) -> None:
    """The second one comes in without the first having left; and a juror who withdrew keeps nothing."""
    page = come_in_ready(live, jury[1][0], 2)
    first = {path for path in offline_pages(page)["pages"] if "lembar" in path}
    token = actions.invite_juror(juror=jury[1][1], by=cast.program_officer())
    page.goto(f"/juri/undangan/{token}/")
    page.fill("[name=pin]", PIN)
    page.fill("[name=again]", PIN)
    page.click("main form .btn-primary")
    page.wait_for_url("**/juri/")
    page.wait_for_load_state("networkidle")
    assert first & set(offline_pages(page)["pages"]) == set()
    page.context.set_offline(True)
    page.goto(next(iter(first)))
    expect(page.locator("h1")).to_have_text("Tidak ada jaringan")
    page.context.set_offline(False)
    actions.withdraw_juror(juror=jury[1][1], reason="Sakit", with_submitted=False, by=cast.program_officer())
    page.goto("/juri/")
    page.wait_for_url("**/juri/masuk/")
    wait_until(lambda: offline_pages(page)["pages"] == [], 20)
    forgive_silence(live)


def test_pages_go_when_their_time_is_over_and_when_the_result_is_locked(
    live: LiveSite, jury: tuple[Competition, list[Juror]]
) -> None:
    page = come_in_ready(live, jury[1][0], 2)
    page.evaluate(
        """async () => {
            const [name] = (await caches.keys()).filter((one) => one.startsWith("juri-halaman-"));
            await self.juryStore.notePages(name, { ...await self.juryStore.pages(name), until: Date.now() - 1 });
        }"""
    )
    page.context.set_offline(True)
    page.goto("/juri/")
    expect(page.locator("h1")).to_have_text("Tidak ada jaringan")
    wait_until(lambda: offline_pages(page)["pages"] == [], 20)
    page.context.set_offline(False)
    page.goto("/juri/")
    expect(page.locator("#jury-ready")).to_have_attribute("data-level", "good")
    Competition.objects.update(first_score_at=timezone.now(), locked_at=timezone.now())
    page.goto("/juri/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#jury-ready")).to_be_hidden()
    wait_until(lambda: offline_pages(page)["pages"] == [], 20)
    forgive_silence(live)
