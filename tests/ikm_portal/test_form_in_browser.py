"""What the registration form does by itself in a browser: keeps what was typed, and the sum under attack."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from kit import watch
from participants.models import Registration, RegistrationDraft
from programs.models import Batch
from tests import cast, factories
from tests.ikm_portal.test_journeys import fill_form
from tests.participants.public_form import form_url
from tests.support.browser import DESK, PHONE, LiveSite

pytestmark = pytest.mark.slow
SEND = "form#registration .form-actions .btn-primary"
RECEIPT = re.compile("/status/diterima/$")


@pytest.fixture
def training(transactional_db: None) -> Batch:
    program = factories.program(cast.home_agency(), slug="pelatihan", name="Pelatihan Kerja")
    return factories.batch(program, slug="bendan-kergon", name="Bendan Kergon")


def keep(page: Page, training: Batch, *, javascript: bool) -> None:
    """Half a form, kept by itself or by the button."""
    page.goto(form_url(training))
    page.fill("[name=full_name]", "Siti Contoh")
    page.fill("[name=nik]", "9971015207999201")
    page.fill("[name=birth_date_day]", "31")
    if javascript:
        expect(page.locator("[data-draft-note]")).to_be_visible()
    else:
        page.locator("button[formaction$='/simpan/']").click()
        expect(page).to_have_url(re.compile("/isian/$"))


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_form_left_half_way_is_found_again_and_sent(live: LiveSite, training: Batch, javascript: bool) -> None:
    page = live.page(PHONE, javascript=javascript)
    keep(page, training, javascript=javascript)
    page.goto(form_url(training))
    expect(page.locator("[name=full_name]")).to_have_value("")
    page.locator("a[href$='/daftar/lanjut/']").click()
    expect(page.locator("[name=full_name]")).to_have_value("Siti Contoh")
    expect(page.locator("[name=birth_date_day]")).to_have_value("31")
    expect(page.locator("[name=nik]")).to_have_value("")
    fill_form(page, 9201, "Siti Contoh")
    page.locator(SEND).click()
    expect(page).to_have_url(RECEIPT)
    assert (Registration.objects.count(), RegistrationDraft.objects.count()) == (1, 0)


def test_cleared_device_shows_the_next_person_nothing(live: LiveSite, training: Batch) -> None:
    page = live.page(PHONE)
    keep(page, training, javascript=True)
    page.locator("form.device-clear button").click()
    expect(page).to_have_url(re.compile("/isian/$"))
    assert page.context.cookies() == [] or "portal_device" not in {one.get("name") for one in page.context.cookies()}
    page.go_back()
    expect(page.locator("[name=full_name]")).to_have_value("")
    page.goto(form_url(training))
    expect(page.locator("a[href$='/daftar/lanjut/']")).to_have_count(0)
    assert RegistrationDraft.objects.count() == 0


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_pages_of_drafts_and_of_the_guard_are_accessible_and_fit(live: LiveSite, training: Batch, width: int) -> None:
    page = live.page(width)
    keep(page, training, javascript=True)
    found = {}
    for path in (form_url(training), "/isian/"):
        page.goto(path)
        found[path] = (live.violations(page), live.overflow(page))
    assert watch.order("on")
    held = live.page(width)
    held.goto(form_url(training))
    held.evaluate("document.querySelector('[name=submission_key]').value += 'x'")
    held.evaluate("document.getElementById('registration').submit()")
    held.wait_for_selector("[form=registration]")
    found["held"] = (live.violations(held), live.overflow(held))
    assert found == {path: ([], 0) for path in found}


def test_sum_is_done_while_the_form_is_filled_in(live: LiveSite, training: Batch, settings: Settings) -> None:
    settings.PROOF_OF_WORK_BITS = 12
    assert watch.order("on")
    page = live.page(PHONE)
    page.goto(form_url(training))
    fill_form(page, 9202, "Siti Contoh")
    page.locator(SEND).click()
    expect(page).to_have_url(RECEIPT)
    assert Registration.objects.count() == 1


def test_phone_without_javascript_waits_and_passes(live: LiveSite, training: Batch, settings: Settings) -> None:
    settings.SLOW_LANE = settings.SLOW_LANE | {"least_seconds": 2}
    assert watch.order("on")
    page = live.page(PHONE, javascript=False)
    page.goto(form_url(training))
    fill_form(page, 9203, "Siti Contoh")
    page.locator(SEND).click()
    again = page.locator("[form=registration]")
    expect(again).to_be_visible()
    expect(page.locator("[name=nik]")).to_have_value("997101 520799 9203")
    page.wait_for_timeout(2100)
    again.click()
    expect(page).to_have_url(RECEIPT)
    assert Registration.objects.count() == 1
