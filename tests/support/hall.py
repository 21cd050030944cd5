"""Devices in a hall: browsers with the attendance page, whose network and clock a test can turn."""

from dataclasses import dataclass
from typing import Any

from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.support.browser import PHONE, LiveSite

PAGE = "/kerja/kehadiran/perangkat/"
PIN = "739154"
# The clock of the device: what the page takes for the time goes by so many milliseconds wrong. Its worker cannot be
# given a wrong clock, so it does not send by itself here, as in browsers that know no sending in the background.
WRONG_CLOCK = """(() => {{
  const right = Date.now.bind(Date);
  Date.now = () => right() + {off};
  Object.defineProperty(ServiceWorkerRegistration.prototype, "sync", {{ get: () => undefined }});
}})();"""


@dataclass
class HallDevice:
    site: LiveSite
    page: Page

    def prepare(self) -> None:
        """With network: every session that is offered first, and the PIN."""
        self.page.goto(PAGE)
        self.page.fill("#new-pin", PIN)
        self.page.fill("#again", PIN)
        self.page.locator("form.panel [type=submit]").click()
        expect(self.page.locator("[data-check=lists]")).to_have_attribute("data-level", "good")
        expect(self.page.locator("[data-check=page]")).to_have_attribute("data-level", "good")

    def go_offline(self) -> None:
        self.page.context.set_offline(True)

    def go_online(self) -> None:
        self.page.context.set_offline(False)

    def open_session(self, name: str) -> None:
        self.page.locator(".device-session", has_text=name).first.click()
        expect(self.page.locator(".device-count b")).to_be_visible()

    def unlock(self) -> None:
        self.page.fill("#pin", PIN)
        self.page.locator("form.panel button").click()
        expect(self.page.locator(".device-session").first).to_be_visible(timeout=20_000)

    def tap(self, entry: int) -> None:
        self.page.locator(f"[data-person='{entry}'] .btn").click()
        expect(self.page.locator(f"[data-person='{entry}']")).to_have_class("is-here")

    def type(self, text: str) -> None:
        self.page.fill("#who", text)
        self.page.press("#who", "Enter")

    @property
    def count(self) -> int:
        return int(self.page.locator(".device-count b").inner_text())

    def wait_until_sent(self) -> None:
        expect(self.page.locator("[data-queue]")).to_have_attribute("data-waiting", "0", timeout=30_000)


def sign_in(page: Page, site: LiveSite, user: User) -> None:
    client = Client()
    client.force_login(user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}])


def device(site: LiveSite, user: User, *, width: int = PHONE, clock_off: int = 0, **options: Any) -> HallDevice:
    """A browser of its own, signed in; its clock is `clock_off` milliseconds ahead."""
    page = site.page(width, **options)
    if clock_off:
        page.context.add_init_script(WRONG_CLOCK.format(off=clock_off))
    sign_in(page, site, user)
    return HallDevice(site, page)
