"""The pages of people in a real browser: nothing sticks out at 360 px, and axe-core finds nothing."""

import pytest
from playwright.sync_api import Page

from accounts import actions
from accounts.actions import Guest
from accounts.roles import Role
from regions.models import Region
from tests import cast, factories
from tests.support.browser import DESK, PHONE, LiveSite

pytestmark = pytest.mark.slow
TABLE = "Nama lengkap;Kelurahan;E-mail\nEndang Contoh;Bendan Kergon;\nBudi Contoh;Tidak Ada;bukan"


def signed_in(live: LiveSite, width: int) -> Page:
    page = live.page(width)
    page.goto("/masuk/")
    page.fill("[name=login]", cast.administrator().username)
    page.fill("[name=password]", factories.PASSWORD)
    page.locator("main form button.btn-primary").first.click()
    page.wait_for_url("**/kerja/")
    return page


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_pages_of_people_are_accessible(live: LiveSite, transactional_db: None, width: int) -> None:
    officer = cast.program_officer()
    region = Region.objects.get(code=factories.MEDONO)
    guest = Guest(username="tamu.satu", full_name="Tamu Satu", role=Role.VILLAGE_OFFICER, region=region)
    actions.invite(by=cast.administrator(), agency=cast.home_agency(), guests=[guest])
    page = signed_in(live, width)
    found = {}
    paths = ["", "undang/", "undang/tabel/", "undangan/", f"{officer.pk}/"]
    for path in [*(f"/kerja/pengguna/{path}" for path in paths), "/akun/perangkat/", "/masuk/undangan/"]:
        page.goto(path)
        found[path] = (live.overflow(page), live.violations(page))
    page.goto("/kerja/pengguna/undang/tabel/")
    page.fill("[name=table]", TABLE)
    page.locator("[name=check]").click()
    found["table"] = (live.overflow(page), live.violations(page))
    assert {path: problems for path, problems in found.items() if problems != (0, [])} == {}
