"""Honoraria of a batch, handed to the budget as proposals: each session and instructor once."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from budgets.actions import Proposal, propose_payments
from budgets.models import BudgetLine, Payment
from programs.models import Batch
from programs.queries import TAX_KINDS, FeeLine, fees_of, owner_of, reference_of

LANGUAGE = "id"  # the purpose stands on receipts, which are official


@transaction.atomic
def propose_honoraria(*, batch: Batch, line: BudgetLine, by: User) -> list[Payment]:
    """Every session that is over and was not proposed yet. All of them or none; the line is never overdrawn.

    A programme that names its budget lines pays from these alone.
    """
    locked = Batch.objects.locked(batch.pk)
    agency = locked.program.agency
    if line.fund.agency_id != agency.pk:
        raise ValidationError(_("This budget line belongs to another agency."), code="line_elsewhere")
    paying = locked.program.budget_lines.all()
    if paying and line not in paying:
        raise ValidationError(_("The programme is not paid from this budget line."), code="line_not_of_program")
    ready = [row for row in fees_of(locked, timezone.now()) if row.is_ready]
    if not ready:
        raise ValidationError(_("There is nothing to propose."), code="nothing_to_propose")
    with translation.override(LANGUAGE):
        proposals = [_proposal(locked, row) for row in ready]
    bundle = f"batch:{locked.pk}"
    return propose_payments(line=line, proposals=proposals, kind=Payment.Kind.HONORARIUM, bundle=bundle, by=by)


def _proposal(batch: Batch, row: FeeLine) -> Proposal:
    teacher, rate, fee = row.session.instructor, row.rate, row.fee
    if teacher is None or rate is None or fee is None:
        raise ValueError("This session is not ready to be paid.")
    day = row.session.during.lower.astimezone(batch.program.agency.zone).date()
    purpose = _("Honorarium of %(role)s, %(batch)s, %(day)s: %(units)d × %(unit)s") % {
        "role": rate.get_role_display(),
        "batch": batch.name,
        "day": day.strftime("%d/%m/%Y"),
        "units": fee.units,
        "unit": rate.get_unit_display(),
    }
    return Proposal(
        payee_name=str(teacher),
        gross=fee.gross,
        purpose=purpose,
        reference=reference_of(row.session),
        payee=row.account,
        payee_key=owner_of(teacher),
        tax_kind=TAX_KINDS[teacher.employment],
    )
