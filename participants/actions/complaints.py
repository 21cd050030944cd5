"""What officers do with a complaint. Each locks its row: of two at once the second hears of the first."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from kit.refusals import spoken_refusals
from notifications.actions import cancel_queued, delete_messages
from participants import notices, rules
from participants.actions.complaining import log, take_down, take_up_again
from participants.models import CloseReason, Complaint, ComplaintCategory, ComplaintEvent, ComplaintState
from participants.permissions import can_handle_complaint

Kind = ComplaintEvent.Kind
AT_ONCE = 200


def _open(complaint: Complaint) -> Complaint:
    """The row as it is now, locked; refuses when it has ended meanwhile."""
    fresh = Complaint.objects.locked(complaint.pk)
    if fresh.state == ComplaintState.ANSWERED and fresh.answered_by is not None:
        raise ValidationError(
            _("%(name)s has answered this complaint already. Please look at the answer first."),
            code="complaint_answered",
            params={"name": fresh.answered_by.full_name},
        )
    if fresh.state == ComplaintState.CLOSED:
        raise ValidationError(_("This complaint has been closed meanwhile."), code="complaint_closed")
    return fresh


@transaction.atomic
def take_complaint(*, complaint: Complaint, by: User) -> Complaint:
    fresh = _open(complaint)
    if fresh.assigned_to is not None and fresh.assigned_to != by:
        raise ValidationError(
            _("%(name)s is working on this complaint already."),
            code="complaint_taken",
            params={"name": fresh.assigned_to.full_name},
        )
    if fresh.assigned_to == by and fresh.state == ComplaintState.IN_PROGRESS:
        return fresh
    fresh.assigned_to, fresh.state = by, ComplaintState.IN_PROGRESS
    fresh.save()
    log(fresh, Kind.TAKEN, by)
    record(action="complaint.taken", by=by, target=fresh)
    return fresh


@transaction.atomic
def pass_complaint(
    *, complaint: Complaint, category: str, to: User | None, concerns: User | None, note: str, by: User
) -> Complaint:
    """To another officer, to those of another category, or past the officer whom it is about. The clock goes on."""
    fresh = _open(complaint)
    before = (fresh.category, fresh.assigned_to, fresh.concerns)
    if before == (category, to, concerns):
        raise ValidationError(_("Nothing changes by this. Please choose another officer or category."), code="same")
    if to is not None and to == concerns:
        raise ValidationError(_("Nobody works on a complaint about themselves."), code="about_themselves")
    if to is not None and not can_handle_complaint(to, fresh, category):
        raise ValidationError(_("This officer does not see complaints of this kind."), code="officer_not_allowed")
    fresh.category, fresh.assigned_to, fresh.concerns = ComplaintCategory(category), to, concerns
    fresh.state = ComplaintState.IN_PROGRESS if to else ComplaintState.NEW
    fresh.save()
    if fresh.is_sensitive:
        cancel_queued(group=fresh.group, by=by)  # its author's name must not stand in the list of messages to send
    log(fresh, Kind.PASSED, by, note, category=category, to=to.full_name if to else "")
    record(action="complaint.passed", by=by, target=fresh, changes={"category": category})
    return fresh


@transaction.atomic
def note_complaint(*, complaint: Complaint, text: str, by: User) -> None:
    """For colleagues only, at any time."""
    fresh = Complaint.objects.locked(complaint.pk)
    log(fresh, Kind.NOTE, by, text)
    record(action="complaint.noted", by=by, target=fresh)


@transaction.atomic
def answer_complaint(*, complaint: Complaint, answer: str, by: User) -> Complaint:
    fresh, now = _open(complaint), timezone.now()
    fresh.state, fresh.assigned_to = ComplaintState.ANSWERED, by
    fresh.answer, fresh.answered_at, fresh.answered_by, fresh.ended_at = answer, now, by, now
    fresh.save()
    event = log(fresh, Kind.ANSWERED, by, answer)
    record(action="complaint.answered", by=by, target=fresh)
    notices.tell_complaint(fresh, "complaint_answered", event)
    return fresh


@transaction.atomic
def close_complaint(*, complaint: Complaint, reason: str, note: str, by: User) -> Complaint:
    """Without an answer: the author reads the reason and the sentence."""
    fresh = _open(complaint)
    fresh.state, fresh.close_reason, fresh.ended_at = ComplaintState.CLOSED, CloseReason(reason), timezone.now()
    fresh.save()
    event = log(fresh, Kind.CLOSED, by, note, reason=reason)
    record(action="complaint.closed", by=by, target=fresh, changes={"reason": reason})
    notices.tell_complaint(fresh, "complaint_answered", event)
    return fresh


@transaction.atomic
def undo_complaint(*, complaint: Complaint, by: User) -> Complaint:
    """Takes back an answer or a closing: what waits in the outbox does not go out, the history keeps the words."""
    fresh = Complaint.objects.locked(complaint.pk)
    if fresh.is_open:
        raise ValidationError(_("This complaint is being worked on already."), code="complaint_open")
    take_up_again(fresh, assigned_to=by)
    fresh.save()
    cancel_queued(group=fresh.group, by=by)
    log(fresh, Kind.UNDONE, by)
    record(action="complaint.undone", by=by, target=fresh)
    return fresh


@transaction.atomic
def publish_complaint(*, complaint: Complaint, question: str, answer: str, by: User) -> Complaint:
    """Puts the officer's wording on the board. Numbers and addresses of people are refused whoever presses."""
    fresh = Complaint.objects.locked(complaint.pk)
    if fresh.state != ComplaintState.ANSWERED or not fresh.may_publish:
        raise ValidationError(
            _("Only an answered complaint whose author allowed it stands on the board."), code="not_publishable"
        )
    own = (fresh.agency.phone, fresh.agency.email)
    if rules.personal_traces(f"{question}\n{answer}", allowed=own):
        raise ValidationError(_("Take out telephone numbers, e-mail addresses and NIK first."), code="personal_data")
    fresh.published_question, fresh.published_answer = question, answer
    fresh.published_at, fresh.published_by = fresh.published_at or timezone.now(), by
    with spoken_refusals(Complaint):
        fresh.save()
    log(fresh, Kind.PUBLISHED, by)
    record(action="complaint.published", by=by, target=fresh)
    return fresh


