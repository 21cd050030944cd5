"""The registration desk in a browser: the keyboard alone, a slow line, and a line that breaks."""

import re
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from participants.models import Proxy, Registration
from programs.models import Batch
from tests import cast, factories
from tests.support.browser import DESK, PHONE, LiveSite

pytestmark = pytest.mark.slow
# A telephone at the edge of a cell: 400 ms there and back, 6 kB a second.
WEAK = {"offline": False, "latency": 400, "downloadThroughput": 6_000, "uploadThroughput": 6_000}
DONE = re.compile(r"/kerja/meja/selesai/\d+/$")


@pytest.fixture
def training(transactional_db: None) -> Batch:
    program = factories.program(cast.home_agency(), slug="pelatihan", name="Pelatihan Kerja")
    return factories.batch(program, slug="bendan-kergon", name="Bendan Kergon")


def at_desk(live: LiveSite, width: int = DESK, **options: Any) -> Page:
    client = Client()
    client.force_login(cast.village_officer_here())
    page = live.page(width, **options)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live.url}])
    return page


def on(page: Page) -> str:
    """The name of the field that has the focus."""
    return str(page.evaluate("document.activeElement.name || ''"))


def ready(page: Page) -> None:
    """The script is there; before that Enter presses the button that asks about the number."""
    expect(page.locator("[data-keys]")).to_be_visible()
    expect(page.locator("[name=nik]")).to_be_focused()


def type_person(page: Page, serial: int, name: str) -> None:
    """From the number to the last field; the keyboard alone, and no field is looked for."""
    keys = page.keyboard
    ready(page)
    words = {
        "nik": f"997101520799{serial:04d}",
        "full_name": name,
        "address": "Jalan Contoh 1",
        "rt": "3",
        "rw": "5",
        "phone": "081200009301",
        "occupation": "Penjahit",
    }
    seen: list[str] = []
    while on(page) != "notice":
        field = on(page)
        assert field not in seen, seen
        seen.append(field)
        if field in words:
            keys.type(words[field])
        keys.press("Enter")
        if field == "full_name":
            # The number told them meanwhile, on whatever line.
            expect(page.locator("[name=birth_date]")).to_have_value("12/07/1999")
            expect(page.locator("[name=sex]")).to_have_value("female")
    assert [field for field in words if field not in seen] == []
    keys.press("Space")


def test_desk_with_the_keyboard_alone_on_a_weak_line(live: LiveSite, training: Batch) -> None:
    page = at_desk(live)
    page.goto("/kerja/meja/")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", WEAK)
    page.keyboard.press("1")
    type_person(page, 9301, "Siti Contoh")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(DONE)
    expect(page.locator("[data-key=p]")).to_be_focused()
    page.keyboard.press("n")
    ready(page)
    assert Registration.objects.get().full_name == "Siti Contoh"
    # The same person again: told before anything else is typed.
    page.keyboard.type("9971015207999301")
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_contain_text("Sudah terdaftar di angkatan ini")


def test_desk_loses_nothing_when_the_line_breaks(live: LiveSite, training: Batch) -> None:
    page = at_desk(live)
    page.goto(f"/kerja/meja/{training.pk}/")
    type_person(page, 9302, "Rina Contoh")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-desk-trouble]")).to_contain_text("Jaringan sedang terputus")
    expect(page.locator("[name=full_name]")).to_have_value("Rina Contoh")
    page.context.set_offline(False)
    # This time it arrives, but the answer is lost on the way back.
    page.route("**/kerja/meja/*/", lambda route: (route.fetch(), route.abort())[1], times=1)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-desk-trouble]")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(DONE)
    assert Registration.objects.count() == 1
    live.problems[:] = [problem for problem in live.problems if "ERR_" not in problem]


def test_desk_signed_out_meanwhile_keeps_what_was_typed(live: LiveSite, training: Batch) -> None:
    page = at_desk(live)
    page.goto(f"/kerja/meja/{training.pk}/")
    type_person(page, 9303, "Tuti Contoh")
    session = str(next(one["value"] for one in page.context.cookies() if one["name"] == "sessionid"))
    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-desk-trouble]")).to_contain_text("Masuk lagi di tab lain")
    expect(page.locator("[name=full_name]")).to_have_value("Tuti Contoh")
    # Signed in again elsewhere: another token, the same session store.
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live.url}])
    page.context.clear_cookies(name="csrftoken")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(DONE)
    assert Registration.objects.count() == 1


def test_desk_errors_stand_beside_the_field_which_gets_the_focus(live: LiveSite, training: Batch) -> None:
    page = at_desk(live)
    page.goto(f"/kerja/meja/{training.pk}/")
    type_person(page, 9304, "Umi Contoh")
    page.locator("[name=phone]").fill("0812")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[name=phone]")).to_be_focused()
    expect(page.locator("#id_phone_error")).to_be_visible()
    page.keyboard.press("Control+A")
    page.keyboard.type("081200009304")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(DONE)


def test_desk_works_without_a_script(live: LiveSite, training: Batch) -> None:
    page = at_desk(live, javascript=False)
    page.goto(f"/kerja/meja/{training.pk}/")
    page.fill("[name=nik]", "9971015207999305")
    page.locator("[name=check]").click()
    expect(page.locator("[name=birth_date]")).to_have_value("12/07/1999")
    for name, value in (("full_name", "Wati Contoh"), ("address", "Jalan 1"), ("phone", "081200009305")):
        page.fill(f"[name={name}]", value)
    page.select_option("[name=proxy_relation]", "cadre")
    page.fill("[name=proxy_name]", "Kader Contoh")
    page.check("[name=notice]")
    page.locator("[data-save]").click()
    expect(page).to_have_url(DONE)
    page.locator("[name=paper][value='58']").click()
    expect(page.locator(".slip")).to_contain_text("Wati Contoh")
    assert Proxy.objects.get().full_name == "Kader Contoh"


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_desk_pages_are_accessible_and_fit(live: LiveSite, training: Batch, width: int) -> None:
    entry = factories.registration(training)
    page = at_desk(live, width)
    found = {}
    for path in ("/kerja/meja/?pilih", f"/kerja/meja/{training.pk}/", f"/kerja/meja/selesai/{entry.pk}/"):
        page.goto(path)
        found[path] = (live.violations(page), live.overflow(page))
    page.locator("[data-key=p]").click()
    page.wait_for_selector(".slip")
    found["slip"] = (live.violations(page), live.overflow(page))
    assert found == {path: ([], 0) for path in found}
