"""One row of a list before it is brought in: mended, left out, or let in although somebody like it is there."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from participants import queries
from participants.actions.importing import ReadRow, judged, settle_together
from participants.models import ImportRow, RegistrationImport
from programs.models import Batch

State, Row = RegistrationImport.State, ImportRow.State


@transaction.atomic
def fix_row(*, row: ImportRow, read: ReadRow, seen: str, batches: Sequence[Batch], by: User) -> ImportRow:
    """Puts other words into the cells. `seen` is the version that the officer saw."""
    upload, fresh = _open(row)
    if seen != fresh.version:
        raise ValidationError(
            _("A colleague changed this row in the meantime. Please look at it again."), code="changed_meanwhile"
        )
    known = read.known
    clashes = queries.checks_of(upload).clashes(upload.agency, batches, [known]).get(read.number, []) if known else []
    fresh.content, fresh.problems, fresh.clashes = read.content, read.problems, clashes
    fresh.nik_hash, fresh.alike_hash, fresh.batch_id = read.nik_hash, read.alike_hash, read.batch_id
    fresh.account_hash = read.account_hash
    fresh.state, fresh.let_in = judged(read.problems, clashes), False
    fresh.save()
    _settle(upload, batches)
    _note(upload, fresh, action="import.row_fixed", by=by)
    fresh.refresh_from_db()
    return fresh


@transaction.atomic
def leave_out_row(*, row: ImportRow, batches: Sequence[Batch], by: User) -> None:
    """The row is not brought in, whatever it says."""
    upload, fresh = _open(row)
    fresh.state, fresh.let_in = Row.LEFT_OUT, False
    fresh.save(update_fields=["state", "let_in"])
    _settle(upload, batches)
    _note(upload, fresh, action="import.row_left_out", by=by)


@transaction.atomic
def take_row_back(*, row: ImportRow, batches: Sequence[Batch], by: User) -> None:
    """A row that was left out, or let in, is as the check found it."""
    upload, fresh = _open(row)
    fresh.state, fresh.let_in = judged(fresh.problems, fresh.clashes), False
    fresh.save(update_fields=["state", "let_in"])
    _settle(upload, batches)
    _note(upload, fresh, action="import.row_taken_back", by=by)


@transaction.atomic
def let_row_in(*, row: ImportRow, batches: Sequence[Batch], by: User) -> None:
    """Somebody looked: it is another person, or the same number is rightly on file."""
    upload, fresh = _open(row)
    if fresh.state != Row.DOUBTFUL:
        raise ValidationError(_("Only a doubtful row has to be let in."), code="row_not_doubtful")
    fresh.let_in = True
    fresh.save(update_fields=["let_in"])
    _settle(upload, batches)
    _note(upload, fresh, action="import.row_let_in", by=by)


def _open(row: ImportRow) -> tuple[RegistrationImport, ImportRow]:
    RegistrationImport.objects.locked(row.upload_id)
    upload = RegistrationImport.objects.with_parts().get(pk=row.upload_id)
    if upload.state != State.CHECKED:
        raise ValidationError(_("This import has gone on already."), code="import_went_on")
    return upload, ImportRow.objects.get(pk=row.pk)


def _settle(upload: RegistrationImport, batches: Sequence[Batch]) -> None:
    settle_together(upload, batches)
    upload.changed_at = timezone.now()
    upload.save(update_fields=["changed_at", "counts", "total"])


def _note(upload: RegistrationImport, row: ImportRow, *, action: str, by: User) -> None:
    record(action=action, by=by, target=upload, agency=upload.agency, changes={"row": row.number})
