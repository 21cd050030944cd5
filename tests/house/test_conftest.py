"""The fixtures that all other tests stand on."""

import os

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from ikm_portal.celery import app
from tests.support.browser import LiveSite
from tests.support.servers import own_database
from tests.support.worker import CeleryWorker


def test_database_is_of_this_process(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_setting('fsync')")
        assert cursor.fetchone() == (own_database(), "off")


def test_settings_are_those_of_tests() -> None:
    assert (settings.PORTAL_ENV, os.environ["PORTAL_ENV"]) == ("test", "test")


def test_cache_is_empty_at_first() -> None:
    assert cache.get("left") is None
    cache.set("left", "behind")


def test_cache_is_empty_again() -> None:
    assert cache.get("left") is None


def test_celery_worker_answers(celery_worker: CeleryWorker) -> None:
    # A broadcast that comes before the worker has subscribed is lost: ask again.
    celery_worker.wait_for(lambda: app.control.ping(timeout=1))


def test_live_shows_a_page(live: LiveSite) -> None:
    answer = live.page(360).goto("/admin/")
    assert answer is not None
    assert answer.headers["x-frame-options"] == "DENY"
