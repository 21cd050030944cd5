"""Who gets a seat where not the first one does: points, a draw that anybody can recompute, limits for each group.

The published script (static/undian/periksa.py) says the same in the standard library alone; a test holds both together.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

CRITERIA = ("target_group", "sex", "region", "education", "age", "first_time")
STRATA = ("region", "sex", "business_kind", "target_group")


@dataclass(frozen=True)
class PointRule:
    """So many points for whom this is true of. `value` is a code, a region's code prefix, or ages like 18-24."""

    criterion: str
    value: str
    points: int


@dataclass(frozen=True)
class Limit:
    """At most so many seats for one group; without a value for each group of this kind by itself.

    `yields`: seats that would stay empty are given beyond it.
    """

    stratum: str
    seats: int
    value: str = ""
    yields: bool = False


@dataclass(frozen=True)
class Terms:
    """What a programme declares before registration opens, and a batch keeps as it was declared."""

    points: tuple[PointRule, ...] = ()
    limits: tuple[Limit, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"points": [asdict(rule) for rule in self.points], "limits": [asdict(limit) for limit in self.limits]}

    @staticmethod
    def from_json(stored: Mapping[str, Any]) -> "Terms":
        return Terms(
            tuple(PointRule(**rule) for rule in stored.get("points", ())),
            tuple(Limit(**limit) for limit in stored.get("limits", ())),
        )


@dataclass(frozen=True)
class Applicant:
    """What points and limits look at; empty where it was not asked."""

    number: int
    region: str = ""
    sex: str = ""
    target_group: str = ""
    business_kind: str = ""
    education: str = ""
    age: int | None = None
    first_time: bool = False


@dataclass(frozen=True)
class Contender:
    """An applicant as the ranking sees one: a number, points, and the groups that are counted."""

    number: int
    points: int = 0
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Allotted:
    """`outcome` is held, waiting or none; `group` is what was full, where a limit decided."""

    number: int
    rank: int
    points: int
    groups: tuple[str, ...]
    outcome: str
    reason: str
    group: str = ""


@dataclass(frozen=True)
class Capacity:
    """How many seats and waiting places there are, and the limit of each group: (seats, whether it yields)."""

    seats: int
    waiting: int
    limits: Mapping[str, tuple[int, bool]] = field(default_factory=dict)


