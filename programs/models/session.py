from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import BigIntegerField, F, Func, Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Actor, scope_q
from accounts.roles import Permission
from programs.models.instructor import Instructor
from programs.models.partner import Partner
from programs.models.program import Topic
from programs.models.venue import Venue


class SessionQuerySet(models.QuerySet["Session"]):
    def planned(self) -> "SessionQuerySet":
        return self.filter(cancelled=False)

    def in_order(self) -> "SessionQuerySet":
        return self.order_by("during")

    def visible_to(self, user: Actor, permission: Permission = Permission.VIEW_BATCHES) -> "SessionQuerySet":
        return self.filter(scope_q(user, permission, agency="batch__program__agency", region="batch__region"))

    def between(self, start: datetime, end: datetime) -> "SessionQuerySet":
        """Those that touch the time from start to end, without its end."""
        return self.filter(during__overlap=DateTimeTZRange(start, end))

    def with_places(self) -> "SessionQuerySet":
        return self.select_related(
            "batch__program__agency", "batch__region__parent", "topic", "instructor", "venue__region"
        )

    def with_moment(self) -> "SessionQuerySet":
        """`moment`: the beginning as a number, for paging by key."""
        moment = "extract(epoch FROM lower(%(expressions)s))::bigint"
        return self.annotate(moment=Func(F("during"), template=moment, output_field=BigIntegerField()))


class Session(models.Model):
    """One meeting of a batch. PostgreSQL itself refuses a venue or an instructor that is booked twice at once."""

    class Kind(models.TextChoices):
        TRAINING = "training", _("Training")
        MANAGEMENT = "management", _("Entrepreneurship management")
        JOB_SEEKER_CARD = "job_seeker_card", _("Job seeker card (AK1)")
        CEREMONY = "ceremony", _("Opening or closing")

    batch = models.ForeignKey(
        "programs.Batch", on_delete=models.CASCADE, related_name="sessions", verbose_name=_("batch")
    )
    during = DateTimeRangeField(verbose_name=_("time"))
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.TRAINING, verbose_name=_("kind"))
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("topic")
    )
    lesson_hours = models.PositiveSmallIntegerField(default=0, verbose_name=_("lesson hours"))
    instructor = models.ForeignKey(
        Instructor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("instructor"),
    )
    venue = models.ForeignKey(
        Venue, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("venue")
    )
    # Who gives the material, where it is not the office or the instructor.
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("partner")
    )
    cancelled = models.BooleanField(default=False, verbose_name=_("cancelled"))

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("during",)
        indexes = [GistIndex(fields=["during"], name="session_during")]
        constraints = [
            models.CheckConstraint(
                condition=Q(during__isempty=False, during__lower_inf=False, during__upper_inf=False),
                name="session_has_begin_and_end",
                violation_error_message=_("A session needs a beginning and a later end."),
            ),
            ExclusionConstraint(
                name="session_instructor_not_booked_twice",
                expressions=[("instructor", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(cancelled=False, instructor__isnull=False),
                violation_error_message=_("This instructor is booked already at that time."),
            ),
            ExclusionConstraint(
                name="session_venue_not_booked_twice",
                expressions=[("venue", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(cancelled=False, venue__isnull=False),
                violation_error_message=_("This venue is booked already at that time."),
            ),
            ExclusionConstraint(
                name="session_batch_not_in_two_places",
                expressions=[("batch", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(cancelled=False),
                violation_error_message=_("This batch has another session at that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch} {self.during.lower:%Y-%m-%d %H:%M}"
