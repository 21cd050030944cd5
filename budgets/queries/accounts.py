"""Accounts that came with a list, together."""

from dataclasses import dataclass

from django.db.models import Count, Max, QuerySet

from accounts.models import Agency, User
from budgets.models import PayeeAccount

State = PayeeAccount.State


@dataclass(frozen=True)
class WaitingList:
    """Of one list how many accounts wait, and whether this person may confirm them."""

    agency_id: int
    source: str
    name: str
    entered_by: str
    waiting: int
    is_own: bool


@dataclass(frozen=True)
class ListedAccount:
    """An account of a list beside the one that is in force for the same payee."""

    account: PayeeAccount
    former: PayeeAccount | None


def waiting_lists(accounts: QuerySet[PayeeAccount], user: User) -> list[WaitingList]:
    """Newest first."""
    names = ("agency_id", "source", "source_name", "entered_by_id", "entered_by__full_name")
    pending = accounts.filter(state=State.PENDING).exclude(source="").order_by().values_list(*names)
    rows = pending.annotate(waiting=Count("pk"), newest=Max("pk")).order_by("-newest")
    return [
        WaitingList(agency, source, name, who, waiting, is_own=by == user.pk)
        for agency, source, name, by, who, waiting, _newest in rows
    ]


def listed_accounts(agency: Agency, source: str) -> list[ListedAccount]:
    """Those that wait first, by name."""
    rows = PayeeAccount.objects.filter(agency=agency).from_list(source).select_related("bank", "entered_by")
    found = list(rows.defer("number").order_by("payee_name", "pk"))
    owners = {row.owner for row in found}
    standing = PayeeAccount.objects.filter(agency=agency, owner__in=owners, state=State.IN_FORCE)
    former = {row.owner: row for row in standing.exclude(source=source).select_related("bank").defer("number")}
    found.sort(key=lambda row: row.state != State.PENDING)
    return [ListedAccount(row, former.get(row.owner)) for row in found]
