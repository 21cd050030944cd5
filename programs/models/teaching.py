import secrets
from datetime import datetime

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kit.crypto import keyed_hash
from programs.models.batch import Batch
from programs.models.instructor import Instructor
from programs.models.session import Session

INVITATION_PURPOSE = "teaching link"


class TeachingInvitationQuerySet(models.QuerySet["TeachingInvitation"]):
    def open(self) -> "TeachingInvitationQuerySet":
        return self.filter(state=TeachingInvitation.State.OPEN)

    def by_token(self, token: str) -> "TeachingInvitation | None":
        parts = ("instructor", "batch__program__agency", "batch__region")
        found = self.filter(token_hash=keyed_hash(INVITATION_PURPOSE, token))
        return found.select_related(*parts).first()


class TeachingInvitation(models.Model):
    """Asks an instructor to teach these sessions of a batch. Its link answers without an account."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Taken back")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="teaching_invitations")
    instructor = models.ForeignKey(Instructor, on_delete=models.PROTECT, related_name="invitations")
    sessions = models.ManyToManyField(Session, through="InvitedSession", related_name="invitations")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_at = models.DateTimeField(_("invited at"))
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    expires_at = models.DateTimeField(_("answer until"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = TeachingInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to teach")
        verbose_name_plural = _("invitations to teach")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "instructor"],
                condition=Q(state__in=["open", "accepted"]),
                name="teaching_invitation_once",
                violation_error_message=_("This instructor is invited to this batch already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "declined", "withdrawn"]),
                name="teaching_invitation_state_known",
                violation_error_message=_("An invitation is open, accepted, declined or taken back."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("invited_at")),
                name="teaching_invitation_needs_time",
                violation_error_message=_("An invitation needs time to be answered."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True) | (~Q(state="open") & Q(answered_at__isnull=False)),
                name="teaching_invitation_ended_has_time",
                violation_error_message=_("An answered invitation has the time of its answer."),
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation {self.pk}"

    def is_open_at(self, now: datetime) -> bool:
        return self.state == self.State.OPEN and now < self.expires_at

    @staticmethod
    def new_token() -> str:
        return secrets.token_urlsafe(18)


class InvitedSession(models.Model):
    """One session of an invitation, with the time for which was asked: an answer for another time is none."""

    invitation = models.ForeignKey(TeachingInvitation, on_delete=models.CASCADE, related_name="asked")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="asked")
    during = DateTimeRangeField(_("time"))

    class Meta:
        verbose_name = _("session of an invitation")
        verbose_name_plural = _("sessions of an invitation")
        ordering = ("during",)
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "session"],
                name="invited_session_once",
                violation_error_message=_("The session stands in this invitation already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.session_id}"
