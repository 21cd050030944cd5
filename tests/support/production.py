"""An installation with production settings, servers, replica and workers of its own, spoken to as a proxy would."""

import base64
import contextlib
import fcntl
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import psycopg2
import urllib3

from ikm_portal import servers
from ikm_portal.servers import place as places
from ikm_portal.servers.place import Place
from tests.support.servers import DATA, ROOT, copy_migrated

HOST = "portal.example.go.id"
ORIGIN = f"https://{HOST}"
REPLICA_PORT = 5433
INHERITED = ("PATH", "HOME", "LANG", "TMPDIR")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], object], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)


# For scripts: how people sign in is another test's subject, so their session says that they did it in both steps.
SIGN_IN = """
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest
from django.test import Client

def sign_in(user):
    client, request = Client(), HttpRequest()
    client.force_login(user)
    request.session = client.session
    record_authentication(request, user, method="mfa", type="totp")
    request.session.save()
    return request.session.session_key
"""


class Inputs(HTMLParser):
    """The hidden fields of the form that posts to an address; a form without one posts to its own page."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__()
        self.page, self.action, self.inside = page, action, False
        self.hidden: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = (given.get("action") or self.page) == self.action and given.get("method") == "post"
        elif tag == "input" and self.inside and given.get("type") == "hidden":
            self.hidden[given.get("name") or ""] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"


@dataclass
class Answer:
    status: int
    text: str
    headers: dict[str, str]


@dataclass
class Visitor:
    """A browser without a window behind a proxy that speaks TLS."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    scheme: str = "https"
    pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False, timeout=15))

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None, referer: str = "/") -> Answer:
        headers = {"Host": HOST, "X-Forwarded-Proto": self.scheme, "X-Forwarded-For": "192.0.2.7"}
        headers |= {"Referer": ORIGIN + referer, "Origin": ORIGIN} if method == "POST" else {}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        address = f"http://127.0.0.1:{self.port}{path}"
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if fields is not None else {}
        body = urlencode(fields) if fields is not None else None
        got = self.pool.request(method, address, body=body, headers=headers, redirect=False)
        for line in got.headers.getlist("Set-Cookie"):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Answer(got.status, got.data.decode(), dict(got.headers))

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def send(self, page: str, action: str, **fields: str) -> Answer:
        """Opens the page, takes the hidden fields of its form, and sends it as a person would."""
        form = Inputs(page, action)
        form.feed(self.get(page).text)
        assert "csrfmiddlewaretoken" in form.hidden, f"no form to {action} on {page}"
        return self.ask("POST", action, form.hidden | fields, referer=page)


@dataclass
class Installation:
    folder: Path
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        return places.find_place(self.folder / "servers")

    def manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def start(self, name: str, *command: str) -> None:
        with open(self.folder / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-W", "ignore:::celery.platforms", "-m", *command],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def answers(self) -> bool:
        try:
            return Visitor(self.port).get("/healthz").status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def collect_static(self) -> None:
        """Into a folder that all runs share; who comes second waits for the first."""
        with open(DATA / "production-static.lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            collect = "from ikm_portal.management.commands.prepare import Command; Command().collect_static()"
            self.manage("shell", "-v0", "-c", collect)

    def start_web(self) -> None:
        self.collect_static()
        self.start("web", "gunicorn", "ikm_portal.wsgi")

    def said(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def end(self, name: str) -> int:
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(30)
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)

    def sql(self, statement: str, *, port: int = 5432) -> object:
        """One value, straight from one of the two servers."""
        at = {"host": str(self.place.sockets), "port": port, "user": places.OWNER, "dbname": places.OWNER}
        with contextlib.closing(psycopg2.connect(**at)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchone()[0] if cursor.description else None

    def start_replica(self) -> None:
        """A copy made and kept by PostgreSQL's own tools."""
        place, copy = self.place, self.place.store / "replica"
        places.own_folder(place, copy)
        at = ["-h", place.sockets, "-p", "5432", "-U", places.OWNER]
        made = places.run(place, "pg_basebackup", *at, "-D", copy, "-R", "-X", "stream", "-c", "fast")
        assert made.returncode == 0, made.stdout
        given = {"port": REPLICA_PORT, "listen_addresses": "''", "unix_socket_directories": place.sockets}
        given["max_connections"] = 200  # at least the primary's
        options = " ".join(f"-c {name}={value}" for name, value in given.items())
        started = places.run(place, "pg_ctl", "-D", copy, "-w", "-l", copy / "server.log", "-o", options, "start")
        assert started.returncode == 0, (copy / "server.log").read_text()

    def kill_replica(self) -> None:
        lock = self.place.store / "replica" / "postmaster.pid"
        if lock.exists():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(lock.read_text().split()[0]), signal.SIGKILL)
            wait_for(lambda: not places.inhabited(self.place.store / "replica"), 20, "the replica's end")
            lock.unlink(missing_ok=True)


def key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def settings_of(installation: Installation, urls: places.Urls) -> dict[str, str]:
    folder = installation.folder
    return {name: os.environ[name] for name in INHERITED if name in os.environ} | {
        "PORTAL_ENV": "production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ENCRYPTION_KEYS": f"1:{key()}",
        "HASH_KEY": key(),
        "DATABASE_URL": urls.database_url,
        "REDIS_URL": urls.redis_url,
        "PORTAL_DATA": str(folder / "data"),
        "STATIC_ROOT": str(DATA / "production-static"),  # compressed once for all runs
        "ALLOWED_HOSTS": HOST,
        "CSRF_TRUSTED_ORIGINS": ORIGIN,
        "SITE_URL": ORIGIN,
        "TRUSTED_PROXIES": "1",
        "EMAIL_URL": f"filemail:///{folder}/mail",
        "DEFAULT_FROM_EMAIL": "Portal IKM <portal@example.go.id>",
        "PORT": str(installation.port),
        "WEB_WORKERS": "2",
        "WEB_THREADS": "2",
    }


@contextlib.contextmanager
def installed(folder: Path) -> Iterator[Installation]:
    """Servers and an empty, migrated database; the caller starts what else it needs."""
    installation = Installation(folder)
    with servers.use(folder / "servers") as urls:
        installation.environment = settings_of(installation, urls)
        try:
            copy_migrated(urls.database_url)
            yield installation
        finally:
            for name in list(installation.processes):
                installation.end(name)
            installation.kill_replica()
