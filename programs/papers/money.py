"""Who is paid for teaching a batch, as the treasurer's file holds it."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.models import Payment
from documents.kinds import PaperKind, Snapshot, Subject
from documents.rules.tables import MONEY_SIGNERS, Paid, money_body
from kit.words import official_dates
from programs.models import Batch, Session
from programs.models.wording import (
    BATCH_LABELS,
    SAMPLE_BATCH,
    batch_facts,
    batch_subject,
    batch_values,
    find_batch,
    planned_for_papers,
)
from programs.papers.batches import SAMPLE_FACTS

COUNTED = (Payment.State.PROPOSED, Payment.State.APPROVED, Payment.State.PAID)


def honoraria_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    return [_honoraria(subject.source) for subject in subjects]


def _honoraria(batch: Batch) -> Snapshot:
    sessions = planned_for_papers(batch)
    by_reference = {f"session:{session.pk}": session for session in sessions}
    payments = Payment.objects.filter(
        agency=batch.program.agency, kind=Payment.Kind.HONORARIUM, reference__in=by_reference, state__in=COUNTED
    )
    people: dict[str, list[Payment]] = {}
    for payment in payments.defer("account").order_by("payee_name", "pk"):
        people.setdefault(payment.payee_key, []).append(payment)
    if not people:
        raise ValidationError(
            _("No honorarium has been proposed for %(batch)s yet.") % {"batch": batch.name}, code="no_honoraria"
        )
    rows = [_paid(batch, own, [by_reference[one.reference] for one in own]) for own in people.values()]
    body = money_body("Daftar penerimaan honorarium pengajar", batch_facts(batch, sessions), rows)
    return {"values": batch_values(batch, sessions), **body}


def _paid(batch: Batch, payments: Sequence[Payment], sessions: Sequence[Session]) -> Paid:
    """A tax that nobody has entered yet is refused: the sum would be wrong."""
    if any(payment.tax is None for payment in payments):
        raise ValidationError(
            _("Enter the tax of %(payee)s; there is no rule for it.") % {"payee": payments[0].payee_name}, code="no_tax"
        )
    days = [session.during.lower.astimezone(batch.program.agency.zone).date() for session in sessions]
    hours = sum(session.lesson_hours for session in sessions)
    purpose = f"{hours} JP, {official_dates(days)}"
    gross, tax = sum(one.gross for one in payments), sum(one.tax or 0 for one in payments)
    return Paid(payments[0].payee_name, purpose, gross, tax)


HONORARIUM_LIST = PaperKind(
    code="honorarium_list",
    title=gettext_lazy("Honorarium list"),
    name="Daftar Penerimaan Honorarium",
    scope="batch",
    layout="list",
    blocks=(),
    placeholders=BATCH_LABELS,
    find=find_batch,
    subjects=batch_subject,
    build=honoraria_of,
    sample={
        "values": SAMPLE_BATCH,
        **money_body(
            "Daftar penerimaan honorarium pengajar",
            SAMPLE_FACTS,
            [Paid("Siti Contoh, S.Pd.", "14 JP, 1 dan 2 Juli 2024", 1_400_000, 35_000)],
        ),
    },
    numbered=False,
    signers=MONEY_SIGNERS,
)
