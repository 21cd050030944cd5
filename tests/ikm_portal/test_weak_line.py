"""The registration form on a slow 3G line and a slow phone, with the files as they are served for real."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Browser, Page, Route, expect
from playwright.sync_api import Error as BrowserError
from pytest_django import Settings

from notifications.models import Message
from participants.models import Registration
from programs.models import Batch
from tests import cast, factories
from tests.ikm_portal.test_journeys import fill_form
from tests.participants.public_form import form_url
from tests.support.browser import LiveSite

pytestmark = pytest.mark.slow
USABLE_MS = 5000
LINE = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
# Painted, styled (48 pixels to touch) and taking the focus: from then on a thumb can begin.
USABLE = """() => new Promise((tell) => {
  const look = () => {
    const field = document.querySelector("[name=full_name]");
    const painted = performance.getEntriesByName("first-contentful-paint").length > 0;
    if (field && painted && field.getBoundingClientRect().height >= 46) {
      field.focus();
      if (document.activeElement === field) { tell(performance.now()); return; }
    }
    requestAnimationFrame(look);
  };
  look();
})"""


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Nothing: the addresses of a test are of no interest."""


class Server(ThreadedWSGIServer):
    daemon_threads = True

    def close_request(self, request: object) -> None:
        super().close_request(request)  # type: ignore[arg-type]  # the socket, which the stubs name more narrowly
        connections.close_all()


def as_served(files: Path) -> dict[str, Any]:
    """Compressed files with names by content, as in production."""
    backend = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    storages = django_settings.STORAGES | {"staticfiles": {"BACKEND": backend}}
    return {"STATIC_ROOT": files, "WHITENOISE_USE_FINDERS": False, "STORAGES": storages}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    collected = tmp_path_factory.mktemp("static")
    with override_settings(**as_served(collected)):
        call_command("collectstatic", "--noinput", verbosity=0)
    return collected


@pytest.fixture
def site(browser: Browser, transactional_db: None, settings: Settings, files: Path) -> Iterator[LiveSite]:
    for name, value in as_served(files).items():
        setattr(settings, name, value)
    server = Server(("127.0.0.1", 0), QuietHandler)
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    found = LiveSite(f"http://127.0.0.1:{server.server_port}", browser)
    yield found
    found.close()
    server.shutdown()
    thread.join()
    server.server_close()
    assert found.problems == []


@pytest.fixture
def training(transactional_db: None) -> Batch:
    program = factories.program(cast.home_agency(), slug="pelatihan", name="Pelatihan Kerja")
    return factories.batch(program, slug="bendan-kergon", name="Bendan Kergon")


def on_a_weak_line(page: Page) -> Page:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    return page


def usable_after(site: LiveSite, path: str) -> float:
    """Milliseconds for a first visit with nothing in the cache."""
    page = on_a_weak_line(site.page())
    page.goto(path, wait_until="commit")
    waited: float = page.evaluate(USABLE)
    page.context.close()
    return waited


def test_form_is_usable_in_five_seconds(site: LiveSite, training: Batch) -> None:
    """Best of three: what is asked is what the page needs, not what else the machine does."""
    path = form_url(training)
    assert min(usable_after(site, path) for _visit in range(3)) < USABLE_MS


def test_form_weighs_little(site: LiveSite, training: Batch) -> None:
    """What comes over the line before the first field can be touched: below 100 kB, whatever the clock says."""
    page = on_a_weak_line(site.page())
    page.goto(form_url(training), wait_until="load")
    weight = page.evaluate(
        "performance.getEntries().reduce((sum, entry) => sum + (entry.transferSize || 0), 0)",
    )
    assert 10_000 < weight < 100_000


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_double_tap_on_a_slow_line_registers_once(site: LiveSite, training: Batch, javascript: bool) -> None:
    page = site.page(javascript=javascript)
    page.goto(form_url(training))
    fill_form(page, 9101, "Siti Contoh")
    on_a_weak_line(page)
    page.locator("form[action$='/daftar/'] button.btn-primary").dblclick(delay=40, no_wait_after=True)
    expect(page.locator(".ticket-code").first).to_be_visible(timeout=30_000)
    assert Registration.objects.count() == 1
    assert Message.objects.filter(kind="registration_received").count() == 1


def test_answer_lost_on_the_way_and_sent_again_gives_the_same_receipt(site: LiveSite, training: Batch) -> None:
    page = site.page()
    lost: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(str(route.fetch(max_redirects=0).status))
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/daftar/", lose_the_first_answer)
    page.goto(form_url(training))
    fill_form(page, 9102, "Siti Contoh")
    page.locator("form[action$='/daftar/'] button.btn-primary").click(no_wait_after=True)
    with pytest.raises(BrowserError, match="ERR_CONNECTION_RESET"):
        page.wait_for_url("**/status/**")
    page.wait_for_function("document.URL.startsWith('chrome-error:')")
    entry = Registration.objects.get()
    page.reload()
    expect(page.locator(".ticket-code").first).to_have_text(entry.shown_code)
    assert (lost, Registration.objects.count()) == (["302"], 1)
    assert Message.objects.filter(kind="registration_received").count() == 1
