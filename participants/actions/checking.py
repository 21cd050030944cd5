"""The check of an entry: verify, ask for a correction, reject, take a decision back; one by one or many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kit.refusals import spoken_refusals
from participants import notices, queries
from participants.actions.entries import audit, locked, locked_with_batch, log, refuse_ended, release_seat
from participants.actions.evidence import drop_evidence
from participants.actions.households import hold_programs, refuse_second_of_household
from participants.actions.offers import offer_free_seats
from participants.models import (
    CheckState,
    DuplicateReview,
    EvidenceFile,
    EvidenceKind,
    Registration,
    RegistrationEvent,
    RejectReason,
    Seat,
)
from programs.models import Batch

OPEN_CHECKS = {CheckState.PENDING, CheckState.NEEDS_FIX}
TEMPORARY = _("Enter the NIK before verifying: this entry has a temporary number.")
UNSEEN = _(
    "This programme needs a photo of a document that is missing or that nobody has looked at. Look at it, or note what"
    " you looked at instead."
)


@dataclass(frozen=True)
class Decided:
    """One line of the result list of a decision over many entries; `refusal` is empty where it was taken."""

    registration: Registration
    refusal: str = ""


class NotAllDecidedError(Exception):
    """Some entries of a decision over many could not be decided, so none was. `results` tells each one."""

    def __init__(self, results: list[Decided]) -> None:
        super().__init__("Nothing was decided.")
        self.results = results


@transaction.atomic
def verify(*, registration: Registration, note: str, by: User) -> Registration:
    """The data stands as on the identity card. Doubts need a note that says what was looked at.

    Verified data becomes what is on file of the person. Photos of documents are deleted; that they were seen remains.
    Where a programme takes one of a household the first that is verified has the place.
    """
    hold_programs([registration.batch_id])
    return _verify(registration, note, by)


def _verify(registration: Registration, note: str, by: User) -> Registration:
    fresh = locked(registration)
    refuse_ended(fresh)
    if fresh.check_state not in OPEN_CHECKS:
        raise ValidationError(_("This entry has been decided already."), code="already_decided")
    if fresh.person is None:
        raise ValidationError(_("Settle whose identity number it is before verifying."), code="identity_unsettled")
    if fresh.is_temporary:
        raise ValidationError(TEMPORARY, code="registration_temporary_is_not_verified")
    if fresh.flags and not note:
        raise ValidationError(_("This entry has warnings. Please note what you checked."), code="note_needed")
    if not note and queries.unseen_documents(fresh):
        raise ValidationError(UNSEEN, code="documents_unseen")
    refuse_second_of_household(fresh, by=by)
    now = timezone.now()
    with spoken_refusals(Registration):
        _decide(fresh, CheckState.VERIFIED, now, by, note)
    person = fresh.person
    for name, value in fresh.declared().items():
        setattr(person, name, value)
    person.verified_at, person.verified_by = now, by
    person.save()
    gone = drop_evidence(registration=fresh, reason=EvidenceFile.Reason.VERIFIED, now=now)
    seen = [photo.kind for photo in gone if photo.seen_at]
    event = log(registration=fresh, kind=RegistrationEvent.Kind.VERIFIED, by=by, at=now)
    changes = {"flags": fresh.flags, **({"documents_seen": seen} if seen else {})}
    audit(registration=fresh, action="verified", by=by, changes=changes, purpose=note)
    notices.tell(fresh, "registration_verified", event)
    return fresh


@transaction.atomic
def request_fix(*, registration: Registration, note: str, by: User, documents: Sequence[str] = ()) -> Registration:
    """Asks the resident to mend the entry or to send `documents` again; the seat is kept."""
    fresh = locked(registration)
    refuse_ended(fresh)
    if fresh.check_state not in OPEN_CHECKS:
        raise ValidationError(_("This entry has been decided already."), code="already_decided")
    wanted = [kind for kind in fresh.documents_asked(fresh.batch.program) if kind in documents]
    if not note and not wanted:
        raise ValidationError(_("Please write what has to be corrected."), code="note_needed")
    now = timezone.now()
    drop_evidence(registration=fresh, reason=EvidenceFile.Reason.ASKED_AGAIN, now=now, kinds=wanted)
    note = " ".join(filter(None, [_photos_wanted(wanted, fresh.language), note]))
    _decide(fresh, CheckState.NEEDS_FIX, now, by, note)
    data = {"note": note, **({"documents": wanted} if wanted else {})}
    event = log(registration=fresh, kind=RegistrationEvent.Kind.FIX_REQUESTED, by=by, at=now, **data)
    audit(registration=fresh, action="fix_requested", by=by)
    notices.tell(fresh, "registration_fix_requested", event, note=note)
    return fresh


@transaction.atomic
def reject(*, registration: Registration, reason: str, note: str, by: User) -> Registration:
    """Ends the entry with a reason; its seat goes to the next in line."""
    fresh = locked_with_batch(registration)
    refuse_ended(fresh)
    if reason not in RejectReason.values:
        raise ValidationError(_("A rejection needs a reason."), code="reason_needed")
    if reason == RejectReason.OTHER and not note:
        raise ValidationError(_("Please write the reason."), code="note_needed")
    now = timezone.now()
    fresh.reject_reason = reason
    release_seat(registration=fresh, now=now)
    _decide(fresh, CheckState.REJECTED, now, by, note)
    event = log(registration=fresh, kind=RegistrationEvent.Kind.REJECTED, by=by, at=now, reason=reason, note=note)
    audit(registration=fresh, action="rejected", by=by, changes={"reason": reason})
    notices.tell(fresh, "registration_rejected", event, note=note)
    offer_free_seats(batch_id=fresh.batch_id, now=now, by=None)
    return fresh


@transaction.atomic
def undo_decision(*, registration: Registration, by: User) -> Registration:
    """Back to *being checked*. After a rejection the entry gets a free seat, else its old place in line."""
    fresh = locked_with_batch(registration)
    if fresh.check_state not in {CheckState.VERIFIED, CheckState.REJECTED}:
        raise ValidationError(_("There is no decision to undo."), code="not_decided")
    now = timezone.now()
    batch = Batch.objects.with_parts().get(pk=fresh.batch_id)
    if batch.state != Batch.State.PUBLISHED or (batch.starts_at and batch.starts_at <= now):
        raise ValidationError(_("The training has begun; the decision stands."), code="batch_begun")
    if fresh.check_state == CheckState.REJECTED:
        _seat_again(fresh, batch)
        DuplicateReview.objects.same().about(fresh).delete()
    else:
        refuse_ended(fresh)
    fresh.check_state, fresh.checked_at, fresh.checked_by = CheckState.PENDING, None, None
    fresh.check_note = fresh.reject_reason = ""
    with spoken_refusals(Registration):
        fresh.save()
    event = log(registration=fresh, kind=RegistrationEvent.Kind.DECISION_UNDONE, by=by, at=now, seat=fresh.seat)
    audit(registration=fresh, action="decision_undone", by=by, changes={"seat": fresh.seat})
    notices.tell(fresh, "decision_undone", event)
    return fresh


def decide_many(
    *, registrations: Sequence[Registration], decision: str, note: str, by: User, reason: str = ""
) -> list[Decided]:
    """`verify`, `reject` or `undo` over many entries, all or nothing.

    Raises `NotAllDecidedError` with a line for each when one of them is refused.
    """
    results = []
    with transaction.atomic():
        if decision == "verify":
            hold_programs([registration.batch_id for registration in registrations])
        for batch_id in sorted({registration.batch_id for registration in registrations}):
            Batch.objects.locked(batch_id)
        # Those who wait go first: a seat freed by the others is not offered to somebody who is about to be rejected.
        for registration in sorted(registrations, key=lambda row: (row.seat != Seat.WAITING, row.pk)):
            try:
                if decision == "verify":
                    _verify_apart(registration, note, by)
                elif decision == "undo":
                    undo_decision(registration=registration, by=by)
                else:
                    _refuse_decided(registration)
                    reject(registration=registration, reason=reason, note=note, by=by)
            except ValidationError as error:
                results.append(Decided(registration, " ".join(error.messages)))
            else:
                results.append(Decided(registration))
        if any(result.refusal for result in results):
            raise NotAllDecidedError(results)
    return results


@transaction.atomic
def _verify_apart(registration: Registration, note: str, by: User) -> None:
    """A refusal takes back what was written of this one alone."""
    _verify(registration, note, by)


def _refuse_decided(registration: Registration) -> None:
    """A colleague may have verified it since the list was opened; many at once never override that."""
    present = Registration.objects.values_list("check_state", flat=True).get(pk=registration.pk)
    if present not in OPEN_CHECKS:
        raise ValidationError(_("This entry has been decided already."), code="already_decided")


def _decide(registration: Registration, state: CheckState, now: datetime, by: User, note: str) -> None:
    registration.check_state, registration.checked_at = state, now
    registration.checked_by, registration.check_note = by, note
    registration.save(update_fields=["check_state", "checked_at", "checked_by", "check_note", "reject_reason", "seat"])


def _photos_wanted(kinds: Sequence[str], language: str) -> str:
    """The sentence that names the documents, in the language of whoever reads it."""
    if not kinds:
        return ""
    with translation.override(language):
        names = get_text_list([str(EvidenceKind(kind).label) for kind in kinds], gettext("and"))
        return gettext("Please send a new photo: %(documents)s.") % {"documents": names}


def _seat_again(registration: Registration, batch: Batch) -> None:
    if batch.is_selecting:
        registration.seat = Seat.APPLIED
    elif batch.seats_free:
        registration.seat = Seat.HELD
        Batch.objects.shift_seats(batch.pk, held=1)
    elif batch.waiting_free:
        registration.seat = Seat.WAITING
        Batch.objects.shift_seats(batch.pk, waiting=1)
    else:
        raise ValidationError(_("Seats and waiting list are full meanwhile. Raise the quota first."), code="batch_full")
