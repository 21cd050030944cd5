"""Questions to instructors follow what becomes of their sessions."""

from collections.abc import Collection

from django.utils import timezone

from accounts.actions import record
from accounts.models import AuditEntry, User
from programs import notices
from programs.models import Batch, TeachingInvitation

State = TeachingInvitation.State


def settle_questions(*, batch: Batch, instructors: Collection[int | None], entry: AuditEntry, by: User) -> None:
    """Tells whoever was asked what they teach from now on; a question that no longer fits is taken back.

    Called with the batch locked. It no longer fits when its instructor has none of its sessions left, or when nobody
    answered yet and it asks for another time: a yes would be one to what the person never saw. A yes that was given
    stays until the office asks again, so that the person may still decline.
    """
    concerned = set(instructors) - {None}
    current = batch.teaching_invitations.filter(state__in=[State.OPEN, State.ACCEPTED], instructor__in=concerned)
    for invitation in current.select_related("instructor").order_by("pk"):
        ends = not _fits(invitation)
        if ends:
            TeachingInvitation.objects.filter(pk=invitation.pk).update(
                state=State.WITHDRAWN, answered_at=timezone.now()
            )
            notices.take_back(invitation, by)
            changes = {"instructor": str(invitation.instructor)}
            agency = batch.program.agency
            record(action="teaching.withdrawn", by=by, target=batch, agency=agency, changes=changes)
        notices.tell_teacher(batch, invitation.instructor, entry, is_taken_back=ends)


def _fits(invitation: TeachingInvitation) -> bool:
    asked = invitation.asked.filter(session__cancelled=False, session__instructor=invitation.instructor_id)
    times = list(asked.values_list("during", "session__during"))
    is_open = invitation.state == State.OPEN
    return bool(times) and not (is_open and any(before != now for before, now in times))
