"""Proposing payments: the money is kept on the line from here on."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from budgets.actions.holding import draw, hold
from budgets.models import BudgetLine, PayeeAccount, Payment, PaymentStep, Reservation, TaxKind, TaxRule
from budgets.rules import tax_on
from kit.names import name_key
from kit.refusals import spoken_refusals


@dataclass(frozen=True)
class Proposal:
    """One payment to be. `reference` ("session:12", "entry:99") and `payee_key` ("instructor:7") say what and whom it
    pays for; together they are proposed once. Without a key the payee's account, else the name, stands for it.
    """

    payee_name: str
    gross: int
    purpose: str
    reference: str
    payee: PayeeAccount | None = None
    payee_key: str = ""
    tax_kind: str = TaxKind.UNSET
    has_tax_number: bool = True


def propose_payment(
    *,
    line: BudgetLine,
    payee: PayeeAccount | None,
    payee_name: str,
    gross: int,
    kind: str,
    purpose: str,
    reference: str,
    by: User,
    payee_key: str = "",
    bundle: str = "",
    tax_kind: str = TaxKind.UNSET,
    has_tax_number: bool = True,
    reservation: Reservation | None = None,
) -> Payment:
    """Keeps `gross` rupiah of the line for somebody. Refuses with `line_overdrawn`, `payment_once`, `year_over` ..."""
    proposal = Proposal(payee_name, gross, purpose, reference, payee, payee_key, tax_kind, has_tax_number)
    return propose_payments(line=line, proposals=[proposal], kind=kind, bundle=bundle, reservation=reservation, by=by)[
        0
    ]


@transaction.atomic
def propose_payments(
    *,
    line: BudgetLine,
    proposals: Sequence[Proposal],
    kind: str,
    by: User,
    bundle: str = "",
    reservation: Reservation | None = None,
) -> list[Payment]:
    """All of them or none; a bundle ("batch:12") keeps together what is approved and paid together."""
    check_year(line)
    payments = [_made(line, proposal, kind, bundle, reservation, by) for proposal in proposals]
    _check_each_once(payments)
    with spoken_refusals(Payment):
        Payment.objects.bulk_create(payments)
    PaymentStep.objects.bulk_create(PaymentStep(payment=row, state=row.state, by=by) for row in payments)
    total = sum(payment.gross for payment in payments)
    if reservation is not None:
        draw(reservation, total)
    else:
        hold(line, total)
    for payment in payments:
        changes = {"kind": kind, "gross": payment.gross, "line": str(line.pk), "reference": payment.reference}
        record(action="payment.proposed", by=by, target=payment, agency=line.fund.agency, changes=changes)
    return payments


def check_year(line: BudgetLine) -> None:
    """Money of a fiscal year is used in that year, by the calendar of the office."""
    year, today = line.fund.fiscal_year, line.fund.agency.today()
    if today.year > year:
        sentence = _("The fiscal year %(year)s is over. Use a line of this year.") % {"year": str(year)}
        raise ValidationError(sentence, code="year_over")
    if today.year < year:
        sentence = _("The fiscal year %(year)s has not begun yet.") % {"year": str(year)}
        raise ValidationError(sentence, code="year_not_begun")


def _check_each_once(payments: Sequence[Payment]) -> None:
    seen = Counter((payment.reference, payment.payee_key) for payment in payments)
    if not payments:
        raise ValidationError(_("There is nothing to propose."), code="nothing_to_propose")
    if seen.most_common(1)[0][1] > 1:
        raise ValidationError(_("The same person would be paid twice for the same thing."), code="payment_once")


def check_owner(account: PayeeAccount, agency: Agency, payee_name: str, payee_key: str) -> None:
    """Whoever is paid for something gets it on an account of their own, not on that of another payee."""
    if account.agency_id != agency.pk:
        raise ValidationError(_("This account belongs to another office."), code="account_elsewhere")
    if account.owner != payee_key and name_key(account.payee_name) != name_key(payee_name):
        told = {"payee": payee_name}
        raise ValidationError(_("This account belongs to somebody else than %(payee)s.") % told, code="account_foreign")


def _made(
    line: BudgetLine, proposal: Proposal, kind: str, bundle: str, reservation: Reservation | None, by: User
) -> Payment:
    payee, agency = proposal.payee, line.fund.agency
    if payee is not None:
        check_owner(payee, agency, proposal.payee_name, proposal.payee_key)
    rule = TaxRule.objects.in_force(agency_id=agency.pk, kind=proposal.tax_kind, day=agency.today())
    tax = None
    if rule is not None:
        tax = tax_on(proposal.gross, rule.terms, has_tax_number=proposal.has_tax_number)
    return Payment(
        agency=agency,
        line=line,
        reservation=reservation,
        kind=kind,
        purpose=proposal.purpose,
        reference=proposal.reference,
        payee_key=proposal.payee_key or (payee.owner if payee else name_key(proposal.payee_name)),
        bundle=bundle,
        payee_name=proposal.payee_name,
        account=payee,
        gross=proposal.gross,
        tax_kind=proposal.tax_kind,
        tax_rule=rule,
        tax=tax,
        proposed_by=by,
    )
