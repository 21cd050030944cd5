"""Whose allowance of a batch was proposed, and whose can be."""

from dataclasses import dataclass

from django.db.models import QuerySet

from budgets.models import Payment
from participants.models import CheckState, Registration, Seat
from programs.models import Batch


@dataclass(frozen=True)
class Allowances:
    """`ready` takes part and is verified; `unchecked` holds a seat only; `lost` was proposed and takes part no more."""

    ready: list[Registration]
    unchecked: int
    payments: list[Payment]
    lost: int

    @property
    def proposed(self) -> int:
        return sum(payment.gross for payment in self.payments)


def allowance_reference(entry: Registration) -> str:
    return f"entry:{entry.pk}"


def allowances_in(batch: Batch) -> Allowances:
    """In a fixed number of queries; what was rejected or taken back can be proposed again."""
    entries = list(_shown(batch))
    taking_part = {allowance_reference(row): row for row in entries if row.check_state == CheckState.VERIFIED}
    references = [f"entry:{pk}" for pk in batch.registrations.order_by().values_list("pk", flat=True)]
    found = Payment.objects.standing().filter(kind=Payment.Kind.ALLOWANCE, reference__in=references)
    payments = list(found.filter(agency=batch.program.agency_id).order_by("pk"))
    done = {payment.reference for payment in payments}
    return Allowances(
        ready=[row for reference, row in taking_part.items() if reference not in done],
        unchecked=len(entries) - len(taking_part),
        payments=payments,
        lost=len(done - taking_part.keys()),
    )


def _shown(batch: Batch) -> QuerySet[Registration]:
    held = batch.registrations.filter(seat=Seat.HELD).order_by("queue_number")
    return held.only("full_name", "check_state", "seat", "batch", "person", "queue_number", "code")
