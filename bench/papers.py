"""1,080 invitations as PDF: numbers, rows, trail, code and files, against ReportLab drawing the same page."""

import os
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from tempfile import TemporaryDirectory
from typing import Any

from django.utils import timezone

from accounts.models import Agency
from bench import cpu
from bench.letters import write_letter
from bench.registry import Result
from documents import actions
from documents.kinds import PaperKind, paper_kinds
from documents.models import Document
from documents.typesetting import Typesetter
from programs.models import Batch
from tests import cast, factories
from tests.documents import made

BATCHES, SEATS, ROUNDS = 27, 40, 3
PROCESSES = 2
LEAST_A_SECOND = 150


@dataclass(frozen=True)
class Round:
    """What a third of the papers took: seconds of wall, of CPU of all processes, and the largest process in MB."""

    wall: float
    cpu: float
    peak: float


def measures() -> Iterator[Result]:
    agency = cast.home_agency()
    batches = full_batches(agency)
    kind = paper_kinds()["invitation"]
    ours, theirs = [], []
    with Typesetter(PROCESSES) as typesetter, TemporaryDirectory() as folder:
        issue(kind, [warm_up(agency)], typesetter)
        for number in range(ROUNDS):
            part = batches[number::ROUNDS]
            ours.append(measured(partial(issue, kind, part, typesetter)))
            printed = [document.printed for document in Document.objects.order_by("-pk")[: SEATS * len(part)]]
            theirs.append(measured(partial(draw, folder, printed)))
    papers = BATCHES * SEATS // ROUNDS
    rate = papers / statistics.median(one.wall for one in ours)
    figures = {"a second": rate, "CPU ms each": 1000 * statistics.median(one.cpu for one in ours) / papers}
    yield Result("1,080 invitations: numbers, rows, trail, files", figures, "150 a second", rate / 150, at_least=1)
    plain = papers / statistics.median(one.wall for one in theirs)
    ratio = statistics.median(his.wall / mine.wall for mine, his in zip(ours, theirs, strict=True))
    drawn = {"a second": plain, "CPU ms each": 1000 * statistics.median(one.cpu for one in theirs) / papers}
    yield Result("ReportLab, the same page into files only", drawn)
    yield Result("the portal's rate, with rows and numbers", {}, "ReportLab's", ratio)
    yield Result("largest process", {"MB": ours[-1].peak}, "after a third of them", ours[-1].peak / ours[0].peak, 1.15)


def full_batches(agency: Agency) -> list[Batch]:
    """27 batches of 40 people, one in each kelurahan, and an office that numbers and signs."""
    made.numbering(agency)
    factories.tenure(factories.position(agency), factories.official(agency))
    villages = [code for code in factories.REGIONS if code.startswith("33.75.") and len(code) == 13]
    program = factories.program(agency)
    found = [factories.batch(program, code) for code in villages[:BATCHES]]
    for batch in found:
        people(batch, SEATS)
    return list(Batch.objects.filter(pk__in=[batch.pk for batch in found]).with_parts())


def warm_up(agency: Agency) -> Batch:
    batch = factories.batch(factories.program(agency), factories.BENDAN_KERGON)
    people(batch, 4)
    return Batch.objects.with_parts().get(pk=batch.pk)


def people(batch: Batch, count: int) -> None:
    for _number in range(count):
        factories.registration(batch, region=batch.region)


def issue(kind: PaperKind, batches: list[Batch], typesetter: Typesetter) -> None:
    """As the job does it."""
    by, today = cast.program_officer(), timezone.localdate()

    def issued() -> Iterator[Document]:
        for batch in batches:
            subjects = list(kind.subjects(batch))
            yield from actions.issue_many(kind=kind, scope=f"batch:{batch.pk}", subjects=subjects, date=today, by=by)

    wanted = sum(batch.seats_held for batch in batches)
    assert list(actions.set_in_type(documents=issued(), typesetter=typesetter, by=by))[-1] == wanted


def draw(folder: str, printed: list[dict[str, Any]]) -> None:
    with ProcessPoolExecutor(PROCESSES) as processes:
        list(processes.map(partial(write_letter, folder), printed, chunksize=20))


def measured(work: Any) -> Round:
    wall, spent = time.perf_counter(), cpu.seconds([os.getpid()])
    work()
    took = time.perf_counter() - wall
    return Round(took, cpu.seconds([os.getpid()]) - spent, cpu.peak_megabytes([os.getpid()]))
