"""Every line is readable by a machine, belongs to its request, and tells nothing about a person."""

import json
import logging
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import shared_task
from django.db import connection
from django.test import Client
from pytest_django import Settings

from accounts.models import AuditEntry
from ikm_portal.logs import PortalFormatter, redacted
from kit.context import acting
from kit.wakeup import send
from programs.models import Batch
from tests import cast, factories
from tests.participants.public_form import form_url, typed
from tests.support.failing_urls import SECRET_WORDS
from tests.support.servers import ROOT, database_url
from tests.support.worker import CeleryWorker

PROXY_ID = "0af7651916cd43dd8448eb211c80319c"


class Kept(logging.Handler):
    """What the console would have got, as JSON."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(PortalFormatter(as_json=True))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]

    def of(self, event: str) -> list[dict[str, Any]]:
        return [found for found in self.events if found["event"] == event]


@pytest.fixture
def log() -> Iterator[Kept]:
    kept, root = Kept(), logging.getLogger()
    before = root.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    yield kept
    root.setLevel(before)
    root.removeHandler(kept)


@pytest.fixture
def batch(db: None) -> Batch:
    return factories.batch(factories.program(cast.home_agency(), slug="dbhcht"), slug="bendan-kergon")


@pytest.fixture
def visitor(settings: Settings) -> Client:
    settings.ROOT_URLCONF = "tests.support.failing_urls"
    return Client(raise_request_exception=False)


def pieces(*words: str) -> set[str]:
    """Every spelling under which a typed piece could come out again."""
    return {
        spelling for word in words for spelling in (word, word.lower(), re.sub(r"\D", "", word)) if len(spelling) > 4
    }


def holds(lines: list[str], *words: str) -> list[str]:
    said = "\n".join(lines)
    return sorted(piece for piece in pieces(*words) if piece in said)


PERSONAL = (
    *("Siti Contoh", "99 7101 520799 0001", "9971015207990001", "0812-0000-0001", "+6281200000001"),
    *("warga1@contoh.example", "Jalan Contoh 1", "Penjahit", "1999-07-12"),
)


@pytest.mark.django_db(transaction=True)
def test_registration_leaves_no_personal_data_in_the_log(log: Kept, visitor: Client, transactional_db: None) -> None:
    batch = factories.batch(factories.program(cast.home_agency(), slug="dbhcht"), slug="bendan-kergon")
    assert visitor.post(form_url(batch), typed(region="", phone="12")).status_code == 422
    assert visitor.post(form_url(batch), typed()).status_code == 302
    visitor.get("/status/?nomor=9971015207990001&nama=Siti+Contoh")
    visitor.get("/tidak-ada/9971015207990001/siti@contoh.example/")
    assert holds(log.lines, *PERSONAL) == []
    assert [event["route"] for event in log.of("request answered")] == [
        *("participants:register", "participants:register", "participants:status", "unknown")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/gagal/token-rahasia/?nik=9971015207990777", "/ditolak/", "/bicara/"])
def test_failures_leave_no_personal_data_in_the_log(log: Kept, visitor: Client, batch: Batch, path: str) -> None:
    visitor.get(path)
    assert holds(log.lines, *SECRET_WORDS, "token-rahasia") == []


@pytest.mark.django_db
def test_failure_tells_kind_place_and_constraint(log: Kept, visitor: Client, batch: Batch) -> None:
    response = visitor.get("/ditolak/")
    (line,) = [event for event in log.events if event["logger"] == "django.request"]
    assert response.status_code == 500
    assert line["request_id"] == response["X-Request-ID"]
    assert line["error"] == "django.db.utils.IntegrityError < psycopg2.errors.CheckViolation"
    assert (line["sqlstate"], line["constraint"]) == ("23514", "accounts_user_username_plain")
    assert (line["route"], line["level"]) == ("refused", "error")
    assert "tests/support/failing_urls.py" in line["trace"]


@pytest.mark.django_db
def test_request_line_names_user_and_office_by_number(log: Kept, client: Client) -> None:
    officer = cast.program_officer()
    client.force_login(officer)
    response = client.get("/kerja/")
    (line,) = log.of("request answered")
    told = {name: line[name] for name in ("route", "status", "method", "user", "agency", "request_id")}
    assert told == {
        "route": "workspace",
        "status": 200,
        "method": "GET",
        "user": officer.pk,
        "agency": officer.agency_id,
        "request_id": response["X-Request-ID"],
    }
    assert line["ms"] > 0
    assert holds(log.lines, officer.full_name, officer.username) == []


@pytest.mark.django_db
def test_request_id_is_taken_from_a_trusted_proxy_only(client: Client, settings: Settings) -> None:
    given = {"X-Request-ID": PROXY_ID}
    assert client.get("/healthz", headers=given)["X-Request-ID"] != PROXY_ID
    settings.TRUSTED_PROXIES = 1
    assert client.get("/healthz", headers=given)["X-Request-ID"] == PROXY_ID


@pytest.mark.parametrize("given", ["9971015207990777", "a" * 31, "a" * 65, "x\r\nSet-Cookie: a=b", "", "Siti Rahasia"])
def test_request_id_of_another_form_is_not_taken(client: Client, settings: Settings, given: str) -> None:
    settings.TRUSTED_PROXIES = 1
    assert re.fullmatch(r"[0-9a-f]{32}", client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"])


@pytest.mark.django_db
def test_request_id_stands_in_the_trail_and_on_the_error_page(visitor: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    visitor.post("/masuk/", {"login": "tidak.ada", "password": "salah"}, headers={"X-Request-ID": PROXY_ID})
    assert AuditEntry.objects.latest("pk").request_id == PROXY_ID
    for path in ("/gagal/x/", "/tidak-ada/"):
        assert PROXY_ID in visitor.get(path, headers={"X-Request-ID": PROXY_ID}).content.decode()


@shared_task(name="tests.fails")
def fails() -> None:
    raise ValueError(" ".join(SECRET_WORDS))


def test_failed_task_tells_kind_and_place_alone(log: Kept, db: None) -> None:
    fails.apply(headers={"portal_request_id": PROXY_ID})
    (line,) = [event for event in log.events if event["level"] == "error"]
    assert (line["error"], line["task"], line["request_id"]) == ("ValueError", "tests.fails", PROXY_ID)
    assert holds(log.lines, *SECRET_WORDS) == []


def test_worker_tells_the_request_that_asked(celery_worker: CeleryWorker) -> None:
    with acting(request_id=PROXY_ID):
        assert send("jobs.tasks.sweep")
    celery_worker.wait_for(lambda: any(f"request_id={PROXY_ID}" in line for line in celery_worker.lines))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NIK 9971015207990001 ada", "NIK [number] ada"),
        ("99.71.01.520799.0001", "[number]"),
        ("telp +62 812-0000-0001.", "telp [number]."),
        ("tulis ke Siti.C+x@contoh.co.id, ya", "tulis ke [e-mail], ya"),
        ("login=siti%40contoh.example&x", "login=[e-mail]&x"),
        (f"task [{PROXY_ID}] of 7 in 120 ms", f"task [{PROXY_ID}] of 7 in 120 ms"),
        ("2e8a7c5d-1111-4222-8333-123456789012 done", "2e8a7c5d-1111-4222-8333-123456789012 done"),
        ("batch 123456 of 2026", "batch 123456 of 2026"),
    ],
)
def test_redaction(text: str, expected: str) -> None:
    assert redacted(text) == expected


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(port: int, line: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as talk:
        talk.sendall(f"{line}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        return talk.recv(4096)


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + 40
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_gunicorn_tells_its_own_lines_in_the_same_way(transactional_db: None, tmp_path: Path) -> None:
    port = free_port()
    surroundings = {"PORT": str(port), "LOG_FORMAT": "json", "LOG_LEVEL": "INFO", "WEB_WORKERS": "1"}
    surroundings["DATABASE_URL"] = database_url(connection.settings_dict["NAME"])
    with open(tmp_path / "log", "w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "ikm_portal.wsgi"],
            cwd=ROOT,
            env=os.environ | surroundings,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for_port(port)
        assert ask(port, "GET /status/?nik=9971015207990777 HTTP/1.1").startswith(b"HTTP/1.1 200")
        ask(port, "GET /status/Siti Rahasia/9971015207990777")
        ask(port, "Siti-Rahasia:9971015207990777 / HTTP/1.1")
    finally:
        server.terminate()
        server.wait(30)
    lines = (tmp_path / "log").read_text().splitlines()
    events = [json.loads(line) for line in lines]
    assert holds(lines, *SECRET_WORDS, "Siti") == []
    assert [event["route"] for event in events if event["event"] == "request answered"] == ["participants:status"]
    assert any(event["logger"] == "gunicorn.error" for event in events)
