"""What the workspace's first page asks of every app."""

from datetime import datetime

from django.db.models import OuterRef

from accounts.models import User
from accounts.permissions import holds
from accounts.roles import Permission
from kit import watch
from kit.pages import counting
from participants.models import CheckState, Registration
from programs.models import Batch, BatchQuerySet


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
