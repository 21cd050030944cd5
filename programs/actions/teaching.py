"""Asking instructors, their answers, and what their teaching brought."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from kit.crypto import keyed_hash
from kit.refusals import spoken_refusals
from programs import notices
from programs.actions.batches import refuse_ended
from programs.models import Batch, Instructor, InstructorRecord, InvitedSession, TeachingInvitation
from programs.models.teaching import INVITATION_PURPOSE

INSTRUCTOR = "instructor"
State = TeachingInvitation.State


@transaction.atomic
def invite_instructor(*, batch: Batch, instructor: Instructor, days: int, by: User) -> TeachingInvitation:
    """Asks whether they teach what is planned with them in this batch, by a message with a link.

    The link ends after so many days, or when the first of these sessions begins. An earlier question is taken back.
    """
    locked, now = Batch.objects.locked(batch.pk), timezone.now()
    refuse_ended(locked)
    asked = list(locked.sessions.planned().filter(instructor=instructor, during__startswith__gt=now).in_order())
    if not asked:
        raise ValidationError(
            _("%(name)s teaches nothing in this batch that is still to come."),
            code="nothing_to_teach",
            params={"name": str(instructor)},
        )
    if not (instructor.phone or instructor.email):
        raise ValidationError(
            _("%(name)s has neither a telephone number nor an e-mail address. Please add one first."),
            code="instructor_unreachable",
            params={"name": str(instructor)},
        )
    _withdraw(locked, instructor, now, by)
    token = TeachingInvitation.new_token()
    invitation = TeachingInvitation(
        batch=locked,
        instructor=instructor,
        token_hash=keyed_hash(INVITATION_PURPOSE, token),
        invited_at=now,
        invited_by=by,
        expires_at=min(now + timedelta(days=days), asked[0].during.lower),
    )
    with spoken_refusals(TeachingInvitation):
        invitation.save(force_insert=True)
    InvitedSession.objects.bulk_create(
        InvitedSession(invitation=invitation, session=session, during=session.during) for session in asked
    )
    changes = {"instructor": str(instructor), "sessions": len(asked)}
    record(action="teaching.invited", by=by, target=locked, agency=locked.program.agency, changes=changes)
    notices.tell_invited(invitation, token)
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: TeachingInvitation, by: User) -> None:
    """Takes the question back; the sessions stay planned with the instructor until somebody changes that."""
    locked = Batch.objects.locked(invitation.batch_id)
    if not _withdraw(locked, invitation.instructor, timezone.now(), by):
        raise ValidationError(_("This invitation has ended already."), code="invitation_ended")
    changes = {"instructor": str(invitation.instructor)}
    record(action="teaching.withdrawn", by=by, target=locked, agency=locked.program.agency, changes=changes)


@transaction.atomic
def accept_invitation(*, invitation: TeachingInvitation, by: None = None) -> TeachingInvitation:
    """Yes, by the link. Pressing twice is one answer; after the deadline there is none."""
    locked, row, now = _answerable(invitation)
    if row.state == State.ACCEPTED:
        return row
    if not row.is_open_at(now):
        raise ValidationError(_("The time to answer is over. Please call the office."), code="invitation_ended")
    row.state, row.answered_at = State.ACCEPTED, now
    row.save(update_fields=["state", "answered_at"])
    _record_answer(locked, row, action="teaching.accepted")
    return row


@transaction.atomic
def decline_invitation(*, invitation: TeachingInvitation, note: str = "", by: None = None) -> TeachingInvitation:
    """No, also after a yes: the sessions that are still to come are free for somebody else at once."""
    locked, row, now = _answerable(invitation)
    if row.state == State.DECLINED:
        return row
    if row.state == State.WITHDRAWN:
        raise ValidationError(_("The office has taken this invitation back."), code="invitation_ended")
    row.state, row.answered_at, row.note = State.DECLINED, now, note
    row.save(update_fields=["state", "answered_at", "note"])
    asked = locked.sessions.planned().filter(pk__in=row.asked.values("session"))
    asked.filter(instructor=row.instructor, during__startswith__gt=now).update(instructor=None)
    _record_answer(locked, row, action="teaching.declined")
    return row


@transaction.atomic
def record_teaching(
    *,
    instructor: Instructor,
    batch: Batch,
    gain: Decimal | None,
    gain_count: int,
    rating: Decimal | None,
    rating_count: int,
    by: User | None,
) -> InstructorRecord:
    """What tests and surveys say of the teaching in one batch; a later figure replaces the earlier one."""
    values = {"gain": gain, "gain_count": gain_count, "rating": rating, "rating_count": rating_count}
    with spoken_refusals(InstructorRecord):
        row, _made = InstructorRecord.objects.update_or_create(
            instructor=instructor, batch=batch, defaults={**values, "recorded_at": timezone.now()}
        )
    shown = {name: str(value) for name, value in values.items()}
    agency = instructor.agency
    record(action="teaching.measured", by=by, target=instructor, agency=agency, changes=shown, actor_label=_label(by))
    return row


def _label(by: User | None) -> str:
    return "" if by else "system"


def _answerable(invitation: TeachingInvitation) -> tuple[Batch, TeachingInvitation, datetime]:
    locked = Batch.objects.locked(invitation.batch_id)
    row = TeachingInvitation.objects.select_for_update(of=("self",), no_key=True).get(pk=invitation.pk)
    return locked, row, timezone.now()


def _withdraw(batch: Batch, instructor: Instructor, now: datetime, by: User) -> bool:
    current = batch.teaching_invitations.filter(instructor=instructor, state__in=[State.OPEN, State.ACCEPTED])
    invitation = current.first()
    if invitation is None:
        return False
    current.update(state=State.WITHDRAWN, answered_at=now)
    notices.take_back(invitation, by)
    return True


def _record_answer(batch: Batch, invitation: TeachingInvitation, *, action: str) -> None:
    changes = {"instructor": str(invitation.instructor)}
    agency = batch.program.agency
    record(action=action, by=None, actor_label=INSTRUCTOR, target=batch, agency=agency, changes=changes)
