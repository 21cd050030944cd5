"""The portal as it runs for real, on servers of its own, whose parts a test may kill."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg2

from ikm_portal import servers
from tests.support.servers import ROOT, copy_migrated


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], object], seconds: float = 60, told: Callable[[], object] = str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {told()}"
        time.sleep(0.05)


@dataclass
class Stack:
    """Each part is a group of processes: `kill` is what a power cut does to it."""

    data: Path
    urls: servers.Urls
    settings: dict[str, str]
    port: int = field(default_factory=free_port)
    parts: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "PYTEST"))}
        return kept | {
            "PORTAL_ENV": "test",
            "PORTAL_DATA": str(self.data),
            "DATABASE_URL": self.urls.database_url,
            "REDIS_URL": self.urls.redis_url,
            "PORT": str(self.port),
            "WEB_WORKERS": "2",
            "PYTHONWARNINGS": "ignore",
            # The rush of a test types faster than people do and comes from one address.
            "WATCH_ALL_PER_MINUTE": "0",
            "WATCH_PLACE_PER_MINUTE": "0",
            "THROTTLE_REGISTER": "100000",
            **self.settings,
        }

    def manage(self, *words: str) -> str:
        return self._run("manage.py", *words)

    def python(self, script: str) -> str:
        """What the script prints, with Django set up and the tests' factories at hand."""
        prelude = "import os, django\nos.environ['DJANGO_SETTINGS_MODULE'] = 'ikm_portal.settings'\ndjango.setup()\n"
        return self._run("-c", prelude + script)

    def _run(self, *words: str) -> str:
        command = [sys.executable, *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, name: str) -> None:
        celery = ["-m", "celery", "--quiet", "-A", "ikm_portal"]
        quiet = ["--loglevel", "WARNING", "--without-mingle", "--without-gossip", "--queues", "celery,jobs"]
        commands = {
            "web": ["-m", "gunicorn", "--log-level", "warning", "ikm_portal.wsgi:application"],
            "worker": [*celery, "worker", "--concurrency", "2", *quiet],
        }
        with open(self.data / f"{name}.log", "ab") as log:
            self.parts[name] = subprocess.Popen(
                [sys.executable, *commands[name]],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if name == "web":
            wait_until(lambda: self.get("/healthz") == 200, 60, lambda: self.said("web"))

    def kill(self, name: str) -> None:
        part = self.parts.pop(name)
        os.killpg(part.pid, signal.SIGKILL)
        part.wait()

    def kill_one_child(self, name: str) -> None:
        """One process of several, as the kernel does when memory is short."""
        pid = self.parts[name].pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGKILL)

    def kill_server(self, name: str) -> None:
        """`postgres` or `valkey`; `keep` starts it again."""
        file = {"postgres": "pg/postmaster.pid", "valkey": "valkey/valkey.pid"}[name]
        os.kill(int((self.data / file).read_text().split()[0]), signal.SIGKILL)

    def keep(self) -> None:
        servers.keep(self.data)

    def call(self, task: str) -> None:
        self.python(f"from ikm_portal.celery import app\napp.send_task({task!r})")

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        connection = psycopg2.connect(self.urls.database_url)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def get(self, path: str) -> int:
        try:
            return Visitor(self.port).get(path).status
        except (OSError, HTTPException):
            return 0

    def said(self, name: str) -> str:
        return (self.data / f"{name}.log").read_text(errors="replace")[-3000:]

    def stop(self) -> None:
        for name in list(self.parts):
            self.kill(name)


@contextmanager
def running_stack(folder: Path, **settings: str) -> Iterator[Stack]:
    """Migrated servers on `folder` with full durability; web and worker are started by the test."""
    data = folder / "data"
    with servers.use(data) as urls:
        (data / "static").mkdir(exist_ok=True)
        stack = Stack(data, urls, settings)
        copy_migrated(urls.database_url)
        try:
            yield stack
        finally:
            stack.stop()


@dataclass
class Page:
    status: int
    text: str
    location: str


class Visitor:
    """A browser without JavaScript: it keeps cookies and asks on one connection."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, SimpleCookie()

    def get(self, path: str) -> Page:
        return self._ask("GET", path)

    def post(self, path: str, form: dict[str, Any]) -> Page:
        return self._ask("POST", path, urlencode(form))

    def _ask(self, method: str, path: str, body: str | None = None) -> Page:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        self._keep_cookies(answer)
        return Page(answer.status, text, answer.headers.get("Location", ""))

    def _keep_cookies(self, answer: HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.load(line)


def hidden(page: Page, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found is not None, f"no field {name} on the page ({page.status})"
    return found[1]
