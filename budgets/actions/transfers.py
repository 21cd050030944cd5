"""Transfer lists: made out of approved payments, frozen, handed to the bank, and each line recorded once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from accounts.roles import Permission
from budgets.actions.payments import duty_in, duty_of, fail_row, locked, needed, pay_rows, record_returned
from budgets.actions.proposing import check_year
from budgets.models import PayeeAccount, Payment, TransferLayout, TransferLine, TransferList
from budgets.queries import candidates, misfit_sentence, orders_of, shared_by_lines
from budgets.rules import Orders, misfits
from kit.refusals import spoken_refusals

LONGEST = 200
Line = TransferLine.State


@dataclass(frozen=True)
class Outcome:
    """What became of lines, by their keys: the number of the bank, or the reason why the money did not arrive."""

    paid_on: dt.date | None = None
    paid: Mapping[int, str] = field(default_factory=dict)
    failed: Mapping[int, str] = field(default_factory=dict)
    returned: Mapping[int, str] = field(default_factory=dict)

    @property
    def keys(self) -> set[int]:
        return {*self.paid, *self.failed, *self.returned}


@transaction.atomic
def make_transfer_list(
    *, payments: Sequence[Payment], layout: TransferLayout, by: User, shared_seen: bool = False
) -> TransferList:
    """All of them or none, as they are now. What may not go out or does not fit the layout is told row by row.

    Where several payees have one account, the treasurer has to say that this was seen.
    """
    rows = _fitting(payments, by)
    agency, year = rows[0].agency, rows[0].line.fund.fiscal_year
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    last = TransferList.objects.filter(agency=agency, year=year).aggregate(last=Max("number"))["last"] or 0
    made = TransferList(agency=agency, year=year, number=last + 1, layout=_usable(layout, agency), made_by=by)
    lines = _lines(made, rows)
    _check_layout(made, lines)
    shared = shared_by_lines(agency, lines)
    if shared and not shared_seen:
        sentence = _("Several payees have one account. Look at them, and say that you have seen it.")
        raise ValidationError({"shared_seen": ValidationError(sentence, code="account_shared")})
    with spoken_refusals(TransferList, TransferLine):
        made.save()
        TransferLine.objects.bulk_create(lines)
    changes = {"number": str(made), "lines": len(lines), "net": sum(line.net for line in lines)}
    record(action="transfer_list.made", by=by, target=made, agency=agency, changes=changes)
    if shared:
        seen = [list(one.payments) for one in shared]
        record(action="transfer_list.shared_seen", by=by, target=made, agency=agency, changes={"payments": seen})
    return made


def _fitting(payments: Sequence[Payment], by: User) -> list[Payment]:
    rows = locked(payments, {Payment.State.APPROVED})
    agency, year = rows[0].agency, rows[0].line.fund.fiscal_year
    if len(rows) > LONGEST:
        told = {"most": str(LONGEST)}
        raise ValidationError(_("A list has at most %(most)s payments. Make two.") % told, code="list_long")
    if any((row.agency_id, row.line.fund.fiscal_year) != (agency.pk, year) for row in rows):
        raise ValidationError(_("The payments are of different offices or years."), code="list_mixed")
    for row in rows:
        duty_of(row, Permission.RECORD_PAYMENTS, by)
        check_year(row.line)
    if told_off := [found for found in candidates(rows, by) if not found.fits]:
        raise ValidationError(
            [ValidationError(f"{one.payment.payee_name}: {one.why_not}", code=one.code) for one in told_off]
        )
    return rows


def _usable(layout: TransferLayout, agency: Agency) -> TransferLayout:
    found = TransferLayout.objects.usable(agency, agency.today()).filter(pk=layout.pk).first()
    if found is None:
        raise ValidationError(_("This layout is not in use today."), code="layout_over")
    return found


def _lines(made: TransferList, rows: Sequence[Payment]) -> list[TransferLine]:
    accounts = PayeeAccount.objects.select_related("bank").in_bulk([row.account_id or 0 for row in rows])
    found = []
    for position, row in enumerate(rows, 1):
        account = accounts[row.account_id or 0]
        found.append(
            TransferLine(
                transfer_list=made,
                position=position,
                payment=row,
                account=account,
                payee_name=row.payee_name,
                purpose=row.purpose,
                bank_code=account.bank_id,
                bank_name=account.bank.name,
                number=account.number,
                number_hash=account.number_hash,
                last4=account.last4,
                holder_name=account.holder_name,
                gross=row.gross,
                tax=row.tax or 0,
            )
        )
    return found


def _check_layout(made: TransferList, lines: Sequence[TransferLine]) -> None:
    payees = {line.position: line.payee_name for line in lines}
    found = misfits(made.layout.layout, orders_of(made, lines))
    if found:
        raise ValidationError([ValidationError(misfit_sentence(one, payees), code="misfit") for one in found])


@transaction.atomic
def cancel_transfer_list(*, transfer_list: TransferList, reason: str, by: User) -> TransferList:
    """The bank never saw it, or refused it whole: the payments are approved as before."""
    made = _locked_list(transfer_list, by)
    if not made.is_open or made.lines.exclude(state=Line.WAITING).exists():
        sentence = _("Something is recorded of this list already. Record the other lines too.")
        raise ValidationError(sentence, code="list_begun")
    made.state, made.cancelled_by, made.reason = TransferList.State.CANCELLED, by, needed(reason)
    made.closed_at = timezone.now()
    with spoken_refusals(TransferList):
        made.save()
    made.lines.update(state=Line.DROPPED)
    record(action="transfer_list.cancelled", by=by, target=made, agency=made.agency, purpose=reason)
    return made


def _locked_list(transfer_list: TransferList, by: User) -> TransferList:
    rows = TransferList.objects.select_related("agency", "layout")
    made = rows.select_for_update(of=("self",), no_key=True).get(pk=transfer_list.pk)
    duty_in(made.agency, Permission.RECORD_PAYMENTS, by)
    return made


@transaction.atomic
def hand_out_orders(*, transfer_list: TransferList, what: str, by: User) -> Orders:
    """The list with whole account numbers, for the treasurer alone; the trail keeps who took which file."""
    made = _locked_list(transfer_list, by)
    if made.state == TransferList.State.CANCELLED:
        raise ValidationError(_("This list was cancelled."), code="list_cancelled")
    lines = list(made.lines.order_by("position"))
    record(
        action="transfer_list.downloaded",
        by=by,
        target=made,
        agency=made.agency,
        changes={"number": str(made), "file": what, "lines": len(lines)},
    )
    return orders_of(made, lines)


@transaction.atomic
def record_outcome(*, transfer_list: TransferList, outcome: Outcome, by: User) -> TransferList:
    """What the bank did, for some lines or all: whole or not at all, each line once, by the steps of its payment."""
    made = _locked_list(transfer_list, by)
    lines = {line.pk: line for line in made.lines.defer("number").filter(pk__in=outcome.keys)}
    if not outcome.keys or lines.keys() != outcome.keys:
        raise ValidationError(_("Say of at least one line what became of it."), code="nothing_told")
    for pk, line in lines.items():
        if line.state != (Line.PAID if pk in outcome.returned else Line.WAITING):
            told = {"payee": line.payee_name, "state": line.get_state_display()}
            sentence = _("%(payee)s: “%(state)s” is recorded already.")
            raise ValidationError(sentence % told, code="line_settled")
    rows = _payments(lines, outcome)
    _pay(lines, rows, outcome, by)
    for pk in outcome.failed:
        fail_row(rows[lines[pk].payment_id], outcome.failed[pk], by)
        _settle(lines[pk], Line.FAILED, reason=needed(outcome.failed[pk]))
    for pk in sorted(outcome.returned, key=lambda key: lines[key].payment_id):
        record_returned(payment=rows[lines[pk].payment_id], reason=outcome.returned[pk], by=by)
    if made.is_open and not made.lines.filter(state=Line.WAITING).exists():
        made.state, made.closed_at = TransferList.State.CLOSED, timezone.now()
        made.save(update_fields=["state", "closed_at"])
    told_counts = {name: len(getattr(outcome, name)) for name in ("paid", "failed", "returned")}
    changes = {"number": str(made)} | told_counts
    record(action="transfer_list.outcome", by=by, target=made, agency=made.agency, changes=changes)
    return made


def _payments(lines: Mapping[int, TransferLine], outcome: Outcome) -> dict[int, Payment]:
    """The payments of these lines, locked in the order of their keys."""
    payments = list(Payment.objects.filter(pk__in=[line.payment_id for line in lines.values()]))
    returned = {lines[pk].payment_id for pk in outcome.returned}
    rows = {row.pk: row for row in locked(payments, {Payment.State.APPROVED, Payment.State.PAID})}
    for pk, row in rows.items():
        if row.state != (Payment.State.PAID if pk in returned else Payment.State.APPROVED):
            told = {"payee": row.payee_name, "state": row.get_state_display()}
            raise ValidationError(_("The payment to %(payee)s is “%(state)s” already.") % told, code="payment_moved")
    return rows


def _pay(lines: Mapping[int, TransferLine], rows: Mapping[int, Payment], outcome: Outcome, by: User) -> None:
    if not outcome.paid:
        return
    if outcome.paid_on is None:
        raise ValidationError({"paid_on": ValidationError(_("Please fill this in."), code="required")})
    documents = {lines[pk].payment_id: number for pk, number in outcome.paid.items()}
    if not all(number.strip() for number in documents.values()):
        sentence = _("Enter the number that the money can be found by.")
        raise ValidationError({"document": ValidationError(sentence, code="document_missing")})
    pay_rows([rows[pk] for pk in sorted(documents)], paid_on=outcome.paid_on, documents=documents, by=by)
    for pk, number in outcome.paid.items():
        _settle(lines[pk], Line.PAID, paid_on=outcome.paid_on, document=number.strip())


def _settle(line: TransferLine, state: Line, **values: object) -> None:
    with spoken_refusals(TransferLine):
        TransferLine.objects.filter(pk=line.pk).update(state=state, **values)
