"""Who teaches a batch and what they answered."""

from dataclasses import dataclass
from datetime import datetime

from programs.models import Batch, InvitedSession, Session, TeachingInvitation

State = TeachingInvitation.State


@dataclass(frozen=True)
class Staffed:
    """One session with the answer for exactly this time: a yes for another time is `moved`, and asks again."""

    session: Session
    answer: str
    invitation: TeachingInvitation | None
    has_begun: bool


def staffing_of(batch: Batch, now: datetime) -> list[Staffed]:
    sessions = batch.sessions.planned().in_order().select_related("topic", "venue", "instructor", "partner")
    asked = InvitedSession.objects.filter(invitation__batch=batch).select_related("invitation").order_by("pk")
    latest: dict[tuple[int, int], InvitedSession] = {}
    for row in asked:
        latest[row.session_id, row.invitation.instructor_id] = row
    return [_staffed(session, latest.get((session.pk, session.instructor_id or 0)), now) for session in sessions]


def declined_lately(batch: Batch) -> list[TeachingInvitation]:
    """Who said no, with the note, the newest first."""
    found = batch.teaching_invitations.filter(state=State.DECLINED).select_related("instructor")
    return list(found.order_by("-answered_at")[:10])


def open_questions(batch: Batch) -> list[TeachingInvitation]:
    found = batch.teaching_invitations.filter(state__in=[State.OPEN, State.ACCEPTED]).select_related("instructor")
    return list(found.order_by("pk"))


def _staffed(session: Session, row: InvitedSession | None, now: datetime) -> Staffed:
    has_begun = session.during.lower <= now
    if session.instructor_id is None:
        return Staffed(session, "nobody", None, has_begun)
    if row is None or row.invitation.state == State.WITHDRAWN:
        return Staffed(session, "not_asked", None, has_begun)
    invitation = row.invitation
    if row.during != session.during:
        return Staffed(session, "moved", invitation, has_begun)
    if invitation.state == State.OPEN and not invitation.is_open_at(now):
        return Staffed(session, "late", invitation, has_begun)
    return Staffed(session, invitation.state, invitation, has_begun)
