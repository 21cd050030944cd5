"""Allowances of a batch's participants, handed to the budget as proposals: each entry once."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import holds
from accounts.roles import Permission
from budgets.actions import Proposal, propose_payments
from budgets.models import BudgetLine, PayeeAccount, Payment, TaxKind
from participants.models import Registration
from participants.queries.allowances import allowance_reference, allowances_in
from programs.models import Batch

LANGUAGE = "id"  # the purpose stands on receipts, which are official


@transaction.atomic
def propose_allowances(*, batch: Batch, line: BudgetLine, amount: int, by: User) -> list[Payment]:
    """For everybody with a held and verified seat whose allowance was not proposed yet; all of them or none.

    Who has an account in force here gets a transfer, everybody else cash against the receipt list.
    """
    locked = Batch.objects.locked(batch.pk)
    agency = locked.program.agency
    if not holds(by, Permission.PROPOSE_PAYMENTS, agency_id=agency.pk):
        raise ValidationError(_("You do not have this duty, or your time as a stand-in is over."), code="no_duty")
    if line.fund.agency_id != agency.pk:
        raise ValidationError(_("This budget line belongs to another agency."), code="line_elsewhere")
    entries = allowances_in(locked).ready
    if not entries:
        sentence = _("Nobody is left to propose an allowance for.")
        raise ValidationError(sentence, code="nothing_to_propose")
    owners = [f"person:{entry.person_id}" for entry in entries]
    known = PayeeAccount.objects.filter(agency=agency, owner__in=owners, state=PayeeAccount.State.IN_FORCE)
    accounts = {row.owner: row for row in known.select_related("bank").defer("number")}
    with translation.override(LANGUAGE):
        purpose = _("Allowance of %(batch)s") % {"batch": locked.name}
    proposals = [_proposal(entry, amount, purpose[:200], accounts) for entry in entries]
    bundle = f"batch:{locked.pk}"
    return propose_payments(line=line, proposals=proposals, kind=Payment.Kind.ALLOWANCE, bundle=bundle, by=by)


def _proposal(entry: Registration, amount: int, purpose: str, accounts: dict[str, PayeeAccount]) -> Proposal:
    owner = f"person:{entry.person_id}"
    return Proposal(
        payee_name=entry.full_name,
        gross=amount,
        purpose=purpose,
        reference=allowance_reference(entry),
        payee=accounts.get(owner),
        payee_key=owner,
        tax_kind=TaxKind.PARTICIPANT,
    )
