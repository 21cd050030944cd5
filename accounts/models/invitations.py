"""Invitations: how somebody who was given an account comes to a password of their own."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.agencies import Agency
from accounts.models.people import User
from kit.crypto import keyed_hash
from kit.digits import without_separators


def token_hash(token: str) -> str:
    return keyed_hash("accounts.invitation.link", token)


def code_hash(user: User, code: str) -> str:
    """Typed with or without its hyphens, in small or capital letters."""
    return keyed_hash("accounts.invitation.code", f"{user.pk}:{without_separators(code).lower()}")


class Way(models.TextChoices):
    LINK = "link", _("link by e-mail")
    LETTER = "letter", _("letter with a code")


class InvitationState(models.TextChoices):
    TO_PRINT = "to_print", _("letter not printed yet")
    OPEN = "open", _("waiting")
    EXPIRED = "expired", _("expired")
    ACCEPTED = "accepted", _("accepted")
    ENDED = "ended", _("taken back")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Neither accepted nor taken back; it may have expired."""
        return self.filter(accepted_at__isnull=True, ended_at__isnull=True)

    def usable(self) -> Self:
        return self.open().filter(expires_at__gt=timezone.now(), user__is_active=True)


class Invitation(models.Model):
    """The account exists already, without a password. The secret is kept as a hash: lost, it is made anew."""

    user = models.ForeignKey(User, models.CASCADE, related_name="invitations", verbose_name=_("user"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("agency"))
    way = models.CharField(_("way"), max_length=10, choices=Way)
    secret_hash = models.CharField(_("secret"), max_length=64, blank=True, db_index=True)
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("invited by")
    )
    created_at = models.DateTimeField(_("invited"), default=timezone.now)
    expires_at = models.DateTimeField(_("good until"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    ended_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(accepted_at__isnull=True, ended_at__isnull=True),
                name="accounts_invitation_one_open",
                violation_error_message=_("This person is invited already."),
            ),
            models.CheckConstraint(
                condition=Q(way__in=Way.values),
                name="accounts_invitation_way_known",
                violation_error_message=_("An invitation goes by e-mail or by letter."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(ended_at__isnull=True),
                name="accounts_invitation_one_end",
                violation_error_message=_("An accepted invitation is not taken back."),
            ),
            models.CheckConstraint(
                condition=Q(secret_hash="", expires_at__isnull=True)
                | (~Q(secret_hash="") & Q(expires_at__isnull=False)),
                name="accounts_invitation_secret_expires",
                violation_error_message=_("A code or link is good for a limited time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.way}"

    @property
    def state(self) -> InvitationState:
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.ended_at:
            return InvitationState.ENDED
        if self.expires_at is None:
            return InvitationState.TO_PRINT
        return InvitationState.OPEN if self.expires_at > timezone.now() else InvitationState.EXPIRED

    @property
    def is_letter(self) -> bool:
        return self.way == Way.LETTER

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.ended_at is None
