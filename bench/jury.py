"""What a result costs: 300 entries, 9 jurors, 5 criteria; nothing but the rule, no database."""

import random
from collections.abc import Iterator
from decimal import Decimal

from bench.registry import Result, promised
from incentives.rules import (
    Candidate,
    Contestant,
    Criterion,
    Method,
    Sheet,
    Tier,
    assign,
    compute,
    fingerprint,
    sensitivity,
)

ENTRIES, JURORS = 300, 9
WEIGHTS = {"model": 25, "innovation": 20, "market": 20, "finance": 20, "presentation": 15}
TIERS = (Tier("1", "Juara I", 2, 3_000_000), Tier("2", "Juara II", 2, 2_400_000), Tier("3", "Juara III", 2, 1_800_000))
METHOD = Method(tuple(Criterion(code, Decimal(weight)) for code, weight in WEIGHTS.items()), TIERS, minimum=Decimal(60))
RECOUNT, TABLE = 1000.0, 3000.0


def measures() -> Iterator[Result]:
    sheets, field = _sheets(), [Contestant(entry, person=str(entry)) for entry in range(ENTRIES)]
    assert len(compute(METHOD, sheets, field).winners) == 6
    what = f"{ENTRIES} entries x {JURORS} jurors x {len(WEIGHTS)} criteria"
    yield promised(f"{what}: computed", RECOUNT, lambda: compute(METHOD, sheets, field))
    yield promised(f"{what}: fingerprint", RECOUNT, lambda: fingerprint(METHOD, sheets, field))
    yield promised(f"{what}: sensitivity", TABLE, lambda: sensitivity(METHOD, sheets, field))
    entries = [Candidate(entry, str(entry % 27), str(entry % 3)) for entry in range(ENTRIES)]
    yield promised(
        f"{ENTRIES} entries shared out, 3 of {JURORS} each", RECOUNT, lambda: assign(range(JURORS), entries, 3, seed="")
    )


def _sheets() -> list[Sheet]:
    """Scores with two decimals, each juror a little more or less severe; the same ones in every run."""
    chance = random.Random(6)
    return [
        Sheet(
            juror,
            entry,
            "submitted",
            {code: Decimal(chance.randint(4000, 9000) + 100 * juror) / 100 for code in WEIGHTS},
        )
        for entry in range(ENTRIES)
        for juror in range(JURORS)
    ]
