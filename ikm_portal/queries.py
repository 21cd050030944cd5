"""What the workspace's first page asks of every app."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import holds
from accounts.roles import Permission
from kit import watch
from kit.pages import Counted, counted, counting
from notifications.models import Channel, Message, WhatsAppGateway
from participants.models import CheckState, Complaint, Registration
from participants.models.complaint import HANDLED_BY
from programs.models import Batch, BatchQuerySet


@dataclass(frozen=True)
class Task:
    label: str
    count: Counted
    url: str
    tone: str = ""


def tasks_of(user: User) -> list[Task]:
    """What waits for this person, by what they may do; only what is not zero."""
    found: list[Task] = []
    batches = reverse("participants:batch_list") if holds(user, Permission.VIEW_BATCHES) else ""
    if holds(user, Permission.VIEW_REGISTRATIONS):
        current = Batch.objects.visible_to(user, Permission.VIEW_REGISTRATIONS).current(timezone.now())
        active = Registration.objects.filter(batch__in=current).active()
        counts = {
            "pending": counted(active.filter(check_state=CheckState.PENDING)),
            "doubtful": counted(active.filter(person__isnull=True)),
            "fixing": counted(active.filter(check_state=CheckState.NEEDS_FIX)),
        }
        found += [
            Task(_("Entries to check"), counts["pending"], batches, "info"),
            Task(_("Identity to settle"), counts["doubtful"], batches, "warning"),
            Task(_("Waiting for a correction"), counts["fixing"], batches),
        ]
    if any(holds(user, permission) for permission in HANDLED_BY):
        found += _complaints_of(user)
    if holds(user, Permission.VIEW_MESSAGES):
        messages = Message.objects.visible_to(user)
        by_hand = messages.to_send_by_hand().useful(timezone.now())
        chats = counted(by_hand.filter(channel=Channel.MANUAL))
        calls = counted(by_hand.filter(channel=Channel.CALL))
        failed = counted(messages.given_up())
        stopped = counted(WhatsAppGateway.objects.paused().of(user))
        listed = reverse("notifications:message_list")
        found += [
            Task(_("WhatsApp gateway stopped"), stopped, reverse("notifications:chat_list"), "danger"),
            Task(_("Messages to send by WhatsApp"), chats, reverse("notifications:chat_list"), "info"),
            Task(_("People to call"), calls, reverse("notifications:call_list"), "info"),
            Task(_("Messages that failed"), failed, f"{listed}?state=failed", "danger"),
        ]
    return [task for task in found if task.count.number]


def _complaints_of(user: User) -> list[Task]:
    listed = reverse("participants:complaint_list")
    seen = Complaint.objects.visible_to(user).open()
    late = seen.overdue(user.agency.today()) if user.agency else seen.none()
    return [
        Task(_("Complaints that wait"), counted(seen), listed, "info"),
        Task(_("Complaints overdue"), counted(late), f"{listed}?state=overdue", "danger"),
    ]


def coming_batches(user: User, now: datetime, limit: int = 8) -> BatchQuerySet | None:
    """The next batches to begin, with how many entries wait for a check; None for who sees no batches."""
    if not holds(user, Permission.VIEW_BATCHES):
        return None
    coming = Batch.objects.visible_to(user).filter(state=Batch.State.PUBLISHED).with_parts().not_begun(now)
    pending = Registration.objects.active().filter(batch=OuterRef("pk"), check_state=CheckState.PENDING)
    return coming.annotate(to_check=counting(pending)).soonest_first()[:limit]


def guarded_since(user: User) -> datetime | None:
    """Since when some public form is under attack, for who works with batches or keeps the portal."""
    if not (holds(user, Permission.VIEW_BATCHES) or holds(user, Permission.MANAGE_USERS)):
        return None
    return min(watch.state().places().values(), default=None)
