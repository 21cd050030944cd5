"""A list of 10,000 people from the file to their entries, against django-import-export with the same checks.

All judge a row by the portal's own fields and rules. Its row-by-row mode looks each row up, compares, and asks the
model's constraints (`clean_model_instances`); its bulk mode only asks them. Both once more with the fields and rules
alone. It writes entries and nothing else; the portal keeps file and rows encrypted, finds doubles, and writes file
cards, log, consent and trail beside the entries. What takes the package minutes is measured on 1,000 rows and scaled.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import count as counted
from itertools import islice
from pathlib import Path

from bench import cpu, web
from bench.database import open_batch
from bench.registry import Result
from programs.models import Batch
from tests import cast
from tests.participants.lists import person, workbook

FEW, USUAL, MANY = 2_500, 10_000, 40_000
ROUNDS = 3
MOST_SEATS = 10_000  # of one batch; who comes after them waits
NUMBERS = counted(1)
TIMES = 20
SCALED = 1_000
# What each is called, and what the time of the package over ours must reach at least.
CONTENDERS = {
    "rows": ("row by row, dry run and import", 20.0),
    "bulk": ("bulk, dry run and import", 1.0),
    "plain": ("row by row, fields and rules alone", None),
    "light": ("bulk, fields and rules alone", 1.0),
}


def measures() -> Iterator[Result]:
    ours = [run("portal", USUAL) for _round in range(ROUNDS)]
    usual = {name: statistics.median(one[name] for one in ours) for name in ours[0]}
    yield Result(f"{USUAL:,} rows checked and brought in", shown(usual))
    for name, (words, limit) in CONTENDERS.items():
        theirs = run(name, SCALED)
        theirs |= {part: theirs[part] * USUAL / SCALED for part in ("seconds", "cpu", "database cpu")}
        title = f"django-import-export, {words} (from {SCALED:,} rows)"
        yield Result(title, shown(theirs), "its CPU over ours", theirs["cpu"] / usual["cpu"], at_least=limit)
        yield Result(
            "the same by the clock",
            {"s": theirs["seconds"]},
            "its time over ours",
            theirs["seconds"] / usual["seconds"],
        )
    few, many = run("portal", FEW), run("portal", MANY)
    peaks = {f"MB at {count:,}": one["peak MB"] for count, one in ((FEW, few), (USUAL, usual), (MANY, many))}
    ratio = many["peak MB"] / few["peak MB"]
    yield Result("peak memory of all processes together", peaks, f"memory at {FEW:,}", ratio, at_most=1.25)


def shown(one: dict[str, float]) -> dict[str, float]:
    return {"s": one["seconds"], "CPU s": one["cpu"], "of it PostgreSQL": one["database cpu"], "MB": one["peak MB"]}


def run(name: str, count: int) -> dict[str, float]:
    """One of the works of `bench.importers` into a batch of its own, with the CPU of its database."""
    batch = open_batch(quota=min(count, MOST_SEATS), waiting_quota=max(count - MOST_SEATS, 0))
    pids = web.database_pids()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "peserta.xlsx"
        path.write_bytes(content(batch, count))
        whose = [str(batch.pk), cast.program_officer().username, str(path), str(pids[0])]
        before = cpu.seconds(pids)
        command = [sys.executable, "-m", "bench.importers", name, *whose]
        done = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    figures: dict[str, float] = json.loads(done.stdout)
    assert figures["rows"] == batch.registrations.count() == count, name
    spent = cpu.seconds(pids) - before
    return figures | {"cpu": figures["cpu"] + spent, "database cpu": spent}


def content(batch: Batch, count: int) -> bytes:
    """People of whom nobody is on file yet: each list has others."""
    people = (person(number, region=batch.region.name) for number in islice(NUMBERS, count))
    return workbook(list(people))
