"""Awards handed to the budget as payments."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import record
from accounts.models import User
from accounts.permissions import holds
from accounts.roles import Permission
from budgets.actions import Proposal, propose_payments
from budgets.models import Payment, TaxKind
from incentives.actions.deciding import locked_competition
from incentives.actions.opened import check_file_open
from incentives.models import Award, Competition
from incentives.papers.winners import check_final
from incentives.queries.awards import AwardBoard, AwardRow
from incentives.queries.progress import result_in_force

LANGUAGE = "id"  # the purpose stands on receipts, which are official


@transaction.atomic
def propose_awards(*, competition: Competition, by: User) -> list[Payment]:
    """Every award that is not on its way, out of what was reserved; all of them or none, each person once."""
    row = locked_competition(competition)
    agency = row.program.agency
    check_file_open(row)
    if not holds(by, Permission.PROPOSE_PAYMENTS, agency_id=agency.pk):
        raise ValidationError(_("You do not have this duty, or your time as a stand-in is over."), code="no_duty")
    board = AwardBoard(row, result_in_force(row))
    if row.locked_at is None or board.result is None:
        raise ValidationError(_("There is no locked result."), code="not_locked")
    check_final(board)
    if not board.ready:
        raise ValidationError(_("Every award is proposed or paid already."), code="nothing_to_propose")
    if row.line is None:
        raise ValidationError(_("The competition has no budget line."), code="no_line")
    payments = propose_payments(
        line=row.line,
        proposals=[_proposal(row, ready) for ready in board.ready],
        kind=Payment.Kind.AWARD,
        bundle=row.reference,
        reservation=row.reservation if row.reservation and row.reservation.released_at is None else None,
        by=by,
    )
    for ready, payment in zip(board.ready, payments, strict=True):
        Award.objects.filter(pk=ready.award.pk).update(payment=payment)
    changes = {"awards": len(payments), "gross": sum(payment.gross for payment in payments)}
    record(action="awards.proposed", by=by, target=row, agency=agency, changes=changes)
    return payments


def _proposal(competition: Competition, row: AwardRow) -> Proposal:
    if not row.owner:
        told = {"payee": row.name}
        raise ValidationError(_("%(payee)s is on file no more. Let the entry withdraw.") % told, code="no_person")
    if row.account is not None and row.holder_differs and not row.account.holder_reason:
        told = {"payee": row.name, "holder": row.account.holder_name}
        sentence = _("The account for %(payee)s is in the name of %(holder)s. Enter it again, and say why.")
        raise ValidationError(sentence % told, code="holder_unexplained")
    with translation.override(LANGUAGE):
        told = {"award": row.award.tier.label, "competition": competition.name}
        purpose = _("Award %(award)s of %(competition)s") % told
    return Proposal(
        payee_name=row.name,
        gross=row.award.gross,
        purpose=purpose[:200],
        reference=f"{competition.reference}:award",
        payee=row.account,
        payee_key=row.owner,
        tax_kind=TaxKind.WINNER,
    )
