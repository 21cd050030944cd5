"""Secret links to a calendar: made, made anew, revoked."""

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from kit.refusals import spoken_refusals
from programs.models import CalendarFeed, Instructor, feed_hash


@transaction.atomic
def open_feed(*, agency: Agency, instructor: Instructor | None = None, by: User) -> str:
    """The token of a new link, told this once: of the officer, or of an instructor. The former link ends."""
    owner = {"instructor": instructor} if instructor else {"user": by}
    CalendarFeed.objects.in_force().filter(**owner).update(revoked_at=timezone.now())
    token = secrets.token_urlsafe(24)
    feed = CalendarFeed(agency=agency, token_hash=feed_hash(token), created_at=timezone.now(), created_by=by, **owner)
    with spoken_refusals(CalendarFeed):
        feed.save(force_insert=True)
    record(action="calendar.link_made", by=by, target=feed, agency=agency)
    return token


@transaction.atomic
def revoke_feed(*, feed: CalendarFeed, by: User) -> None:
    """The link shows nothing from now on."""
    if CalendarFeed.objects.in_force().filter(pk=feed.pk).update(revoked_at=timezone.now()) == 0:
        raise ValidationError(_("This link has been revoked already."), code="feed_revoked")
    record(action="calendar.link_revoked", by=by, target=feed, agency=feed.agency)
