"""Who stands where, and how ties are broken: by the declared chain, and only where they cross a slot border."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from incentives.rules.method import DECIDED, Contestant, Criterion, Method, TieDecision, Tier
from incentives.rules.scoring import Marks, median

Keys = Mapping[int, Fraction | int]
Key = Callable[[Sequence[int]], Keys | None]


@dataclass(frozen=True)
class Placed:
    """`place` is shared by ties that need no breaking. Verdicts: winner, reserve, open, below_minimum, second_..."""

    place: int
    verdict: str
    tier: Tier | None = None
    broken_by: str = ""


@dataclass(frozen=True)
class OpenTie:
    """Entries whose order somebody has to decide before the result can be locked; tiers at stake, "" is no award."""

    entries: tuple[int, ...]
    category: str
    tiers: tuple[str, ...]
    by: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """Entries with equal score that the chain has not told apart so far; `step` of the chain comes next."""

    entries: tuple[int, ...]
    score: Fraction
    step: int = 0
    broken_by: str = ""


def ranks(scores: Mapping[int, Fraction]) -> dict[int, int]:
    """1, 2, 2, 4: on unrounded scores, the highest first."""
    ranked: dict[int, int] = {}
    for block in blocks(scores):
        first = len(ranked) + 1
        ranked.update(dict.fromkeys(block.entries, first))
    return ranked


def blocks(scores: Mapping[int, Fraction]) -> list[Block]:
    tied: dict[Fraction, list[int]] = {}
    for entry, score in scores.items():
        tied.setdefault(score, []).append(entry)
    return [Block(tuple(sorted(tied[score])), score) for score in sorted(tied, reverse=True)]


class Chain:
    """The declared tie-breaks one after the other. Each turns tied entries into keys, the larger one first."""

    def __init__(self, method: Method, marks: Marks, decisions: Iterable[TieDecision]) -> None:
        self.method, self.marks, self.decisions = method, marks, tuple(decisions)
        self.steps: list[tuple[str, Key]] = []
        for name in method.tie_breaks:
            self.steps += self._criteria() if name == "criteria" else [(name, self._step(name))]
        # Whatever the chain forgot, somebody has to be able to decide in the end.
        self.by = tuple(name for name in method.tie_breaks if name in DECIDED) or ("chair",)
        if not set(DECIDED) & set(method.tie_breaks):
            self.steps.append(("chair", self._step("chair")))

    def split(self, block: Block) -> list[Block]:
        """The block in parts, the better first; empty where the rest of the chain does not tell its entries apart."""
        for step in range(block.step, len(self.steps)):
            name, key = self.steps[step]
            keys = key(block.entries)
            if keys is None or len(set(keys.values())) < 2:
                continue
            return [
                Block(tuple(e for e in block.entries if keys[e] == value), block.score, step + 1, name)
                for value in sorted(set(keys.values()), reverse=True)
            ]
        return []

    def _criteria(self) -> list[tuple[str, Key]]:
        """The heaviest criterion first, equal weights as they were declared; the mean over the counted sheets."""
        heaviest = sorted(enumerate(self.method.criteria), key=lambda pair: -pair[1].weight)
        return [(f"criteria:{one.code}", self._criterion(at, one)) for at, one in heaviest]

    def _criterion(self, at: int, criterion: Criterion) -> Key:
        return lambda tied: {entry: self.marks.criterion(entry, at, criterion) for entry in tied}

    def _step(self, name: str) -> Key:
        if name == "more_jurors":
            return self._more_jurors
        if name == "median":
            return lambda tied: {entry: median(list(self.marks.totals(entry).values())) for entry in tied}
        return lambda tied: self._decided(name, tied)

    def _more_jurors(self, tied: Sequence[int]) -> Keys:
        """Pairs won less pairs lost; a pair is won where more of the jurors who scored both gave the higher total."""
        given = {entry: self.marks.totals(entry) for entry in tied}
        points = dict.fromkeys(tied, 0)
        for position, one in enumerate(tied):
            for other in tied[position + 1 :]:
                both = given[one].keys() & given[other].keys()
                more = sum((given[one][j] > given[other][j]) - (given[one][j] < given[other][j]) for j in both)
                points[one] += (more > 0) - (more < 0)
                points[other] -= (more > 0) - (more < 0)
        return points

    def _decided(self, by: str, tied: Sequence[int]) -> Keys | None:
        """The order that was decided for all of these; decisions that contradict each other decide nothing."""
        orders = {
            tuple(entry for entry in decision.entries if entry in tied)
            for decision in self.decisions
            if decision.by == by and set(tied) <= set(decision.entries)
        }
        if len(orders) != 1:
            return None
        [order] = orders
        return {entry: -position for position, entry in enumerate(order)}


@dataclass
class Race:
    """One list of slots: the whole competition, or one category of it."""

    category: str
    tiers: tuple[Tier, ...]
    queue: list[Block]
    taken: int = 0
    place: int = 1

    @property
    def slots(self) -> int:
        return sum(tier.slots for tier in self.tiers)

    def tier_at(self, position: int) -> Tier | None:
        for tier in self.tiers:
            if position < tier.slots:
                return tier
            position -= tier.slots
        return None

    def urgency(self) -> tuple[int, int, Fraction, str]:
        """Among categories the larger award is given first, so that a person's one award is the largest."""
        tier = self.tier_at(self.taken)
        return (-tier.amount if tier else 1, self.taken, -self.queue[0].score, self.category)


