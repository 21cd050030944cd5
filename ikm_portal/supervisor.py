"""Keeps a few programs running: starts them, starts again what dies, passes on what they say, stops all of them."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

PR_SET_PDEATHSIG = 1
LONGEST_PAUSE = 30.0
GRACE = 20.0

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _die_with_parent() -> None:
    """Runs in the child before its program: when the supervisor is killed, the kernel kills the child too.

    Not SIGTERM: a worker that tells of its warm shutdown on a pipe that nobody reads any more never ends.
    """
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass
class Child:
    name: str
    command: list[str]
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    pause: float = 0.5
    start_at: float = 0.0
    reader: threading.Thread | None = field(default=None, repr=False)

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which then stops the children in good order
            preexec_fn=_die_with_parent,
        )
        self.reader = threading.Thread(target=self._pass_on, args=(self.process,), daemon=True)
        self.reader.start()

    def _pass_on(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None  # noqa: S101 - for the type checker
        with process.stdout as output:
            for line in output:
                say(f"{self.name:<6} | {line.rstrip()}")

    def look_after(self, now: float) -> None:
        """Start again after a pause that doubles while the program dies young."""
        if self.process is None:
            if now >= self.start_at:
                self.start()
        elif self.process.poll() is not None:
            self.pause = 0.5 if now - self.started > 60 else min(self.pause * 2, LONGEST_PAUSE)
            say(f"{self.name:<6} | ended with {self.process.returncode}; again in {self.pause:g} s")
            self.process, self.start_at = None, now + self.pause

    def signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def kill_group(self) -> None:
        """What the program itself left behind goes too."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                return
            self.process.wait()


class Supervisor:
    """`run` returns after SIGINT, SIGTERM or SIGHUP, when every child has ended. A second signal kills them at once."""

    def __init__(self, children: list[Child], upkeep: Callable[[], None], ready: Callable[[], bool]) -> None:
        self.children = children
        self.upkeep = upkeep
        self.ready = ready
        self.signals = 0

    def run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            next_upkeep, waiting = time.monotonic() + 3, True
            while not self.signals:
                now = time.monotonic()
                for child in self.children:
                    child.look_after(now)
                if waiting:
                    waiting = not self.ready()
                if now >= next_upkeep:
                    self.upkeep()
                    next_upkeep = time.monotonic() + 3
                time.sleep(0.1)
        finally:
            self._stop()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1

    def _stop(self) -> None:
        say("Stopping ...")
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while any(child.process is not None and child.process.poll() is None for child in self.children):
            if time.monotonic() > deadline or self.signals > 1:
                break
            time.sleep(0.05)
        for child in self.children:
            child.kill_group()
            if child.reader is not None:
                child.reader.join(2)
