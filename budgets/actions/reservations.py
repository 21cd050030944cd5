"""Money kept for what is not paid yet: the awards of a competition, the allowances of a batch."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from budgets.actions.holding import hold
from budgets.actions.proposing import check_year
from budgets.models import BudgetLine, Reservation
from kit.refusals import spoken_refusals


@transaction.atomic
def reserve(*, line: BudgetLine, amount: int, purpose: str, reference: str, by: User) -> Reservation:
    """Payments that name it draw on it. Once for a reference ("competition:3") on a line."""
    if line.fund.agency.today().year > line.fund.fiscal_year:
        check_year(line)
    made = Reservation(line=line, amount=amount, purpose=purpose, reference=reference, created_by=by)
    with spoken_refusals(Reservation):
        made.save()
    hold(line, amount)
    record(
        action="reservation.made",
        by=by,
        target=made,
        agency=line.fund.agency,
        changes={"amount": amount, "line": str(line.pk), "reference": reference},
    )
    return made


@transaction.atomic
def release(*, reservation: Reservation, by: User) -> Reservation:
    """What nobody drew goes back to the line; what was drawn stays with its payments."""
    row = (
        Reservation.objects.select_related("line__fund__agency").select_for_update(of=("self",)).get(pk=reservation.pk)
    )
    if row.released_at is not None:
        raise ValidationError(_("This money was released already."), code="reservation_released")
    row.released_at = timezone.now()
    row.save(update_fields=["released_at"])
    BudgetLine.objects.filter(pk=row.line_id).update(reserved=F("reserved") - row.left)
    changes = {"amount": row.left, "line": str(row.line_id)}
    record(action="reservation.released", by=by, target=row, agency=row.line.fund.agency, changes=changes)
    return row
