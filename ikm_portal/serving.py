"""The running portal: embedded servers, preparation, web, worker and beat under one roof. `portal.py` is its door."""

import contextlib
import fcntl
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from ikm_portal import servers
from ikm_portal.supervisor import Child, Supervisor, say

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("PORTAL_DATA") or ROOT / "var").resolve()
URLS = ("DATABASE_URL", "REDIS_URL")


@contextlib.contextmanager
def servers_in_environment() -> Iterator[bool]:
    """Set what is missing of DATABASE_URL and REDIS_URL; yields whether embedded servers run."""
    missing = {name for name in URLS if not (os.environ.get(name) or os.environ.get(f"{name}_FILE"))}
    if not missing:
        yield False
        return
    with servers.use(DATA, with_postgres="DATABASE_URL" in missing, with_valkey="REDIS_URL" in missing) as urls:
        os.environ.update({name: getattr(urls, name.lower()) for name in missing})
        yield True


def manage(*arguments: str) -> None:
    if subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, check=False).returncode:
        raise servers.ServersError(f"`manage.py {' '.join(arguments)}` failed; the reason stands above.")


def run() -> None:
    began = time.monotonic()
    host, port = os.environ["HOST"], int(os.environ["PORT"])
    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 - compared, not bound
    (DATA / "run.lock").write_text(f"process {os.getpid()}, {address}")
    with servers_in_environment() as embedded:
        accounts = DATA / "demo-accounts.txt"
        manage("prepare", "--accounts", str(accounts))

        def ready() -> bool:
            if not answers(host, port):
                return False
            say(f"\nPortal IKM answers on {address} (after {time.monotonic() - began:.1f} s). Ctrl-C stops it.\n")
            if accounts.exists():
                say(accounts.read_text())
            return True

        def upkeep() -> None:
            if embedded:
                with contextlib.suppress(servers.ServersError):
                    servers.keep(DATA)

        Supervisor(children(), upkeep, ready).run()


def children() -> list[Child]:
    # Celery warns of root, which a container or a first look on a rented server cannot help.
    calm = ["-W", "ignore:::celery.platforms"]
    celery = [sys.executable, *calm, "-m", "celery", "--quiet", "-A", "ikm_portal"]
    worker = ["worker", "--concurrency", "1", "--loglevel", "WARNING", "--without-mingle", "--without-gossip"]
    beat = ["beat", "--loglevel", "WARNING", "--pidfile", ""]
    return [
        Child("web", [sys.executable, "-m", "gunicorn", "--log-level", "warning", "ikm_portal.wsgi:application"]),
        Child("worker", [*celery, *worker, "--queues", "celery", "--hostname", "worker@%h"]),
        Child("jobs", [*celery, *worker, "--queues", "jobs", "--hostname", "jobs@%h"]),
        Child("beat", [*celery, *beat]),
    ]


def answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def reset(arguments: list[str]) -> None:
    if os.environ.get("PORTAL_ENV", "demo") != "demo":
        raise servers.ServersError("demo-reset works on a demonstration only (PORTAL_ENV=demo).")
    if os.environ.get("DATABASE_URL") and "--force" not in arguments:
        raise servers.ServersError(
            "DATABASE_URL points to a database of your own; demo-reset would drop it. Add --force if that is meant."
        )
    ask = sys.stdin.isatty() and not {"--yes", "--force"} & set(arguments)
    if ask and input("Drop everything in the demonstration and build it anew? Type yes: ").strip() != "yes":
        say("Nothing was changed.")
        return
    with servers_in_environment():
        manage("reset_database")
        manage("prepare")
    say("The demonstration is as new.")


def stop() -> None:
    """Ask the running portal to end, wait for it, then stop servers that a killed one left behind."""
    with contextlib.suppress(FileNotFoundError), open(DATA / "run.lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = lock.read().split(",")[0].removeprefix("process ")
            if holder.isdecimal():
                os.kill(int(holder), signal.SIGTERM)
            fcntl.flock(lock, fcntl.LOCK_EX)
    servers.stop(DATA)
    say("The portal of this folder is stopped.")


def leave(number: int, frame: object) -> None:
    sys.exit(128 + number)


def main(arguments: list[str]) -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    try:
        if arguments[:1] == ["reset"]:
            reset(arguments[1:])
        elif arguments[:1] == ["stop"]:
            stop()
        else:
            run()
    except servers.ServersError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
