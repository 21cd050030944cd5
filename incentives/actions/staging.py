"""The day of the pitches: who is on the stage, who did not come. And the entry that jurors train with."""

import json

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from incentives.actions.assigning import fill_sheets, hold_competition
from incentives.actions.opened import check_file_open
from incentives.models import Competition, Entry
from kit.refusals import spoken_refusals


@transaction.atomic
def start_pitch(*, entry: Entry, by: User) -> Entry:
    """One at a time, which PostgreSQL watches over. Who came late after all is called again by this too."""
    fresh = _locked(entry)
    if fresh.pitch_ended_at is not None or fresh.pitch_began_at is not None:
        raise ValidationError(_("This pitch was held already."), code="pitch_held")
    fresh.pitch_began_at, fresh.absent_at = timezone.now(), None
    with spoken_refusals(Entry):
        fresh.save(update_fields=["pitch_began_at", "absent_at"])
    record(action="pitch.started", by=by, target=fresh, agency=fresh.competition.program.agency)
    return fresh


@transaction.atomic
def end_pitch(*, entry: Entry, by: User) -> Entry:
    fresh = _locked(entry)
    if fresh.pitch_began_at is None or fresh.pitch_ended_at is not None:
        raise ValidationError(_("This pitch is not on the stage."), code="pitch_not_on")
    fresh.pitch_ended_at = timezone.now()
    fresh.save(update_fields=["pitch_ended_at"])
    record(action="pitch.ended", by=by, target=fresh, agency=fresh.competition.program.agency)
    return fresh


@transaction.atomic
def take_back_pitch(*, entry: Entry, by: User) -> Entry:
    """Started by mistake, or called too early: it waits again."""
    fresh = _locked(entry)
    if fresh.pitch_began_at is None and fresh.absent_at is None:
        raise ValidationError(_("This pitch waits already."), code="pitch_waits")
    fresh.pitch_began_at = fresh.pitch_ended_at = fresh.absent_at = None
    fresh.save(update_fields=["pitch_began_at", "pitch_ended_at", "absent_at"])
    record(action="pitch.taken_back", by=by, target=fresh, agency=fresh.competition.program.agency)
    return fresh


@transaction.atomic
def mark_absent(*, entry: Entry, by: User) -> Entry:
    fresh = _locked(entry)
    if fresh.pitch_began_at is not None:
        raise ValidationError(_("This pitch was held already."), code="pitch_held")
    fresh.absent_at = timezone.now()
    fresh.save(update_fields=["absent_at"])
    record(action="pitch.absent", by=by, target=fresh, agency=fresh.competition.program.agency)
    return fresh


@transaction.atomic
def make_training_entry(*, competition: Competition, title: str, summary: str, by: User) -> Entry:
    """An invented business that every juror scores first. It never counts."""
    held = hold_competition(competition)
    with spoken_refusals(Entry):
        entry = Entry.objects.create(
            competition=held,
            is_training=True,
            state=Entry.State.ADMITTED,
            title=title,
            business_name=title,
            content=json.dumps({"summary": summary}),
        )
    fill_sheets(held)
    record(action="training_entry.made", by=by, target=entry, agency=held.program.agency)
    return entry


def _locked(entry: Entry) -> Entry:
    rows = Entry.objects.select_related("competition__program__agency").select_for_update(of=("self",), no_key=True)
    fresh = rows.get(pk=entry.pk)
    check_file_open(fresh.competition)
    if fresh.state != Entry.State.ADMITTED or fresh.is_training:
        raise ValidationError(_("This entry is not in the order of the day."), code="not_in_order")
    return fresh
