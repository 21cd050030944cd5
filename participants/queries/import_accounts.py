"""What the accounts of a list clash with: the entries of the batch, accounts that are here, and other rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from budgets.models import PayeeAccount
from budgets.permissions import keeps_accounts
from kit.names import name_key
from participants.models import CheckState, Registration, RegistrationImport, Seat
from participants.queries.imports import Clash, relations_of
from programs.models import Batch

State = PayeeAccount.State
# An entry counts once, with its first row. One account of two people may be right: then both rows are doubtful.
ENTRY_IN_FILE = """
SELECT number, first FROM (
    SELECT number, first_value(number) OVER entries AS first
    FROM participants_importrow WHERE upload_id = %(upload)s AND nik_hash <> '' AND state <> 'left_out'
    WINDOW entries AS (PARTITION BY nik_hash ORDER BY number)
) seen WHERE number <> first ORDER BY number
"""
ACCOUNT_IN_FILE = """
SELECT number, first FROM (
    SELECT number, nik_hash, first_value(number) OVER accounts AS first,
        first_value(nik_hash) OVER accounts AS first_nik
    FROM participants_importrow WHERE upload_id = %(upload)s AND account_hash <> '' AND state <> 'left_out'
    WINDOW accounts AS (PARTITION BY account_hash ORDER BY number)
) seen WHERE number <> first AND nik_hash <> first_nik ORDER BY number
"""


@dataclass(frozen=True)
class KnownAccount:
    """What is compared of one row; the entry is the one that it was read for."""

    number: int
    entry: int
    owner: str
    payee_name: str
    account_hash: str
    holder_name: str


def payee_key(person: int | None) -> str:
    """By which payments and accounts know a person."""
    return f"person:{person}"


def batch_of_accounts(upload: RegistrationImport, user: User) -> list[Batch]:
    """The one batch, as long as this person may enter accounts for its office."""
    batches = Batch.objects.with_parts().filter(imports=upload)
    return list(batches) if keeps_accounts(user, upload.agency) else []


def entries_with_payees(batch: Batch) -> list[Registration]:
    """Everybody who takes part and is verified, in the order of their places."""
    held = batch.registrations.filter(seat=Seat.HELD, check_state=CheckState.VERIFIED, person__isnull=False)
    return list(held.order_by("queue_number").only("code", "full_name", "person", "batch"))


def without_account(batch: Batch) -> list[Registration]:
    """Those for whom no account is in force or waits: they are paid in cash."""
    entries = entries_with_payees(batch)
    owners = [payee_key(entry.person_id) for entry in entries]
    accounts = PayeeAccount.objects.current().filter(agency=batch.program.agency_id, owner__in=owners)
    known = set(accounts.values_list("owner", flat=True))
    return [entry for entry in entries if payee_key(entry.person_id) not in known]


def clashes_of_accounts(
    agency: Agency, batches: Sequence[Batch], rows: Sequence[KnownAccount]
) -> dict[int, list[Clash]]:
    """Row number -> what it clashes with; three questions for all rows."""
    entries = Registration.objects.filter(batch__in=batches).in_bulk([row.entry for row in rows])
    accounts = PayeeAccount.objects.current().filter(agency=agency).defer("number")
    mine: dict[str, list[PayeeAccount]] = {}
    for account in accounts.filter(owner__in={row.owner for row in rows}):
        mine.setdefault(account.owner, []).append(account)
    held = accounts.filter(number_hash__in={row.account_hash for row in rows}).values_list("number_hash", "owner")
    owners: dict[str, set[str]] = {}
    for number_hash, owner in held:
        owners.setdefault(number_hash, set()).add(owner)
    found: dict[int, list[Clash]] = {}
    for row in rows:
        clashes = _refused(row, entries.get(row.entry)) or _same(row, mine.get(row.owner, []))
        clashes = clashes or _doubts(row, mine.get(row.owner, []), owners.get(row.account_hash, set()))
        if clashes:
            found[row.number] = clashes
    return found


def _refused(row: KnownAccount, entry: Registration | None) -> list[Clash]:
    if entry is None or payee_key(entry.person_id) != row.owner or entry.full_name != row.payee_name:
        return [["entry", "entry_changed", {}]]
    if entry.seat != Seat.HELD:
        return [["entry", "entry_not_held", {}]]
    return [] if entry.check_state == CheckState.VERIFIED else [["entry", "entry_not_verified", {}]]


def _same(row: KnownAccount, accounts: Sequence[PayeeAccount]) -> list[Clash]:
    codes = {State.IN_FORCE: "account_same", State.PENDING: "account_waits"}
    for account in accounts:
        if account.number_hash == row.account_hash and account.holder_name == row.holder_name:
            return [["number", codes[State(account.state)], {}]]
    return []


def _doubts(row: KnownAccount, accounts: Sequence[PayeeAccount], owners: set[str]) -> list[Clash]:
    found: list[Clash] = []
    states = {account.state for account in accounts}
    if State.PENDING in states:
        found.append(["number", "account_replaces", {}])
    elif State.IN_FORCE in states:
        found.append(["number", "account_changes", {}])
    if owners - {row.owner}:
        found.append(["number", "account_of_other", {}])
    if name_key(row.holder_name) != name_key(row.payee_name):
        found.append(["holder_name", "holder_differs", {}])
    return found


def accounts_in_file(upload: RegistrationImport) -> dict[int, list[Clash]]:
    """Rows that name one entry twice, and one account for two people."""
    found: dict[int, list[Clash]] = {}
    with connection.cursor() as cursor:
        cursor.execute(ENTRY_IN_FILE, {"upload": upload.pk})
        for number, first in cursor.fetchall():
            found.setdefault(number, []).append(["entry", "entry_in_file", {"row": first}])
        cursor.execute(ACCOUNT_IN_FILE, {"upload": upload.pk})
        for number, first in cursor.fetchall():
            found.setdefault(number, []).append(["number", "account_in_file", {"row": first}])
            found.setdefault(first, []).append(["number", "account_in_file", {"row": number}])
    return found


def built_on_accounts(upload: RegistrationImport) -> list[Any]:
    """Which accounts of the list were confirmed or are used, in words."""
    accounts = PayeeAccount.objects.filter(import_row__upload=upload)
    reasons: list[Any] = []
    if count := accounts.filter(state__in=[State.IN_FORCE, State.ENDED]).count():
        reasons.append(_("Accounts that were confirmed since: %(count)d.") % {"count": count})
    elif not accounts.filter(state=State.PENDING).exists():
        reasons.append(_("None of these accounts waits any more."))
    for relation in relations_of(PayeeAccount, set()):
        model = relation.related_model
        if model._default_manager.filter(**{f"{relation.field.name}__in": accounts.values("pk")}).exists():
            reasons.append(_("Since then: %(what)s.") % {"what": model._meta.verbose_name_plural})
    return reasons
