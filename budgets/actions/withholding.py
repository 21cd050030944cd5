"""Lists of withheld tax: whoever takes one with whole identity numbers says why, and the trail keeps it."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from accounts.roles import Permission
from budgets.actions.payments import duty_in, needed
from budgets.models import Payment
from budgets.queries import withheld_from, withheld_in
from budgets.rules import Withheld
from kit.payees import identity_numbers, trail_subject


@transaction.atomic
def hand_out_withheld(*, agency: Agency, month: dt.date, whole: bool, purpose: str, by: User) -> list[Withheld]:
    """Of one office and month, for the treasurer or who stands in."""
    duty_in(agency, Permission.RECORD_PAYMENTS, by)
    reason = needed(purpose) if whole else ""
    payments = list(withheld_in(Payment.objects.filter(agency=agency), month).select_related("tax_rule"))
    if not payments:
        raise ValidationError(_("No tax was kept back in this month."), code="nothing_withheld")
    numbers = identity_numbers([row.payee_key for row in payments], whole=whole)
    changes = {"month": f"{month:%Y-%m}", "payments": len(payments), "whole_numbers": whole}
    record(action="withholding.downloaded", by=by, agency=agency, purpose=reason, changes=changes)
    for row in payments if whole else []:
        whom = trail_subject(row.payee_key)
        record(action="payment.identity_taken", by=by, target=row, subject=whom, agency=agency, purpose=reason)
    return withheld_from(payments, numbers)
