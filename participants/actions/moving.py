"""Leaving a batch, and moving to another one with the same registration number and its whole history."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kit.refusals import spoken_refusals
from participants import notices, queries
from participants.actions.entries import audit, locked, locked_with_batch, log, refuse_ended, release_seat
from participants.actions.households import hold_programs, refuse_second_of_household
from participants.actions.offers import offer_free_seats
from participants.actions.registering import household_of
from participants.models import NO_PLACE_YET, CheckState, Registration, RegistrationEvent, Seat
from programs.models import Batch, SeatAnswer
from programs.rules import Facts, Line


@transaction.atomic
def withdraw(*, registration: Registration, reason: str, by: User | None) -> Registration:
    """The resident (or the office for them) gives up the place; it is offered to the next in line at once."""
    fresh = locked_with_batch(registration)
    refuse_ended(fresh)
    now = timezone.now()
    if by is None:
        _refuse_over(fresh.batch, now)
    release_seat(registration=fresh, now=now)
    fresh.withdrawn_at, fresh.withdraw_reason = now, reason
    fresh.save(update_fields=["seat", "withdrawn_at", "withdraw_reason"])
    event = log(registration=fresh, kind=RegistrationEvent.Kind.CANCELLED, by=by, at=now, reason=reason)
    audit(registration=fresh, action="withdrawn", by=by)
    notices.tell(fresh, "registration_cancelled", event)
    offer_free_seats(batch_id=fresh.batch_id, now=now, by=None)
    return fresh


def _refuse_over(batch: Batch, now: datetime) -> None:
    """A resident may leave until the last minute; after that the list of who took part stands."""
    last = batch.sessions.planned().in_order().last()
    if last is not None and last.during.upper <= now:
        raise ValidationError(_("This training is over."), code="batch_over")


@transaction.atomic
def move(*, registration: Registration, to: Batch, reason: str, by: User) -> Registration:
    """To another batch of the same agency: a seat there, else its waiting list; the old seat is offered on."""
    source_id = registration.batch_id
    hold_programs([to.pk])
    for batch_id in sorted({source_id, to.pk}):
        Batch.objects.locked(batch_id)
    fresh = locked(registration)
    target = Batch.objects.with_parts().get(pk=to.pk)
    now = timezone.now()
    _refuse_move(fresh, source_id, target)
    answer = None if target.is_selecting else _take_seat(target)
    left = fresh.batch
    release_seat(registration=fresh, now=now)
    fresh.batch = target
    _mend_household(fresh, target, by)
    if answer is None:
        fresh.seat, fresh.queue_number = Seat.APPLIED, NO_PLACE_YET + fresh.pk
    else:
        fresh.seat, fresh.queue_number = Seat.HELD if answer.is_held else Seat.WAITING, answer.queue_number
    fresh.duplicate_key = queries.duplicate_key_for(target)
    fresh.eligibility = [line.as_json() for line in _lines(fresh, target)]
    with spoken_refusals(Registration):
        fresh.save()
    event = log(
        registration=fresh,
        kind=RegistrationEvent.Kind.MOVED,
        by=by,
        at=now,
        left=str(left),
        to=str(target),
        reason=reason,
    )
    audit(registration=fresh, action="moved", by=by, changes={"batch": [left.pk, target.pk]}, purpose=reason)
    notices.tell(fresh, "registration_moved", event, left=left, position=answer.position if answer else None)
    offer_free_seats(batch_id=left.pk, now=now, by=None)
    return fresh


def _mend_household(registration: Registration, target: Batch, by: User) -> None:
    """A programme that does not ask keeps nothing of the card; one that asks takes no second verified one."""
    for name, value in household_of(target, registration.household_hash).items():
        setattr(registration, name, value)
    if registration.check_state == CheckState.VERIFIED:
        refuse_second_of_household(registration, by=by)


def _take_seat(target: Batch) -> SeatAnswer:
    answer = Batch.objects.take_seat(target.pk)
    if answer is None:
        raise ValidationError(_("That batch and its waiting list are full."), code="batch_full")
    return answer


def _lines(registration: Registration, target: Batch) -> list[Line]:
    facts = Facts(
        birth_date=registration.birth_date,
        region_code=registration.region_id,
        has_domicile_letter=registration.has_domicile_letter,
        target_group=registration.target_group or None,
        other_registration=queries.other_registration(
            registration.person, registration, target, apart_from=registration.pk
        ),
    )
    return queries.eligibility_lines(target, facts, now=timezone.now())


def _refuse_move(registration: Registration, source_id: int, target: Batch) -> None:
    refuse_ended(registration)
    if registration.batch_id != source_id:
        raise ValidationError(_("Somebody moved this entry meanwhile. Please look again."), code="moved_meanwhile")
    if target.pk == source_id:
        raise ValidationError(_("The entry is in this batch already."), code="same_batch")
    if target.program.agency_id != registration.batch.program.agency_id:
        raise ValidationError(_("That batch belongs to another agency."), code="other_agency")
    is_late = target.is_selecting and target.registration_closes_at <= timezone.now()
    if is_late or target.state != Batch.State.PUBLISHED or (target.starts_at and target.starts_at <= timezone.now()):
        raise ValidationError(_("That batch takes nobody any more."), code="batch_not_open")
