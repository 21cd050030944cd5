"""The file of a competition: closed when nothing is open, opened again by the head with a reason."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from budgets.actions import release
from incentives.actions.deciding import locked_competition
from incentives.actions.opened import check_file_open
from incentives.models import Competition, FileStep
from incentives.permissions import can_manage_competition, can_reopen_file
from incentives.queries.after import AfterBoard
from incentives.queries.closing import open_points

State = Competition.State


@transaction.atomic
def close_file(*, competition: Competition, by: User, now: datetime | None = None) -> Competition:
    """Nothing of it changes any more but reports that are due. Money that nobody won goes back to its line."""
    row = locked_competition(competition)
    if not can_manage_competition(by, row):
        raise ValidationError(_("You do not have this duty."), code="no_duty")
    check_file_open(row)
    board = AfterBoard(row)
    found = open_points(board)
    if found:
        raise ValidationError([ValidationError(point.sentence, code=point.code) for point in found])
    kept = row.reservation
    if kept is not None and kept.released_at is None:
        release(reservation=kept, by=by)
    row.state, row.finished_at = State.FINISHED, now or timezone.now()
    row.save(update_fields=["state", "finished_at"])
    FileStep.objects.create(competition=row, is_closed=True, by=by, at=row.finished_at)
    changes = {"open_reports": board.open_reports}
    record(action="competition.finished", by=by, target=row, agency=row.program.agency, changes=changes)
    return row


@transaction.atomic
def reopen_file(*, competition: Competition, reason: str, by: User) -> Competition:
    row = locked_competition(competition)
    if not can_reopen_file(by, row):
        raise ValidationError(_("Only the head of the office opens a closed file again."), code="no_duty")
    if row.state != State.FINISHED:
        raise ValidationError(_("The file of this competition is open."), code="file_open")
    if not reason.strip():
        raise ValidationError({"reason": ValidationError(_("Please give a reason."), code="reason_missing")})
    row.state, row.finished_at = State.DECLARED, None
    row.save(update_fields=["state", "finished_at"])
    FileStep.objects.create(competition=row, is_closed=False, reason=reason.strip()[:300], by=by)
    agency, changes = row.program.agency, {"reason": reason.strip()}
    record(action="competition.file_reopened", by=by, target=row, agency=agency, changes=changes)
    return row
