"""Initialise, start and stop the embedded PostgreSQL."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import time

from ikm_portal.servers.place import (
    HAS_PROC,
    OWNER,
    ROOM_TO_WORK,
    Place,
    ServersError,
    inhabited,
    own_folder,
    passable,
    require_room,
    run,
)

COMPLETE = "portal-complete"
ROOM_TO_BEGIN = 400 * 1024**2


def start(place: Place) -> None:
    own_folder(place, place.sockets)
    if not answers(place):
        _require_database_folder(place)
        require_room(place.store, ROOM_TO_WORK)
        _run_postmaster(place)
    query = f"SELECT 1 FROM pg_database WHERE datname = '{OWNER}'"  # noqa: S608 - a constant
    at = ["-h", place.sockets, "-p", "5432", "-U", OWNER]
    if run(place, "psql", *at, "-d", "postgres", "-XAtc", query).stdout.strip() != "1":
        made = run(place, "createdb", *at, OWNER)
        if made.returncode:
            raise ServersError(f"The database could not be created: {made.stdout.strip()}")


def _require_database_folder(place: Place) -> None:
    """Initialise aside and rename, so that a folder named `pg` is always whole."""
    if place.account and not passable(place.account, [place.store]):
        raise ServersError(f"{place.store} is closed to the account nobody, which PostgreSQL runs under. Open the way.")
    for leftover in place.store.glob("pg.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    if place.pg.is_dir() and not any(place.pg.iterdir()):
        place.pg.rmdir()
    if not place.pg.exists():
        _initialise(place)
    own_folder(place, place.pg)
    if not (place.pg / COMPLETE).exists() or not (place.pg / "PG_VERSION").exists():
        raise ServersError(
            f"{place.pg} is not a complete database of the portal (an interrupted copy or another program's folder?). "
            "Move it away to begin with a new one, or restore it from a backup."
        )
    found = (place.pg / "PG_VERSION").read_text().strip()
    offered = run(place, "postgres", "--version").stdout.split()[-1].split(".")[0]
    if found != offered:
        raise ServersError(
            f"{place.pg} was written by PostgreSQL {found}, installed is {offered}. "
            f"Dump it with version {found} and load it into a new folder."
        )


def _initialise(place: Place) -> None:
    require_room(place.store, ROOM_TO_BEGIN)
    draft = place.store / f"pg.new-{secrets.token_hex(4)}"
    own_folder(place, draft)
    options = ["-U", OWNER, "--auth=trust", "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    made = run(place, "initdb", "-D", draft, *options, "--locale=C.UTF-8", "--data-checksums", "-N")
    if made.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        raise ServersError(f"The database could not be initialised: {_last_lines(made.stdout)}")
    if not place.test:
        os.sync()
    (draft / COMPLETE).touch()
    draft.rename(place.pg)


def _postgres_options(place: Place) -> str:
    options = {
        "listen_addresses": "''",
        "port": "5432",
        "unix_socket_directories": str(place.sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "timezone": "UTC",
        # The log must not repeat what people typed.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }
    if place.test:
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    else:
        options["shared_preload_libraries"] = "pg_stat_statements"
    return " ".join(f"-c {name}={value}" for name, value in options.items())


def _run_postmaster(place: Place) -> None:
    log = place.pg / "server.log"
    if log.exists() and log.stat().st_size > 10 * 1024**2:
        log.unlink()
    said = ""
    for _attempt in range(40):
        # A killed postmaster that nobody has reaped yet, or a stranger with its old number, looks alive to PostgreSQL.
        if not inhabited(place.pg):
            (place.pg / "postmaster.pid").unlink(missing_ok=True)
        began = log.stat().st_size if log.exists() else 0
        run(place, "pg_ctl", "-D", place.pg, "-w", "-t", "60", "-l", log, "-o", _postgres_options(place), "start")
        if answers(place):
            return
        said = log.read_bytes()[began:].decode(errors="replace") if log.exists() else ""
        if "No space left" in said:
            break
        time.sleep(0.25)
    raise ServersError(f"PostgreSQL did not start: {_last_lines(said)} (more in {log})")


def _last_lines(text: str) -> str:
    if "No space left" in text:
        return "no space left on the disk."
    return " / ".join(line.strip() for line in text.strip().splitlines()[-3:]) or "it gave no reason."


def answers(place: Place) -> bool:
    return run(place, "pg_isready", "-q", "-h", place.sockets, "-p", "5432").returncode == 0


def listens(place: Place) -> bool:
    """A cheaper question than `answers`: is there a process behind the socket?"""
    try:
        with socket.socket(socket.AF_UNIX) as talk:
            talk.settimeout(2)
            talk.connect(str(place.sockets / ".s.PGSQL.5432"))
    except OSError:
        return False
    return True


def stop(place: Place) -> None:
    """By signals: they need no right to enter the folder."""
    for number in (signal.SIGINT, signal.SIGQUIT):  # PostgreSQL's fast and immediate
        if not inhabited(place.pg):
            return
        with contextlib.suppress(OSError, ValueError, IndexError):
            os.kill(int((place.pg / "postmaster.pid").read_text().split()[0]), number)
        deadline = time.monotonic() + 30
        while inhabited(place.pg) and time.monotonic() < deadline:
            if not (place.pg / "postmaster.pid").exists() and not HAS_PROC:
                return
            time.sleep(0.02)
