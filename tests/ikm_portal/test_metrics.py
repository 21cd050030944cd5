"""What Prometheus reads: every process counted, figures of the database, and nobody else let in."""

import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import urllib3
from celery import shared_task
from django.db import connection
from django.test import Client
from pytest_django import Settings

from accounts.actions import record
from jobs.actions import note_alive
from programs.models import Batch
from tests import cast, factories
from tests.participants.public_form import form_url, typed
from tests.support.production import free_port, wait_for
from tests.support.servers import ROOT, database_url

TOKEN = "rahasia-pengukur"


@pytest.fixture
def batch(db: None) -> Batch:
    return factories.batch(factories.program(cast.home_agency(), slug="dbhcht"), slug="bendan-kergon", quota=7)


def figure(text: str, name: str, **labels: str) -> float:
    """The sum of the samples of that name that carry these labels."""
    samples = re.findall(rf"^{name}(?:{{(.*)}})? (\S+)$", text, re.M)
    wanted = {f'{label}="{value}"' for label, value in labels.items()}
    return sum(float(value) for found, value in samples if wanted <= set(found.split(",")))


def scraped(client: Client) -> str:
    response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture(autouse=True)
def open_with_the_token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer falsch", f"Basic {TOKEN}x"])
def test_metrics_are_not_found_without_the_token(client: Client, db: None, given: str) -> None:
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_metrics_are_not_found_where_no_token_is_set(client: Client, db: None, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize(
    ("allowed", "headers", "status"),
    [
        (["127.0.0.0/8"], {}, 200),
        (["10.0.0.0/8"], {}, 404),
        (["127.0.0.0/8"], {"X-Forwarded-For": "10.1.1.1"}, 404),  # came through the proxy: anybody
        (["10.0.0.0/8"], {"X-Forwarded-For": "10.1.1.1"}, 404),
    ],
)
def test_metrics_by_address(
    client: Client, db: None, settings: Settings, allowed: list[str], headers: dict[str, str], status: int
) -> None:
    settings.METRICS_TOKEN, settings.METRICS_ALLOWED = "", allowed
    assert client.get("/metrics", headers=headers).status_code == status


def test_metrics_count_requests_and_registrations(client: Client, batch: Batch) -> None:
    before = scraped(client)
    client.get(form_url(batch))
    client.post(form_url(batch), typed(phone="1"))
    client.post(form_url(batch), typed())
    after = scraped(client)

    def more(name: str, **labels: str) -> float:
        return figure(after, name, **labels) - figure(before, name, **labels)

    route = "participants:register"
    assert more("portal_request_seconds_count", route=route, method="GET", status="2xx") == 1
    assert more("portal_request_seconds_count", route=route, method="POST") == 2
    assert more("portal_registrations_total", result="taken") == 1
    assert more("portal_registrations_total", result="refused") == 1
    assert more("portal_request_seconds_sum", route=route) > 0


def test_metrics_tell_what_the_database_knows(client: Client, batch: Batch) -> None:
    factories.registration(batch)
    note_alive(part="beat", name="beat@a")
    record(action="sign_in.failed", by=None)
    text = scraped(client)
    assert figure(text, "portal_seats", state="quota") == 7
    assert figure(text, "portal_seats", state="held") == 1
    assert figure(text, "portal_outbox", state="queued") == 1
    assert "portal_outbox_oldest_seconds{" in text
    assert "portal_seal_lag_seconds" in text
    assert 0 <= figure(text, "portal_heartbeat_age_seconds", part="beat") < 30
    assert figure(text, "portal_database_connections") >= 1
    assert figure(text, "portal_database_up") == 1


def test_metrics_hold_no_personal_data(client: Client, batch: Batch) -> None:
    client.post(form_url(batch), typed())
    client.get("/tidak-ada/9971015207990001/")
    text = scraped(client)
    assert [
        piece for piece in ("9971015207990001", "Siti", "contoh.example", "08120000", "0812-0000") if piece in text
    ] == []


@shared_task(name="tests.counted")
def counted(fails: bool) -> None:
    if fails:
        raise ValueError


def test_metrics_count_tasks(client: Client, db: None) -> None:
    counted.apply(args=(False,))
    counted.apply(args=(True,))
    text = scraped(client)
    assert figure(text, "portal_tasks_total", task="tests.counted", result="done") == 1
    assert figure(text, "portal_tasks_total", task="tests.counted", result="failed") == 1


def visit(url: str) -> int:
    return urllib3.request("GET", url, headers={"Connection": "close"}).status


def test_metrics_of_several_web_processes_are_added_up(transactional_db: None, tmp_path: Path) -> None:
    port = free_port()
    own = {"PORT": str(port), "WEB_WORKERS": "2", "WEB_THREADS": "1", "METRICS_TOKEN": TOKEN, "LOG_LEVEL": "INFO"}
    own |= {"DATABASE_URL": database_url(connection.settings_dict["NAME"])}
    own |= {"PROMETHEUS_MULTIPROC_DIR": str(folder := tmp_path / "counts")}
    with open(tmp_path / "log", "w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "ikm_portal.wsgi"],
            cwd=ROOT,
            env=os.environ | own,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(lambda: (tmp_path / "log").read_text().count("Booting") == 2, 40, "two processes")
        sent = 0
        while len(list(folder.glob("histogram_*.db"))) < 2:
            assert sent < 400, [sorted(path.name for path in folder.glob("*")), (tmp_path / "log").read_text()[-1500:]]
            with ThreadPoolExecutor(8) as many:
                list(many.map(lambda _turn: visit(f"http://127.0.0.1:{port}/status/"), range(16)))
            sent += 16
        (first, *_rest) = [int(path.stem.split("_")[1]) for path in folder.glob("histogram_*.db")]
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: (tmp_path / "log").read_text().count("Booting") == 3, 20, "a new process")
        address = f"http://127.0.0.1:{port}/metrics"
        text = urllib3.request("GET", address, headers={"Authorization": f"Bearer {TOKEN}"}).data.decode()
        assert figure(text, "portal_request_seconds_count", route="participants:status") == sent
    finally:
        server.terminate()
        server.wait(30)
    assert not folder.exists()
