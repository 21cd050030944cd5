"""A programme as staff keep it: what it is, whom it takes, and when it opens and ends."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from programs.models import Batch, EligibilityRule, Program
from programs.rules import Requirement

# From which state a programme may go where. What is finished or cancelled stays so.
NEXT_STATES: dict[str, tuple[str, ...]] = {
    Program.State.DRAFT: (Program.State.OPEN, Program.State.CANCELLED),
    Program.State.OPEN: (Program.State.FINISHED, Program.State.CANCELLED),
    Program.State.FINISHED: (),
    Program.State.CANCELLED: (),
}


@transaction.atomic
def move_program(*, program: Program, to: str, by: User) -> Program:
    """Opens, finishes or cancels a programme. It ends only when no batch of it is planned or published any more."""
    locked = Program.objects.select_for_update(of=("self",), no_key=True).get(pk=program.pk)
    if to not in NEXT_STATES[locked.state]:
        raise ValidationError(_("The programme cannot change in this way."), code="program_state")
    left = locked.batches.filter(state__in=[Batch.State.PLANNED, Batch.State.PUBLISHED]).count()
    if to in {Program.State.FINISHED, Program.State.CANCELLED} and left:
        raise ValidationError(
            _("%(left)d batches are still planned or published. Finish or cancel them first."),
            code="program_has_batches",
            params={"left": left},
        )
    before, locked.state = locked.state, to
    locked.save(update_fields=["state"])
    record(action="program.moved", by=by, target=locked, agency=locked.agency, changes={"state": [before, to]})
    return locked


@transaction.atomic
def set_requirements(*, program: Program, requirements: Sequence[Requirement], by: User) -> None:
    """The rules that entries are judged by from now on, one of each kind; entries made before keep their answers."""
    Program.objects.select_for_update(of=("self",), no_key=True).get(pk=program.pk)
    program.rules.exclude(kind__in=[wanted.kind for wanted in requirements]).delete()
    for position, wanted in enumerate(requirements):
        values = {
            "minimum": wanted.minimum,
            "maximum": wanted.maximum,
            "values": list(wanted.values),
            "blocking": wanted.blocking,
            "position": position,
        }
        EligibilityRule.objects.update_or_create(program=program, kind=wanted.kind, defaults=values)
    changes = {"kept": [wanted.kind for wanted in requirements]}
    record(action="program.rules_saved", by=by, target=program, agency=program.agency, changes=changes)