@dataclass
class Allotment:
    """Walks down the races. Who holds an award closes it to the same person, household and business."""

    method: Method
    chain: Chain
    contestants: Mapping[int, Contestant]
    minimum: Fraction | None
    held: set[tuple[str, str]] = field(default_factory=set)
    placed: dict[int, Placed] = field(default_factory=dict)
    open_ties: list[OpenTie] = field(default_factory=list)

    def run(self, races: Sequence[Race]) -> None:
        while waiting := [race for race in races if race.queue]:
            self._next(min(waiting, key=Race.urgency))

    def _next(self, race: Race) -> None:
        block = race.queue.pop(0)
        if self.minimum is not None and block.score < self.minimum:
            self._place(race, block, dict.fromkeys(block.entries, "below_minimum"))
            return
        closed = {entry: why for entry in block.entries if (why := self._closed(entry))}
        free = tuple(entry for entry in block.entries if entry not in closed)
        if not self._must_break(race, free):
            self._place(race, block, closed)
        elif closed:
            # Who cannot win any more has no part in the tie and stands behind it.
            behind = Block(tuple(closed), block.score, len(self.chain.steps), block.broken_by)
            race.queue[:0] = [Block(free, block.score, block.step, block.broken_by), behind]
        elif parts := self.chain.split(block):
            race.queue[:0] = parts
        else:
            self._leave_open(race, block)

    def _must_break(self, race: Race, free: Sequence[int]) -> bool:
        """A border inside the tie, the last slot's too; or two of one household, of whom only one may win."""
        if len(free) < 2 or race.taken >= race.slots:
            return False
        keys = [key for entry in free for key in self._keys(entry)]
        return len(set(keys)) < len(keys) or race.tier_at(race.taken) != race.tier_at(race.taken + len(free) - 1)

    def _keys(self, entry: int) -> list[tuple[str, str]]:
        one = self.contestants[entry]
        asked = {"person": True, "household": self.method.one_per_household, "business": self.method.one_per_business}
        return [(kind, value) for kind, is_asked in asked.items() if is_asked and (value := getattr(one, kind))]

    def _closed(self, entry: int) -> str:
        return next((f"second_{key[0]}" for key in self._keys(entry) if key in self.held), "")

    def _place(self, race: Race, block: Block, verdicts: Mapping[int, str]) -> None:
        for entry in block.entries:
            tier = None if entry in verdicts else race.tier_at(race.taken)
            verdict = verdicts.get(entry) or ("winner" if tier else "reserve")
            self.placed[entry] = Placed(race.place, verdict, tier, block.broken_by)
            if tier:
                race.taken += 1
                self.held.update(self._keys(entry))
        race.place += len(block.entries)

    def _leave_open(self, race: Race, block: Block) -> None:
        """What comes after an open tie is provisional; those who win in any order already close their keys."""
        first, last = race.taken, race.taken + len(block.entries)
        stake = [tier.code if tier else "" for tier in map(race.tier_at, range(first, last))]
        at_stake = stake[:1] + [tier for before, tier in pairwise(stake) if tier != before]
        self.open_ties.append(OpenTie(block.entries, race.category, tuple(at_stake), self.chain.by))
        for entry in block.entries:
            self.placed[entry] = Placed(race.place, "open", None, block.broken_by)
            if last <= race.slots:
                self.held.update(self._keys(entry))
        race.taken = min(last, race.slots)
        race.place += len(block.entries)
