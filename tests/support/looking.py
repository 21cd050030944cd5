"""Pages of a journey, looked at on the way. PAGES_LOOKED_AT names a folder for whoever wants to see them."""

import os
from pathlib import Path

from playwright.sync_api import Page

from tests.support.browser import DESK, PHONE, LiveSite


def looked_at(live: LiveSite, page: Page, name: str) -> None:
    """Nothing sticks out on a telephone or at a desk, and axe finds nothing."""
    own = page.viewport_size
    assert own is not None
    page.wait_for_load_state()
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        if folder():
            kept(f"{name}-{width}.png", page.screenshot(full_page=True))
        assert (name, width, live.overflow(page)) == (name, width, 0)
    page.set_viewport_size(own)
    assert (name, live.violations(page)) == (name, [])


def folder() -> str:
    return os.environ.get("PAGES_LOOKED_AT", "")


def kept(name: str, content: bytes) -> None:
    """Only for whoever asked for it."""
    if folder():
        (Path(folder()) / name).write_bytes(content)
