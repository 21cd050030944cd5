"""Competitions whose sheets are in, ready to be decided."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from budgets.actions import reserve
from incentives import actions
from incentives.models import Award, Competition, Entry, Juror, Result
from programs.models import Batch
from tests import cast, factories
from tests.incentives import made

# domain.md 11.2: three jurors; B before A before C.
EXAMPLE = {
    "B": ((85, 80, 80, 78, 80), (80, 82, 79, 76, 84), (84, 78, 80, 77, 82)),
    "A": ((80, 85, 78, 75, 90), (82, 80, 80, 70, 88), (78, 84, 76, 74, 85)),
    "C": ((70, 75, 72, 68, 80), (72, 70, 74, 70, 78), (71, 73, 70, 69, 79)),
}


def same(value: float) -> tuple[float, ...]:
    return (value,) * len(made.WEIGHTS)


def jury(of: Competition, count: int = 3) -> list[Juror]:
    return [made.juror(of, is_chair=number == 0) for number in range(count)]


def scored(of: Competition, jurors: Sequence[Juror], *totals: float, batch: Batch | None = None) -> list[Entry]:
    """One pitch for each total, which every juror gives; with a batch each is of a participant."""
    found = []
    for total in totals:
        pitch = made.entry(of, made.participant(batch) if batch else None)
        for juror in jurors:
            made.sheet(juror, pitch, same(total))
        found.append(pitch)
    begun(of)
    return found


def begun(of: Competition) -> None:
    Competition.objects.filter(pk=of.pk).update(first_score_at=timezone.now())
    of.refresh_from_db()


def example(**values: Any) -> tuple[Competition, Juror, dict[str, Entry]]:
    """The competition of the worked example, all its sheets in."""
    of = made.competition(**values)
    jurors = jury(of)
    entries = {name: made.entry(of) for name in EXAMPLE}
    for name, rows in EXAMPLE.items():
        for juror, scores in zip(jurors, rows, strict=True):
            made.sheet(juror, entries[name], scores)
    begun(of)
    return of, jurors[0], entries


def won(batch: Batch, count: int = 6, **values: Any) -> Competition:
    """Locked, with as many winners, and money kept for their awards; nobody may object any more."""
    line = factories.budget_line(batch.program.fund_source, ceiling=20_000_000)
    of = made.competition(batch, line=line, **({"objection_days": 0} | values))
    kept = reserve(
        line=line, amount=14_400_000, purpose="Penghargaan", reference=of.reference, by=cast.activity_officer()
    )
    Competition.objects.filter(pk=of.pk).update(reservation=kept)
    jurors = jury(of)
    scored(of, jurors, *range(90, 90 - count, -1), batch=batch)
    actions.lock_result(competition=of, chair=jurors[0], by=None)
    of.refresh_from_db()
    return of


def award(of: Competition, pitch: Entry) -> Award:
    """The row alone, as the pages about one award need it."""
    edition = of.edition
    assert edition is not None
    kept = Result.objects.create(competition=of, version=1, edition=edition, sha256="0" * 64)
    tier = edition.tiers.all()[0]
    return Award.objects.create(competition=of, result=kept, entry=pitch, tier=tier, slot=1, gross=tier.amount)
