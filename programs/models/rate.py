from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import scope_q
from accounts.roles import Permission


class PaidRole(models.TextChoices):
    """As what somebody is paid; the names are those of the official lists."""

    INSTRUCTOR = "instructor", _("Instructor")
    RESOURCE_PERSON = "resource_person", _("Resource person (narasumber)")
    MODERATOR = "moderator", _("Moderator")
    HOST = "host", _("Master of ceremonies")
    COMMITTEE = "committee", _("Committee")


class Grade(models.TextChoices):
    """Ranks by which the official lists tell amounts apart."""

    ANY = "any", _("Everybody")
    MINISTER = "minister", _("Minister or equal")
    ECHELON_1 = "echelon_1", _("Echelon I, head of a region or equal")
    ECHELON_2 = "echelon_2", _("Echelon II or equal")
    ECHELON_3 = "echelon_3", _("Echelon III and below, or equal")
    PRACTITIONER = "practitioner", _("Practitioner or skilled worker")


class PaidUnit(models.TextChoices):
    LESSON_HOUR = "lesson_hour", _("Lesson hour (JP)")
    PERSON_HOUR = "person_hour", _("Person-hour (OJ)")
    OCCASION = "occasion", _("Occasion")


class HonorariumRateQuerySet(models.QuerySet["HonorariumRate"]):
    def visible_to(self, user: User, permission: Permission = Permission.MANAGE_RESOURCES) -> "HonorariumRateQuerySet":
        return self.filter(scope_q(user, permission, agency="agency", region=None))

    def in_force(self, day: date) -> "HonorariumRateQuerySet":
        return self.filter(valid__contains=day)


class HonorariumRate(models.Model):
    """What one unit of work is paid at most (the state's ceiling) and here (the local standard), and by what law.

    The same hour has 45 minutes as a lesson hour and 60 as a person-hour (domain.md 8.5), so the unit says which.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency"))
    role = models.CharField(_("paid as"), max_length=20, choices=PaidRole.choices, default=PaidRole.INSTRUCTOR)
    grade = models.CharField(_("rank"), max_length=20, choices=Grade.choices, default=Grade.ANY)
    unit = models.CharField(_("unit"), max_length=20, choices=PaidUnit.choices, default=PaidUnit.LESSON_HOUR)
    minutes_per_unit = models.PositiveSmallIntegerField(_("minutes of one unit"), null=True, blank=True)
    valid = DateRangeField(_("valid"))
    legal_basis = models.CharField(_("legal basis"), max_length=200)
    max_amount = models.PositiveBigIntegerField(_("ceiling"))
    local_amount = models.PositiveBigIntegerField(_("amount here"))

    objects = HonorariumRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("honorarium rate")
        verbose_name_plural = _("honorarium rates")
        ordering = ("role", "grade", "valid")
        constraints = [
            ExclusionConstraint(
                name="rate_one_at_a_time",
                expressions=[
                    ("agency", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("grade", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Another rate for this role and rank is valid on some of these days."),
            ),
            models.CheckConstraint(
                condition=Q(valid__isempty=False, valid__lower_inf=False),
                name="rate_has_first_day",
                violation_error_message=_("A rate has a first day, and a last day that is not before it."),
            ),
            models.CheckConstraint(
                condition=Q(local_amount__gte=1, local_amount__lte=F("max_amount"), max_amount__lte=1_000_000_000),
                name="rate_within_ceiling",
                violation_error_message=_("The amount here is at least Rp1 and cannot exceed the ceiling."),
            ),
            models.CheckConstraint(
                condition=Q(unit="occasion", minutes_per_unit__isnull=True)
                | Q(
                    unit="lesson_hour",
                    minutes_per_unit__isnull=False,
                    minutes_per_unit__gte=30,
                    minutes_per_unit__lte=60,
                )
                | Q(unit="person_hour", minutes_per_unit__isnull=False, minutes_per_unit=60),
                name="rate_minutes_fit_unit",
                violation_error_message=_(
                    "A lesson hour has 30 to 60 minutes (usually 45), a person-hour 60, an occasion none."
                ),
            ),
            models.CheckConstraint(
                condition=Q(role__in=PaidRole.values, grade__in=Grade.values),
                name="rate_role_and_grade_known",
                violation_error_message=_("This role or rank does not exist."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.get_grade_display()}"

    @property
    def first_day(self) -> date:
        first: date = self.valid.lower
        return first

    @property
    def last_day(self) -> date | None:
        """The last day on which it is valid; PostgreSQL keeps the day after."""
        after: date | None = self.valid.upper
        return None if after is None else date.fromordinal(after.toordinal() - 1)