@transaction.atomic
def unpublish_complaint(*, complaint: Complaint, by: User) -> Complaint:
    fresh = Complaint.objects.locked(complaint.pk)
    if fresh.published_at is None:
        return fresh
    take_down(fresh)
    fresh.save()
    log(fresh, Kind.UNPUBLISHED, by)
    record(action="complaint.unpublished", by=by, target=fresh)
    return fresh


@transaction.atomic
def reveal_complaint_contact(*, complaint: Complaint, purpose: str, by: User) -> Complaint:
    """Name and contact in full; each look says why and stands in the trail."""
    record(action="complaint.contact_revealed", by=by, target=complaint, purpose=purpose)
    return complaint


def forget_complaint_contacts(*, by: None = None) -> int:
    """Name, contact and messages of what ended COMPLAINT_CONTACT_DAYS ago. How many complaints were cleared."""
    before, cleared = timezone.now() - timedelta(days=settings.COMPLAINT_CONTACT_DAYS), 0
    while keys := list(Complaint.objects.to_forget(before).order_by("ended_at").values_list("pk", flat=True)[:AT_ONCE]):
        for key in keys:
            _forget(key)
        cleared += len(keys)
    return cleared


@transaction.atomic
def _forget(key: int) -> None:
    fresh = Complaint.objects.locked(key)
    if fresh.is_open or fresh.contact_erased_at is not None:
        return  # taken up again meanwhile
    had_contact = bool(fresh.full_name or fresh.has_contact)
    fresh.full_name = fresh.phone = fresh.email = None
    fresh.contact_erased_at = timezone.now()
    fresh.save()
    delete_messages(group=fresh.group, by=None)
    if had_contact:
        log(fresh, Kind.FORGOTTEN, None)
        record(action="complaint.contact_erased", by=None, target=fresh, actor_label="system")
