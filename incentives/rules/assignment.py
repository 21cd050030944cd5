"""Who scores what, where not everybody scores everything: the same load, spread, never where there is a conflict."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from incentives.rules.lots import order_by_lot

Pair = tuple[int, int]


@dataclass(frozen=True)
class Candidate:
    """An entry as the assignment sees it."""

    entry: int
    region: str = ""
    category: str = ""


@dataclass(frozen=True)
class Assignment:
    """`short`: how many jurors an entry lacks, because of conflicts. `is_connected`: severity will be computable."""

    jurors_of: Mapping[int, tuple[int, ...]]
    loads: Mapping[int, int]
    short: Mapping[int, int]
    is_connected: bool


def assign(
    jurors: Iterable[int],
    candidates: Iterable[Candidate],
    per_entry: int,
    *,
    conflicts: Iterable[Pair] = (),
    seed: str,
    kept: Mapping[int, Iterable[int]] | None = None,
) -> Assignment:
    """`conflicts` are (juror, entry); `kept` stays as it is and counts as load. The same seed gives the same.

    Loads differ by one at most, unless conflicts or what is kept do not allow it; then they are as even as can be.
    """
    table = _Table(jurors, candidates, conflicts, seed, kept or {})
    for entry in table.order():
        while len(table.given[entry]) < per_entry and (free := table.free(entry)):
            table.give(min(free, key=lambda juror: table.burden(juror, entry)), entry)
    while table.level():
        pass
    while table.join():
        pass
    return Assignment(
        {entry: tuple(sorted(given)) for entry, given in sorted(table.given.items())},
        {juror: table.load[juror] for juror in table.jurors},
        {entry: lack for entry, given in sorted(table.given.items()) if (lack := per_entry - len(given)) > 0},
        len(table.groups()) <= 1,
    )


class _Table:
    def __init__(
        self,
        jurors: Iterable[int],
        candidates: Iterable[Candidate],
        conflicts: Iterable[Pair],
        seed: str,
        kept: Mapping[int, Iterable[int]],
    ) -> None:
        self.jurors = tuple(sorted(set(jurors)))
        self.candidates = {one.entry: one for one in sorted(candidates, key=lambda one: one.entry)}
        self.conflicts = set(conflicts)
        self.given: dict[int, set[int]] = {entry: set(kept.get(entry, ())) for entry in self.candidates}
        self.fixed = {(juror, entry) for entry, given in self.given.items() for juror in given}
        self.lots = {juror: place for place, juror in enumerate(order_by_lot(seed, self.jurors, "juror"))}
        self.entry_lots = {entry: place for place, entry in enumerate(order_by_lot(seed, self.candidates, "entry"))}
        self.load: Counter[int] = Counter()
        self.spread: Counter[tuple[int, str, str]] = Counter()
        self.together: Counter[Pair] = Counter()
        for juror, entry in sorted(self.fixed):
            self.given[entry].discard(juror)
            self.give(juror, entry)

    def order(self) -> list[int]:
        """Neighbours one after the other: whoever took the last entry of a kelurahan has the larger load by then."""
        listed = self.candidates.values()
        ordered = sorted(listed, key=lambda one: (one.region, one.category, self.entry_lots[one.entry]))
        return [one.entry for one in ordered]

    def free(self, entry: int) -> list[int]:
        return [juror for juror in self.jurors if self.may(juror, entry)]

    def may(self, juror: int, entry: int) -> bool:
        return juror not in self.given[entry] and (juror, entry) not in self.conflicts

    def burden(self, juror: int, entry: int) -> tuple[int, ...]:
        """The least loaded first; then who has fewest of this kelurahan, of this category, with the same colleagues."""
        region, category = self._kinds(juror, entry)
        met = sum(self.together[_pair(juror, other)] for other in self.given[entry])
        return (self.load[juror], self.spread[region], self.spread[category], met, self.lots[juror])

    def give(self, juror: int, entry: int) -> None:
        self._count(juror, entry, 1)
        self.given[entry].add(juror)

    def take(self, juror: int, entry: int) -> None:
        self.given[entry].discard(juror)
        self._count(juror, entry, -1)

    def level(self) -> bool:
        """Moves one entry's work from a juror to one with two less, over others if need be; False when none can.

        Without such a path the loads are as even as they can be (Harvey and others 2003, semi-matchings).
        """
        for heavy in sorted(self.jurors, key=lambda juror: (-self.load[juror], self.lots[juror])):
            if path := self._path(heavy):
                for giver, entry, receiver in path:
                    self.take(giver, entry)
                    self.give(receiver, entry)
                return True
        return False

    def _path(self, heavy: int) -> list[tuple[int, int, int]]:
        come: dict[int, tuple[int, int]] = {}
        waiting = deque([heavy])
        while waiting:
            giver = waiting.popleft()
            if self.load[giver] <= self.load[heavy] - 2:
                return _walked(come, heavy, giver)
            for entry in self._movable(giver):
                for receiver in sorted(self.free(entry), key=lambda juror: self.burden(juror, entry)):
                    if receiver != heavy and receiver not in come:
                        come[receiver] = (giver, entry)
                        waiting.append(receiver)
        return []

    def _movable(self, juror: int) -> list[int]:
        own = [entry for entry, given in self.given.items() if juror in given and (juror, entry) not in self.fixed]
        return sorted(own, key=lambda entry: (-self.spread[self._kinds(juror, entry)[0]], self.entry_lots[entry]))

    def groups(self) -> list[set[int]]:
        """Jurors who can be compared with each other, over the entries they share."""
        found: list[set[int]] = []
        for given in self.given.values():
            touched = [group for group in found if group & given]
            found = [group for group in found if not group & given]
            if given:
                found.append(set(given).union(*touched))
        return found

    def join(self) -> bool:
        """Exchanges two jurors of groups that share nothing, where that leaves fewer groups; the loads stay."""
        before = self.groups()
        for one, other in combinations(before, 2):
            for first, second in self._exchanges(one, other):
                self._exchange(first, second)
                if len(self.groups()) < len(before):
                    return True
                self._exchange((first[0], second[1]), (second[0], first[1]))
        return False

    def _exchanges(self, one: set[int], other: set[int]) -> Iterator[tuple[Pair, Pair]]:
        for giver in sorted(one & self.lots.keys(), key=self.lots.__getitem__):
            for receiver in sorted(other & self.lots.keys(), key=self.lots.__getitem__):
                for entry in self._movable(giver):
                    for its in self._movable(receiver) if self.may(receiver, entry) else ():
                        is_shared = len(self.given[entry]) > 1 or len(self.given[its]) > 1
                        if is_shared and self.may(giver, its):
                            yield (giver, entry), (receiver, its)

    def _exchange(self, first: Pair, second: Pair) -> None:
        """Each of both takes the other one's entry."""
        self.take(*first)
        self.take(*second)
        self.give(first[0], second[1])
        self.give(second[0], first[1])

    def _count(self, juror: int, entry: int, by: int) -> None:
        self.load[juror] += by
        self.spread.update(dict.fromkeys(self._kinds(juror, entry), by))
        self.together.update({_pair(juror, other): by for other in self.given[entry]})

    def _kinds(self, juror: int, entry: int) -> tuple[tuple[int, str, str], tuple[int, str, str]]:
        one = self.candidates[entry]
        return (juror, "region", one.region), (juror, "category", one.category)


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def _walked(come: Mapping[int, tuple[int, int]], begin: int, end: int) -> list[tuple[int, int, int]]:
    """The steps (giver, entry, receiver), the last one first, so that nobody ever holds an entry twice."""
    steps = []
    while end != begin:
        giver, entry = come[end]
        steps.append((giver, entry, end))
        end = giver
    return steps
