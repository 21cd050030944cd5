"""A plan as weeks and days, for the page that shows it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from programs.models import Holiday, RolloutRow
from programs.queries.planning import Plan
from programs.rules.planning import Problem


@dataclass(frozen=True)
class Chip:
    """A batch on one of its days."""

    row: RolloutRow
    number: int
    of: int
    tone: str

    @property
    def is_first(self) -> bool:
        return self.number == 1


@dataclass
class Day:
    day: date
    is_open: bool
    holiday: str = ""
    over: bool = False
    chips: list[Chip] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """A batch with what is to be said of it: clashes, open points, and why something was not found."""

    row: RolloutRow
    days: tuple[date, ...]
    topics: tuple[str, ...]
    teachers: tuple[str, ...]
    places: tuple[str, ...]
    clashes: tuple[str, ...]
    points: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def tone(self) -> str:
        return "danger" if self.clashes else "warning" if self.points else "plain"


def lines_of(plan: Plan, problems: Iterable[Problem]) -> list[Line]:
    found: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        found[problem.key].append(problem)
    return [_line(plan, row, found[row.pk]) for row in plan.rows]


def _line(plan: Plan, row: RolloutRow, problems: Sequence[Problem]) -> Line:
    sittings = list(row.sittings.all())
    return Line(
        row,
        tuple(sorted({one.day for one in sittings})),
        _once(str(one.topic) for one in sittings if one.topic) or _once(str(topic) for topic in row.topics.all()),
        _once(str(one.instructor) for one in sittings if one.instructor),
        _once(str(one.venue) for one in sittings if one.venue),
        _once(plan.say(one) for one in problems if not one.is_open_point),
        _once(plan.say(one) for one in problems if one.is_open_point),
        _once(plan.say(Problem(row.pk, one["code"], one["data"])) for one in row.reasons),
    )


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def weeks_of(plan: Plan, lines: Sequence[Line]) -> tuple[list[int], list[list[Day]]]:
    """The days of the week that are shown, and the weeks of the window; what lies outside of it is shown too."""
    frame = plan.frame
    used = {day for line in lines for day in line.days}
    first, last = min([frame.first, *used]), max([frame.last, *used])
    names = dict(
        Holiday.objects.filter(agency=plan.rollout.program.agency_id)
        .observed()
        .between(first, last)
        .values_list("day", "name")
    )
    shown = sorted(frame.weekdays | {day.weekday() for day in used})
    monday = first - timedelta(days=first.weekday())
    weeks = []
    chips = _chips(lines)
    while monday <= last:
        week = [_day(monday + timedelta(days=number), plan, names, chips) for number in shown]
        weeks.append(week)
        monday += timedelta(days=7)
    return shown, weeks


def _day(day: date, plan: Plan, names: Mapping[date, str], chips: Mapping[date, list[Chip]]) -> Day:
    frame = plan.frame
    inside = frame.first <= day <= frame.last and day.weekday() in frame.weekdays
    here = chips.get(day, [])
    return Day(day, inside and day not in names, names.get(day, ""), len(here) > frame.parallel, here)


def _chips(lines: Iterable[Line]) -> dict[date, list[Chip]]:
    found: dict[date, list[Chip]] = defaultdict(list)
    for line in lines:
        for number, day in enumerate(line.days, start=1):
            found[day].append(Chip(line.row, number, len(line.days), line.tone))
    return found
