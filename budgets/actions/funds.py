"""Funds as the office keeps them."""

from collections.abc import Sequence

from django.db import transaction

from accounts.actions import record
from accounts.models import User
from budgets.models import FundSource
from kit.refusals import spoken_refusals


@transaction.atomic
def save_fund(*, fund: FundSource, changed: Sequence[str], by: User) -> None:
    with spoken_refusals(FundSource):
        fund.save()
    record(action="fundsource.saved", by=by, target=fund, agency=fund.agency, changes={"fields": sorted(changed)})
