"""Versions of a budget: the original, shifts between lines, the revision. A line is never set below what is used."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from budgets.actions.holding import let_go
from budgets.models import BudgetLine, BudgetSheet, CeilingAmount, CeilingVersion, FundSource, Payment, PaymentStep
from kit.refusals import spoken_refusals
from kit.words import official_rupiah

Kind = CeilingVersion.Kind


@dataclass(frozen=True)
class Decree:
    """The paper that decided a version."""

    kind: str
    number: str
    decided_on: dt.date
    note: str = ""


@transaction.atomic
def apply_version(*, fund: FundSource, decree: Decree, amounts: Mapping[int, int], by: User) -> CeilingVersion:
    """Sets the ceilings of these lines (by key), all or none; lines that are not named keep theirs."""
    owner = FundSource.objects.select_related("agency").select_for_update(of=("self",), no_key=True).get(pk=fund.pk)
    if owner.closed_at is not None:
        raise ValidationError(_("The year of this fund is closed."), code="fund_closed")
    lines = list(BudgetLine.objects.filter(fund=owner, pk__in=amounts).order_by("pk").select_for_update(no_key=True))
    if len(lines) < len(amounts):
        raise ValidationError(_("A line belongs to another fund or is gone."), code="line_elsewhere")
    position = _position(owner, decree.kind)
    _check_amounts(lines, amounts, decree.kind)
    version = CeilingVersion(
        fund=owner,
        kind=decree.kind,
        position=position,
        document=decree.number,
        decided_on=decree.decided_on,
        note=decree.note,
        created_by=by,
    )
    with spoken_refusals(CeilingVersion, CeilingAmount, BudgetLine):
        version.save()
        CeilingAmount.objects.bulk_create(
            CeilingAmount(version=version, line=line, before=line.ceiling, amount=amounts[line.pk]) for line in lines
        )
        for line in lines:
            BudgetLine.objects.filter(pk=line.pk).update(ceiling=amounts[line.pk])
    changes = {"kind": decree.kind, "position": position, "lines": len(lines), "document": decree.number}
    record(action="ceilings.set", by=by, target=version, agency=owner.agency, changes=changes)
    return version


def _position(fund: FundSource, kind: str) -> int:
    newest = fund.versions.order_by("-position").first()
    if kind == Kind.ORIGINAL and newest is not None:
        sentence = _("This fund has its original budget already. Enter a shift or a revision.")
        raise ValidationError(sentence, code="original_twice")
    if kind != Kind.ORIGINAL and newest is None:
        raise ValidationError(_("Enter the original budget of this fund first."), code="original_missing")
    return 0 if newest is None else newest.position + 1


def _check_amounts(lines: list[BudgetLine], amounts: Mapping[int, int], kind: str) -> None:
    errors = []
    for line in lines:
        used = line.reserved + line.spent
        if amounts[line.pk] < used:
            told = {"line": line.title, "used": official_rupiah(used), "amount": official_rupiah(amounts[line.pk])}
            sentence = _("On “%(line)s” %(used)s is reserved or spent; %(amount)s would be too little.") % told
            errors.append(ValidationError(sentence, code="ceiling_below_used"))
    if kind == Kind.SHIFT and sum(amounts.values()) != sum(line.ceiling for line in lines):
        told = {
            "before": official_rupiah(sum(line.ceiling for line in lines)),
            "after": official_rupiah(sum(amounts.values())),
        }
        sentence = _("A shift makes no money: before %(before)s, afterwards %(after)s.") % told
        errors.append(ValidationError(sentence, code="shift_changes_total"))
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def shift_between(*, source: BudgetLine, target: BudgetLine, amount: int, decree: Decree, by: User) -> CeilingVersion:
    """Moves money from one line of a fund to another."""
    if source.pk == target.pk or source.fund_id != target.fund_id:
        raise ValidationError(_("Choose two different lines of one fund."), code="shift_same_line")
    FundSource.objects.select_for_update(no_key=True).get(pk=source.fund_id)
    pair = BudgetLine.objects.filter(pk__in=[source.pk, target.pk]).order_by("pk").select_for_update(no_key=True)
    now = {line.pk: line.ceiling for line in pair}
    if amount <= 0 or now[source.pk] < amount:
        told = {"ceiling": official_rupiah(now[source.pk])}
        sentence = _("Shift more than nothing and at most the ceiling of %(ceiling)s.") % told
        raise ValidationError({"amount": ValidationError(sentence, code="shift_amount")})
    amounts = {source.pk: now[source.pk] - amount, target.pk: now[target.pk] + amount}
    return apply_version(fund=source.fund, decree=decree, amounts=amounts, by=by)


@transaction.atomic
def close_fund(*, fund: FundSource, by: User) -> FundSource:
    """At the end of the year: what was only proposed is taken back, reservations are released, lines are closed.

    Payments that were approved and not made are settled first.
    """
    owner = FundSource.objects.select_related("agency").select_for_update(of=("self",), no_key=True).get(pk=fund.pk)
    if owner.closed_at is not None:
        raise ValidationError(_("The year of this fund is closed."), code="fund_closed")
    if owner.agency.today() < dt.date(owner.fiscal_year, 12, 1):
        sentence = _("A fund is closed in December of its year or later.")
        raise ValidationError(sentence, code="closed_too_early")
    _take_back(owner, by)
    lines = BudgetLine.objects.filter(fund=owner)
    kept = list(lines.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    if Payment.objects.filter(line__in=kept, state=Payment.State.PROPOSED).exists():
        raise ValidationError(_("Somebody proposed a payment just now. Please try again."), code="proposed_meanwhile")
    lines.update(is_open=False)
    owner.closed_at = timezone.now()
    owner.save(update_fields=["closed_at"])
    record(action="fund.closed", by=by, target=owner, agency=owner.agency)
    return owner


def _take_back(fund: FundSource, by: User) -> None:
    waiting = Payment.objects.filter(line__fund=fund).order_by("pk").select_for_update(of=("self",), no_key=True)
    states = Payment.State
    unsettled = waiting.filter(state__in=[states.APPROVED, states.FAILED, states.RETURNED]).count()
    if unsettled:
        sentence = _("%(count)d payments are approved, failed or returned. Pay them or take them back first.")
        raise ValidationError(sentence % {"count": unsettled}, code="payments_unsettled")
    reason = str(_("The fiscal year was closed."))
    for payment in waiting.filter(state=states.PROPOSED):
        payment.state = states.CANCELLED
        payment.save(update_fields=["state"])
        PaymentStep.objects.create(payment=payment, state=payment.state, by=by, reason=reason)
        let_go(payment)
        record(action="payment.cancelled", by=by, target=payment, agency=fund.agency, purpose=reason)


@transaction.atomic
def take_over_sheet(*, sheet: BudgetSheet, by: User) -> CeilingVersion:
    """What was read and looked at becomes a version, with new lines where the budget has them; all or nothing."""
    fund = (
        FundSource.objects.select_related("agency").select_for_update(of=("self",), no_key=True).get(pk=sheet.fund_id)
    )
    row = BudgetSheet.objects.get(pk=sheet.pk)
    if row.version_id is not None:
        raise ValidationError(_("This spreadsheet was taken over already."), code="sheet_taken")
    if any(line["problems"] for line in row.rows):
        raise ValidationError(_("Correct the spreadsheet first; nothing was taken over."), code="sheet_broken")
    amounts = {_line_of(fund, line).pk: line["amount"] for line in row.rows}
    if row.missing_become_zero:
        absent = BudgetLine.objects.filter(fund=fund).exclude(pk__in=amounts)
        amounts |= dict.fromkeys(absent.values_list("pk", flat=True), 0)
    decree = Decree(row.kind, row.document, row.decided_on)
    row.version = apply_version(fund=fund, decree=decree, amounts=amounts, by=by)
    row.save(update_fields=["version"])
    return row.version


def _line_of(fund: FundSource, told: dict[str, str]) -> BudgetLine:
    """Matched by the keys; how the newest list writes codes and names is kept."""
    names = ("sub_activity_code", "sub_activity_name", "account_code", "account_name")
    share = fund.shares.filter(name__iexact=told["share"]).first() if told.get("share") else None
    line, made = BudgetLine.objects.get_or_create(
        fund=fund,
        sub_activity_key=told["sub_activity_key"],
        account_key=told["account_key"],
        description=told["description"],
        defaults={name: told[name] for name in names} | {"share": share},
    )
    if not made:
        for name in names:
            setattr(line, name, told[name] or getattr(line, name))
        line.share = share or line.share
        line.save(update_fields=[*names, "share"])
    return line


@transaction.atomic
def keep_sheet(*, sheet: BudgetSheet, by: User) -> BudgetSheet:
    """A spreadsheet that was read, to be looked at. It changes no ceiling."""
    sheet.created_by = by
    sheet.save()
    changes = {"file": sheet.file_name, "rows": len(sheet.rows), "kind": sheet.kind}
    record(action="budget_sheet.read", by=by, target=sheet, agency=sheet.fund.agency, changes=changes)
    return sheet
