"""What a rollout costs to propose and to judge, from 27 kelurahan to 500: nothing but the rule, no database."""

import math
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from datetime import time as clock

from bench.registry import ROUNDS, Result
from programs.rules.planning import Frame, Meeting, Resource, Row, judge
from programs.rules.proposing import propose

FIRST = date(2024, 7, 1)
SMALL, LARGE = 27, 500
TOPICS = 14
PATTERN = tuple(
    Meeting(day, begin, end) for day in (0, 1) for begin, end in ((clock(8), clock(12)), (clock(13), clock(16)))
)
Rollout = tuple[Frame, list[Row], list[Resource], list[Resource]]


def rollout(count: int, *, wider: bool) -> Rollout:
    """P2 with more kelurahan: `wider` in the same eight weeks with more at once, else in more weeks three at once."""
    growth = count / SMALL
    parallel, days = (math.ceil(3 * growth), 58) if wider else (3, math.ceil(58 * growth))
    frame = Frame(FIRST, FIRST + timedelta(days=days - 1), 2, parallel, PATTERN)
    rows = [Row(number, _code(number), (number % TOPICS,), 40) for number in range(count)]
    people = max(TOPICS, math.ceil(TOPICS * growth)) if wider else TOPICS
    teachers = [Resource(number, topics=frozenset({number % TOPICS})) for number in range(people)]
    return frame, rows, teachers, [Resource(number, _code(number)) for number in range(count)]


def _code(number: int) -> str:
    return f"33.{10 + number // 90 % 90}.{1 + number // 9 % 10:02d}.{1001 + number % 9}"


def measures() -> Iterator[Result]:
    for name, wider in (("the same 8 weeks, more at once", True), ("3 at once, more weeks", False)):
        small, large = rollout(SMALL, wider=wider), rollout(LARGE, wider=wider)
        for what, work in (("proposed", _proposed), ("judged", _judged)):
            yield _growth(f"{LARGE} kelurahan {what}, {name}", work(large), work(small))


def _proposed(parts: Rollout) -> Callable[[], object]:
    proposal = propose(*parts)
    assert all(row.sittings for row in proposal.rows)
    assert proposal.reasons == ()
    return lambda: propose(*parts)


def _judged(parts: Rollout) -> Callable[[], object]:
    frame, _rows, teachers, places = parts
    rows = propose(*parts).rows
    assert judge(frame, rows, teachers, places) == []
    return lambda: judge(frame, rows, teachers, places)


def _growth(name: str, large: Callable[[], object], small: Callable[[], object]) -> Result:
    """CPU of both, interleaved; the ratio is against what n log n grows by."""
    pairs = [(_cpu(large, 3), _cpu(small, 30)) for _round in range(ROUNDS)]
    grown = statistics.median(big / little for big, little in pairs)
    linear_log = LARGE * math.log(LARGE) / (SMALL * math.log(SMALL))
    figures = {
        "CPU ms": statistics.median(big for big, _little in pairs) * 1000,
        f"CPU ms for {SMALL}": statistics.median(little for _big, little in pairs) * 1000,
        "times as long": grown,
    }
    return Result(name, figures, f"n log n ({linear_log:.1f} times)", grown / linear_log, at_most=1.0)


def _cpu(work: Callable[[], object], times: int) -> float:
    begun = time.process_time()
    for _time in range(times):
        work()
    return (time.process_time() - begun) / times
