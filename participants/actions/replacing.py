"""Somebody from the waiting list in the place of somebody who does not come."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kit.refusals import spoken_refusals
from participants import notices
from participants.actions.completing import recompute
from participants.actions.entries import audit, locked, log, refuse_ended, release_seat
from participants.actions.offers import offer_free_seats
from participants.models import Attendance, Completion, Offer, Registration, RegistrationEvent, Replacement, Seat
from programs.models import Batch, Program, Session

COMES_NEXT = {Seat.WAITING, Seat.OFFERED}


@transaction.atomic
def replace(*, gone: Registration, came: Registration, reason: str, by: User) -> Replacement:
    """The seat of `gone` goes to `came` of the same waiting list at once, past the rest of the line, which is told why.

    Until the first session begins, or to the end of the first day where the programme allows it; never the seat of
    somebody who was there.
    """
    batch = Batch.objects.with_parts().get(pk=Batch.objects.locked(gone.batch_id).pk)
    first, second = sorted((gone.pk, came.pk))
    rows = {pk: locked(Registration(pk=pk)) for pk in dict.fromkeys((first, second))}
    leaving, coming, now = rows[gone.pk], rows[came.pk], timezone.now()
    _refuse(batch, leaving, coming, now)
    if not reason.strip():
        raise ValidationError(_("Please write the reason."), code="reason_needed")
    joined = _joins(batch, now)
    _leave(leaving, reason, now, by)
    _enter(coming, now, by)
    with spoken_refusals(Replacement):
        made = Replacement.objects.create(gone=leaving, came=coming, session=joined, reason=reason, at=now, by=by)
    Completion.objects.update_or_create(registration=coming, defaults={"counts_from": joined, "computed_at": now})
    recompute([coming.pk], now=now)
    offer_free_seats(batch_id=batch.pk, now=now, by=None)
    return made


def replaceable_until(batch: Batch) -> datetime | None:
    """Until when a seat may pass to somebody else; None where the batch has no sessions."""
    sessions = batch.planned_sessions()
    if not sessions:
        return None
    if batch.program.replacement == Program.Replacement.BEFORE_START:
        begins: datetime = sessions[0].during.lower
        return begins
    zone = batch.program.agency.zone
    day = sessions[0].during.lower.astimezone(zone).date()
    same = [one.during.upper for one in sessions if one.during.lower.astimezone(zone).date() == day]
    return max(same)


def _refuse(batch: Batch, gone: Registration, came: Registration, now: datetime) -> None:
    refuse_ended(gone)
    refuse_ended(came)
    until = replaceable_until(batch)
    if batch.state != Batch.State.PUBLISHED or until is None or until <= now:
        raise ValidationError(_("By the rules of the programme it is too late for a replacement."), code="too_late")
    if gone.batch_id != batch.pk or came.batch_id != batch.pk:
        raise ValidationError(_("Both must be registered for this batch."), code="other_batch")
    if gone.seat != Seat.HELD:
        raise ValidationError(_("This person holds no seat."), code="no_seat")
    if came.seat not in COMES_NEXT:
        raise ValidationError(_("Only somebody on the waiting list can come instead."), code="not_waiting")
    if Attendance.objects.present().filter(registration=gone).exists():
        raise ValidationError(_("This person was there and keeps the seat."), code="is_present")


def _joins(batch: Batch, now: datetime) -> Session | None:
    """The session that is running or comes next; empty while none has begun."""
    sessions = batch.planned_sessions()
    if not sessions or sessions[0].during.lower > now:
        return None
    return next((one for one in sessions if one.during.upper > now), sessions[-1])


def _leave(entry: Registration, reason: str, now: datetime, by: User) -> None:
    release_seat(registration=entry, now=now)
    entry.withdrawn_at, entry.withdraw_reason = now, reason[:250]
    entry.save(update_fields=["seat", "withdrawn_at", "withdraw_reason"])
    event = log(registration=entry, kind=RegistrationEvent.Kind.REPLACED, by=by, at=now)
    audit(registration=entry, action="replaced", by=by, purpose=reason)
    notices.tell(entry, "registration_replaced", event)


def _enter(entry: Registration, now: datetime, by: User) -> None:
    from_offer = entry.seat == Seat.OFFERED
    if from_offer:
        entry.offers.open().update(state=Offer.State.ACCEPTED, answered_at=now)
    entry.seat = Seat.HELD
    entry.save(update_fields=["seat"])
    counters = {"offered": -1} if from_offer else {"waiting": -1}
    Batch.objects.shift_seats(entry.batch_id, held=1, **counters)
    event = log(registration=entry, kind=RegistrationEvent.Kind.STEPPED_IN, by=by, at=now)
    audit(registration=entry, action="stepped_in", by=by)
    notices.tell(entry, "offer_accepted", event)
