"""Those that make the papers of a batch, each in a process of its own with two below it.

`python -m bench.typesetters portal 12 petugas invitation`: `portal` is the worker's own job, `reportlab` the same
actions with pages that ReportLab draws, `typst` only sets the papers and keeps nothing. Prints what it took as JSON.
"""

import datetime as dt
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from itertools import islice
from multiprocessing import get_context
from typing import Any

import django
from django.urls import reverse
from django.utils.module_loading import import_string

from bench.watching import watched

PROCESSES = 2
DAY = dt.date(2024, 7, 24)
EVERY = 0.05
# The worker's own job of each kind of paper, and the page as ReportLab draws it.
WORK = {"invitation": "documents.jobs.issue_papers", "certificate": "participants.jobs.certificates.issue_certificates"}
DRAWN = {"invitation": "bench.letters.letter", "certificate": "bench.sheets.certificate"}


def portal(job: Any) -> int:
    """What the worker runs when somebody orders these papers."""
    told = [0]
    import_string(WORK[job.params["kind"]])(job, lambda done, _total: told.append(done))
    return told[-1]


def reportlab(job: Any) -> int:
    """The same job with another typesetter."""
    draw: Callable[[Any], bytes] = import_string(DRAWN[job.params["kind"]])
    jobs = import_module(WORK[job.params["kind"]].rpartition(".")[0])

    class Drawer:
        def __init__(self, processes: int) -> None:
            self.pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"))

        def __enter__(self) -> "Drawer":
            return self

        def __exit__(self, *_error: object) -> None:
            self.pool.shutdown()

        def pdfs(self, orders: Iterable[Any]) -> Iterator[bytes]:
            return in_order(self.pool, draw, (order.paper for order in orders))

    jobs.Typesetter = Drawer  # type: ignore[attr-defined]  # the one thing in which the two differ
    return portal(job)


def in_order(pool: ProcessPoolExecutor, work: Callable[[Any], bytes], each: Iterable[Any]) -> Iterator[bytes]:
    """A few ahead, as the portal does it."""
    waiting = iter(each)
    running = [pool.submit(work, one) for one in islice(waiting, PROCESSES * 3)]
    while running:
        done = running.pop(0).result()
        running += [pool.submit(work, one) for one in islice(waiting, 1)]
        yield done


def typst(job: Any) -> int:
    """Halves of the same orders, which were put together before the clock runs; nothing is kept."""
    orders = [json.loads(order.as_bytes()[4:]) for order in _orders(job)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        return sum(pool.map(alone, [orders[half::PROCESSES] for half in range(PROCESSES)]))


def _orders(job: Any) -> list[Any]:
    from documents.jobs import asked_for  # noqa: PLC0415 - Django comes first
    from documents.queries import built, frame_of, order_of, printed_on, signatories_of  # noqa: PLC0415 - once Django is set up

    kind, batch = asked_for(job)
    agency, subjects = batch.program.agency, list(kind.subjects(batch))
    frame = frame_of(agency, kind, DAY, signatories=signatories_of(agency, kind, DAY), template=None)
    snapshots = enumerate(built(kind, subjects), 1)
    papers = [printed_on(frame, one, number=f"500.15/{n:03d}/DPK/VI/2024", token="x" * 22) for n, one in snapshots]
    return [order_of(frame.source, paper, 1_719_190_800) for paper in papers]


def alone(orders: list[dict[str, Any]]) -> int:
    import typst as engine  # noqa: PLC0415 - only in the processes that set

    from documents.typesetting.child import set_in_type  # noqa: PLC0415 - once Django is set up

    compiler = engine.Compiler(ignore_system_fonts=True)
    return sum(len(set_in_type(compiler, order)) for order in orders)


def measured(work: Callable[[Any], int], job: Any) -> dict[str, float]:
    """From the first paper to the end of all processes. A worker that has run for a while has read its programme."""
    for path in WORK.values():
        import_string(path)
    reverse("home")
    papers, cost = watched(lambda: work(job), every=EVERY)
    return cost | {"papers": float(papers)}


def ordered(batch: int, username: str, kind: str) -> Any:
    from accounts.models import User  # noqa: PLC0415 - Django comes first
    from jobs.models import Job  # noqa: PLC0415 - once Django is set up

    by = User.objects.select_related("agency").get(username=username)
    params = {"kind": kind, "of": "angkatan", "pk": batch, "date": DAY.isoformat()}
    return Job(kind="issue_papers", params=params, agency=by.agency, created_by=by)


if __name__ == "__main__":
    django.setup()
    work = {"portal": portal, "reportlab": reportlab, "typst": typst}[sys.argv[1]]
    sys.stdout.write(json.dumps(measured(work, ordered(int(sys.argv[2]), *sys.argv[3:5]))) + "\n")
