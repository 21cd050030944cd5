"""What the door remembers: failed attempts."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ThrottleKind(models.TextChoices):
    LOGIN = "login", _("user name or e-mail")
    ADDRESS = "address", _("network address")


class SignInThrottle(models.Model):
    """Failed attempts per typed name and per address, in the database: a cache that is down opens no door.

    The typed name is kept as a keyed hash only, whether or not such an account exists.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=ThrottleKind)
    key = models.CharField(_("key"), max_length=64)
    label = models.CharField(_("who"), max_length=60, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    lockouts = models.PositiveIntegerField(_("lock-outs"), default=0)
    last_attempt_at = models.DateTimeField(_("last attempt"), default=timezone.now)
    locked_until = models.DateTimeField(_("locked until"), null=True, blank=True)

    class Meta:
        verbose_name = _("sign-in lock")
        verbose_name_plural = _("sign-in locks")
        ordering = ["-last_attempt_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                name="accounts_sign_in_throttle_unique",
                violation_error_message=_("This name or address is already counted."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.label}"
