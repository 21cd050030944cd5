"""The way of a payment: proposed, approved, paid; or rejected, taken back, failed, returned. Each step locks."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from accounts.roles import Permission
from budgets.actions.holding import let_go, move
from budgets.actions.proposing import check_owner, check_year
from budgets.models import PayeeAccount, Payment, PaymentStep, TransferLine
from budgets.permissions import Acting, acting, can_propose
from budgets.queries import account_hindrance, open_lists
from kit.refusals import spoken_refusals

State = Payment.State


def locked(payments: Sequence[Payment], states: Collection[str]) -> list[Payment]:
    """The rows as they are now, in the order of their keys, or a refusal that says what happened to one meanwhile."""
    keys = {payment.pk for payment in payments}
    rows = list(
        Payment.objects.with_parts().filter(pk__in=keys).order_by("pk").select_for_update(of=("self",), no_key=True)
    )
    if not rows or len(rows) < len(keys):
        raise ValidationError(_("Choose at least one payment."), code="nothing_chosen")
    for row in rows:
        if row.state not in states:
            told = {"payee": row.payee_name, "state": row.get_state_display()}
            raise ValidationError(_("The payment to %(payee)s is “%(state)s” already.") % told, code="payment_moved")
    return rows


def check_unlisted(rows: Sequence[Payment]) -> None:
    """What stands on an open transfer list is perhaps at the bank already: its outcome is recorded there."""
    for payment, listed in open_lists([row.pk for row in rows]).items():
        payee = next(row.payee_name for row in rows if row.pk == payment)
        told = {"payee": payee, "list": listed}
        sentence = _("The payment to %(payee)s stands on the transfer list %(list)s. Record there what became of it.")
        raise ValidationError(sentence % told, code="payment_listed")


def duty_of(row: Payment, permission: Permission, by: User, *, done_by: Collection[int | None] = ()) -> Acting:
    return duty_in(row.agency, permission, by, done_by=done_by)


def duty_in(agency: Agency, permission: Permission, by: User, *, done_by: Collection[int | None] = ()) -> Acting:
    """A stand-in speaks for who is away: whoever did an earlier step does not do this one through somebody else."""
    found = acting(by, permission, agency, without=done_by)
    if found is None:
        if done_by and acting(by, permission, agency):
            sentence = _("Nobody stands in here for the person who proposed or approved the same payment.")
            raise ValidationError(sentence, code="stand_in_of_own")
        raise ValidationError(_("You do not have this duty, or your time as a stand-in is over."), code="no_duty")
    return found


def _step(row: Payment, by: User, *, action: str, duty: Acting | None = None, reason: str = "", **changes: Any) -> None:
    with spoken_refusals(Payment):
        row.save()
    instead = duty.instead_of if duty else None
    document = row.document if row.state == State.PAID else ""
    PaymentStep.objects.create(
        payment=row, state=row.state, by=by, instead_of=instead, reason=reason, document=document
    )
    if instead is not None:
        changes["instead_of"] = instead.full_name
    record(action=action, by=by, target=row, agency=row.agency, purpose=reason, changes=changes)


@transaction.atomic
def approve_payments(*, payments: Sequence[Payment], by: User) -> list[Payment]:
    """All of them or none. Never by who proposed one, and only to accounts that are in force."""
    rows = locked(payments, {State.PROPOSED})
    for row in rows:
        duty = duty_of(row, Permission.APPROVE_PAYMENTS, by, done_by={row.proposed_by_id})
        if row.proposed_by_id == by.pk:
            raise ValidationError(_("Nobody approves what they proposed themselves."), code="own_proposal")
        check_year(row.line)
        _check_account(row)
        row.state, row.approved_by, row.approved_at = State.APPROVED, by, timezone.now()
        _step(row, by, action="payment.approved", duty=duty, gross=row.gross)
    return rows


def _check_account(row: Payment) -> None:
    if row.account is not None and not row.account.is_in_force:
        told = {"payee": row.payee_name}
        sentence = _("The account of %(payee)s is not confirmed or was replaced. Settle that first.") % told
        raise ValidationError(sentence, code="account_not_in_force")


@transaction.atomic
def reject_payment(*, payment: Payment, reason: str, by: User) -> Payment:
    row = locked([payment], {State.PROPOSED})[0]
    duty = duty_of(row, Permission.APPROVE_PAYMENTS, by)
    row.state = State.REJECTED
    _step(row, by, action="payment.rejected", duty=duty, reason=needed(reason))
    let_go(row)
    return row


@transaction.atomic
def cancel_payment(*, payment: Payment, reason: str, by: User) -> Payment:
    """Taken back by whoever may propose, as long as no money went out; the line has it again."""
    row = locked([payment], {State.PROPOSED, State.APPROVED, State.FAILED, State.RETURNED})[0]
    if not can_propose(by, row.agency):
        raise ValidationError(_("You do not have this duty, or your time as a stand-in is over."), code="no_duty")
    check_unlisted([row])
    row.state = State.CANCELLED
    _step(row, by, action="payment.cancelled", reason=needed(reason))
    let_go(row)
    return row


@transaction.atomic
def record_paid(
    *,
    payments: Sequence[Payment],
    paid_on: dt.date,
    document: str,
    by: User,
    tax: int | None = None,
    cash: bool = False,
) -> list[Payment]:
    """The money went out: what was reserved is spent. `tax` is the treasurer's own word for a single payment."""
    rows = locked(payments, {State.APPROVED})
    check_unlisted(rows)
    for row in rows:
        _check_account(row)
        if not cash:
            _check_cooled(row)
        if tax is not None and len(rows) == 1:
            row.tax = tax
    pay_rows(rows, paid_on=paid_on, documents=dict.fromkeys((row.pk for row in rows), document), by=by, cash=cash)
    return rows


