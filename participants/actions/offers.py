"""The waiting list: a freed seat goes to the next in line, with a deadline, and every move is written down."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kit.crypto import keyed_hash
from participants import notices, queries
from participants.actions.entries import audit, locked_with_batch, log, refuse_ended
from participants.models import Offer, Registration, RegistrationEvent, Seat
from participants.models.offer import OFFER_PURPOSE
from programs.models import Batch, Session

SYSTEM = "system"


def offer_free_seats(*, batch_id: int, now: datetime, by: User | None) -> list[Offer]:
    """Offers exactly the free seats, in order. The caller holds the batch's lock; nothing once sessions have begun."""
    batch = Batch.objects.with_parts().get(pk=batch_id)
    deadline = batch.offer_expires_at(now, batch.starts_at)
    free = batch.quota - batch.seats_taken
    if batch.state != Batch.State.PUBLISHED or deadline is None or free <= 0 or batch.waiting_count == 0:
        return []
    # Locked alone and read afterwards: a locking query with joins loses a row whose region was corrected meanwhile.
    waiting = batch.registrations.waiting_in_order().select_for_update(no_key=True)
    next_ones = queries.next_to_be_offered(batch, waiting, free)
    line = batch.registrations.waiting_in_order().with_parts().filter(pk__in=next_ones)
    sessions = notices.planned_sessions(batch)
    offers = [_offer(registration, deadline, sessions, now, by) for registration in line]
    Batch.objects.shift_seats(batch_id, offered=len(offers), waiting=-len(offers))
    return offers


def _offer(
    registration: Registration, deadline: datetime, sessions: list[Session], now: datetime, by: User | None
) -> Offer:
    token = Offer.new_token()
    offer = Offer.objects.create(
        registration=registration, token_hash=keyed_hash(OFFER_PURPOSE, token), offered_at=now, expires_at=deadline
    )
    registration.seat = Seat.OFFERED
    registration.save(update_fields=["seat"])
    event = log(
        registration=registration,
        kind=RegistrationEvent.Kind.OFFERED,
        by=by,
        at=now,
        expires_at=deadline.isoformat(),
        queue_number=registration.queue_number,
    )
    audit(registration=registration, action="seat_offered", by=by, actor_label="" if by else SYSTEM)
    notices.tell_offer(offer, event, token, sessions=sessions)
    return offer


@transaction.atomic
def accept_offer(*, offer: Offer, by: User | None) -> Registration:
    """The seat is theirs. Refuses after the deadline, even when nobody has cleared the offer yet."""
    registration, fresh, now = _open_offer(offer)
    _close(fresh, Offer.State.ACCEPTED, now)
    registration.seat = Seat.HELD
    registration.save(update_fields=["seat"])
    Batch.objects.shift_seats(registration.batch_id, held=1, offered=-1)
    event = log(registration=registration, kind=RegistrationEvent.Kind.ACCEPTED, by=by, at=now)
    audit(registration=registration, action="offer_accepted", by=by)
    notices.tell(registration, "offer_accepted", event)
    return registration


@transaction.atomic
def decline_offer(*, offer: Offer, by: User | None) -> Registration:
    """The seat goes to the next in line at once; the entry is closed."""
    registration, fresh, now = _open_offer(offer)
    _close(fresh, Offer.State.DECLINED, now)
    _leave(registration, RegistrationEvent.Kind.DECLINED, now, by)
    audit(registration=registration, action="offer_declined", by=by)
    offer_free_seats(batch_id=registration.batch_id, now=now, by=None)
    return registration


@transaction.atomic
def expire_offers(*, batch_id: int, by: None = None) -> int:
    """Closes what nobody answered in time and moves on down the line; how many were closed."""
    now = timezone.now()
    Batch.objects.locked(batch_id)
    overdue = Offer.objects.overdue(now).filter(registration__batch=batch_id).order_by("pk")
    count = 0
    for offer in overdue.select_for_update(of=("self",), no_key=True).select_related("registration"):
        registration = Registration.objects.with_parts().get(pk=offer.registration_id)
        _close(offer, Offer.State.EXPIRED, now)
        event = _leave(registration, RegistrationEvent.Kind.EXPIRED, now, None)
        audit(registration=registration, action="offer_expired", by=None, actor_label=SYSTEM)
        notices.tell(registration, "offer_expired", event)
        count += 1
    offer_free_seats(batch_id=batch_id, now=now, by=None)
    return count


def batches_with_overdue_offers() -> list[int]:
    overdue = Offer.objects.overdue(timezone.now())
    return list(overdue.order_by("registration__batch_id").values_list("registration__batch_id", flat=True).distinct())


def _open_offer(offer: Offer) -> tuple[Registration, Offer, datetime]:
    registration = locked_with_batch(offer.registration)
    refuse_ended(registration)
    now = timezone.now()
    fresh = Offer.objects.select_for_update(no_key=True).get(pk=offer.pk)
    if not fresh.is_open_at(now):
        raise ValidationError(_("This offer has ended. The seat went to the next in line."), code="offer_ended")
    return registration, fresh, now


def _close(offer: Offer, state: Offer.State, now: datetime) -> None:
    offer.state, offer.answered_at = state, now
    offer.save(update_fields=["state", "answered_at"])


def _leave(
    registration: Registration, kind: RegistrationEvent.Kind, now: datetime, by: User | None
) -> RegistrationEvent:
    registration.seat, registration.withdrawn_at = Seat.RELEASED, now
    registration.save(update_fields=["seat", "withdrawn_at"])
    Batch.objects.shift_seats(registration.batch_id, offered=-1)
    return log(registration=registration, kind=kind, by=by, at=now)
