"""A real Celery worker on the test database, for the few tests whose subject is delivery."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from os import environ

from django.db import connection

from tests.support.servers import ROOT, database_url


@dataclass
class CeleryWorker:
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def wait_for(self, condition: Callable[[], object], seconds: float = 20) -> None:
        """Return as soon as `condition()` is true; fail with what the worker said otherwise."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, "the worker died:\n" + "".join(self.lines)
            assert time.monotonic() < deadline, f"not within {seconds} s; the worker said:\n" + "".join(self.lines)
            time.sleep(0.05)

    def kill(self) -> None:
        """What a power cut does."""
        self.process.kill()
        self.process.wait()

    def listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            self.lines.extend(iter(output.readline, ""))


@contextmanager
def running_worker() -> Iterator[CeleryWorker]:
    command = ["-m", "celery", "-A", "ikm_portal", "worker", "--pool", "threads", "--concurrency", "2"]
    quiet = ["--without-mingle", "--without-gossip", "--loglevel", "INFO", "--queues", "celery,jobs"]
    process = subprocess.Popen(
        [sys.executable, *command, *quiet],
        cwd=ROOT,
        env=environ | {"DATABASE_URL": database_url(connection.settings_dict["NAME"])},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    worker = CeleryWorker(process)
    listener = threading.Thread(target=worker.listen, daemon=True)
    listener.start()
    try:
        worker.wait_for(lambda: any(" ready." in line for line in worker.lines))
        yield worker
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            worker.kill()
        listener.join(5)
