import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as real_settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.actions import record
from ikm_portal.servers import postgres, valkey
from jobs.actions import note_alive
from jobs.models import Heartbeat
from tests import cast
from tests.support.production import Installation, Visitor, installed, wait_for

NOWHERE = "redis://127.0.0.1:1/0"


def states(client: Client) -> tuple[int, str, dict[str, str]]:
    response = client.get("/readyz")
    told = response.json()
    return response.status_code, told["status"], {name: part["state"] for name, part in told["parts"].items()}


@pytest.fixture
def all_alive(db: None) -> None:
    note_alive(part="worker", name="worker@a", queues="celery")
    note_alive(part="worker", name="jobs@a", queues="jobs")
    note_alive(part="beat", name="beat@a")


def test_healthz_asks_nobody(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


def test_readyz_with_everything(client: Client, all_alive: None) -> None:
    names = ("database", "redis", "disk", "migrations", "worker", "beat", "channels", "trail")
    assert states(client) == (200, "ready", dict.fromkeys(names, "ok"))


def test_readyz_asks_the_database_few_questions(
    client: Client, all_alive: None, django_assert_num_queries: object
) -> None:
    client.get("/readyz")
    with django_assert_num_queries(6):  # type: ignore[operator]  # a fixture without a type
        client.get("/readyz")


def test_readyz_without_redis_still_takes_visitors(client: Client, all_alive: None, settings: Settings) -> None:
    default = real_settings.CACHES["default"]
    settings.CACHES = {"default": default | {"LOCATION": NOWHERE}}
    status, verdict, parts = states(client)
    assert (status, verdict, parts["redis"], parts["database"]) == (200, "degraded", "ill", "ok")


def test_readyz_without_the_database_is_503(client: Client, transactional_db: None) -> None:
    connection.close()
    port, connection.settings_dict["OPTIONS"]["host"] = connection.settings_dict["OPTIONS"].get("host"), "/nowhere"
    try:
        status, verdict, parts = states(client)
    finally:
        connection.settings_dict["OPTIONS"]["host"] = port
        connection.close()
    assert (status, verdict, parts["database"], parts["worker"]) == (503, "unready", "ill", "unknown")


@pytest.mark.parametrize(
    ("silent", "ill"), [("worker@a", "worker"), ("jobs@a", "worker"), ("beat@a", "beat"), ("", "")]
)
def test_readyz_names_who_gives_no_sign_of_life(client: Client, all_alive: None, silent: str, ill: str) -> None:
    Heartbeat.objects.filter(pk=silent).update(at=timezone.now() - dt.timedelta(seconds=61))
    _status, verdict, parts = states(client)
    assert verdict == ("degraded" if ill else "ready")
    assert [name for name, state in parts.items() if state == "ill"] == ([ill] if ill else [])


def test_readyz_tells_of_entries_that_wait_for_their_seal(client: Client, all_alive: None) -> None:
    entry = record(action="sign_in.failed", by=None)
    assert states(client)[2]["trail"] == "ok"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE accounts_auditentry SET at = at - interval '11 minutes' WHERE id = %s", [entry.pk])
    assert states(client)[1:] == ("ready", states(client)[2] | {"trail": "warning"})


@pytest.mark.parametrize(("name", "state"), [("NO_ROOM", "ill"), ("LITTLE_ROOM", "warning")])
def test_readyz_without_room_on_the_disk(
    client: Client, all_alive: None, monkeypatch: pytest.MonkeyPatch, name: str, state: str
) -> None:
    monkeypatch.setattr(f"ikm_portal.health.{name}", 2**80)
    assert states(client)[2]["disk"] == state


def test_readyz_tells_no_secrets(client: Client, all_alive: None, settings: Settings) -> None:
    said = client.get("/readyz").content.decode() + json.dumps(states(client))
    hidden = [settings.REDIS_URL, settings.DATABASES["default"]["NAME"], str(settings.DATA_DIR), settings.SECRET_KEY]
    assert [word for word in hidden if word in said] == []


def test_system_state_tells_an_administrator_which_part_is_ill(client: Client, all_alive: None) -> None:
    client.force_login(cast.administrator())
    page = client.get("/kerja/keadaan/").content.decode()
    assert "Semua berjalan baik." in page
    Heartbeat.objects.filter(part="beat").delete()
    page = client.get("/kerja/keadaan/").content.decode()
    assert "Warga tetap dapat mendaftar" in page
    assert "worker@a" in page


def test_heartbeat_of_the_day_before_is_forgotten(all_alive: None) -> None:
    Heartbeat.objects.update(at=timezone.now() - dt.timedelta(days=2))
    note_alive(part="worker", name="worker@b", queues="celery")
    assert list(Heartbeat.objects.values_list("name", flat=True)) == ["worker@b"]


@pytest.fixture
def portal(open_folder: Path) -> Iterator[Installation]:
    with installed(open_folder) as installation:
        yield installation


def ask(portal: Installation) -> tuple[int, set[str]]:
    answer = Visitor(portal.port).get("/readyz")
    parts = json.loads(answer.text)["parts"]
    return answer.status, {name for name, part in parts.items() if part["state"] == "ill"}


@pytest.mark.slow
def test_readyz_names_each_server_that_is_stopped(portal: Installation) -> None:
    portal.environment["HEALTH_SECONDS"] = "0"
    portal.start("web", "gunicorn", "ikm_portal.wsgi")
    wait_for(lambda: "Listening" in portal.said("web") and re.search(r"Booting", portal.said("web")), 40, "gunicorn")
    wait_for(lambda: ask(portal) == (200, {"worker", "beat"}), 20, "an answer without worker and beat")
    worker = ["celery", "-A", "ikm_portal", "worker", "--concurrency", "1", "--without-gossip", "--without-mingle"]
    portal.start("worker", *worker, "--queues", "celery,jobs")
    portal.start("beat", "celery", "-A", "ikm_portal", "beat", "--pidfile", "")
    wait_for(lambda: ask(portal) == (200, set()), 60, "all parts well")
    valkey.stop(portal.place)
    wait_for(lambda: ask(portal) == (200, {"redis"}), 20, "redis named")
    postgres.stop(portal.place)
    wait_for(lambda: ask(portal) == (503, {"database", "redis"}), 20, "the database named")
    postgres.start(portal.place)
    valkey.start(portal.place)
    wait_for(lambda: ask(portal) == (200, set()), 60, "all parts well again")
