"""What a piece of work costs this process and all below it: time, CPU and memory."""

import threading
import time
from collections.abc import Callable

import psutil  # type: ignore[import-untyped]  # it ships no types

TIMES = ("user", "system", "children_user", "children_system")


class Watch:
    """Peak memory of all processes together, with what PostgreSQL's own hold beside their shared buffers if asked."""

    def __init__(self, every: float, database: int | None = None) -> None:
        self.peak, self._every, self._over = 0.0, every, threading.Event()
        self._me, self._database = psutil.Process(), psutil.Process(database) if database else None
        self._thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._over.wait(self._every):
            mine = sum(map(_resident, [self._me, *self._me.children(recursive=True)]))
            theirs = sum(map(_private, self._database.children())) if self._database else 0.0
            self.peak = max(self.peak, mine + theirs)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()


def watched(work: Callable[[], int], *, every: float, database: int | None = None) -> tuple[int, dict[str, float]]:
    """How much the work says it did, and its cost until the last process below has ended."""
    began, spent = time.perf_counter(), psutil.Process().cpu_times()
    with Watch(every, database) as watch:
        count = work()
    seconds, now = time.perf_counter() - began, psutil.Process().cpu_times()
    cpu = sum(getattr(now, part) - getattr(spent, part) for part in TIMES)
    return count, {"seconds": seconds, "cpu": cpu, "peak MB": watch.peak}


def _resident(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss) / 1e6
    except psutil.Error:
        return 0.0


def _private(process: psutil.Process) -> float:
    try:
        memory = process.memory_info()
    except psutil.Error:
        return 0.0
    return float(memory.rss - memory.shared) / 1e6
