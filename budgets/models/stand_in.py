from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import scope_q
from accounts.roles import Permission


class StandInQuerySet(models.QuerySet["StandIn"]):
    def visible_to(self, user: User) -> "StandInQuerySet":
        return self.filter(scope_q(user, Permission.VIEW_BUDGETS, agency="agency", region=None))

    def in_force(self, day: date) -> "StandInQuerySet":
        return self.filter(ended_at__isnull=True, valid_from__lte=day, valid_to__gte=day)


class StandIn(models.Model):
    """Who approves or pays instead of somebody, from a first day to a last day of the office's calendar."""

    class Duty(models.TextChoices):
        APPROVE = Permission.APPROVE_PAYMENTS.value, _("approve payments")
        RECORD = Permission.RECORD_PAYMENTS.value, _("record payments")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency"))
    duty = models.CharField(_("what for"), max_length=20, choices=Duty.choices)
    absent = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("instead of"))
    substitute = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("stand-in"))
    valid_from = models.DateField(_("first day"))
    valid_to = models.DateField(_("last day"))
    document = models.CharField(_("number of the letter"), max_length=120)
    created_at = models.DateTimeField(_("entered at"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    objects = StandInQuerySet.as_manager()

    class Meta:
        verbose_name = _("stand-in")
        verbose_name_plural = _("stand-ins")
        ordering = ("-valid_from", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=~Q(absent=F("substitute")),
                name="stand_in_somebody_else",
                violation_error_message=_("A stand-in is somebody else."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__lte=F("valid_to")),
                name="stand_in_days_in_order",
                violation_error_message=_("The last day is before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.substitute} ({self.valid_from:%Y-%m-%d} - {self.valid_to:%Y-%m-%d})"
