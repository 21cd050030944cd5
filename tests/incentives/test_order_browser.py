"""The order of the pitches by buttons: the hand stays on the row that moves, with scripts and without."""

import pytest
from playwright.sync_api import Page, expect

from incentives.models import Competition
from tests import cast
from tests.incentives import made
from tests.support.browser import LiveSite
from tests.support.hall import sign_in

pytestmark = pytest.mark.slow
NAMES = ("Roti Sehat", "Keripik Pisang", "Teh Bunga")


@pytest.fixture
def competition(live: LiveSite) -> Competition:
    found = made.competition()
    for place, name in enumerate(NAMES, 1):
        made.entry(found, business_name=name, title=name, position=place)
    return found


def officer(live: LiveSite, competition: Competition, width: int, *, javascript: bool = True) -> Page:
    page = live.page(width, javascript=javascript)
    sign_in(page, live, cast.program_officer())
    page.goto(f"/kerja/lomba/{competition.pk}/usaha/urutan/")
    return page


def order(page: Page) -> list[str]:
    return [name for text in page.locator(".slot strong").all_inner_texts() for name in NAMES if name in text]


def test_focus_stays_on_the_row_that_moves(live: LiveSite, competition: Competition) -> None:
    page = officer(live, competition, 360)
    row = page.locator(".slot", has_text="Roti Sehat")
    expect(row.locator("[data-step=up]")).to_be_disabled()
    box = row.locator("[data-step=down]").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 48
    assert (live.overflow(page), live.violations(page)) == (0, [])
    row.locator("[data-step=down]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".slot strong").nth(1)).to_contain_text("Roti Sehat")
    expect(row.locator("[data-step=down]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".slot strong").nth(2)).to_contain_text("Roti Sehat")
    expect(row.locator("[data-step=up]")).to_be_focused()
    assert order(page) == ["Keripik Pisang", "Teh Bunga", "Roti Sehat"]
    assert competition.entries.in_order()[2].business_name == "Roti Sehat"


def test_two_officers_without_scripts(live: LiveSite, competition: Competition) -> None:
    """The second one pressed over a list that had changed: told, shown the list, and nothing moved."""
    one, other = [officer(live, competition, 1280, javascript=False) for _number in range(2)]
    one.locator(".slot", has_text="Teh Bunga").locator("[data-step=up]").click()
    assert order(one) == ["Roti Sehat", "Teh Bunga", "Keripik Pisang"]
    other.locator(".slot", has_text="Roti Sehat").locator("[data-step=down]").click()
    expect(other.locator("main")).to_contain_text("Urutan sudah diubah orang lain")
    assert order(other) == order(one)
    other.locator(".slot", has_text="Roti Sehat").locator("[data-step=down]").click()
    assert order(other) == ["Teh Bunga", "Roti Sehat", "Keripik Pisang"]
