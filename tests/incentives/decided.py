"""Competitions whose sheets are in, ready to be decided."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from incentives.models import Competition, Entry, Juror
from programs.models import Batch
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
