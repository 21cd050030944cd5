"""The addresses of competitions in the table of who comes in where, and the rows that they are about."""

from collections.abc import Callable
from typing import Any

from incentives.models import Conflict, Objection
from participants.models import Registration
from programs.models import Batch
from tests.incentives import (
    access_after,
    access_competitions,
    access_entries,
    access_jury,
    access_others,
    access_results,
    decided,
    made,
)

PARTS = (access_after, access_competitions, access_entries, access_jury, access_others, access_results)
COMPETING: dict[str, tuple[str, str]] = {}
COMPETING_ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {}
for part in PARTS:
    COMPETING |= part.TABLE
    COMPETING_ARGUMENTS |= part.ARGUMENTS


def competing(batch: Batch, registration: Registration) -> dict[str, Any]:
    """A declared competition with one pitch, a juror and a sheet that is not begun."""
    competition = made.competition(batch)
    pitch = made.entry(competition, registration)
    juror = made.juror(competition, is_chair=True)
    conflict = Conflict.objects.create(juror=juror, entry=pitch, kind="region", state="suggested")
    rows = {"competition": competition, "pitch": pitch, "juror": juror, "sheet": made.sheet(juror, pitch)}
    award = decided.award(competition, pitch)
    told = {"name": "Warga Contoh", "contact": "081200000000", "text": "Nilainya keliru menurut saya."}
    objection = Objection.objects.create(competition=competition, result=award.result, **told)
    rows |= access_after.after_rows(award)
    return rows | {"award": award, "conflict": conflict, "objection": objection}
