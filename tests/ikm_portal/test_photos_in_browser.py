"""A resident sends a photo in a real browser: made smaller there, over a line that breaks, and without JavaScript."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect
from pytest_django import Settings

from participants import queries
from participants.models import EvidenceFile, Registration, initial_pin
from programs.models import Demand
from tests import cast, factories
from tests.support import photos
from tests.support.browser import DESK, PHONE, LiveSite

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def entry(live: LiveSite, tmp_path: Path, settings: Settings) -> Registration:
    settings.MEDIA_ROOT = tmp_path
    program = factories.program(cast.home_agency(), slug="pelatihan", identity_card=Demand.REQUIRED)
    return factories.registration(factories.batch(program, slug="bendan-kergon"))


def opened(page: Page, entry: Registration) -> Page:
    page.goto("/status/")
    page.fill("#id_code", entry.code)
    page.fill("#id_pin", initial_pin(entry.submission_key))
    page.locator("main form .btn-primary").first.click()
    page.wait_for_url("**/status/saya/")
    page.locator(".documents .btn-primary").click()
    page.wait_for_url("**/identity_card/")
    return page


def choose(page: Page, content: bytes) -> None:
    page.set_input_files("#id_photo", {"name": "ktp.jpg", "mimeType": "image/jpeg", "buffer": content})


def kept() -> Image.Image:
    return Image.open(io.BytesIO(queries.read_photo(EvidenceFile.objects.kept().get())))


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_photo_is_made_smaller_in_the_browser(live: LiveSite, entry: Registration, width: int) -> None:
    sent: list[int] = []
    page = opened(live.page(width), entry)
    assert (live.violations(page), live.overflow(page)) == ([], 0)
    page.on("request", lambda request: sent.append(len(request.post_data_buffer or b"")))
    choose(page, photos.saved(Image.effect_noise((4000, 3000), 20).convert("RGB"), quality=80))
    expect(page.locator("[data-photo-preview]")).to_be_visible()
    page.locator("form[data-photo] .btn-primary").click()
    page.wait_for_url("**/status/saya/")
    assert max(sent) < 600_000
    assert max(kept().size) == 1600
    assert live.violations(page) == []


def test_photo_over_a_line_that_breaks_is_sent_by_a_second_press(live: LiveSite, entry: Registration) -> None:
    page = opened(live.page(PHONE), entry)
    broken: list[Any] = []

    def break_once(route: Route) -> None:
        if route.request.method == "POST" and not broken:
            broken.append(route)
            route.abort()
        else:
            route.continue_()

    page.route("**/identity_card/", break_once)
    live.problems.clear()
    choose(page, photos.photo())
    button = page.locator("form[data-photo] .btn-primary")
    button.click()
    expect(page.locator("[data-photo-note]")).not_to_be_empty()
    expect(button).not_to_have_attribute("aria-disabled", "true")
    button.click()
    page.wait_for_url("**/status/saya/")
    assert (len(broken), EvidenceFile.objects.count()) == (1, 1)
    live.problems[:] = [problem for problem in live.problems if "ERR_FAILED" not in problem]


def test_photo_that_is_none_is_refused_beside_the_field(live: LiveSite, entry: Registration) -> None:
    page = opened(live.page(PHONE), entry)
    choose(page, b"GIF89a")
    page.locator("form[data-photo] .btn-primary").click()
    expect(page.locator("[data-photo-error]")).to_be_visible()
    assert (EvidenceFile.objects.count(), live.violations(page), live.overflow(page)) == (0, [], 0)


def test_photo_without_javascript(live: LiveSite, entry: Registration) -> None:
    page = opened(live.page(PHONE, javascript=False), entry)
    choose(page, photos.located(6))
    page.locator("form[data-photo] .btn-primary").click()
    page.wait_for_url("**/status/saya/")
    assert kept().size == (600, 900)
