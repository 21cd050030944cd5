"""Competitions to compute: the method of the worked example, and short ways to write sheets."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from incentives.rules import Contestant, Criterion, Method, Sheet, Tier

WEIGHTS = {"model": 25, "innovation": 20, "market": 20, "finance": 20, "presentation": 15}
CRITERIA = tuple(Criterion(code, Decimal(weight)) for code, weight in WEIGHTS.items())
TIERS = (
    Tier("1", "Juara I", 2, 3_000_000),
    Tier("2", "Juara II", 2, 2_400_000),
    Tier("3", "Juara III", 2, 1_800_000),
)
METHOD = Method(CRITERIA, TIERS, minimum=Decimal(60))
# One criterion is enough where only totals matter.
PLAIN = Method((Criterion("all", Decimal(100)),), TIERS, tie_breaks=("chair",))
TWO_SLOTS = (Tier("1", "Juara I", 1, 500), Tier("2", "Juara II", 1, 300))
# domain.md 11.2: the scores of three jurors, and their totals and mean as they are shown.
B, A, C = 2, 1, 3
EXAMPLE = {
    B: ("85,80,80,78,80", "80,82,79,76,84", "84,78,80,77,82"),
    A: ("80,85,78,75,90", "82,80,80,70,88", "78,84,76,74,85"),
    C: ("70,75,72,68,80", "72,70,74,70,78", "71,73,70,69,79"),
}
SHOWN = {
    B: (["80.85", "80.00", "80.30"], "80.38"),
    A: (["81.10", "79.70", "79.05"], "79.95"),
    C: (["72.50", "72.50", "72.00"], "72.33"),
}


def sheet(juror: int, entry: int, scores: str, state: str = "submitted", codes: Iterable[str] = WEIGHTS) -> Sheet:
    """Scores by their order; a dash is a score that was not given."""
    given = zip(codes, scores.split(","), strict=True)
    return Sheet(juror, entry, state, {code: Decimal(score) for code, score in given if score != "-"})


def example() -> list[Sheet]:
    return [sheet(juror, entry, scores) for entry, given in EXAMPLE.items() for juror, scores in enumerate(given, 1)]


def totals(table: Mapping[int, Sequence[str | int | Decimal | None]]) -> list[Sheet]:
    """Sheets for `PLAIN`: entry -> what jurors 1, 2, ... gave; None is no sheet."""
    return [
        Sheet(juror, entry, "submitted", {"all": Decimal(score)})
        for entry, given in table.items()
        for juror, score in enumerate(given, 1)
        if score is not None
    ]


def field(entries: Iterable[int]) -> list[Contestant]:
    return [Contestant(entry) for entry in entries]


def rounded(value: Fraction | None, digits: int = 12) -> float:
    assert value is not None
    return round(float(value), digits)
