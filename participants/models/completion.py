from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import scope_q
from accounts.roles import Permission
from participants.models.registration import Registration
from programs.models import Session


class CompletionQuerySet(models.QuerySet["Completion"]):
    def visible_to(self, user: User, permission: Permission = Permission.VIEW_REGISTRATIONS) -> "CompletionQuerySet":
        agency, region = "registration__batch__program__agency", "registration__batch__region"
        return self.filter(scope_q(user, permission, agency=agency, region=region))


class Completion(models.Model):
    """How much of a training somebody took part in, by the programme's rule. Computed, never typed.

    `share` is in percent of lesson hours (of sessions where none has lesson hours). `counts_from` is the first session
    that is asked of somebody who came in another's place. `test_passed` is empty where there is no test.
    """

    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="completion")
    counts_from = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sessions_planned = models.PositiveSmallIntegerField(default=0)
    sessions_attended = models.PositiveSmallIntegerField(default=0)
    lesson_hours_planned = models.PositiveSmallIntegerField(default=0)
    lesson_hours_attended = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    share = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    attended_enough = models.BooleanField(default=False)
    test_passed = models.BooleanField(null=True, blank=True)
    computed_at = models.DateTimeField()

    objects = CompletionQuerySet.as_manager()

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    sessions_attended__lte=F("sessions_planned"),
                    lesson_hours_attended__gte=0,
                    lesson_hours_attended__lte=F("lesson_hours_planned"),
                    share__gte=0,
                    share__lte=100,
                ),
                name="completion_within_what_was_planned",
                violation_error_message=_("Nobody attends more than was planned."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.share} % {self.registration_id}"
