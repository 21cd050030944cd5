"""Who approves or pays instead of somebody, for a time."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from accounts.permissions import holds
from accounts.roles import Permission
from budgets.models import StandIn
from kit.refusals import spoken_refusals

LONGEST_DAYS = 366


@transaction.atomic
def name_stand_in(*, period: StandIn, by: User) -> StandIn:
    """By whoever has the duty, for oneself. The stand-in sees budgets already, and has a second step therefore."""
    if period.absent_id != by.pk or not holds(by, Permission(period.duty), agency_id=period.agency_id):
        raise ValidationError(_("You give only a duty that you have yourself."), code="not_own_duty")
    if not holds(period.substitute, Permission.VIEW_BUDGETS, agency_id=period.agency_id):
        sentence = _("Choose somebody of the office who sees budgets.")
        raise ValidationError({"substitute": ValidationError(sentence, code="substitute_sees_nothing")})
    if (period.valid_to - period.valid_from).days >= LONGEST_DAYS:
        sentence = _("A stand-in is named for a year at most.")
        raise ValidationError({"valid_to": ValidationError(sentence, code="period_long")})
    if period.valid_to < period.agency.today():
        raise ValidationError({"valid_to": ValidationError(_("This period is over already."), code="period_over")})
    with spoken_refusals(StandIn):
        period.save(force_insert=True)
    changes = {
        "role": period.duty,
        "label": period.substitute.full_name,
        "valid_from": period.valid_from,
        "valid_to": period.valid_to,
    }
    record(action="stand_in.named", by=by, target=period, agency=period.agency, changes=changes)
    return period


@transaction.atomic
def end_stand_in(*, period: StandIn, by: User) -> StandIn:
    """By the one who named it; what was done until now stays."""
    row = StandIn.objects.select_related("agency").select_for_update(of=("self",)).get(pk=period.pk)
    if row.absent_id != by.pk:
        raise ValidationError(_("Only who named a stand-in ends it."), code="not_own_duty")
    if row.ended_at is None:
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_at"])
        record(action="stand_in.ended", by=by, target=row, agency=row.agency)
    return row
