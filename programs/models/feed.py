"""Secret links to a calendar, for the telephone of an instructor or an officer."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from kit.crypto import keyed_hash
from programs.models.instructor import Instructor


def feed_hash(token: str) -> str:
    return keyed_hash("link of a calendar", token)


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def in_force(self) -> Self:
        return self.filter(revoked_at__isnull=True)

    def of_token(self, token: str) -> "CalendarFeed | None":
        rows = self.in_force().select_related("agency", "user", "instructor")
        return rows.filter(token_hash=feed_hash(token)).first()


class CalendarFeed(models.Model):
    """Whoever has the link reads the sessions, so the link itself is kept nowhere; a lost one is made anew."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency"))
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("officer"), db_index=False
    )
    instructor = models.ForeignKey(
        Instructor, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("instructor"), db_index=False
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(verbose_name=_("made at"))
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by"))
    revoked_at = models.DateTimeField(null=True, verbose_name=_("revoked at"))

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("link of a calendar")
        verbose_name_plural = _("links of calendars")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, instructor__isnull=True)
                | Q(user__isnull=True, instructor__isnull=False),
                name="calendar_feed_of_one_person",
                violation_error_message=_("A link of a calendar belongs to an officer or to an instructor."),
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(revoked_at__isnull=True),
                name="calendar_feed_one_of_an_officer",
                violation_error_message=_("There is a link already. A new one takes its place."),
            ),
            models.UniqueConstraint(
                fields=["instructor"],
                condition=Q(revoked_at__isnull=True),
                name="calendar_feed_one_of_an_instructor",
                violation_error_message=_("There is a link already. A new one takes its place."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.instructor}"
