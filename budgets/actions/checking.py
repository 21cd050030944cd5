from collections.abc import Sequence

from django.db import transaction

from accounts.actions import record
from budgets.models import BudgetLine


@transaction.atomic
def note_wrong_sums(*, line_ids: Sequence[int], by: None = None) -> None:
    """Writes into the trail that the sums of lines differ from the rows; an operator has to look."""
    for line in BudgetLine.objects.filter(pk__in=line_ids).select_related("fund__agency"):
        record(action="budget_line.sums_differ", by=by, target=line, agency=line.fund.agency, actor_label="system")
