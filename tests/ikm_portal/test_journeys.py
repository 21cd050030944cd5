"""The main job as people do it: in a real browser at 360 px, with JavaScript and without."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from notifications.models import Message
from participants.models import Registration
from programs.models import Batch
from tests import cast, factories
from tests.support.browser import DESK, PHONE, LiveSite

pytestmark = pytest.mark.slow


@pytest.fixture
def training(transactional_db: None) -> Batch:
    """Bendan Kergon: one seat left of forty, ten may wait."""
    program = factories.program(cast.home_agency(), slug="pelatihan-dbhcht", name="Pelatihan Kerja DBHCHT")
    batch = factories.batch(program, slug="bendan-kergon", name="Bendan Kergon")
    factories.batch(program, factories.MEDONO, slug="medono", name="Medono")
    for _number in range(39):
        factories.registration(batch)
    return batch


def find_and_open_form(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill("bendankergon")
    page.get_by_role("button", name="Cari").click()
    page.get_by_role("link", name="Kelurahan Bendan Kergon").click()
    page.locator("a[href$='/daftar/']").click()


def fill_form(page: Page, number: int, name: str) -> None:
    page.fill("[name=full_name]", name)
    page.fill("[name=nik]", f"997101 520799 {number:04d}")
    page.fill("[name=birth_date_day]", "12")
    page.select_option("[name=birth_date_month]", "7")
    page.fill("[name=birth_date_year]", "1999")
    page.check("[name=sex][value=female]")
    page.fill("[name=phone]", f"0812-0000-{number:04d}")
    page.fill("[name=email]", f"warga{number}@contoh.example")
    page.select_option("[name=region]", factories.BENDAN_KERGON)
    page.fill("[name=address]", "Jalan Contoh 1")
    page.check("[name=notice]")


def register(page: Page, number: int, name: str) -> tuple[str, str]:
    """From the home page to the receipt; the number and the PIN that it shows."""
    find_and_open_form(page)
    fill_form(page, number, name)
    page.locator("form[action$='/daftar/'] .btn-primary").last.click()
    expect(page).to_have_url(re.compile("/status/diterima/$"))
    number_text, pin = page.locator(".ticket-code").all_inner_texts()
    return number_text, pin


def look_up(page: Page, code: str, pin: str) -> None:
    page.goto("/status/")
    page.fill("[name=code]", code)
    page.fill("[name=pin]", pin)
    page.locator("main form .btn-primary").click()
    expect(page).to_have_url(re.compile("/status/saya/$"))


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_resident_registers_cancels_and_the_next_in_line_accepts(
    live: LiveSite, training: Batch, javascript: bool
) -> None:
    first = live.page(PHONE, javascript=javascript)
    code, pin = register(first, 9001, "Siti Contoh")
    if javascript:
        assert live.overflow(first) == 0
    entry = Registration.objects.get(nik_last4="9001")
    assert (entry.shown_code, entry.seat) == (code, "held")
    message = Message.objects.get(kind="registration_received", subject_id=str(entry.pk))
    assert message.recipient_address == "warga9001@contoh.example"
    assert code in message.body

    second = live.page(PHONE, javascript=javascript)
    register(second, 9002, "Budi Contoh")
    waiting = Registration.objects.get(nik_last4="9002")
    assert waiting.seat == "waiting"

    look_up(first, code, pin)
    first.locator("a[href$='/batal/']").click()
    first.locator("main form button").click()
    expect(first).to_have_url(re.compile("/status/saya/$"))
    entry.refresh_from_db()
    assert entry.seat == "released"

    offer = Message.objects.get(kind="seat_offered", subject_id=str(waiting.pk))
    link = re.search(r"https?://\S+/status/tawaran/\S+", offer.body)
    assert link is not None
    second.goto(urlsplit(link[0]).path)
    with second.expect_response(lambda response: response.request.method == "POST"):
        second.locator("button[value=accept]").click()
    waiting.refresh_from_db()
    assert waiting.seat == "held"
    training.refresh_from_db()
    assert (training.seats_held, training.seats_offered, training.waiting_count) == (40, 0, 0)


def sign_in(page: Page, username: str) -> None:
    page.goto("/masuk/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", factories.PASSWORD)
    page.locator("main form button[type=submit], main form button.btn-primary").first.click()
    expect(page).not_to_have_url(re.compile("/masuk/"))


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_office_verifies_forty_people_and_prints_the_list(live: LiveSite, training: Batch, javascript: bool) -> None:
    factories.registration(training)
    page = live.page(DESK, javascript=javascript)
    sign_in(page, cast.verifier().username)
    page.goto(f"/kerja/angkatan/{training.pk}/pendaftar/?check=pending")
    page.check("[name=all]")
    page.locator("button[value=verify]").click()
    page.locator("main form .btn-primary").last.click()
    expect(page).to_have_url(re.compile("/pendaftar/hasil/"))
    assert training.registrations.filter(check_state="verified").count() == 40
    assert Message.objects.filter(kind="registration_verified").count() == 40
    page.goto(f"/kerja/angkatan/{training.pk}/daftar/")
    assert page.locator("td.sign").count() == 40


def test_officer_of_medono_gets_404_for_bendan_kergon(live: LiveSite, training: Batch) -> None:
    page = live.page(PHONE)
    sign_in(page, cast.village_officer_next_door().username)
    for path in ("", "pendaftar/", "daftar/", "daftarkan/"):
        response = page.goto(f"/kerja/angkatan/{training.pk}/{path}")
        assert response is not None
        assert response.status == 404