def pay_rows(
    rows: Sequence[Payment], *, paid_on: dt.date, documents: Mapping[int, str], by: User, cash: bool = False
) -> None:
    """Rows that are locked and approved become paid, each with its own number, and the lines in one go."""
    for row in rows:
        duty = duty_of(row, Permission.RECORD_PAYMENTS, by, done_by={row.proposed_by_id, row.approved_by_id})
        _check_paying(row, paid_on, by)
        if row.tax is None:
            told = {"payee": row.payee_name}
            raise ValidationError(_("Enter the tax of %(payee)s; there is no rule for it.") % told, code="tax_missing")
        if row.account is None and not cash:
            told = {"payee": row.payee_name}
            sentence = _("%(payee)s has no account here. Enter one, or record the payment as cash.") % told
            raise ValidationError(sentence, code="account_missing")
        row.state, row.paid_by, row.paid_on, row.document = State.PAID, by, paid_on, documents[row.pk].strip()
        row.method, row.tax_confirmed = Payment.Method.CASH if cash else Payment.Method.TRANSFER, True
        _step(row, by, action="payment.paid", duty=duty, gross=row.gross, tax=row.tax, document=row.document)
    move(_by_line(rows), to_spent=True)


def _check_paying(row: Payment, paid_on: dt.date, by: User) -> None:
    if by.pk in {row.proposed_by_id, row.approved_by_id}:
        raise ValidationError(_("Nobody pays what they proposed or approved themselves."), code="own_payment")
    if paid_on > row.agency.today():
        raise ValidationError({"paid_on": ValidationError(_("This day has not come yet."), code="paid_in_future")})
    year = row.line.fund.fiscal_year
    if paid_on.year != year:
        sentence = _("Money of the fiscal year %(year)s is paid in that year.") % {"year": str(year)}
        raise ValidationError({"paid_on": ValidationError(sentence, code="paid_in_other_year")})


def _check_cooled(row: Payment) -> None:
    code, sentence = account_hindrance(row)
    if code == "account_cools":
        raise ValidationError(f"{row.payee_name}: {sentence}", code=code)


@transaction.atomic
def record_failed(*, payment: Payment, reason: str, by: User) -> Payment:
    """The bank did not take the order. The money stays reserved until it is proposed again or taken back."""
    row = locked([payment], {State.APPROVED})[0]
    check_unlisted([row])
    fail_row(row, reason, by)
    return row


def fail_row(row: Payment, reason: str, by: User) -> None:
    duty = duty_of(row, Permission.RECORD_PAYMENTS, by)
    row.state = State.FAILED
    _step(row, by, action="payment.failed", duty=duty, reason=needed(reason))


@transaction.atomic
def record_returned(*, payment: Payment, reason: str, by: User) -> Payment:
    """The money came back: it is reserved again, no longer spent."""
    row = locked([payment], {State.PAID})[0]
    duty = duty_of(row, Permission.RECORD_PAYMENTS, by)
    row.state = State.RETURNED
    _step(row, by, action="payment.returned", duty=duty, reason=needed(reason), document=row.document)
    move(_by_line([row]), to_spent=False)
    orders = TransferLine.objects.filter(payment=row, state=TransferLine.State.PAID)
    orders.update(state=TransferLine.State.RETURNED, reason=needed(reason))
    return row


@transaction.atomic
def propose_again(*, payment: Payment, account: PayeeAccount | None, reason: str, by: User) -> Payment:
    """After it failed, came back or needs another account: the whole way once more, approval included."""
    row = locked([payment], {State.PROPOSED, State.APPROVED, State.FAILED, State.RETURNED})[0]
    if not can_propose(by, row.agency):
        raise ValidationError(_("You do not have this duty, or your time as a stand-in is over."), code="no_duty")
    if account is not None:
        check_owner(account, row.agency, row.payee_name, row.payee_key)
    check_year(row.line)
    check_unlisted([row])
    row.state, row.account, row.proposed_by, row.proposed_at = State.PROPOSED, account, by, timezone.now()
    row.approved_by = row.approved_at = row.paid_by = row.paid_on = None
    row.method, row.document, row.tax_confirmed = "", "", False
    _step(row, by, action="payment.proposed_again", reason=needed(reason))
    return row


def _by_line(rows: Sequence[Payment]) -> Counter[int]:
    sums: Counter[int] = Counter()
    for row in rows:
        sums[row.line_id] += row.gross
    return sums


def needed(reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": ValidationError(_("Please give a reason."), code="reason_missing")})
    return reason.strip()
