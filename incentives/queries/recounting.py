"""A locked result computed once more from the sheets as they lie in the database."""

from dataclasses import dataclass, field

from incentives.models import Result
from incentives.queries.facts import Facts, method_of, sheets_of


@dataclass(frozen=True)
class Recount:
    """`differs` names what is not as it was locked: hash, method, sheets, outcome, or the row of the result itself."""

    result: Result
    sha256: str
    differs: tuple[str, ...] = ()
    moved: tuple[tuple[int, int | None, int | None], ...] = field(default=())

    @property
    def is_same(self) -> bool:
        return not self.differs


def recount(result: Result) -> Recount:
    """Method and sheets from their rows; who stood, and which ties were decided, as it was at the lock."""
    kept = Facts.from_json(result.inputs)
    now = Facts(method_of(result.edition), sheets_of(result.competition), kept.contestants, kept.decisions)
    places = {one["entry"]: one["place"] for one in result.outcome["entries"]}
    differs = {
        "record": kept.sha256_with(result.outcome) != result.sha256,
        "method": now.method != kept.method,
        "sheets": now.as_json()["sheets"] != kept.as_json()["sheets"],
        "outcome": now.outcome.as_json() != result.outcome,
        "hash": now.sha256 != result.sha256,
    }
    moved = tuple(
        (one.entry, places.get(one.entry), one.place)
        for one in now.outcome.entries
        if places.get(one.entry) != one.place
    )
    return Recount(result, now.sha256, tuple(name for name, is_so in differs.items() if is_so), moved)
