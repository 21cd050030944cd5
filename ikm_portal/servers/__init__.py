"""The embedded PostgreSQL and Valkey: started by whoever needs them first, stopped by whoever leaves last.

Both listen on sockets in a private folder under /tmp and on no port. Everybody who uses the servers of a data folder
holds a shared lock on it; the one who can turn that into an exclusive lock is the last and stops them.
"""

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from ikm_portal.servers import postgres, valkey
from ikm_portal.servers.place import Place, ServersError, Urls, find_place, inhabited

__all__ = ["ServersError", "Urls", "keep", "running", "stop", "use"]


@contextlib.contextmanager
def use(
    data_dir: Path | str, *, test: bool = False, with_postgres: bool = True, with_valkey: bool = True
) -> Iterator[Urls]:
    """Servers that are ready while the block runs. `test` trades durability for speed. Raises ServersError."""
    data = _data_folder(data_dir)
    with open(data / "servers.lock", "a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            with _alone(data):
                place = find_place(data, test=test)
                if with_postgres:
                    postgres.start(place)
                if with_valkey:
                    valkey.start(place)
            yield place.urls
        finally:
            with _alone(data), contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _stop_both(find_place(data, test=test))


def keep(data_dir: Path | str) -> None:
    """Start again what died although it is in use. For the holder of `use`, now and then."""
    place = find_place(Path(data_dir).resolve())
    with _alone(place.data):
        if place.pg.exists() and not postgres.listens(place):
            postgres.start(place)
        if place.valkey.exists() and not valkey.answers(place):
            valkey.start(place)


def stop(data_dir: Path | str) -> None:
    """Stop what runs on this data folder, whoever uses it."""
    if not Path(data_dir).is_dir():
        return
    data = _data_folder(data_dir)
    with _alone(data):
        _stop_both(find_place(data))


def running(data_dir: Path | str) -> bool:
    """Does a server work on this data folder?"""
    data = Path(data_dir).resolve()
    if not data.is_dir():
        return False
    place = find_place(data)
    return inhabited(place.pg) or inhabited(place.valkey)


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


def _stop_both(place: Place) -> None:
    valkey.stop(place)
    postgres.stop(place)
    for _attempt in range(100):
        if not inhabited(place.pg) and not inhabited(place.valkey):
            break
        time.sleep(0.02)
    if place.sockets.is_dir():
        shutil.rmtree(place.sockets, ignore_errors=True)
