"""What several actions on registrations share: the log line, the audit entry, freeing a seat."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import line_of
from accounts.models import AuditEntry, User
from participants.models import Offer, Registration, RegistrationEvent, Seat
from programs.models import Batch


class MovedMeanwhileError(Exception):
    """The entry went to another batch while its former one was waited for."""


COUNTER_OF = {Seat.HELD: "held", Seat.OFFERED: "offered", Seat.WAITING: "waiting"}


def event_of(
    *,
    registration: Registration,
    kind: RegistrationEvent.Kind,
    by: User | None,
    at: datetime | None = None,
    **data: Any,
) -> RegistrationEvent:
    """One line that the resident may read too, not yet written: it names the office, never the officer."""
    return RegistrationEvent(
        registration=registration, kind=kind, at=at or timezone.now(), by_office=by is not None, data=data
    )


def log(*, registration: Registration, kind: RegistrationEvent.Kind, by: User | None, **data: Any) -> RegistrationEvent:
    event = event_of(registration=registration, kind=kind, by=by, **data)
    event.save(force_insert=True)
    return event


def audit_line(
    *,
    registration: Registration,
    action: str,
    by: User | None,
    changes: dict[str, Any] | None = None,
    purpose: str = "",
    actor_label: str = "",
) -> AuditEntry:
    """The line of the trail, not yet written."""
    return line_of(
        action=f"registration.{action}",
        by=by,
        target=registration,
        subject=registration.person or registration,
        agency=registration.batch.program.agency,
        changes=changes,
        purpose=purpose,
        actor_label=actor_label,
    )


def audit(*, registration: Registration, action: str, by: User | None, **details: Any) -> None:
    audit_line(registration=registration, action=action, by=by, **details).save(force_insert=True)


def locked(registration: Registration) -> Registration:
    """The registration's row as it is now, locked; the batch is locked before, whenever a seat moves.

    First the lock alone, then the row with its parts: a locking query with joins loses a row whose batch or region
    changed while it waited.
    """
    Registration.objects.select_for_update(no_key=True).values_list("pk").get(pk=registration.pk)
    return Registration.objects.with_parts().get(pk=registration.pk)


def locked_with_batch(registration: Registration) -> Registration:
    """Batch first, then the registration. A move to another batch in between starts over with the right one."""
    while True:
        batch_id = Registration.objects.values_list("batch_id", flat=True).get(pk=registration.pk)
        try:
            with transaction.atomic():
                Batch.objects.locked(batch_id)
                return _locked_in(registration, batch_id)
        except MovedMeanwhileError:
            continue  # the lock on the former batch went with the savepoint, so two can never wait for each other


def _locked_in(registration: Registration, batch_id: int) -> Registration:
    fresh = locked(registration)
    if fresh.batch_id != batch_id:
        raise MovedMeanwhileError
    return fresh


def release_seat(*, registration: Registration, now: datetime) -> None:
    """Gives back what the entry holds, with an open offer. The caller holds the batch's lock and offers afterwards."""
    if not registration.is_active:
        return
    counter = COUNTER_OF.get(Seat(registration.seat))
    if counter is not None:
        Batch.objects.shift_seats(registration.batch_id, **{counter: -1})
    if registration.seat == Seat.OFFERED:
        registration.offers.open().update(state=Offer.State.WITHDRAWN, answered_at=now)
    registration.seat = Seat.RELEASED


def refuse_ended(registration: Registration) -> None:
    if not registration.is_active:
        raise ValidationError(_("This registration has ended and cannot be changed."), code="registration_ended")
