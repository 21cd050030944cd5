"""Hands papers to the processes that set them, and takes their place when one hangs or dies."""

import json
import os
import queue
import re
import select
import struct
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

from documents.typesetting.source import own_line

CHILD = Path(__file__).with_name("child.py")
ENGINE = f"typst {version('typst')}"
SECONDS = 20.0
# A process is renewed after so many papers: what it remembers does not grow for ever.
PAPERS_EACH = 2000
# Orders for each process that are under way at once, so that it has work while the papers before are being kept.
AHEAD = 32
PLACE = re.compile(r"\.typ:(\d+):(\d+)")


class LayoutFault(Exception):  # noqa: N818 - a fault of the layout, told to whoever wrote it
    """The layout cannot be set. `line` is that of the layout itself, 0 when it lies in what all papers share."""

    def __init__(self, message: str, line: int = 0, where: str = "") -> None:
        super().__init__(message)
        self.message, self.line, self.where = message, line, where


class TooSlowError(LayoutFault):
    """It took longer than a paper may take, or more memory, and was stopped."""


@dataclass(frozen=True)
class Order:
    """One paper to be set: the same order gives the same bytes. `at` is a moment in seconds since the epoch."""

    source: str
    paper: dict[str, Any]
    at: int
    format: str = "pdf"
    ppi: int = 80

    def as_bytes(self) -> bytes:
        told = {"source": self.source, "paper": self.paper, "at": self.at, "format": self.format, "ppi": self.ppi}
        written = json.dumps(told, ensure_ascii=False).encode()
        return struct.pack(">I", len(written)) + written


class Child:
    def __init__(self, seconds: float) -> None:
        self.seconds, self.done = seconds, 0
        # Nothing of the portal's environment: no address of a database, no key.
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
        self.process = subprocess.Popen(
            [sys.executable, "-I", str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd="/",
        )

    def set(self, order: Order) -> list[bytes]:
        deadline = time.monotonic() + self.seconds
        try:
            self._write(order.as_bytes(), deadline)
            (size,) = struct.unpack(">I", self._read(4, deadline))
            head = json.loads(self._read(size, deadline))
            pages = [self._read(size, deadline) for size in head.get("sizes", [])]
        except (OSError, TimeoutError) as error:
            self.stop()
            raise TooSlowError("The layout took too long or too much memory, and was stopped.") from error
        self.done += 1
        if "fault" in head:
            raise _fault(head)
        return pages

    def _write(self, content: bytes, deadline: float) -> None:
        assert self.process.stdin is not None  # noqa: S101 - opened as a pipe above
        handle, view = self.process.stdin.fileno(), memoryview(content)
        os.set_blocking(handle, False)
        while view:
            if not select.select([], [handle], [], max(0.0, deadline - time.monotonic()))[1]:
                raise TimeoutError
            view = view[os.write(handle, view) :]

    def _read(self, size: int, deadline: float) -> bytes:
        assert self.process.stdout is not None  # noqa: S101 - opened as a pipe above
        handle, content = self.process.stdout.fileno(), bytearray()
        while len(content) < size:
            if not select.select([handle], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise TimeoutError
            part = os.read(handle, min(1 << 20, size - len(content)))
            if not part:
                raise BrokenPipeError
            content += part
        return bytes(content)

    @property
    def is_spent(self) -> bool:
        return self.done >= PAPERS_EACH or self.process.poll() is not None

    def stop(self) -> None:
        with suppress(OSError):
            self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self.process.wait()


def _fault(head: dict[str, Any]) -> LayoutFault:
    place = PLACE.search(head["where"])
    line = own_line(int(place[1])) if place else 0
    hints = "".join(f" ({hint})" for hint in head["hints"])
    return LayoutFault(head["fault"] + hints, max(0, line), head["where"])


class Typesetter:
    """`with Typesetter(processes=2) as typesetter:`; processes start when they are needed first."""

    def __init__(self, processes: int = 1, seconds: float = SECONDS) -> None:
        self.processes, self.seconds = processes, seconds
        self._idle: queue.LifoQueue[Child | None] = queue.LifoQueue()
        for _number in range(processes):
            self._idle.put(None)
        self._threads: ThreadPoolExecutor | None = None

    def __enter__(self) -> "Typesetter":
        return self

    def __exit__(self, *_error: object) -> None:
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)
        while not self._idle.empty():
            child = self._idle.get_nowait()
            if child is not None:
                child.stop()

    def pages(self, order: Order) -> list[bytes]:
        """The pages as pictures, or one PDF; `LayoutFault` when it cannot be set."""
        child = self._idle.get()
        try:
            if child is None or child.is_spent:
                if child is not None:
                    child.stop()
                child = Child(self.seconds)
            return child.set(order)
        finally:
            self._idle.put(child)

    def pdf(self, order: Order) -> bytes:
        return self.pages(order)[0]

    def pdfs(self, orders: Iterable[Order]) -> Iterator[bytes]:
        """Many papers in their order, by all processes at once; only a few are held in memory at a time."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self.processes)
        waiting = iter(orders)
        running = [self._threads.submit(self.pdf, order) for order in islice(waiting, self.processes * AHEAD)]
        while running:
            done = running.pop(0).result()
            running += [self._threads.submit(self.pdf, order) for order in islice(waiting, 1)]
            yield done


__all__: Sequence[str] = ["ENGINE", "LayoutFault", "Order", "TooSlowError", "Typesetter"]
