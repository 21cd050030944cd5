"""Questions about money. Who stands in for somebody has the duty as long as the one who is away holds it too."""

from collections.abc import Collection
from dataclasses import dataclass

import rules

from accounts.models import Agency, User
from accounts.permissions import assignments_with, holds
from accounts.roles import Permission
from budgets.models import FundSource, Payment, StandIn


@dataclass(frozen=True)
class Acting:
    """In whose place somebody acts; None is the own."""

    instead_of: User | None = None


def acting(user: User, duty: Permission, agency: Agency, *, without: Collection[int | None] = ()) -> Acting | None:
    """Whether and for whom the user has this duty in the agency today; not in the place of those `without`."""
    if holds(user, duty, agency_id=agency.pk):
        return Acting()
    if not holds(user, Permission.VIEW_BUDGETS, agency_id=agency.pk):
        return None
    periods = StandIn.objects.in_force(agency.today()).filter(agency=agency, duty=duty, substitute=user)
    periods = periods.exclude(absent__in=[key for key in without if key])
    for period in periods.select_related("absent"):
        if holds(period.absent, duty, agency_id=agency.pk):
            return Acting(period.absent)
    return None


def fund_agencies(user: User) -> list[Agency]:
    """The offices whose funds the person keeps."""
    given = assignments_with(user, Permission.MANAGE_BUDGETS)
    return list({grant.agency_id: grant.agency for grant in given}.values())


@rules.predicate
def can_manage_fund(user: User, fund: FundSource | None) -> bool:
    return fund is not None and holds(user, Permission.MANAGE_BUDGETS, agency_id=fund.agency_id)


@rules.predicate
def can_propose(user: User, agency: Agency | None) -> bool:
    return agency is not None and holds(user, Permission.PROPOSE_PAYMENTS, agency_id=agency.pk)


def may_approve(user: User, payment: Payment) -> bool:
    done = {payment.proposed_by_id}
    return user.pk not in done and acting(user, Permission.APPROVE_PAYMENTS, payment.agency, without=done) is not None


def may_record(user: User, payment: Payment) -> bool:
    done = {payment.proposed_by_id, payment.approved_by_id}
    return user.pk not in done and acting(user, Permission.RECORD_PAYMENTS, payment.agency, without=done) is not None


def duty_agencies(user: User, duty: Permission) -> set[int]:
    """The offices in which the user has this duty today, also as a stand-in."""
    own = {given.agency_id for given in assignments_with(user, duty)}
    rows = StandIn.objects.visible_to(user).filter(duty=duty, substitute=user, ended_at__isnull=True)
    periods = [row for row in rows.select_related("agency", "absent") if row.agency_id not in own]
    return own | {
        row.agency_id
        for row in periods
        if row.valid_from <= row.agency.today() <= row.valid_to and holds(row.absent, duty, agency_id=row.agency_id)
    }


def keeps_accounts(user: User, agency: Agency) -> bool:
    """Who proposes or pays enters where the money goes, and confirms what a colleague entered."""
    duties = (Permission.PROPOSE_PAYMENTS, Permission.RECORD_PAYMENTS)
    return any(holds(user, duty, agency_id=agency.pk) for duty in duties)


def may_reveal_account(user: User, agency: Agency) -> bool:
    return keeps_accounts(user, agency) or acting(user, Permission.RECORD_PAYMENTS, agency) is not None
