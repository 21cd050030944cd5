"""Budget lines that are entered by hand. They begin at zero: a ceiling comes with a version and its decree."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from budgets.models import BudgetLine, FundSource
from kit.refusals import spoken_refusals


@transaction.atomic
def enter_line(*, line: BudgetLine, by: User) -> BudgetLine:
    """Adds a line to a fund whose year is open."""
    fund = FundSource.objects.select_related("agency").select_for_update(of=("self",), no_key=True).get(pk=line.fund_id)
    if fund.closed_at is not None:
        raise ValidationError(_("The year of this fund is closed."), code="fund_closed")
    with spoken_refusals(BudgetLine):
        line.save(force_insert=True)
    changes = {"sub_activity": line.sub_activity_code, "account": line.account_code}
    record(action="budgetline.entered", by=by, target=line, agency=fund.agency, changes=changes)
    return line
