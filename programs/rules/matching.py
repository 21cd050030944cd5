"""Who suits a session best: facts in, points with reasons out. The weights and why: docs/adr/0015."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

LEVEL_POINTS = {1: 20, 2: 35, 3: 45}
NO_TOPIC_POINTS = 35  # a session without a topic asks for no competence: everybody is alike
# By how far the place is from where somebody comes from; `None` where that is not known.
DISTANCE_POINTS: dict[str | None, int] = {
    "village": 25,
    "district": 18,
    "city": 10,
    "province": 3,
    "far": 0,
    None: 8,
}
LOAD_POINTS, HOURS_PER_POINT = 20, 2
GAIN_POINTS, UNKNOWN_GAIN = 10, 4
LOAD_DAYS = 14  # lesson hours so many days before and after a session count as load
# What makes it impossible; anything else is for the office to judge.
HARD = frozenset({"inactive", "booked", "absent", "weekday"})


@dataclass(frozen=True)
class Candidate:
    """What is known of somebody for one session. `level` is None where the topic is not among what they teach."""

    key: int
    name: str
    needs_level: bool
    level: int | None
    distance: str | None
    hours_near: int
    gain: Decimal | None
    obstacles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reason:
    """One part of the answer: `code` for its words, `value` to put into them, and what it counts."""

    code: str
    value: str | int | Decimal | None
    points: int


@dataclass(frozen=True)
class Match:
    candidate: Candidate
    points: int
    reasons: tuple[Reason, ...]

    @property
    def is_free(self) -> bool:
        return not self.candidate.obstacles

    @property
    def is_possible(self) -> bool:
        return not HARD & set(self.candidate.obstacles)


def distance_between(one: str | None, other: str | None) -> str | None:
    """The smallest kind of region in which both lie. A city's own code is no village: it counts as within the city."""
    if not one or not other:
        return None
    for length, name in ((13, "village"), (8, "district"), (5, "city"), (2, "province")):
        if len(one) >= length and len(other) >= length and one[:length] == other[:length]:
            return name
    return "far"


def weigh(candidate: Candidate) -> Match:
    reasons = (_competence(candidate), _distance(candidate), _load(candidate), _gain(candidate))
    return Match(candidate, sum(reason.points for reason in reasons), reasons)


def rank(candidates: Iterable[Candidate]) -> list[Match]:
    """Those who can come first, the best first; ties by name and key, so that the order is always the same."""
    matches = [weigh(candidate) for candidate in candidates]
    return sorted(
        matches,
        key=lambda match: (
            not match.is_free,
            not match.is_possible,
            -match.points,
            match.candidate.name.casefold(),
            match.candidate.key,
        ),
    )


def _competence(candidate: Candidate) -> Reason:
    if not candidate.needs_level:
        return Reason("no_topic", None, NO_TOPIC_POINTS)
    return Reason("level", candidate.level, LEVEL_POINTS.get(candidate.level or 0, 0))


def _distance(candidate: Candidate) -> Reason:
    return Reason("distance", candidate.distance, DISTANCE_POINTS[candidate.distance])


def _load(candidate: Candidate) -> Reason:
    return Reason("load", candidate.hours_near, max(LOAD_POINTS - candidate.hours_near // HOURS_PER_POINT, 0))


def _gain(candidate: Candidate) -> Reason:
    """Without a gain on record somebody new is neither praised nor punished."""
    if candidate.gain is None:
        return Reason("gain", None, UNKNOWN_GAIN)
    share = min(max(candidate.gain, Decimal(0)), Decimal(1))
    return Reason("gain", candidate.gain, int(share * GAIN_POINTS + Decimal("0.5")))
