"""Objections against a result: received within the period, answered before the decree."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from incentives.models import Competition, Objection
from incentives.permissions import can_manage_competition
from incentives.queries.awards import AwardBoard
from incentives.queries.progress import result_in_force


@dataclass(frozen=True, kw_only=True)
class ObjectionInput:
    """What somebody wrote who does not agree."""

    name: str
    contact: str
    text: str


@transaction.atomic
def object_to_result(*, competition: Competition, said: ObjectionInput, by: None) -> Objection:
    """Kept encrypted; the trail tells that there is one, not what it says."""
    result = result_in_force(competition)
    board = AwardBoard(competition, result)
    if competition.locked_at is None or result is None or board.is_period_over:
        raise ValidationError(_("The time for objections is over."), code="period_over")
    made = Objection.objects.create(
        competition=competition, result=result, name=said.name, contact=said.contact, text=said.text
    )
    record(action="objection.received", by=None, target=made, agency=competition.program.agency)
    return made


@transaction.atomic
def answer_objection(*, objection: Objection, state: str, answer: str, by: User) -> Objection:
    """Once, in words. One that is upheld changes nothing by itself: the chair opens the result, or somebody leaves."""
    rows = Objection.objects.select_related("competition__program__agency")
    row = rows.select_for_update(of=("self",), no_key=True).get(pk=objection.pk)
    if not can_manage_competition(by, row.competition):
        raise ValidationError(_("You do not have this duty."), code="no_duty")
    if row.state != Objection.State.OPEN:
        raise ValidationError(_("This objection was answered already."), code="objection_answered")
    if state not in {Objection.State.UPHELD, Objection.State.DISMISSED} or not answer.strip():
        raise ValidationError(_("Decide, and say why."), code="answer_missing")
    row.state, row.answer, row.answered_by, row.answered_at = state, answer.strip(), by, timezone.now()
    row.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    changes = {"state": state}
    record(action="objection.answered", by=by, target=row, agency=row.competition.program.agency, changes=changes)
    return row
