"""What every test may use. The servers start here, before pytest-django or another conftest needs the settings."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.support.servers import open_session, own_database, template_database

open_session()

from django.core.cache import cache  # noqa: E402 - only now are the settings there
from django.db import connection  # noqa: E402 - after the settings
from django.db.backends.postgresql.operations import DatabaseOperations  # noqa: E402 - after the settings
from playwright.sync_api import Browser  # noqa: E402 - after the settings
from pytest_django.live_server_helper import LiveServer  # noqa: E402 - after the settings

from kit import watch  # noqa: E402 - it reads the settings
from tests.support.browser import LiveSite, find_chromium, running_browser  # noqa: E402 - after the settings
from tests.support.worker import CeleryWorker, running_worker  # noqa: E402 - after the settings

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

# No test measures time: a slow machine is no mistake.
hypothesis.settings.register_profile("portal", deadline=None)
hypothesis.settings.load_profile("portal")


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Each process copies the migrated template into a test database of its own."""
    connection.settings_dict["TEST"] |= {"NAME": own_database(), "TEMPLATE": template_database()}


@pytest.fixture(scope="session", autouse=True)
def flush_past_the_guards() -> Iterator[None]:
    """Emptying the tables after a transactional test passes by the triggers that keep the audit trail append-only."""
    original = DatabaseOperations.execute_sql_flush

    def execute_sql_flush(self: DatabaseOperations, sql_list: Iterable[str]) -> None:
        original(self, ["SET LOCAL session_replication_role = replica", *sql_list])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", execute_sql_flush)
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Rate limits and queued wake-ups of one test must not reach the next."""
    cache.clear()
    watch.look_again()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that root's `nobody` can pass; pytest closes its own again whenever another session begins."""
    folder = Path(tempfile.mkdtemp(prefix="portal-test-")).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def celery_worker(transactional_db: None) -> Iterator[CeleryWorker]:
    """A worker in a process of its own: `celery_worker.wait_for(lambda: Message.objects.filter(...).exists())`."""
    with running_worker() as worker:
        yield worker


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine")
    with running_browser(path) as started:
        yield started


@pytest.fixture
def live(live_server: LiveServer, browser: Browser) -> Iterator[LiveSite]:
    """The portal in a browser: `live.page(360)`, `live.page(1280, javascript=False)`, `live.violations(page)`."""
    site = LiveSite(live_server.url, browser)
    yield site
    site.close()
    assert site.problems == []


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys in a browser come last: its event loop stays in the process, and signing a paper needs its own."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def _skipped(config: pytest.Config) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", [])) if reporter else 0


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if IN_CI and not hasattr(session.config, "workerinput") and exitstatus == 0 and _skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    count = _skipped(config)
    if count:
        verdict = "In CI this counts as a failure." if IN_CI else "These parts of the portal were NOT tested."
        terminalreporter.section("SKIPPED", red=True, bold=True)
        terminalreporter.line(f"{count} tests were skipped, for the reasons above or below. {verdict}", red=True)
