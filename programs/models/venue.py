from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import scope_q
from accounts.roles import Permission
from programs.models.instructor import Weekday, weekday_words, weekdays_field
from regions.models import Region


class VenueQuerySet(models.QuerySet["Venue"]):
    def visible_to(self, user: User, permission: Permission = Permission.MANAGE_RESOURCES) -> "VenueQuerySet":
        return self.filter(scope_q(user, permission, agency="agency", region=None))

    def in_use(self) -> "VenueQuerySet":
        return self.filter(active=True)


class Venue(models.Model):
    """A place where a batch can meet, on the days and in the hours when it is open."""

    class Facility(models.TextChoices):
        PROJECTOR = "projector", _("Projector")
        SOUND = "sound", _("Sound system")
        KITCHEN = "kitchen", _("Kitchen")
        MACHINES = "machines", _("Machines or workshop")
        INTERNET = "internet", _("Internet")
        STEP_FREE = "step_free", _("Reached without steps")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="venues", verbose_name=_("agency"))
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    name = models.CharField(max_length=150, verbose_name=_("name"))
    address = models.CharField(max_length=250, blank=True, verbose_name=_("address"))
    capacity = models.PositiveSmallIntegerField(null=True, blank=True, verbose_name=_("capacity"))
    weekdays = weekdays_field(_("open on"))
    opens_at = models.TimeField(null=True, blank=True, verbose_name=_("opens at"))
    closes_at = models.TimeField(null=True, blank=True, verbose_name=_("closes at"))
    facilities = ArrayField(
        models.CharField(max_length=12, choices=Facility.choices), default=list, blank=True, verbose_name=_("it has")
    )
    contact_name = models.CharField(max_length=100, blank=True, verbose_name=_("whom to ask"))
    contact_phone = models.CharField(max_length=16, blank=True, verbose_name=_("telephone"))
    active = models.BooleanField(default=True, verbose_name=_("in use"))

    objects = VenueQuerySet.as_manager()

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "region", "name"],
                name="venue_name_once_per_region",
                violation_error_message=_("A venue of this name exists already in that region."),
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True, closes_at__isnull=True)
                | Q(opens_at__isnull=False, closes_at__isnull=False, opens_at__lt=F("closes_at")),
                name="venue_closes_after_opening",
                violation_error_message=_("A venue closes after it opens; both hours are given, or none."),
            ),
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=Weekday.values),
                name="venue_weekdays_known",
                violation_error_message=_("A week has seven days, from Monday to Sunday."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programs:venue_detail", args=[self.pk])

    @property
    def shown_weekdays(self) -> str:
        return weekday_words(self.weekdays)

    def is_open(self, begin: datetime, end: datetime, zone: ZoneInfo) -> bool:
        """By weekday and hours of the office's clock; closures are rows of their own."""
        begins, ends = begin.astimezone(zone), end.astimezone(zone)
        if begins.date() != ends.date() or begins.weekday() not in self.weekdays:
            return False
        if self.opens_at is None or self.closes_at is None:
            return True
        return self.opens_at <= begins.time() and ends.time() <= self.closes_at


class VenueClosure(models.Model):
    """Days on which a venue cannot be used."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="closures")
    days = DateRangeField(_("days"))
    reason = models.CharField(_("reason"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("closure of a venue")
        verbose_name_plural = _("closures of venues")
        ordering = ("days",)
        constraints = [
            models.CheckConstraint(
                condition=Q(days__isempty=False, days__lower_inf=False, days__upper_inf=False),
                name="closure_has_first_and_last_day",
                violation_error_message=_("A closure has a first day, and a last day that is not before it."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.days.lower} – {self.last_day}"

    @property
    def last_day(self) -> date:
        last: date = self.days.upper - timedelta(days=1)
        return last
