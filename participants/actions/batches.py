"""Changes of a batch that its people have to hear of: they call programs.actions and tell everybody."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.actions import record
from accounts.models import User
from notifications.actions import cancel_queued
from participants import notices
from participants.actions.completing import recompute_completions, recompute_known
from participants.actions.offers import offer_free_seats
from participants.actions.writing import end_broadcasts
from participants.models import Offer, Registration, RegistrationEvent, Seat
from programs import actions as programs
from programs.models import Batch, Venue


@transaction.atomic
def change_quota(*, batch: Batch, quota: int, waiting_quota: int, by: User) -> int:
    """New numbers of seats; what becomes free is offered in order. How many seats were offered."""
    changed = programs.set_quota(batch=batch, quota=quota, waiting_quota=waiting_quota, by=by)
    return len(offer_free_seats(batch_id=changed.pk, now=timezone.now(), by=by))


def extend_registration(*, batch: Batch, closes_at: datetime, by: User) -> Batch:
    """A later (or earlier) end of registration. Nobody needs a message: the page says it."""
    return programs.set_registration_end(batch=batch, closes_at=closes_at, by=by)


@transaction.atomic
def reschedule_batch(*, batch: Batch, sessions: dict[int, tuple[datetime, datetime, Venue | None]], by: User) -> int:
    """New times and places, told to everybody who holds, was offered or waits for a seat. How many were told."""
    changed = programs.reschedule(batch=batch, sessions=sessions, by=by)
    recompute_known(changed)
    return tell_rescheduled(changed, timezone.now())


def tell_rescheduled(changed: Batch, now: datetime) -> int:
    """Everybody who holds, was offered or waits for a seat hears of new times; no offer outlasts the beginning."""
    begins = Batch.objects.get(pk=changed.pk).starts_at
    if begins is not None and begins > now:
        late = Offer.objects.open().filter(registration__batch=changed, expires_at__gt=begins)
        late.update(expires_at=begins)
    affected = list(changed.registrations.active().with_parts().order_by("pk"))
    events = _log_all(affected, RegistrationEvent.Kind.RESCHEDULED, now, {})
    return notices.tell_many("batch_rescheduled", events, Batch.objects.with_parts().get(pk=changed.pk))


@transaction.atomic
def finish_batch(*, batch: Batch, by: User) -> int:
    """Ends a batch whose sessions are over. Who still waits is released, and may register elsewhere. How many were."""
    finished = programs.finish_batch(batch=batch, by=by)
    now = timezone.now()
    recompute_completions(batch=finished)
    end_broadcasts(finished, by)
    Offer.objects.open().filter(registration__batch=finished).update(state=Offer.State.WITHDRAWN, answered_at=now)
    left = list(finished.registrations.active().exclude(seat=Seat.HELD).order_by("pk"))
    finished.registrations.filter(pk__in=[one.pk for one in left]).update(seat=Seat.RELEASED)
    Batch.objects.filter(pk=finished.pk).update(seats_offered=0, waiting_count=0)
    _log_all(left, RegistrationEvent.Kind.BATCH_FINISHED, now, {})
    return len(left)


@transaction.atomic
def cancel_batch(*, batch: Batch, reason: str, by: User) -> int:
    """Ends the batch: queued messages are taken back, every seat is released, everybody is told. How many were told."""
    cancelled = programs.cancel_batch(batch=batch, reason=reason, by=by)
    now = timezone.now()
    cancel_queued(group=notices.batch_group(cancelled.pk), by=by)
    end_broadcasts(cancelled, by)
    affected = list(cancelled.registrations.active().with_parts().order_by("pk"))
    Offer.objects.open().filter(registration__batch=cancelled).update(state=Offer.State.WITHDRAWN, answered_at=now)
    cancelled.registrations.active().update(seat=Seat.RELEASED)
    Batch.objects.filter(pk=cancelled.pk).update(seats_held=0, seats_offered=0, waiting_count=0)
    events = _log_all(affected, RegistrationEvent.Kind.BATCH_CANCELLED, now, {"reason": reason})
    record(
        action="batch.registrations_released",
        by=by,
        target=cancelled,
        agency=cancelled.program.agency,
        changes={"registrations": [registration.pk for registration in affected]},
    )
    told = Batch.objects.with_parts().get(pk=cancelled.pk)
    return notices.tell_many("batch_cancelled", events, told, reason=reason)


@transaction.atomic
def note_wrong_counters(*, batch_ids: Sequence[int], by: None = None) -> None:
    """Writes into the trail that the counters of seats differ from the rows; an operator has to look."""
    for batch in Batch.objects.filter(pk__in=batch_ids).select_related("program__agency"):
        agency = batch.program.agency
        record(action="batch.counters_differ", by=by, target=batch, agency=agency, actor_label="system")


def _log_all(
    registrations: Iterable[Registration], kind: RegistrationEvent.Kind, now: datetime, data: dict[str, str]
) -> list[RegistrationEvent]:
    return RegistrationEvent.objects.bulk_create(
        RegistrationEvent(registration=registration, at=now, kind=kind, by_office=True, data=data)
        for registration in registrations
    )
