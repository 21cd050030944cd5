"""Accounts of payees: kept encrypted, changed only by two people, looked at with a reason."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from budgets.models import Bank, PayeeAccount, account_hash, clean_account_number
from kit.names import name_key
from kit.refusals import spoken_refusals

State = PayeeAccount.State


@dataclass(frozen=True)
class AccountDetails:
    """What somebody wrote down. `number` may hold spaces, dots and hyphens."""

    bank: Bank
    number: str
    holder_name: str
    holder_reason: str = ""


@dataclass(frozen=True)
class AccountSource:
    """The list that accounts came with: its key ("import-12") and what it is called."""

    key: str
    name: str


BY_HAND = AccountSource("", "")


@transaction.atomic
def enter_account(
    *, agency: Agency, owner: str, payee_name: str, details: AccountDetails, by: User, source: AccountSource = BY_HAND
) -> PayeeAccount:
    """The first account of a payee whose name is the holder's is in force at once; every other one, and each that came
    with a list, waits for somebody else. The old account stays in force until then.
    """
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    number = clean_account_number(details.number)
    known = PayeeAccount.objects.filter(agency=agency, owner=owner)
    differs = name_key(details.holder_name) != name_key(payee_name)
    if differs and not details.holder_reason.strip():
        sentence = _("The account holder is not the payee. Say why, or correct the name.")
        raise ValidationError({"holder_reason": ValidationError(sentence, code="holder_differs")})
    found = account_hash(details.bank.pk, number)
    if known.filter(state=State.IN_FORCE, number_hash=found, holder_name=details.holder_name).exists():
        raise ValidationError({"number": ValidationError(_("This account is in force already."), code="account_same")})
    needs_second = differs or bool(source.key) or known.exists()
    known.filter(state=State.PENDING).update(state=State.REFUSED)
    made = PayeeAccount(
        agency=agency,
        owner=owner,
        payee_name=payee_name,
        bank=details.bank,
        number=number,
        number_hash=found,
        last4=number[-4:],
        holder_name=details.holder_name,
        holder_reason=details.holder_reason.strip() if differs else "",
        source=source.key,
        source_name=source.name,
        needs_second=needs_second,
        state=State.PENDING if needs_second else State.IN_FORCE,
        entered_by=by,
    )
    with spoken_refusals(PayeeAccount):
        made.save()
    changes = {"owner": owner, "bank": details.bank.name, "state": made.state, "holder_differs": differs}
    changes |= {"source": source.key} if source.key else {}
    record(action="payee_account.entered", by=by, target=made, agency=agency, changes=changes)
    return made


@transaction.atomic
def confirm_account(*, account: PayeeAccount, by: User) -> PayeeAccount:
    """Somebody else than who entered it; the account before it ends."""
    row = _pending(account, by)
    _confirm(row, by)
    return row


@transaction.atomic
def confirm_listed(*, agency: Agency, source: str, seen: set[int], by: User) -> int:
    """All accounts of one list that still wait, or none. `seen` are those that the second person looked at."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    waiting = PayeeAccount.objects.filter(agency=agency, state=State.PENDING).from_list(source)
    rows = list(waiting.select_related("agency", "bank").defer("number").order_by("pk"))
    if not rows or {row.pk for row in rows} != seen:
        sentence = _("The list has changed since you looked at it. Please look at it again.")
        raise ValidationError(sentence, code="list_changed")
    for row in rows:
        _refuse_own(row, by)
        _confirm(row, by)
    return len(rows)


@transaction.atomic
def withdraw_listed(*, agency: Agency, source: str, by: User) -> None:
    """The accounts of a list that wait go as if they had never come; those that they took the place of wait again.

    Refuses with built_on when one of them was confirmed. What a second person refused stays refused.
    """
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    rows = PayeeAccount.objects.filter(agency=agency).from_list(source)
    if rows.filter(state__in=[State.IN_FORCE, State.ENDED]).exists():
        sentence = _("Accounts of this list were confirmed already.")
        raise ValidationError(sentence, code="built_on")
    for row in rows.filter(state=State.PENDING).select_related("agency", "bank").defer("number").order_by("pk"):
        changes = {"owner": row.owner, "source": source}
        record(action="payee_account.withdrawn", by=by, target=row, agency=agency, changes=changes)
        before = PayeeAccount.objects.filter(agency=agency, owner=row.owner, pk__lt=row.pk).defer("number").first()
        row.delete()
        # Refused without anybody who decided: the account of the list had taken its place.
        if before is not None and before.state == State.REFUSED and before.decided_by_id is None:
            PayeeAccount.objects.filter(pk=before.pk).update(state=State.PENDING)


@transaction.atomic
def refuse_account(*, account: PayeeAccount, reason: str, by: User) -> PayeeAccount:
    row = _pending(account, by)
    row.state = State.REFUSED
    _decide(row, by, action="payee_account.refused", reason=reason)
    return row


def _pending(account: PayeeAccount, by: User) -> PayeeAccount:
    Agency.objects.select_for_update(no_key=True).get(pk=account.agency_id)
    row = PayeeAccount.objects.select_related("agency", "bank").get(pk=account.pk)
    if row.state != State.PENDING:
        raise ValidationError(_("This account was decided already."), code="account_decided")
    _refuse_own(row, by)
    return row


def _refuse_own(row: PayeeAccount, by: User) -> None:
    if row.entered_by_id == by.pk:
        sentence = _("Somebody else than the person who entered the account confirms it.")
        raise ValidationError(sentence, code="own_account")


def _confirm(row: PayeeAccount, by: User) -> None:
    PayeeAccount.objects.filter(agency=row.agency, owner=row.owner, state=State.IN_FORCE).update(state=State.ENDED)
    row.state = State.IN_FORCE
    _decide(row, by, action="payee_account.confirmed")


def _decide(row: PayeeAccount, by: User, *, action: str, reason: str = "") -> None:
    row.decided_by, row.decided_at = by, timezone.now()
    with spoken_refusals(PayeeAccount):
        row.save(update_fields=["state", "decided_by", "decided_at"])
    record(action=action, by=by, target=row, agency=row.agency, purpose=reason, changes={"owner": row.owner})


@transaction.atomic
def reveal_account(*, account: PayeeAccount, purpose: str, by: User) -> str:
    """The whole number, for the transfer; the trail keeps who looked and why."""
    if not purpose.strip():
        raise ValidationError({"purpose": ValidationError(_("Please give a reason."), code="reason_missing")})
    record(action="payee_account.revealed", by=by, target=account, agency=account.agency, purpose=purpose)
    return account.number
