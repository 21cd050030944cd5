"""Chromium on the live server, watching for script errors, policy violations and third parties."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
QUIET += ["--no-first-run", "--disable-quic", "--disable-dev-shm-usage"]
PHONE, DESK = 360, 1280


def find_chromium() -> str | None:
    named = os.environ.get("PORTAL_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def running_browser(path: str) -> Iterator[Browser]:
    flags = QUIET + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


@dataclass
class LiveSite:
    """The portal as a visitor sees it. `problems` must be empty at the end of each test."""

    url: str
    browser: Browser
    problems: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def page(self, width: int = PHONE, *, javascript: bool = True, **options: Any) -> Page:
        """A page of a new visitor (own cookies). `page.goto("/pelatihan/")` is relative to the site."""
        height = 740 if width < 700 else 900
        context = self.browser.new_context(
            base_url=self.url,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            **options,
        )
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(f"script error on {page.url}: {error}"))
        page.on("console", self._hear)
        page.on("request", self._see)
        return page

    def violations(self, page: Page) -> list[str]:
        """What axe-core finds on the page, as `rule: how many - what`; an accessible page gives []."""
        found = Axe().run(page).response["violations"]
        return [f"{rule['id']}: {len(rule['nodes'])} - {rule['nodes'][0]['html']}" for rule in found]

    def overflow(self, page: Page) -> int:
        """By how many pixels the page is wider than the window: 0 unless something sticks out."""
        root = "document.documentElement"
        return max(0, page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or (message.type == "error" and "status of" not in message.text):
            self.problems.append(f"console: {message.text}")

    def _see(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob", "about"} and address.netloc != urlsplit(self.url).netloc:
            self.problems.append(f"request to a third party: {request.url}")