def seed_hash(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()


def lot(seed: str, words: str, number: int) -> str:
    """The lot of one number: the smallest comes first. It depends on no other entry, so nobody can be reshuffled."""
    return hashlib.sha256(f"{seed}:{words}:{number}".encode()).hexdigest()


def one_line(words: str) -> str:
    return " ".join(words.split())


def matches(value: str, found: str, *, is_region: bool) -> bool:
    return found == value or (is_region and found.startswith(f"{value}."))


def points_of(terms: Terms, applicant: Applicant) -> int:
    return sum(rule.points for rule in terms.points if _earns(rule, applicant))


def _earns(rule: PointRule, applicant: Applicant) -> bool:
    if rule.criterion == "first_time":
        return applicant.first_time
    if rule.criterion == "age":
        youngest, _dash, oldest = rule.value.partition("-")
        return applicant.age is not None and int(youngest) <= applicant.age <= int(oldest)
    found = str(getattr(applicant, rule.criterion))
    return matches(rule.value, found, is_region=rule.criterion == "region")


def groups_of(terms: Terms, applicant: Applicant) -> tuple[str, ...]:
    """The groups this applicant counts in, as `stratum:value`. A limit for one value goes before that for each."""
    found = []
    for stratum in dict.fromkeys(limit.stratum for limit in terms.limits):
        value = str(getattr(applicant, stratum))
        own = [limit for limit in terms.limits if limit.stratum == stratum]
        named = [each for each in own if each.value and matches(each.value, value, is_region=stratum == "region")]
        if named:
            found += [f"{stratum}:{limit.value}" for limit in named]
        elif value and any(not limit.value for limit in own):
            found.append(f"{stratum}:{value}")
    return tuple(found)


def capacities(terms: Terms, groups: Iterable[str]) -> dict[str, tuple[int, bool]]:
    """The limit of each group that occurs."""
    named = {f"{limit.stratum}:{limit.value}": (limit.seats, limit.yields) for limit in terms.limits if limit.value}
    each = {limit.stratum: (limit.seats, limit.yields) for limit in terms.limits if not limit.value}
    return {group: named.get(group) or each[group.partition(":")[0]] for group in dict.fromkeys(groups)}


def in_order(contenders: Iterable[Contender], *, seed: str = "", words: str = "") -> list[Contender]:
    """By lot where there is a seed; otherwise by points, and at equal points by the earlier number."""
    if seed:
        return sorted(contenders, key=lambda one: lot(seed, words, one.number))
    return sorted(contenders, key=lambda one: (-one.points, one.number))


def allot(ordered: Sequence[Contender], capacity: Capacity) -> list[Allotted]:
    """Seats in this order within the limits; what stays empty goes beyond those that yield; then the waiting list."""
    taken: Counter[str] = Counter()
    seated: dict[int, str] = {}
    blocked: dict[int, str] = {}
    for may_yield in (False, True):
        for one in ordered:
            if len(seated) >= capacity.seats or one.number in seated:
                continue
            full = full_group(one.groups, taken, capacity.limits, may_yield=may_yield)
            if full:
                blocked.setdefault(one.number, full)
            else:
                seated[one.number] = "leftover" if may_yield else "seat"
                taken.update(one.groups)
    result, waiting = [], 0
    for rank, one in enumerate(ordered, start=1):
        group = "" if seated.get(one.number) == "seat" else blocked.get(one.number, "")
        reason = seated.get(one.number) or ("limit" if group else "seats")
        outcome = "held" if one.number in seated else "waiting" if waiting < capacity.waiting else "none"
        waiting += outcome == "waiting"
        result.append(Allotted(one.number, rank, one.points, one.groups, outcome, reason, group))
    return result


def full_group(
    groups: Iterable[str], taken: Mapping[str, int], limits: Mapping[str, tuple[int, bool]], *, may_yield: bool
) -> str:
    """The first of these groups that has all its seats; empty when there is room."""
    for group in groups:
        seats, yields = limits[group]
        if taken.get(group, 0) >= seats and not (may_yield and yields):
            return group
    return ""


def next_in_line(
    line: Sequence[Contender], taken: Iterable[tuple[str, ...]], limits: Mapping[str, tuple[int, bool]], free: int
) -> list[int]:
    """Who of those that wait, in their order, gets the seats that became free; the limits hold on."""
    counted = Counter(group for groups in taken for group in groups)
    chosen: list[int] = []
    for may_yield in (False, True):
        for one in line:
            if len(chosen) >= free:
                break
            if one.number not in chosen and not full_group(one.groups, counted, limits, may_yield=may_yield):
                chosen.append(one.number)
                counted.update(one.groups)
    return chosen


def share_out(free: Mapping[str, int], waiting: Mapping[str, tuple[int, int]]) -> list[tuple[str, str, int]]:
    """Unused seats to where most people wait for each seat, one by one: (from, to, seats).

    `waiting` has those who wait and the seats that are there already. Equal need: the smaller key; the giver is the
    one with most unused seats, so that nobody gives more than needed.
    """
    left, need = dict(free), {key: [people, seats] for key, (people, seats) in waiting.items() if people}
    moved: Counter[tuple[str, str]] = Counter()
    while need and any(left.values()):
        to = min(need, key=lambda key: (-need[key][0] / max(need[key][1], 1), key))
        giver = min((key for key in left if left[key]), key=lambda key: (-left[key], key))
        left[giver] -= 1
        need[to][0] -= 1
        need[to][1] += 1
        moved[giver, to] += 1
        if not need[to][0]:
            del need[to]
    return [(giver, to, seats) for (giver, to), seats in sorted(moved.items())]
