"""Funds as the office keeps them, with what holds in their year."""

from collections.abc import Sequence
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from budgets.models import FundGroup, FundReport, FundShare, FundSource
from kit.refusals import spoken_refusals


@transaction.atomic
def save_fund(*, fund: FundSource, changed: Sequence[str], by: User) -> None:
    with spoken_refusals(FundSource):
        fund.save()
    record(action="fundsource.saved", by=by, target=fund, agency=fund.agency, changes={"fields": sorted(changed)})


@transaction.atomic
def set_fund_rules(
    *,
    fund: FundSource,
    shares: Sequence[FundShare],
    groups: Sequence[FundGroup],
    reports: Sequence[FundReport],
    by: User,
) -> None:
    """What holds for the fund this year, as a whole. Groups come in their order of priority."""
    FundSource.objects.select_for_update(no_key=True).get(pk=fund.pk)
    if sum((share.percent for share in shares), Decimal(0)) > 100:
        raise ValidationError(_("The shares are more than 100 percent together."), code="shares_above_whole")
    for priority, group in enumerate(groups, start=1):
        group.priority = priority
    with spoken_refusals(FundShare, FundGroup, FundReport):
        _keep_shares(fund, shares)
        _replace(fund, fund.groups.all(), groups)
        _replace(fund, fund.reports.all(), reports)
    changes = {"shares": len(shares), "groups": len(groups), "reports": len(reports)}
    record(action="fund.rules_saved", by=by, target=fund, agency=fund.agency, changes=changes)


def _keep_shares(fund: FundSource, shares: Sequence[FundShare]) -> None:
    """Lines point at shares: one of the same name is changed, not replaced."""
    known = {share.name.casefold(): share for share in fund.shares.all()}
    for share in shares:
        old = known.pop(share.name.casefold(), None)
        share.fund, share.pk = fund, old.pk if old else None
        share.save(force_update=old is not None, force_insert=old is None)
    for share in known.values():
        if share.lines.exists():
            told = {"name": share.name}
            raise ValidationError(_("Budget lines belong to the share “%(name)s”.") % told, code="share_in_use")
        share.delete()


def _replace(fund: FundSource, old: "models.QuerySet", new: "Sequence[FundGroup | FundReport]") -> None:
    old.delete()
    for row in new:
        row.fund = fund
        row.save(force_insert=True)
