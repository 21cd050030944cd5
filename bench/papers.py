"""Official papers with their rows and files, as the worker makes them, against ReportLab and against Typst alone.

ReportLab draws the same page from the same JSON on two processes, with the same rows and files by the same actions;
Typst alone sets the same sources on two processes and keeps nothing.
"""

import json
import os
import statistics
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from copy import copy

from bench import cpu, web
from bench.registry import Result
from ikm_portal.demo.signers import arms
from jobs.actions import keep_file
from participants.models import Registration
from participants.rules import new_code
from programs.models import Batch
from tests import cast, factories
from tests.documents import made

FEW, USUAL, MANY = 270, 1_080, 4_320
ROUNDS, CORES, A_SECOND = 3, 2, 150


Crowd = Callable[[int], Batch]


def measures() -> Iterator[Result]:
    yield from measured_papers("invitation", "invitations", crowd)


def measured_papers(kind: str, noun: str, people: Crowd) -> Iterator[Result]:
    office()
    makers = ("portal", "reportlab", "typst")
    rounds = [{name: run(name, kind, people(USUAL)) for name in makers} for _round in range(ROUNDS)]
    yield rate(rounds, noun)
    for other, words in (("reportlab", "ReportLab, same rows and files"), ("typst", "Typst alone")):
        yield against(other, words, rounds)
    few, many = run("portal", kind, people(FEW)), run("portal", kind, people(MANY))
    usual = statistics.median(one["portal"]["peak MB"] for one in rounds)
    peaks = {f"MB at {FEW:,}": few["peak MB"], f"MB at {USUAL:,}": usual, f"MB at {MANY:,}": many["peak MB"]}
    ratio = many["peak MB"] / few["peak MB"]
    yield Result("peak memory of all processes together", peaks, f"memory at {FEW:,}", ratio, at_most=1.25)


def rate(rounds: list[dict[str, dict[str, float]]], noun: str) -> Result:
    """What two cores would give when nobody else works on them is CORES over the CPU of everybody, PostgreSQL too."""
    mine = [one["portal"] for one in rounds]
    all_cpu = statistics.median(one["cpu"] + one["database cpu"] for one in mine) / USUAL
    figures = {
        "papers/s": statistics.median(USUAL / one["seconds"] for one in mine),
        "papers/s by CPU of two cores": CORES / all_cpu,
        "CPU ms each": 1000 * all_cpu,
        "of it PostgreSQL": 1000 * statistics.median(one["database cpu"] for one in mine) / USUAL,
    }
    ratio = figures["papers/s"] / A_SECOND
    return Result(f"{USUAL:,} {noun}", figures, f"{A_SECOND} a second", ratio, at_least=1.0)


def against(other: str, words: str, rounds: list[dict[str, dict[str, float]]]) -> Result:
    figures = {
        "papers/s": statistics.median(USUAL / one[other]["seconds"] for one in rounds),
        "CPU ms each": 1000
        * statistics.median(one[other]["cpu"] + one[other]["database cpu"] for one in rounds)
        / USUAL,
        "peak MB": statistics.median(one[other]["peak MB"] for one in rounds),
    }
    ratio = statistics.median(one["portal"]["seconds"] / one[other]["seconds"] for one in rounds)
    return Result(f"the same by {words}", figures, "our time over theirs", ratio)


def run(name: str, kind: str, batch: Batch) -> dict[str, float]:
    """One of the works of `bench.typesetters` over a batch of its own, with the CPU of its database."""
    whose = [str(batch.pk), cast.program_officer().username]
    command = [sys.executable, "-m", "bench.typesetters", name, *whose, kind]
    before = cpu.seconds(web.database_pids())
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    figures: dict[str, float] = json.loads(done.stdout)
    assert figures["papers"] == batch.registrations.count(), name
    return figures | {"database cpu": cpu.seconds(web.database_pids()) - before}


def office() -> None:
    """An office with a head and arms, numbers and somebody who signs."""
    agency = cast.home_agency()
    factories.tenure(factories.position(agency), factories.official(agency))
    picture = keep_file(agency=agency, name="lambang.png", content=arms(), content_type="image/png", by=None)
    address = {"address": "Jalan Contoh Nomor 1", "contact": "Telepon (0285) 000000", "place": "Pekalongan"}
    factories.letterhead(agency, unit_code="DPK", arms=picture, **address)
    made.numbering(agency)


def crowd(count: int) -> Batch:
    """A batch in which so many people hold a seat; all are copies of one who registered."""
    batch = factories.batch(factories.program(cast.home_agency()), quota=count)
    one = factories.registration(batch)
    first, copies = one.pk, []
    for number in range(1, count):
        other = copy(one)
        other.pk, other.person, other.submission_key = None, None, uuid.uuid4()
        other.code, other.nik_hash = new_code(), f"{first:032x}{number:032x}"
        other.full_name, other.phone = f"Warga Contoh {number}", f"+62813{number:08d}"
        other.queue_number = number + 1
        copies.append(other)
    Registration.objects.bulk_create(copies, batch_size=1_000)
    return batch
