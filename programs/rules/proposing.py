"""Proposes days, instructors and venues for all batches of a rollout.

Greedy and deterministic: what is hard to place comes first, and each batch takes the earliest days (or, spread evenly,
the earliest from its share of the window) on which everybody it needs can be had. A day that was found to be of no use
for a topic or a place is never looked at again, because bookings are only added: about n log n for n batches.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from programs.rules.planning import (
    Frame,
    Meeting,
    Problem,
    Resource,
    Row,
    Sitting,
    Span,
    in_order,
    overlaps_any,
    runs,
    sittings_of,
    spread_topics,
    working_days,
)

# Among so many who could come the nearest with the least work is taken.
COMPARED = 8
WHOLE_CODES = (13, 8, 5, 2)


@dataclass(frozen=True)
class Proposal:
    """Every row with its sessions as far as they were found, and for each gap the reason."""

    rows: tuple[Row, ...]
    reasons: tuple[Problem, ...]


class _Next:
    """The next start that is not closed yet, from anywhere, in nearly constant time (disjoint sets)."""

    def __init__(self, count: int) -> None:
        self.end = count
        self.after: dict[int, int] = {}

    def find(self, start: int) -> int:
        root = start
        while root in self.after:
            root = self.after[root]
        while start != root:
            self.after[start], start = root, self.after[start]
        return root

    def close(self, start: int) -> None:
        if start < self.end and start not in self.after:
            self.after[start] = start + 1


class _Slots:
    """When certain meetings take place, for every start; worked out when it is asked."""

    def __init__(self, meetings: Sequence[Meeting], found: Sequence[tuple[date, ...]]) -> None:
        self.meetings, self.runs = meetings, found
        self.known: dict[int, list[tuple[date, Span]]] = {}

    def at(self, start: int) -> list[tuple[date, Span]]:
        if start not in self.known:
            run = self.runs[start]
            self.known[start] = [(run[one.day], one.span_on(run[one.day])) for one in self.meetings]
        return self.known[start]


class _Bookings:
    """When an instructor or a venue is taken by the plan itself, and how often."""

    def __init__(self) -> None:
        self.taken: dict[tuple[int, date], list[Span]] = defaultdict(list)
        self.load: dict[int, int] = defaultdict(int)

    def add(self, key: int, sittings: Iterable[Sitting]) -> None:
        for sitting in sittings:
            self.taken[key, sitting.day].append(sitting.span)
            self.load[key] += 1

    def is_free(self, one: Resource, needed: Sequence[tuple[date, Span]]) -> bool:
        return not any(
            one.obstacle(day, span) or overlaps_any(span, self.taken.get((one.key, day), ())) for day, span in needed
        )


class _Pool:
    """Those who could take certain meetings of a batch, for every start."""

    def __init__(self, members: Sequence[Resource], slots: _Slots, books: _Bookings) -> None:
        self.members, self.slots, self.books = members, slots, books
        self.open = _Next(len(slots.runs))
        self.lines: dict[int, list[Resource]] = {}

    def pick(self, start: int, region: str) -> Resource | None:
        """Whoever cannot come at a start never can again, and leaves its line for good."""
        needed = self.slots.at(start)
        if start not in self.lines:
            load = self.books.load
            self.lines[start] = sorted(self.members, key=lambda one: (-load[one.key], -one.key))
        line = self.lines[start]
        while line and not self.books.is_free(line[-1], needed):
            line.pop()
        if not line:
            self.open.close(start)
            return None
        able = [one for one in line[-COMPARED:] if self.books.is_free(one, needed)]
        return min(able, key=lambda one: (distance(region, one.region), self.books.load[one.key], one.key))

    @property
    def is_used_up(self) -> bool:
        return self.open.find(0) == self.open.end


def distance(one: str, other: str) -> int:
    """0 in the same region or inside it, else how far up the tree the two meet; 4 without a region."""
    if not one or not other or other.startswith(one) or one.startswith(other):
        return 0 if one and other else len(WHOLE_CODES)
    shared = (number for number, length in enumerate(WHOLE_CODES) if one[:length] == other[:length])
    return next(shared, len(WHOLE_CODES))


# By topic and the meetings that it fills: who could take them. None where nobody teaches it.
Needs = dict[tuple[int, tuple[int, ...]], _Pool | None]


class _Board:
    """One attempt at the whole plan."""

    def __init__(self, frame: Frame, teachers: Sequence[Resource], places: Sequence[Resource]) -> None:
        self.frame = frame
        self.runs = runs(frame)
        self.open = _Next(len(self.runs))
        self.with_day: dict[date, list[int]] = defaultdict(list)
        for start, run in enumerate(self.runs):
            for day in run:
                self.with_day[day].append(start)
        self.held: dict[date, int] = defaultdict(int)
        self.teachers, self.places = _Bookings(), _Bookings()
        self.teaching: dict[int, list[Resource]] = defaultdict(list)
        for teacher in teachers:
            for topic in teacher.topics:
                self.teaching[topic].append(teacher)
        self.choosy = {topic for topic, found in self.teaching.items() if any(one.only for one in found)}
        self.near: dict[str, list[Resource]] = defaultdict(list)
        for place in places:
            for length in (2, 5, 8, 13):
                if length <= len(place.region):
                    self.near[place.region[:length]].append(place)
        self.by_key = {place.key: place for place in places}
        self.slots: dict[tuple[int, ...], _Slots] = {}
        self.pools: dict[tuple[object, ...], _Pool] = {}
        self.reasons: list[Problem] = []

    def keep(self, row: Row) -> None:
        """The sessions of a row are booked, whatever they are."""
        for day in row.days:
            self.held[day] += 1
            if self.held[day] >= self.frame.parallel:
                for start in self.with_day.get(day, ()):
                    self.open.close(start)
        for sitting in row.sittings:
            if sitting.teacher is not None:
                self.teachers.add(sitting.teacher, [sitting])
            if sitting.place is not None:
                self.places.add(sitting.place, [sitting])

    def place(self, row: Row, target: int) -> Row:
        """The row with its sessions: everybody there, else as much as can be had, else without days."""
        if self.open.find(0) == self.open.end:
            self.reasons.append(Problem(row.key, "no_run" if not self.runs else "all_full"))
            return replace(row, sittings=())
        needs = self._needs(row)
        wide = self._place_pools(row)
        for place_pool in wide if all(needs.values()) else []:
            found = self._search([*filter(None, needs.values()), place_pool], row, target)
            if found is not None:
                return self._settle(row, needs, place_pool, found)
        return self._settle_partly(row, needs, wide, target)

    def _settle_partly(self, row: Row, needs: Needs, wide: Sequence[_Pool], target: int) -> Row:
        alive = [pool for pool in needs.values() if pool is not None and not pool.is_used_up]
        widest = wide[-1] if wide else None
        alive_place = widest if widest is not None and not widest.is_used_up else None
        found = self._search([*alive, *([alive_place] if alive_place else [])], row, target)
        if found is None:
            found = self._search(alive, row, target)
        if found is None:
            start = self.open.find(target)
            found = start if start < self.open.end else self.open.find(0)
        self._explain(row, needs, widest)
        return self._settle(row, needs, widest, found)

    def _explain(self, row: Row, needs: Needs, place: _Pool | None) -> None:
        before = len(self.reasons)
        for (topic, _meetings), pool in needs.items():
            if pool is None:
                self.reasons.append(Problem(row.key, "nobody_teaches", {"topic": topic}))
            elif pool.is_used_up:
                self.reasons.append(Problem(row.key, "teachers_taken", {"topic": topic, "count": len(pool.members)}))
        if place is None:
            self.reasons.append(Problem(row.key, "no_place_known", {"seats": row.seats}))
        elif place.is_used_up:
            self.reasons.append(Problem(row.key, "places_taken", {"count": len(place.members)}))
        if len(self.reasons) == before:
            self.reasons.append(Problem(row.key, "never_together"))

    def _search(self, pools: Sequence[_Pool], row: Row, target: int) -> int | None:
        """The first start from the target on at which all can be had; then from the beginning."""
        for begin, end in ((target, self.open.end), (0, target)):
            start = begin
            while start < end:
                ahead = max([self.open.find(start), *(pool.open.find(start) for pool in pools)])
                if ahead > start:
                    start = ahead
                elif all(pool.pick(start, row.region) is not None for pool in pools):
                    return start
        return None

    def _needs(self, row: Row) -> Needs:
        meetings: dict[int, list[int]] = defaultdict(list)
        for number, topic in enumerate(spread_topics(self.frame.pattern, row.topics)):
            if topic is not None:
                meetings[topic].append(number)
        needs: Needs = {}
        for topic, numbers in meetings.items():
            need = (topic, tuple(numbers))
            known = self.teaching.get(topic, [])
            members = [one for one in known if one.serves(row.region)] if topic in self.choosy else known
            mark = ("teacher", need, tuple(one.key for one in members) if topic in self.choosy else ())
            needs[need] = self._pool(mark, self.teachers, members, need[1]) if members else None
        return needs

    def _place_pools(self, row: Row) -> list[_Pool]:
        """Nearest first: a venue of the region itself, then of what lies around it as far as the plan reaches."""
        every = tuple(range(len(self.frame.pattern)))
        if row.place is not None:
            members = [self.by_key[row.place]] if row.place in self.by_key else []
            return [self._pool(("fixed", row.place), self.places, members, every)] if members else []
        scopes = [row.region, *(row.region[:length] for length in WHOLE_CODES if length < len(row.region))]
        found = []
        for scope in scopes:
            if len(scope) < min(self.frame.reach, len(row.region)):
                break
            members = [one for one in self.near.get(scope, ()) if one.capacity is None or one.capacity >= row.seats]
            if members:
                found.append(self._pool(("place", scope, row.seats), self.places, members, every))
        return found

    def _pool(
        self, mark: tuple[object, ...], books: _Bookings, members: Sequence[Resource], numbers: tuple[int, ...]
    ) -> _Pool:
        if mark not in self.pools:
            if numbers not in self.slots:
                self.slots[numbers] = _Slots([self.frame.pattern[number] for number in numbers], self.runs)
            self.pools[mark] = _Pool(members, self.slots[numbers], books)
        return self.pools[mark]

    def _settle(
        self,
        row: Row,
        needs: Needs,
        place_pool: _Pool | None,
        start: int,
    ) -> Row:
        place = place_pool.pick(start, row.region) if place_pool else None
        sittings = sittings_of(self.frame, self.runs[start], row.topics)
        for (_topic, numbers), pool in needs.items():
            teacher = pool.pick(start, row.region) if pool else None
            for number in numbers if teacher else ():
                sittings[number] = replace(sittings[number], teacher=teacher.key if teacher else None)
        found = in_order(replace(one, place=place.key if place else None) for one in sittings)
        placed = replace(row, sittings=tuple(found))
        self.keep(placed)
        return placed


def propose(frame: Frame, rows: Sequence[Row], teachers: Sequence[Resource], places: Sequence[Resource]) -> Proposal:
    """Days, instructors and venues for all rows that are not fixed; those that are stay as they are.

    Spread evenly only as long as nothing is lost by it.
    """
    best = _attempt(frame, rows, teachers, places)
    if frame.evenly and best.reasons:
        packed = _attempt(replace(frame, evenly=False), rows, teachers, places)
        best = packed if _lost(packed) < _lost(best) else best
    return best


def _lost(proposal: Proposal) -> tuple[int, int]:
    without = sum(not row.sittings for row in proposal.rows)
    return without, len(proposal.reasons)


def _attempt(frame: Frame, rows: Sequence[Row], teachers: Sequence[Resource], places: Sequence[Resource]) -> Proposal:
    board = _Board(frame, teachers, places)
    placed = {row.key: row for row in rows if row.fixed}
    for row in placed.values():
        board.keep(row)
    free = [row for row in rows if not row.fixed]
    hard = sorted(range(len(free)), key=lambda number: (_scarcity(board, free[number]), number))
    for turn, number in enumerate(hard):
        target = turn * len(board.runs) // len(hard) if frame.evenly else 0
        placed[free[number].key] = board.place(free[number], target)
    return Proposal(tuple(placed[row.key] for row in rows), tuple(board.reasons))


def _scarcity(board: _Board, row: Row) -> int:
    """How many teach the rarest of its topics."""
    return min((len(board.teaching.get(topic, ())) for topic in row.topics), default=len(board.runs))


def fridays_lost(frame: Frame) -> bool:
    """Whether Fridays of the window stay empty because the hours run into the prayer."""
    fridays = [day for day in working_days(frame) if day.weekday() == 4]
    return bool(fridays) and not any(day in run for run in runs(frame) for day in fridays)
