"""The administrative check of pitches, by officers who are not jurors of the competition."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incentives import notices, queries
from incentives.actions.pitching import locked, note_pitch
from incentives.models import Competition, Entry, Juror

State = Entry.State
# What the method or the law of the programme asks; a household or business that pitches twice only warns.
REQUIRED = {"verified", "seat", "attended", "person", "winner"}


@transaction.atomic
def admit_entry(*, entry: Entry, by: User) -> Entry:
    """Before the jury as it is. Refuses with entry_not_eligible what the method leaves out."""
    fresh = _open(entry, by, State.SUBMITTED)
    against = [check.label for check in queries.checks_of(fresh) if check.code in REQUIRED and not check.is_fine]
    if against:
        raise ValidationError(
            _("This pitch cannot be admitted: %(why)s."), code="entry_not_eligible", params={"why": "; ".join(against)}
        )
    return _decided(fresh, State.ADMITTED, action="pitch.admitted", by=by)


@transaction.atomic
def ask_entry_fix(*, entry: Entry, note: str, by: User) -> Entry:
    fresh = _open(entry, by, State.SUBMITTED)
    fresh.check_note = needed(note)
    fresh.state, fresh.checked_at, fresh.checked_by = State.NEEDS_FIX, timezone.now(), by
    fresh.save()
    note_pitch(fresh, action="pitch.fix_requested", by=by)
    notices.tell_pitch(fresh, "pitch_fix_requested", key=fresh.checked_at.isoformat(), note=fresh.check_note)
    return fresh


@transaction.atomic
def refuse_entry(*, entry: Entry, reason: str, by: User) -> Entry:
    fresh = _open(entry, by, State.SUBMITTED, State.NEEDS_FIX)
    fresh.ended_reason = needed(reason)
    return _decided(fresh, State.REFUSED, action="pitch.refused", by=by)


@transaction.atomic
def undo_entry_check(*, entry: Entry, by: User) -> Entry:
    """Back to the pile, as long as nothing is scored."""
    fresh = _open(entry, by, State.ADMITTED, State.REFUSED, State.NEEDS_FIX, State.DISQUALIFIED)
    fresh.checked_at = fresh.checked_by = fresh.check_note = fresh.ended_reason = None
    fresh.position = fresh.planned_at = None
    fresh.state = State.SUBMITTED
    fresh.save()
    note_pitch(fresh, action="pitch.check_undone", by=by)
    notices.tell_pitch(fresh, "pitch_decided", key=f"undone:{timezone.now().isoformat()}")
    return fresh


@transaction.atomic
def end_entry(*, entry: Entry, state: str, reason: str, by: User) -> Entry:
    """Withdrawn by word of mouth, or disqualified. Afterwards a locked result has a new version instead."""
    fresh = _fresh(entry, by)
    if fresh.competition.locked_at is not None:
        raise ValidationError(
            _("The result is locked. Take the pitch out on the page of the result."), code="result_locked"
        )
    if state not in {State.WITHDRAWN, State.DISQUALIFIED} or fresh.state not in {
        State.SUBMITTED,
        State.NEEDS_FIX,
        State.ADMITTED,
    }:
        raise ValidationError(_("This pitch has ended already."), code="entry_ended")
    fresh.ended_reason = needed(reason)
    fresh.position = fresh.planned_at = None
    fresh.state = state
    fresh.save()
    note_pitch(fresh, action="pitch.withdrawn" if state == State.WITHDRAWN else "pitch.disqualified", by=by)
    notices.tell_pitch(fresh, "pitch_decided", key=f"ended:{timezone.now().isoformat()}")
    return fresh


def _decided(entry: Entry, state: str, *, action: str, by: User) -> Entry:
    entry.state, entry.checked_at, entry.checked_by = state, timezone.now(), by
    entry.save()
    note_pitch(entry, action=action, by=by)
    notices.tell_pitch(entry, "pitch_decided", key=entry.checked_at.isoformat())
    return entry


def _open(entry: Entry, by: User, *states: str) -> Entry:
    fresh = _fresh(entry, by)
    if fresh.state not in states:
        raise ValidationError(_("This pitch has been decided or changed meanwhile."), code="entry_moved")
    if fresh.competition.first_score_at is not None:
        raise ValidationError(_("The jury has begun to score; the check is over."), code="scoring_begun")
    return fresh


def _fresh(entry: Entry, by: User) -> Entry:
    """The competition's row and then the pitch, as they are now; nobody decides about what they judge."""
    locked(entry.competition)
    Entry.objects.select_for_update().values_list("pk").get(pk=entry.pk)
    parts = ("competition__program__agency", "competition__edition", "competition__venue", "region")
    fresh = Entry.objects.select_related(*parts, "registration__completion", "registration__person").get(pk=entry.pk)
    if Juror.objects.serving().filter(competition=fresh.competition_id, user=by).exists():
        raise ValidationError(_("Jurors do not check pitches of their own competition."), code="checker_is_juror")
    return fresh


def needed(text: str) -> str:
    if not text.strip():
        raise ValidationError(_("Please say why."), code="reason_needed")
    return text.strip()


def still_open(competition: Competition) -> None:
    if Entry.objects.filter(competition=competition, pitch_began_at__isnull=False).exists():
        raise ValidationError(_("The presentations have begun; the order stands."), code="pitches_begun")
