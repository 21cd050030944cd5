"""Start and stop the embedded Valkey."""

import socket
import subprocess
import time

from ikm_portal.servers.place import (
    ROOM_TO_WORK,
    Place,
    ServersError,
    environment,
    inhabited,
    own_folder,
    require_room,
    valkey_program,
)


def start(place: Place) -> None:
    own_folder(place, place.sockets)
    if answers(place):
        return
    own_folder(place, place.valkey)
    require_room(place.store, ROOM_TO_WORK)
    if not _launch(place):
        # Only the queue and the cache live here and the sweeps restore the queue, so a damaged file costs nothing.
        place.valkey.rename(place.store / f"valkey.damaged-{int(time.time())}")
        own_folder(place, place.valkey)
        if not _launch(place):
            raise ServersError(f"Valkey did not start; {place.valkey / 'valkey.log'} tells why.")


def _launch(place: Place) -> bool:
    options = {
        "port": "0",
        "unixsocket": str(place.sockets / "valkey.sock"),
        "unixsocketperm": "700",
        "dir": str(place.valkey),
        "logfile": str(place.valkey / "valkey.log"),
        "pidfile": str(place.valkey / "valkey.pid"),
        "save": "",
        "appendonly": "no" if place.test else "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "databases": "4096" if place.test else "16",
        "daemonize": "yes",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    subprocess.run(
        [valkey_program(place.programs), *arguments],
        check=False,
        env=environment(),
        cwd=place.valkey,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **place.account,
    )
    deadline = time.monotonic() + 15
    while not answers(place):
        if time.monotonic() > deadline or not inhabited(place.valkey):
            return answers(place)
        time.sleep(0.02)
    return True


def _ask(place: Place, command: bytes) -> bytes:
    try:
        with socket.socket(socket.AF_UNIX) as talk:
            talk.settimeout(2)
            talk.connect(str(place.sockets / "valkey.sock"))
            talk.sendall(command)
            return talk.recv(64)
    except OSError:
        return b""


def answers(place: Place) -> bool:
    return _ask(place, b"PING\r\n") == b"+PONG\r\n"


def stop(place: Place) -> None:
    if answers(place):
        _ask(place, b"SHUTDOWN NOSAVE NOW FORCE\r\n")
