"""Identity cards and bank books of winners: seen beside the data, and not stored."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from incentives.actions.deciding import locked_competition
from incentives.models import Competition, SeenCopy
from incentives.permissions import can_note_copies
from incentives.queries.awards import AwardBoard, AwardRow
from incentives.queries.copies import account_of
from incentives.queries.progress import result_in_force


@transaction.atomic
def note_copies(*, competition: Competition, seen: Collection[tuple[int, str]], by: User) -> int:
    """Marks these copies, each an award and a kind; those that are marked stay. How many were new."""
    row = locked_competition(competition)
    if not can_note_copies(by, row):
        raise ValidationError(_("You do not have this duty."), code="no_duty")
    if not seen:
        raise ValidationError(_("Tick at least one copy that you have seen."), code="nothing_seen")
    rows = {one.award.pk: one for one in AwardBoard(row, result_in_force(row)).rows}
    if {award for award, _kind in seen} - rows.keys():
        raise ValidationError(_("One of these awards has ended meanwhile. Please look again."), code="award_ended")
    now, count = timezone.now(), 0
    for award, kind in sorted(seen):
        count += _mark(rows[award], SeenCopy.Kind(kind), by, now)
    if count:
        changes = {"copies": count}
        record(action="award.copies_seen", by=by, target=row, agency=row.program.agency, changes=changes)
    return count


def _mark(row: AwardRow, kind: SeenCopy.Kind, by: User, now: datetime) -> int:
    account = account_of(row) if kind == SeenCopy.Kind.BANK_BOOK else None
    if kind == SeenCopy.Kind.BANK_BOOK and account is None:
        sentence = _("%(payee)s has no account yet. Enter it first.") % {"payee": row.name}
        raise ValidationError(sentence, code="no_account")
    told: dict[str, Any] = {"account_id": account, "seen_by": by, "seen_at": now}
    copy, is_new = SeenCopy.objects.get_or_create(award=row.award, kind=kind, defaults=told)
    if is_new or copy.account_id == account:
        return int(is_new)
    return SeenCopy.objects.filter(pk=copy.pk).update(**told)


@transaction.atomic
def undo_copy(*, copy: SeenCopy, by: User) -> None:
    """Marked by mistake; the trail keeps who marked it."""
    row = locked_competition(copy.award.competition)
    if not can_note_copies(by, row):
        raise ValidationError(_("You do not have this duty."), code="no_duty")
    changes = {"award": copy.award_id, "kind": copy.kind, "seen_by": copy.seen_by_id}
    if SeenCopy.objects.filter(pk=copy.pk).delete()[0]:
        record(action="award.copy_undone", by=by, target=row, agency=row.program.agency, changes=changes)
