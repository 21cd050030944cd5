"""Conflicts of interest: said by the juror, suggested from the data, decided by the office. And who steps in."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from incentives.actions.assigning import by_juror, fill_sheets, hold_competition
from incentives.models import Conflict, Entry, Juror, ScoreSheet, SheetEvent


@dataclass(frozen=True)
class Said:
    """What a juror says of one entry."""

    kind: str
    note: str = ""


@transaction.atomic
def declare_conflicts(*, juror: Juror, said: Mapping[int, Said], by: None = None) -> Juror:
    """Before the first sheet: these, and no others. `said` is by the key of an entry."""
    held = hold_competition(juror.competition)
    fresh = Juror.objects.serving().select_for_update(of=("self",), no_key=True).get(pk=juror.pk)
    entries = Entry.objects.filter(competition=held, is_training=False, pk__in=said).exclude(state=Entry.State.DRAFT)
    for entry in entries.order_by("pk"):
        _note(fresh, entry, said[entry.pk])
    fresh.declared_at = timezone.now()
    fresh.save(update_fields=["declared_at"])
    fill_sheets(held)
    record(
        action="juror.declared",
        target=fresh,
        agency=held.program.agency,
        changes={"conflicts": len(said)},
        **by_juror(fresh.pk),
    )
    return fresh


@transaction.atomic
def recuse(*, juror: Juror, entry: Entry, said: Said, by: None = None) -> None:
    """Later on, when a juror sees who it is. The sheet is closed and somebody else takes over where that is the way."""
    held = hold_competition(juror.competition)
    if entry.competition_id != held.pk or entry.is_training:
        raise ValidationError(_("This entry is not of your competition."), code="other_competition")
    _note(juror, entry, said)
    fill_sheets(held)
    record(
        action="conflict.declared",
        target=entry,
        agency=held.program.agency,
        changes={"kind": said.kind},
        **by_juror(juror.pk),
    )


def _note(juror: Juror, entry: Entry, said: Said) -> None:
    if said.kind not in Conflict.Kind.values:
        raise ValidationError(_("Please choose what kind of conflict it is."), code="kind_unknown")
    Conflict.objects.update_or_create(
        juror=juror,
        entry=entry,
        kind=said.kind,
        defaults={"state": Conflict.State.HOLDS, "declared": True, "note": said.note or None},
    )
    label = str(Conflict.Kind(said.kind).label)
    recuse_sheets(juror.sheets.filter(entry=entry), reason=label, juror=juror)


@transaction.atomic
def decide_conflict(*, conflict: Conflict, holds: bool, reason: str, by: User) -> Conflict:
    """The office on what the data suggests. What a juror said stands, whatever the office thinks of it."""
    held = hold_competition(conflict.juror.competition)
    rows = Conflict.objects.select_related("juror", "entry").select_for_update(of=("self",), no_key=True)
    fresh = rows.get(pk=conflict.pk)
    if fresh.declared:
        raise ValidationError(_("A conflict that the juror declared stands."), code="conflict_declared")
    if fresh.state != Conflict.State.SUGGESTED:
        raise ValidationError(_("This was decided already."), code="conflict_decided")
    if not holds and not reason.strip():
        raise ValidationError(_("Please write why this is no conflict."), code="reason_needed")
    fresh.state = Conflict.State.HOLDS if holds else Conflict.State.DISMISSED
    fresh.note, fresh.decided_by, fresh.decided_at = reason.strip() or None, by, timezone.now()
    fresh.save(update_fields=["state", "note", "decided_by", "decided_at"])
    if holds:
        label = str(Conflict.Kind(fresh.kind).label)
        recuse_sheets(fresh.juror.sheets.filter(entry=fresh.entry), reason=label, user=by)
    fill_sheets(held)
    record(
        action="conflict.decided",
        by=by,
        target=fresh.entry,
        agency=held.program.agency,
        changes={"kind": fresh.kind, "holds": holds},
    )
    return fresh


@transaction.atomic
def abstain(*, sheet: ScoreSheet, reason: str, client_id: uuid.UUID, by: None = None) -> None:
    """The juror missed the pitch, or does not want to judge it, without a conflict: this counts as no score."""
    held = hold_competition(sheet.competition)
    fresh = ScoreSheet.objects.select_for_update(of=("self",), no_key=True).get(pk=sheet.pk)
    if SheetEvent.objects.filter(client_id=client_id, sheet=fresh).exists():
        return
    if not fresh.is_open:
        raise ValidationError(_("This sheet is closed."), code="sheet_closed")
    if not reason.strip():
        raise ValidationError(_("Please write the reason."), code="reason_needed")
    _close(
        fresh, ScoreSheet.State.ABSTAINED, SheetEvent.Kind.ABSTAINED, reason, client_id, {"juror_id": fresh.juror_id}
    )
    fill_sheets(held)
    record(action="sheet.abstained", target=fresh, agency=held.program.agency, **by_juror(fresh.juror_id))


def recuse_sheets(
    sheets: "QuerySet[ScoreSheet]", *, reason: str, juror: Juror | None = None, user: User | None = None
) -> None:
    """Closed for the reason, with what was scored until then kept in their history. The competition is held."""
    open_ones = sheets.exclude(state__in=ScoreSheet.OUT)
    for sheet in open_ones.select_for_update(of=("self",), no_key=True).order_by("pk"):
        who = {"juror": juror} if juror else {"user": user}
        _close(sheet, ScoreSheet.State.RECUSED, SheetEvent.Kind.RECUSED, reason, uuid.uuid4(), who)


def _close(sheet: ScoreSheet, state: str, kind: str, reason: str, client_id: uuid.UUID, who: Mapping[str, Any]) -> None:
    kept = {score.criterion.code: str(score.value) for score in sheet.scores.select_related("criterion")}
    sheet.state, sheet.revision = state, sheet.revision + 1
    sheet.save(update_fields=["state", "revision"])
    SheetEvent.objects.create(sheet=sheet, kind=kind, scores=kept, reason=reason[:300], client_id=client_id, **who)
