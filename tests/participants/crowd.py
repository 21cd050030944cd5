"""Many people at once: threads with connections of their own that start together."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections

PATIENCE = 60


def at_once(jobs: Sequence[Callable[[], Any]], *, threads: int | None = None) -> list[Any]:
    """Runs all jobs, so many at the same moment, and gives what each returned or raised, in their order."""
    count = min(threads or len(jobs), len(jobs))
    barrier = threading.Barrier(count)
    answers: list[Any] = [None] * len(jobs)
    places = iter(range(len(jobs)))
    choosing = threading.Lock()

    def work() -> None:
        barrier.wait(PATIENCE)
        while True:
            with choosing:
                place = next(places, None)
            if place is None:
                break
            try:
                answers[place] = jobs[place]()
            except Exception as error:
                answers[place] = error
        connections.close_all()

    crowd = [threading.Thread(target=work) for _ in range(count)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in crowd)
    return answers


def outcomes(answers: Sequence[Any]) -> list[str]:
    """`done`, or the code of the refusal; anything else that was raised fails the test."""
    found = []
    for answer in answers:
        if isinstance(answer, Exception):
            codes = [error.code for error in getattr(answer, "error_list", [])]
            if not codes:
                raise answer
            found.append("+".join(str(code) for code in codes))
        else:
            found.append("done")
    return found
