"""Who scores what: sheets for every juror and entry, or so many jurors for each entry, never over a conflict."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from incentives.models import Competition, Conflict, Edition, Entry, Juror, ScoreSheet
from incentives.rules.assignment import Candidate, assign
from incentives.rules.conflicts import Party, suggestions

KINDS = {"identity": "self", "household": "household", "business": "business", "region": "region"}
LOCKED = _("The result is locked. Nothing of the judging changes any more.")


def by_juror(juror_id: int) -> dict[str, Any]:
    """How the trail names a juror, who has no account."""
    return {"by": None, "actor_label": f"juror {juror_id}"}


def hold_competition(competition: Competition) -> Competition:
    """Its row, so that sheets are dealt out by one at a time; refused once the result is locked."""
    rows = Competition.objects.select_related("program__agency", "edition")
    held = rows.select_for_update(of=("self",), no_key=True).get(pk=competition.pk)
    if held.locked_at is not None:
        raise ValidationError(LOCKED, code="locked")
    return held


def share_competition(competition_id: int) -> None:
    """Before a sheet is locked, as the lock of the result does it too: neither waits for the other in a circle."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT incentives_is_locked(%s)", [competition_id])
        if cursor.fetchone()[0]:
            raise ValidationError(LOCKED, code="locked")


@transaction.atomic
def assign_sheets(*, competition: Competition, by: User) -> int:
    """How many sheets are new. Again after a new entry or juror: what is there stays."""
    held = hold_competition(competition)
    if held.edition is None:
        raise ValidationError(_("First declare how the competition is judged."), code="not_declared")
    suggest_for(held)
    made = fill_sheets(held)
    record(action="sheets.assigned", by=by, target=held, agency=held.program.agency, changes={"sheets": made})
    return made


def fill_sheets(held: Competition) -> int:
    """Every sheet that is missing by the method in force; the caller holds the competition."""
    edition = held.edition
    if edition is None:
        return 0
    entries = list(Entry.objects.filter(competition=held).admitted())
    jurors = list(held.jurors.serving().values_list("pk", flat=True))
    rows = list(ScoreSheet.objects.filter(competition=held).values_list("juror_id", "entry_id", "state"))
    there = {(juror, entry) for juror, entry, _state in rows}
    pairs = [(juror, entry.pk) for entry in entries if entry.is_training for juror in jurors]
    real = [entry for entry in entries if not entry.is_training]
    barred = _barred(held)
    if edition.jurors_per_entry is None:
        pairs += [(juror, entry.pk) for entry in real for juror in jurors if (juror, entry.pk) not in barred]
    else:
        pairs += _dealt(held, edition, real, jurors, rows, barred)
    sheets = [
        ScoreSheet(competition=held, juror_id=juror, entry_id=entry, edition=edition)
        for juror, entry in pairs
        if (juror, entry) not in there
    ]
    return len(ScoreSheet.objects.bulk_create(sheets))


def _barred(held: Competition) -> set[tuple[int, int]]:
    holds = Conflict.objects.filter(juror__competition=held, state=Conflict.State.HOLDS)
    return set(holds.values_list("juror_id", "entry_id"))


def _dealt(
    held: Competition,
    edition: Edition,
    entries: Sequence[Entry],
    jurors: Sequence[int],
    rows: Sequence[tuple[int, int, str]],
    barred: set[tuple[int, int]],
) -> list[tuple[int, int]]:
    """Where there is choice, nobody gets an entry for which the data only suggests a conflict."""
    open_ones = Conflict.objects.filter(juror__competition=held, state=Conflict.State.SUGGESTED)
    unsettled = set(open_ones.values_list("juror_id", "entry_id"))
    kept: dict[int, list[int]] = defaultdict(list)
    for juror, entry, state in rows:
        if state in ScoreSheet.OUT:
            barred.add((juror, entry))
        else:
            kept[entry].append(juror)
    per_entry = edition.jurors_per_entry or 0
    candidates = [Candidate(one.pk, one.region_id or "", one.category) for one in entries]
    seed = f"{held.pk}:{edition.version}"
    dealt = assign(jurors, candidates, per_entry, conflicts=barred | unsettled, seed=seed, kept=kept)
    if dealt.short:
        kept = {entry: list(given) for entry, given in dealt.jurors_of.items()}
        dealt = assign(jurors, candidates, per_entry, conflicts=barred, seed=seed, kept=kept)
    return [(juror, entry) for entry, given in dealt.jurors_of.items() for juror in given]


def suggest_for(held: Competition) -> int:
    """Notes each nearness that the data shows and nobody has decided on yet: same person, business, kelurahan."""
    jurors = [
        Party(one.pk, identity=one.nik_hash, region=one.region_id or "", business=one.business_key)
        for one in Juror.objects.filter(competition=held).serving()
    ]
    rows = Entry.objects.filter(competition=held, is_training=False).exclude(state=Entry.State.DRAFT)
    entries = [
        Party(
            one.pk,
            identity=one.registration.nik_hash if one.registration else "",
            region=one.region_id or "",
            business=one.business_key or one.business_name,
        )
        for one in rows.select_related("registration")
    ]
    found = [
        Conflict(
            juror_id=one.juror,
            entry_id=one.entry,
            kind=KINDS[one.kind],
            state=Conflict.State.SUGGESTED,
            noted_at=timezone.now(),
        )
        for one in suggestions(jurors, entries)
    ]
    return len(Conflict.objects.bulk_create(found, ignore_conflicts=True))
