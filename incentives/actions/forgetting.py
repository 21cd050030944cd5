"""What a juror or an objector asks about their data, served at the desk: a copy, or erasing."""

from django.db import transaction

from accounts.actions import record
from accounts.models import User
from incentives.actions.pitching import locked
from incentives.models import Competition, Juror
from incentives.privacy import forget_jurors, forget_objections
from incentives.queries.others import Other, obstacle_to_erasing


@transaction.atomic
def note_copy(*, other: Other, file_format: str, purpose: str, by: User) -> None:
    """Whoever hands over what is kept of somebody says why; nothing is told without this line."""
    agency, told = other.competition.program.agency, {"form": file_format}
    record(action="other.copy_made", by=by, target=other, agency=agency, changes=told, purpose=purpose)


@transaction.atomic
def erase_other(*, other: Other, reason: str, by: User) -> None:
    """As retention would, at the person's wish and at once. What the minutes and the result rest on stays."""
    locked(other.competition)
    competition = Competition.objects.select_related("program__agency").get(pk=other.competition_id)
    fresh = type(other)._default_manager.select_for_update(of=("self",)).get(pk=other.pk)
    if refusal := obstacle_to_erasing(fresh, competition):
        raise refusal
    forget = forget_jurors if isinstance(fresh, Juror) else forget_objections
    forget([fresh.pk])
    agency = competition.program.agency
    record(action="other.erased", by=by, target=fresh, agency=agency, purpose=reason)
