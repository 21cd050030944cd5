"""`portal.py run` as a newcomer types it: it comes up, survives, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from ikm_portal import servers
from ikm_portal.servers.place import find_place
from tests.support.servers import ROOT


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Portal:
    """A copy of the tree with data of its own."""

    def __init__(self, tree: Path) -> None:
        self.tree, self.data, self.port = tree, tree / "var", free_port()
        self.process: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "PYTEST"))}
        for name in ("DATABASE_URL", "REDIS_URL", "PORTAL_ENV"):
            inherited.pop(name, None)
        return inherited | {"PORT": str(self.port), "PORTAL_DATA": str(self.data), "PORTAL_VENV": sys.prefix}

    def start(self, seconds: float) -> float:
        """How many seconds it took until the page answered."""
        began, greetings = monotonic(), self.said().count("Portal IKM answers on")
        with open(self.tree / "output.txt", "a") as output:
            self.process = subprocess.Popen(
                [sys.executable, "portal.py", "run"],
                cwd=self.tree,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        while self.said().count("Portal IKM answers on") == greetings:
            assert self.process.poll() is None, self.said()
            assert monotonic() - began < seconds, self.said()
            sleep(0.1)
        return monotonic() - began

    def get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return int(answer.status)
        except OSError:
            return 0

    def end(self, number: int) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(60)

    def manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=self.tree, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def said(self) -> str:
        output = self.tree / "output.txt"
        return output.read_text() if output.exists() else ""

    def processes(self) -> list[str]:
        """What still works in this tree or for it."""
        store = find_place(self.data.resolve()).store
        homes = tuple(map(str, (self.tree, store / "pg", store / "valkey")))
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if os.readlink(entry / "cwd").startswith(homes):
                    found.append((entry / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
        return found


@pytest.fixture
def portal(open_folder: Path) -> Iterator[Portal]:
    skipped = shutil.ignore_patterns(".*", "var", "tests", "__pycache__")
    shutil.copytree(ROOT, open_folder / "tree", ignore=skipped)
    started = Portal(open_folder / "tree")
    yield started
    if started.process is not None and started.process.poll() is None:
        started.end(signal.SIGTERM)
    servers.stop(started.data)


COUNT = "from regions.models import Region; print(Region.objects.count())"


@pytest.mark.slow
def test_run_comes_up_survives_and_leaves_nothing(portal: Portal, capsys: pytest.CaptureFixture[str]) -> None:
    first = portal.start(300)
    assert portal.get("/") == 200
    areas = portal.manage("shell", "-v0", "-c", COUNT)
    assert portal.end(signal.SIGINT) == 0
    assert portal.processes() == []

    second = portal.start(60)
    assert portal.end(signal.SIGKILL) == -signal.SIGKILL
    wait_for_end = monotonic() + 10
    while [line for line in portal.processes() if "bin/python" in line] and monotonic() < wait_for_end:
        sleep(0.1)
    assert [line for line in portal.processes() if "bin/python" in line] == []

    third = portal.start(60)
    assert portal.manage("shell", "-v0", "-c", COUNT) == areas
    assert portal.end(signal.SIGTERM) == 0
    assert portal.processes() == []
    with capsys.disabled():
        print(f"\nstarts: first {first:.1f} s, second {second:.1f} s, after kill -9 {third:.1f} s")  # noqa: T201 - measured
    assert int(areas) > 90_000
