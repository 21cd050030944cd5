#!/usr/bin/env python3
"""Django's commands. Where DATABASE_URL or REDIS_URL is unset the portal's own server runs around the command."""

import contextlib
import importlib.util
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
WITHOUT_SERVERS = {"", "check", "collectstatic", "compilemessages", "findstatic", "help", "makemessages", "version"}


def enter_environment() -> None:
    """Go on with the checkout's own Python when this one lacks Django."""
    if importlib.util.find_spec("django") is not None:
        return
    python = Path(os.environ.get("PORTAL_VENV", ROOT / ".venv")) / "bin" / "python"
    if not python.exists() or os.environ.get("PORTAL_REEXECUTED"):
        sys.exit("The packages of the portal are not installed. Run `make run` or `python3 portal.py run` once.")
    os.environ["PORTAL_REEXECUTED"] = "1"
    os.execv(python, [str(python), *sys.argv])  # noqa: S606 - the checkout's own Python, no shell wanted


def needs_servers(arguments: list[str]) -> bool:
    command = arguments[1] if len(arguments) > 1 else ""
    return not command.startswith("-") and command not in WITHOUT_SERVERS and not {"-h", "--help"} & set(arguments)


def run_with_servers(arguments: list[str]) -> None:
    given = {name for name in os.environ if os.environ[name]}
    missing = {name for name in ("DATABASE_URL", "REDIS_URL") if not {name, f"{name}_FILE"} & given}
    with contextlib.ExitStack() as stack:
        if missing and needs_servers(arguments):
            if os.environ.get("PORTAL_ENV") == "production":
                sys.exit(f"In production {' and '.join(sorted(missing))} must be set.")
            from ikm_portal import servers  # noqa: PLC0415 - its package needs Django, which may only now be importable

            try:
                data = os.environ.get("PORTAL_DATA", ROOT / "var")
                urls = stack.enter_context(
                    servers.use(data, with_postgres="DATABASE_URL" in missing, with_valkey="REDIS_URL" in missing)
                )
            except servers.ServersError as error:
                sys.exit(str(error))
            os.environ.setdefault("DATABASE_URL", urls.database_url)
            os.environ.setdefault("REDIS_URL", urls.redis_url)
        execute(arguments)


def execute(arguments: list[str]) -> None:
    """Settings and servers that are not as they must be end a command in a sentence; --traceback shows the rest."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - Django may only now be importable
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - needs Django too
    from django.db import OperationalError, ProgrammingError  # noqa: PLC0415 - needs Django too

    try:
        execute_from_command_line(arguments)
    except (ImproperlyConfigured, OperationalError, ProgrammingError) as error:
        has_no_table = getattr(error.__cause__, "pgcode", "") == "42P01"
        if "--traceback" in arguments or (isinstance(error, ProgrammingError) and not has_no_table):
            raise
        sys.exit(
            "The database has no tables, or older ones: run `migrate` first." if has_no_table else str(error).strip()
        )


def leave(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikm_portal.settings")
    enter_environment()
    run_with_servers(sys.argv)
