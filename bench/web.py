"""The two web servers that are compared: the portal as in production, and the minimal project, both under gunicorn."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from ikm_portal.keys import local_keys
from ikm_portal.servers.place import find_place

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def portal() -> Iterator["Server"]:
    """Production's settings: real keys, manifest of static files, secure cookies, cached templates."""
    data = settings.DATA_DIR
    keys = {name.upper(): str(value) for name, value in local_keys(data / "keys.json").items()}
    known = {"PORTAL_ENV": "production", "SITE_URL": "https://portal.example.go.id"}
    known |= {"ALLOWED_HOSTS": "127.0.0.1", "LOG_LEVEL": "ERROR"}
    # The watch over forms counts what comes in but does not take the rush for an attack.
    watch = {"WATCH_ALL_PER_MINUTE": "0", "WATCH_PLACE_PER_MINUTE": "0"}
    environment = os.environ | keys | known | watch | {"STATIC_ROOT": str(data / "collected")}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    with _serving("ikm_portal.wsgi:application", environment) as server:
        yield server


@contextmanager
def minimal() -> Iterator["Server"]:
    """The contender, in a database of its own on the same server."""
    url = os.environ["DATABASE_URL"]
    with closing(psycopg2.connect(**dsn())) as door:
        door.autocommit = True
        door.cursor().execute("DROP DATABASE IF EXISTS minimal WITH (FORCE)")
        door.cursor().execute("CREATE DATABASE minimal")
    environment = os.environ | {"MINIMAL_DATABASE_URL": url.replace("/portal?", "/minimal?")}
    subprocess.run([sys.executable, "-m", "bench.minimal.prepare"], cwd=ROOT, env=environment, check=True)
    with _serving("bench.minimal.wsgi:application", environment) as server:
        yield server


def database_pids() -> list[int]:
    """PostgreSQL and the Redis-compatible server of the bench."""
    place = find_place(settings.DATA_DIR)
    postmaster = int((place.pg / "postmaster.pid").read_text().split()[0])
    return [postmaster, int(cache._cache.get_client().info()["process_id"])]  # type: ignore[attr-defined]  # no stub


class Server:
    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port

    @property
    def pid(self) -> int:
        return self.process.pid


@contextmanager
def _serving(application: str, environment: dict[str, str]) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "--log-level", "warning", application]
    environment = environment | {"HOST": "127.0.0.1", "PORT": str(port), "WEB_WORKERS": "2", "WEB_THREADS": "4"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait_for(port)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int) -> None:
    for _attempt in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"Nothing answers on port {port}.")


def dsn() -> dict[str, str]:
    found = connection.get_connection_params()
    return {name: str(found[name]) for name in ("dbname", "user", "host", "port") if found.get(name)}
