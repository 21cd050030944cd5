"""What instructors are told. People who registered are told one app up, in participants."""

from typing import Any

from django.urls import reverse

from accounts.models import AuditEntry, User
from notifications.actions import cancel_queued, queue
from programs.models import Batch, Instructor, Session, TeachingInvitation

LANGUAGE = "id"  # the office writes to those who teach for it in the official language


def teaching_group(batch_id: int, instructor_id: int) -> str:
    return f"teaching:{batch_id}:{instructor_id}"


def tell_invited(invitation: TeachingInvitation, token: str) -> None:
    """The question with its link, which works until the answer is due."""
    link = reverse("programs:teaching_answer", args=[token])
    sessions = sessions_of(invitation.batch, invitation.instructor)
    context = {"link": link, "sessions": sessions, "expires_at": invitation.expires_at}
    key = f"teaching_invited:{invitation.pk}"
    _queue("teaching_invited", key, invitation.batch, invitation.instructor, context, invitation.expires_at)


def tell_teacher(batch: Batch, instructor: Instructor, entry: AuditEntry, *, is_taken_back: bool) -> None:
    """What they teach in this batch from now on, and whether the question they had stands no more."""
    context = {"sessions": sessions_of(batch, instructor), "is_taken_back": is_taken_back}
    _queue("teaching_changed", f"teaching_changed:{entry.pk}:{instructor.pk}", batch, instructor, context)


def take_back(invitation: TeachingInvitation, by: User) -> None:
    """What waits to be sent about this teaching is of no use any more."""
    cancel_queued(group=teaching_group(invitation.batch_id, invitation.instructor_id), by=by)


def sessions_of(batch: Batch, instructor: Instructor) -> list[Session]:
    planned = batch.sessions.planned().filter(instructor=instructor).in_order()
    return list(planned.select_related("venue", "topic"))


def _queue(
    kind: str, key: str, batch: Batch, instructor: Instructor, context: dict[str, Any], expires_at: Any = None
) -> None:
    whole = Batch.objects.with_office().get(pk=batch.pk)
    queue(
        agency=whole.program.agency,
        kind=kind,
        key=key,
        language=LANGUAGE,
        recipient_name=str(instructor),
        email=instructor.email,
        phone=instructor.phone,
        group=teaching_group(batch.pk, instructor.pk),
        region=whole.region,
        subject=("instructor", instructor.pk),
        context={"batch": whole, **context},
        expires_at=expires_at,
    )
