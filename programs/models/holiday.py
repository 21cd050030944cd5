from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import scope_q
from accounts.roles import Permission


class HolidayQuerySet(models.QuerySet["Holiday"]):
    def visible_to(self, user: User) -> "HolidayQuerySet":
        return self.filter(scope_q(user, Permission.VIEW_BATCHES, agency="agency", region=None))

    def observed(self) -> "HolidayQuerySet":
        return self.filter(observed=True)

    def between(self, first: date, last: date) -> "HolidayQuerySet":
        return self.filter(day__gte=first, day__lte=last)


class Holiday(models.Model):
    """A day on which an office does not train. The official list is a proposal; the office has the last word."""

    class Kind(models.TextChoices):
        PUBLIC = "public", _("National holiday")
        JOINT_LEAVE = "joint_leave", _("Joint leave")
        LOCAL = "local", _("Day of the office")

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="holidays", verbose_name=_("agency"))
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.LOCAL)
    observed = models.BooleanField(_("no training on this day"), default=True)
    # Feasts by the moon are computed long before they are announced.
    estimated = models.BooleanField(_("expected date"), default=False)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ("day",)
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "day"],
                name="holiday_once_a_day",
                violation_error_message=_("This day is on the list already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["public", "joint_leave", "local"]),
                name="holiday_kind_known",
                violation_error_message=_("A holiday is national, joint leave, or of the office."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
