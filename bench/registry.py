"""The subjects that are measured, what a result is, and how two kinds of work are compared."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from importlib import import_module
from typing import Any

SUBJECTS = (
    "places",
    "visit",
    "rows",
    "delivery",
    "planning",
    "papers",
    "certificates",
    "imports",
    "doubles",
    "jury",
    "board",
)
ROUNDS = 7


@dataclass
class Result:
    """One line of the table: figures by their unit, and the ratio to what the work is held against."""

    name: str
    figures: dict[str, float] = field(default_factory=dict)
    against: str = ""
    ratio: float | None = None
    at_most: float | None = None
    at_least: float | None = None

    @property
    def is_kept(self) -> bool | None:
        """Whether the ratio keeps its limit; None where there is none."""
        if self.ratio is None or (self.at_most is None and self.at_least is None):
            return None
        above = self.at_least is None or self.ratio >= self.at_least
        return above and (self.at_most is None or self.ratio <= self.at_most)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"kept": self.is_kept}

    def row(self) -> list[str]:
        figures = ", ".join(f"{value:,.2f} {unit}" for unit, value in self.figures.items())
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        limit = f"<= {self.at_most:g}" if self.at_most is not None else ""
        limit = f">= {self.at_least:g}" if self.at_least is not None else limit
        kept = {None: "", True: "kept", False: "NOT KEPT"}[self.is_kept]
        return [self.name, figures, self.against, ratio, limit, kept]


def measures_of(subject: str) -> Iterator[Result]:
    measures: Callable[[], Iterator[Result]] = import_module(f"bench.{subject}").measures
    yield from measures()


def timed(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Milliseconds of wall and of this process's CPU for one call."""
    wall, cpu = time.perf_counter(), time.process_time()
    for _time in range(times):
        work()
    return (time.perf_counter() - wall) * 1000 / times, (time.process_time() - cpu) * 1000 / times


def compare(
    name: str,
    work: Callable[[], object],
    floor_name: str,
    floor: Callable[[], object],
    times: int,
    at_most: float | None = None,
) -> Result:
    """The wall time of both, interleaved; the ratio is the median of the rounds' ratios."""
    pairs = [(timed(work, times), timed(floor, times)) for _round in range(ROUNDS)]
    wall = statistics.median(ours[0] for ours, _theirs in pairs)
    cpu = statistics.median(ours[1] for ours, _theirs in pairs)
    ratio = statistics.median(ours[0] / theirs[0] for ours, theirs in pairs)
    return Result(name, {"ms": wall, "CPU ms": cpu}, floor_name, ratio, at_most=at_most)


def promised(name: str, most: float, work: Callable[[], object]) -> Result:
    """The slowest of the rounds against so many ms of wall time, on whatever machine this runs."""
    wall, cpu = (max(figures) for figures in zip(*(timed(work, 1) for _round in range(ROUNDS)), strict=True))
    return Result(name, {"ms": wall, "CPU ms": cpu}, f"{most / 1000:g} s", wall / most, at_most=1.0)
