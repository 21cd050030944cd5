"""What participants are paid for taking part, against their signature."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from budgets.models import Payment
from documents.kinds import Snapshot, Subject
from documents.rules.tables import Paid, money_body
from programs.models import Batch
from programs.models.wording import batch_facts, batch_values, planned_for_papers

COUNTED = (Payment.State.PROPOSED, Payment.State.APPROVED, Payment.State.PAID)
HEADING = "Daftar penerimaan uang saku peserta"


def allowances_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    return [_allowances(subject.source) for subject in subjects]


def _allowances(batch: Batch) -> Snapshot:
    entries = [f"entry:{pk}" for pk in batch.registrations.order_by().values_list("pk", flat=True)]
    whose = Q(reference=f"batch:{batch.pk}") | Q(reference__in=entries)
    found = Payment.objects.filter(whose, agency=batch.program.agency, kind=Payment.Kind.ALLOWANCE, state__in=COUNTED)
    payments = list(found.defer("account").order_by("payee_name", "pk"))
    if not payments:
        raise ValidationError(
            _("No allowance has been proposed for %(batch)s yet.") % {"batch": batch.name}, code="no_allowances"
        )
    for payment in payments:
        if payment.tax is None:
            raise ValidationError(
                _("Enter the tax of %(payee)s; there is no rule for it.") % {"payee": payment.payee_name}, code="no_tax"
            )
    sessions = planned_for_papers(batch)
    people = [Paid(one.payee_name, one.purpose, one.gross, one.tax or 0) for one in payments]
    body = money_body(HEADING, batch_facts(batch, sessions), people)
    return {"values": batch_values(batch, sessions), **body}
