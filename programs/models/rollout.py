from datetime import date, time
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import scope_q
from accounts.roles import Permission
from programs.models.batch import Batch
from programs.models.instructor import Instructor, Weekday
from programs.models.program import Program, Topic
from programs.models.session import Session
from programs.models.venue import Venue
from regions.models import Region

MOST_DAYS = 10
MOST_REGIONS = 1500


def working_week() -> list[int]:
    return [0, 1, 2, 3, 4]


class RolloutQuerySet(models.QuerySet["Rollout"]):
    def visible_to(self, user: User, permission: Permission = Permission.VIEW_BATCHES) -> "RolloutQuerySet":
        return self.filter(scope_q(user, permission, agency="program__agency", region=None))

    def with_office(self) -> "RolloutQuerySet":
        return self.select_related("program__agency", "program__fund_source", "changed_by")

    def locked(self, pk: int) -> "Rollout":
        """The plan's row, locked until the transaction ends: whoever changes anything of the plan holds it."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)


class Rollout(models.Model):
    """A plan of all batches of a programme: a draft that is proposed, looked at, mended, and put into force as one."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_FORCE = "in_force", _("In force")
        REPLACED = "replaced", _("Replaced by a later plan")
        DISCARDED = "discarded", _("Discarded")

    class Reach(models.IntegerChoices):
        """How many characters of its code a region shares with a venue that it may use."""

        OWN = 13, _("In the region itself only")
        DISTRICT = 8, _("Also elsewhere in the same district")
        CITY = 5, _("Also elsewhere in the same city or regency")

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="rollouts", verbose_name=_("programme"))
    name = models.CharField(_("name of the plan"), max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors", editable=False
    )
    first_day = models.DateField(_("first day of the window"))
    last_day = models.DateField(_("last day of the window"))
    days = models.PositiveSmallIntegerField(_("days per batch"), default=2)
    parallel = models.PositiveSmallIntegerField(_("batches at once, at most"), default=3)
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday.choices), default=working_week, verbose_name=_("training on")
    )
    over_breaks = models.BooleanField(_("a batch may go over a weekend or a holiday"), default=False)
    evenly = models.BooleanField(_("spread over the whole window"), default=True)
    reach = models.PositiveSmallIntegerField(_("venues"), choices=Reach.choices, default=Reach.OWN)
    prayer_begin = models.TimeField(_("Friday prayer from"), null=True, blank=True, default=time(11, 30))
    prayer_end = models.TimeField(_("until"), null=True, blank=True, default=time(13))
    quota = models.PositiveIntegerField(_("seats per batch"), default=40)
    waiting_quota = models.PositiveIntegerField(_("places on the waiting list"), default=10)
    opens_on = models.DateField(_("registration opens on"))
    closes_before = models.PositiveSmallIntegerField(
        _("registration closes so many days before the training"), default=3
    )
    # Grows with each change, so that nobody puts into force what another has changed meanwhile.
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = RolloutQuerySet.as_manager()

    class Meta:
        verbose_name = _("rollout plan")
        verbose_name_plural = _("rollout plans")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "in_force", "replaced", "discarded"]),
                name="rollout_state_known",
                violation_error_message=_("A plan is a draft, in force, replaced or discarded."),
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="rollout_window_ordered",
                violation_error_message=_("The window ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(
                    days__gte=1, days__lte=MOST_DAYS, parallel__gte=1, parallel__lte=500, closes_before__lte=90
                ),
                name="rollout_numbers_in_bounds",
                violation_error_message=_(
                    "A batch lasts 1 to 10 days, 1 to 500 run at once, and registration closes at most 90 days before."
                ),
            ),
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=Weekday.values, weekdays__len__gte=1),
                name="rollout_weekdays_known",
                violation_error_message=_("Choose at least one day of the week."),
            ),
            models.CheckConstraint(
                condition=Q(prayer_begin__isnull=True, prayer_end__isnull=True)
                | Q(prayer_begin__isnull=False, prayer_end__isnull=False, prayer_begin__lt=F("prayer_end")),
                name="rollout_prayer_has_begin_and_end",
                violation_error_message=_("The Friday prayer has a beginning and a later end, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(quota__gte=1, quota__lte=10_000, waiting_quota__lte=10_000),
                name="rollout_quota_between_1_and_10000",
                violation_error_message=_("The quota is between 1 and 10,000 seats."),
            ),
            models.CheckConstraint(
                condition=Q(reach__in=[13, 8, 5]),
                name="rollout_reach_known",
                violation_error_message=_("Venues are sought in the region, its district, or its city."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programs:rollout_detail", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


class RolloutMeeting(models.Model):
    """One meeting that every batch of the plan has. Training without a topic teaches what the region asked for."""

    rollout = models.ForeignKey(Rollout, on_delete=models.CASCADE, related_name="pattern")
    day = models.PositiveSmallIntegerField(_("day of the batch"))
    begin = models.TimeField(_("from"))
    end = models.TimeField(_("to"))
    friday_begin = models.TimeField(_("on Fridays from"), null=True, blank=True)
    friday_end = models.TimeField(_("on Fridays to"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Session.Kind.choices, default=Session.Kind.TRAINING)
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("topic")
    )
    lesson_hours = models.PositiveSmallIntegerField(_("lesson hours"), default=0)

    class Meta:
        verbose_name = _("meeting of a plan")
        verbose_name_plural = _("meetings of a plan")
        ordering = ("day", "begin")
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("begin")),
                name="rollout_meeting_ends_later",
                violation_error_message=_("A session needs a beginning and a later end."),
            ),
            models.CheckConstraint(
                condition=Q(friday_begin__isnull=True, friday_end__isnull=True)
                | Q(friday_begin__isnull=False, friday_end__isnull=False, friday_end__gt=F("friday_begin")),
                name="rollout_meeting_friday_whole",
                violation_error_message=_("Hours for Fridays have a beginning and a later end, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(day__gte=1, day__lte=MOST_DAYS),
                name="rollout_meeting_day_in_batch",
                violation_error_message=_("The day lies outside of the batch."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.begin:%H:%M}-{self.end:%H:%M}"

    @property
    def is_asked(self) -> bool:
        return self.kind == Session.Kind.TRAINING and self.topic_id is None


class RolloutRow(models.Model):
    """One batch of a plan: where, about what, and what the last proposal could not find for it."""

    rollout = models.ForeignKey(Rollout, on_delete=models.CASCADE, related_name="rows")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    topics = models.ManyToManyField(Topic, blank=True, related_name="+", verbose_name=_("topics"))
    quota = models.PositiveIntegerField(_("seats"))
    # Set by hand: another proposal leaves it where it is.
    fixed = models.BooleanField(_("stays as it is"), default=False)
    reasons: Any = models.JSONField(default=list, blank=True)
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="rollout_rows", editable=False
    )
    # The sessions that the batch had when it was planned again: whoever changes them meanwhile is not overwritten.
    seen_sessions = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)

    class Meta:
        verbose_name = _("row of a plan")
        verbose_name_plural = _("rows of a plan")
        ordering = ("region__code", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["rollout", "region"],
                name="rollout_row_once_per_region",
                violation_error_message=_("This region is in the plan already."),
            ),
            models.CheckConstraint(
                condition=Q(quota__gte=1, quota__lte=10_000),
                name="rollout_row_quota_between_1_and_10000",
                violation_error_message=_("The quota is between 1 and 10,000 seats."),
            ),
        ]

    def __str__(self) -> str:
        return self.region.full_name

    @property
    def days(self) -> list[date]:
        return sorted({sitting.day for sitting in self.sittings.all()})


class RolloutSitting(models.Model):
    """One session as the plan has it; with `session` it stands for one that exists already."""

    row = models.ForeignKey(RolloutRow, on_delete=models.CASCADE, related_name="sittings")
    day = models.DateField(_("day"))
    begin = models.TimeField(_("from"))
    end = models.TimeField(_("to"))
    kind = models.CharField(_("kind"), max_length=20, choices=Session.Kind.choices, default=Session.Kind.TRAINING)
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("topic")
    )
    lesson_hours = models.PositiveSmallIntegerField(_("lesson hours"), default=0)
    instructor = models.ForeignKey(
        Instructor, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("instructor")
    )
    venue = models.ForeignKey(
        Venue, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("venue")
    )
    session = models.ForeignKey(
        Session, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("session of a plan")
        verbose_name_plural = _("sessions of a plan")
        ordering = ("day", "begin", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("begin")),
                name="rollout_sitting_ends_later",
                violation_error_message=_("A session needs a beginning and a later end."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.begin:%H:%M}"
