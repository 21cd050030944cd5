"""A juror's sheet: kept as a draft with every change, submitted once, corrected by the chair alone."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from incentives.actions.assigning import by_juror, share_competition
from incentives.models import Competition, Criterion, Entry, Juror, Score, ScoreSheet, SheetEvent


@dataclass(frozen=True, kw_only=True)
class SheetInput:
    """What a device sends: scores by criterion code, and the revision over which they were written."""

    scores: Mapping[str, Decimal]
    note: str
    revision: int
    device: str = ""


class StaleSheetError(ValidationError):
    """Another device saved meanwhile; nothing was overwritten."""

    def __init__(self) -> None:
        super().__init__(_("Another device has saved this sheet meanwhile."), code="stale")


@transaction.atomic
def save_sheet(*, sheet: ScoreSheet, given: SheetInput, by: None = None) -> ScoreSheet:
    """The draft. What a device says twice counts once; over what it has not seen nothing is written."""
    share_competition(sheet.competition_id)
    fresh = _locked(sheet)
    _check_open(fresh)
    _check_seen(fresh, given)
    _write(fresh, given)
    return fresh


@transaction.atomic
def submit_sheet(*, sheet: ScoreSheet, given: SheetInput, client_id: uuid.UUID, by: None = None) -> ScoreSheet:
    """Every criterion is scored, once and for all. The same `client_id` again answers what it answered before."""
    now = timezone.now()
    is_training = Entry.objects.filter(pk=sheet.entry_id, is_training=True).exists()
    if not is_training:
        # Before the shared lock below: two first submissions would each wait for the other's share.
        first = Competition.objects.filter(pk=sheet.competition_id, first_score_at__isnull=True, locked_at__isnull=True)
        first.update(first_score_at=now)
    fresh = _held_for_submission(sheet, client_id)
    if fresh.state == ScoreSheet.State.SUBMITTED:
        return fresh
    _check_open(fresh)
    _check_seen(fresh, given)
    criteria = _write(fresh, given)
    missing = [one.name for one in criteria if one.code not in given.scores]
    if missing:
        raise ValidationError(
            _("Still without a score: %(names)s."), code="scores_missing", params={"names": ", ".join(missing)}
        )
    fresh.state, fresh.submitted_at = ScoreSheet.State.SUBMITTED, now
    fresh.save(update_fields=["state", "submitted_at"])
    if is_training:
        Juror.objects.filter(pk=fresh.juror_id, trained_at__isnull=True).update(trained_at=now)
    _note_event(fresh, SheetEvent.Kind.SUBMITTED, given, client_id, "", fresh.juror)
    agency = fresh.competition.program.agency
    record(action="sheet.submitted", target=fresh, agency=agency, **by_juror(fresh.juror_id))
    return fresh


@transaction.atomic
def correct_sheet(
    *, sheet: ScoreSheet, given: SheetInput, reason: str, chair: Juror, client_id: uuid.UUID, by: None = None
) -> ScoreSheet:
    """By the chair, with a reason; the scores before stay in the history of the sheet."""
    if not reason.strip():
        raise ValidationError(_("Please write why the scores are corrected."), code="reason_needed")
    share_competition(sheet.competition_id)
    fresh = _locked(sheet)
    if SheetEvent.objects.filter(client_id=client_id, sheet=fresh).exists():
        return fresh
    if not (chair.is_chair and chair.withdrawn_at is None and chair.competition_id == fresh.competition_id):
        raise ValidationError(_("Only the chair corrects a sheet."), code="not_chair")
    if fresh.state != ScoreSheet.State.SUBMITTED:
        raise ValidationError(_("This sheet is not submitted."), code="not_submitted")
    if fresh.revision != given.revision:
        raise StaleSheetError
    codes = {one.code for one in fresh.edition.criteria.all()}
    if codes - set(given.scores):
        raise ValidationError(_("Every criterion needs a score."), code="scores_missing")
    fresh.state = ScoreSheet.State.DRAFT
    fresh.save(update_fields=["state"])
    _write(fresh, given, keep_note=True)
    fresh.state = ScoreSheet.State.SUBMITTED
    fresh.save(update_fields=["state"])
    _note_event(fresh, SheetEvent.Kind.CORRECTED, given, client_id, reason, chair)
    agency = fresh.competition.program.agency
    record(action="sheet.corrected", target=fresh, agency=agency, **by_juror(chair.pk))
    return fresh


def _held_for_submission(sheet: ScoreSheet, client_id: uuid.UUID) -> ScoreSheet:
    """Also one that this very deed submitted before, whatever has been locked since."""
    done = SheetEvent.objects.filter(client_id=client_id).values_list("sheet_id", flat=True).first()
    if done is not None and done != sheet.pk:
        raise ValidationError(_("Sent already."), code="sent_already")
    if done is not None:
        return _locked(sheet)
    share_competition(sheet.competition_id)
    fresh = _locked(sheet)
    is_done = SheetEvent.objects.filter(client_id=client_id, sheet=fresh).exists()
    if fresh.state == ScoreSheet.State.SUBMITTED and not is_done:
        raise ValidationError(_("This sheet was submitted already, on another device."), code="submitted")
    return fresh


def _locked(sheet: ScoreSheet) -> ScoreSheet:
    rows = ScoreSheet.objects.select_related("competition__program__agency", "competition__edition", "edition", "juror")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=sheet.pk)


def _check_open(sheet: ScoreSheet) -> None:
    if not sheet.is_open:
        raise ValidationError(_("This sheet is closed."), code="sheet_closed")
    if sheet.juror.withdrawn_at is not None:
        raise ValidationError(_("You are not a juror of this competition any more."), code="juror_withdrawn")
    if sheet.juror.declared_at is None:
        raise ValidationError(_("First say whether you have a conflict of interest."), code="not_declared")


def _check_seen(sheet: ScoreSheet, given: SheetInput) -> None:
    """A device that saved last may save on, although the answer to its last saving got lost on the way."""
    is_own = bool(given.device) and sheet.device == given.device and given.revision <= sheet.revision
    if given.revision != sheet.revision and not is_own:
        raise StaleSheetError


def _write(sheet: ScoreSheet, given: SheetInput, *, keep_note: bool = False) -> list[Criterion]:
    """All scores as they are now. An open sheet follows the method in force."""
    if not keep_note and sheet.competition.edition is not None:
        sheet.edition = sheet.competition.edition
    criteria = list(sheet.edition.criteria.all())
    unknown = set(given.scores) - {one.code for one in criteria}
    if unknown:
        raise ValidationError(_("The criteria have changed. Please load the page again."), code="criteria_changed")
    for one in criteria:
        if one.code in given.scores and not one.lowest <= given.scores[one.code] <= one.highest:
            text = _("%(name)s: from %(lowest)s to %(highest)s.")
            params = {"name": one.name, "lowest": f"{one.lowest:g}", "highest": f"{one.highest:g}"}
            raise ValidationError(text, code="score_outside", params=params)
    sheet.scores.all().delete()
    if not keep_note:
        sheet.note = given.note.strip() or None
    sheet.state = ScoreSheet.State.DRAFT
    sheet.revision, sheet.device, sheet.saved_at = sheet.revision + 1, given.device[:36], timezone.now()
    sheet.save(update_fields=["edition", "note", "state", "revision", "device", "saved_at"])
    rows = [
        Score(sheet=sheet, criterion=one, value=given.scores[one.code]) for one in criteria if one.code in given.scores
    ]
    Score.objects.bulk_create(rows)
    return criteria


def _note_event(
    sheet: ScoreSheet, kind: str, given: SheetInput, client_id: uuid.UUID, reason: str, juror: Juror
) -> None:
    scores = {code: f"{value:.2f}" for code, value in sorted(given.scores.items())}
    SheetEvent.objects.create(
        sheet=sheet, kind=kind, scores=scores, client_id=client_id, reason=reason[:300], juror=juror
    )
