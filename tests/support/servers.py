"""Servers, databases and settings of a test session. Imported before Django reads its settings."""

import atexit
import contextlib
import fcntl
import hashlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

import django
import psycopg2

from ikm_portal import servers
from ikm_portal.backups.postgres import candidates

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = Path(os.environ.get("PORTAL_TEST_DATA", ROOT / "var" / "test"))
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
DATABASES_OF_VALKEY = 4096


def open_session() -> None:
    """Start the servers once per session, name what belongs to this process alone, and load Django.

    Several sessions may run at once on the same servers, each with workers of its own: every process has its own test
    database and its own database number in Valkey (clearing Django's cache empties that whole number).
    """
    os.environ["PORTAL_ENV"] = "test"
    os.environ["PORTAL_DATA"] = str(DATA)
    os.environ["DJANGO_SETTINGS_MODULE"] = "ikm_portal.settings"
    # Playwright's loop runs in the thread of the tests, so Django would take every query there for an asynchronous one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    if not WORKER:
        os.environ["PORTAL_TEST_SESSION"] = str(os.getpid())
        _start_servers()
    (DATA / "static").mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing folder
    os.environ["REDIS_URL"] = _own_redis_url(os.environ["REDIS_URL"])
    django.setup()
    # xdist's workers inherit the environment; with this name in it pytest-django would read the settings too early.
    del os.environ["DJANGO_SETTINGS_MODULE"]
    from django.conf import settings  # noqa: PLC0415 - only now may the settings be read

    if settings.PORTAL_ENV != "test" or os.environ["REDIS_URL"] != settings.REDIS_URL:
        sys.exit("The settings were read before the tests could prepare them. Unset DJANGO_SETTINGS_MODULE.")


def _start_servers() -> None:
    missing = {name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)}
    if not missing:
        return
    stack = contextlib.ExitStack()
    try:
        urls = stack.enter_context(
            servers.use(DATA, test=True, with_postgres="DATABASE_URL" in missing, with_valkey="REDIS_URL" in missing)
        )
    except servers.ServersError as error:
        sys.exit(str(error))
    atexit.register(stack.close)
    signal.signal(signal.SIGTERM, _leave)
    os.environ.setdefault("DATABASE_URL", urls.database_url)
    os.environ.setdefault("REDIS_URL", urls.redis_url)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


def _own_redis_url(url: str) -> str:
    number = int(WORKER.removeprefix("gw")) + 1 if WORKER else 0
    if "virtual_host=" in url:
        slot = (int(os.environ["PORTAL_TEST_SESSION"]) * 8 + number) % DATABASES_OF_VALKEY
        return re.sub(r"virtual_host=\d+", f"virtual_host={slot}", url)
    return re.sub(r"(rediss?://[^/]+)(/\d*)?", rf"\g<1>/{number}", url)


def own_database() -> str:
    return f"test_{os.environ['PORTAL_TEST_SESSION']}_{WORKER or 'main'}"


def template_database() -> str:
    """A migrated database to copy, made once for each state of the migrations."""
    files = sorted(ROOT.glob("*/migrations/*.py"))
    digest = hashlib.sha256(b"".join(str(path).encode() + path.read_bytes() for path in files)).hexdigest()[:12]
    name = f"template_{digest}"
    DATA.mkdir(parents=True, exist_ok=True)
    with open(DATA / "template.lock", "a") as lock, contextlib.closing(_connect()) as connection:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^(test|template|draft)_[0-9a-f]+'")
            found = {row[0] for row in cursor.fetchall()}
            for old in found - {name}:
                if _is_left_over(old):
                    cursor.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
            if name not in found:
                draft = name.replace("template", "draft")
                cursor.execute(f'CREATE DATABASE "{draft}"')
                _migrate(draft)
                cursor.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
    return name


def copy_migrated(into: str) -> None:
    """Into an empty database of other servers, by its address: quicker than all migrations once more."""
    dump, restore = (str([*candidates(name)][-1]) for name in ("pg_dump", "psql"))
    out = ["--no-owner", "--no-privileges", "--dbname", database_url(template_database())]
    with subprocess.Popen([dump, *out], stdout=subprocess.PIPE) as source:
        words = ["-q", "-X", "-1", "-v", "ON_ERROR_STOP=1", "-d", into]
        subprocess.run([restore, *words], stdin=source.stdout, stdout=subprocess.DEVNULL, check=True)
    if source.returncode:
        raise subprocess.CalledProcessError(source.returncode, dump)


def _connect() -> "psycopg2.extensions.connection":
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    return connection


def _is_left_over(name: str) -> bool:
    session = re.fullmatch(r"test_(\d+)_\w+", name)
    return session is None or not Path(f"/proc/{session[1]}").exists()


def _migrate(database: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url(database)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"The migrations do not run on an empty database:\n{done.stderr}")


def database_url(name: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
