"""A list from Excel in a real browser: uploaded, mended, decided, brought in and taken back."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django import Settings

from participants.models import Registration, RegistrationImport
from programs.models import Batch
from tests import cast, factories
from tests.participants.lists import person, workbook, worked
from tests.support.browser import DESK, PHONE, LiveSite

pytestmark = pytest.mark.django_db(transaction=True)
LIST = re.compile(r"/kerja/impor/\d+/$")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def training(live: LiveSite, tmp_path: Path, settings: Settings) -> Batch:
    settings.MEDIA_ROOT = tmp_path
    program = factories.program(cast.home_agency(), slug="pelatihan", name="Pelatihan Kerja")
    return factories.batch(program, slug="bendan-kergon", name="Bendan Kergon")


def at_office(live: LiveSite) -> Page:
    client = Client()
    client.force_login(cast.program_officer())
    page = live.page(DESK)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live.url}])
    return page


def faults(live: LiveSite, page: Page) -> list[str]:
    """What is wrong with the page on a phone and on a desk; it stays as wide as a desk."""
    found = []
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width} px: {rule}" for rule in live.violations(page)]
        found += [f"{width} px: {live.overflow(page)} px too wide"] if live.overflow(page) else []
    return found


def work(page: Page) -> None:
    """What a worker does meanwhile; the page, which asks every second, comes anew by itself."""
    expect(page.locator("#import-work")).to_be_visible()
    worked(RegistrationImport.objects.get())
    expect(page.locator("#import-work")).to_have_count(0)


def upload(live: LiveSite, page: Page, training: Batch, rows: list[dict[str, Any]]) -> list[str]:
    page.goto(f"/kerja/impor/baru/?batch={training.pk}")
    found = faults(live, page)
    page.set_input_files("[name=file]", {"name": "peserta.xlsx", "mimeType": XLSX, "buffer": workbook(rows)})
    page.get_by_role("button", name="Baca daftar").click()
    page.wait_for_url(LIST)
    work(page)
    return found


def mend(live: LiveSite, page: Page) -> list[str]:
    """What is wrong stands first, and beside its row; one press leads to the row and back."""
    expect(page.locator("main tbody tr")).to_have_count(1)
    expect(page.locator("main tbody tr")).to_contain_text("NIK harus 16 angka")
    expect(page.locator("main .alert")).to_contain_text("1 baris menunggu keputusan Anda")
    found = faults(live, page)
    page.get_by_role("link", name="Perbaiki", exact=True).click()
    expect(page.locator("[aria-invalid=true]")).to_have_value("997101")
    found += faults(live, page)
    page.locator("[aria-invalid=true]").fill(person(2)["nik"])
    page.get_by_role("button", name="Simpan dan periksa").click()
    page.wait_for_url(LIST)
    return found


def bring_in(live: LiveSite, page: Page) -> list[str]:
    page.get_by_role("link", name="Masukkan 4 baris").click()
    found = faults(live, page)
    page.locator("[name=informed]").check()
    page.get_by_role("button", name="Masukkan sekarang").click()
    page.wait_for_url(LIST)
    work(page)
    expect(page.locator("main .alert")).to_contain_text("4 orang sudah dimasukkan")
    return found + faults(live, page)


def take_back(live: LiveSite, page: Page) -> list[str]:
    page.get_by_role("link", name="Tarik kembali").click()
    found = faults(live, page)
    page.get_by_role("button", name="Tarik kembali daftar").click()
    page.wait_for_url(LIST)
    return found


def test_list_from_the_upload_to_its_undoing(live: LiveSite, training: Batch) -> None:
    third = person(3)
    twin = person(4, full_name=third["full_name"], birth_date=third["birth_date"])
    page, seen = at_office(live), {}
    seen["upload"] = upload(live, page, training, [person(1), person(2, nik="997101"), third, twin])
    seen["mend"] = mend(live, page)
    # Nothing is wrong any more, so what is doubtful comes first.
    expect(page.locator("main tbody tr")).to_contain_text("dengan NIK lain")
    seen["doubtful"] = faults(live, page)
    page.get_by_role("button", name="Orang lain: masukkan").click()
    seen["bring in"] = bring_in(live, page)
    assert Registration.objects.filter(batch=training, source="import").count() == 4
    seen["take back"] = take_back(live, page)
    assert (Registration.objects.count(), RegistrationImport.objects.get().state) == (0, "undone")
    assert seen == {name: [] for name in seen}


def test_list_is_discarded_after_a_second_look(live: LiveSite, training: Batch) -> None:
    page = at_office(live)
    upload(live, page, training, [person(1)])
    page.get_by_role("link", name="Buang daftar ini").click()
    assert faults(live, page) == []
    page.get_by_role("link", name="Biarkan dulu").click()
    page.get_by_role("link", name="Buang daftar ini").click()
    page.get_by_role("button", name="Buang daftar ini").click()
    page.wait_for_url("**/kerja/impor/")
    assert RegistrationImport.objects.get().state == "discarded"
