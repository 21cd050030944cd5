"""What the door remembers: failed attempts, and where people are signed in."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User


class ThrottleKind(models.TextChoices):
    LOGIN = "login", _("user name or e-mail")
    ADDRESS = "address", _("network address")
    FACTOR = "factor", _("second step")


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


class DeviceQuerySet(models.QuerySet["Device"]):
    def live(self) -> Self:
        """Where somebody is signed in now: neither ended nor idle for too long."""
        now = timezone.now()
        sessions = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
        return self.filter(
            Exists(sessions),
            last_seen_at__gte=now - dt.timedelta(seconds=settings.STAFF_IDLE_SECONDS),
            started_at__gte=now - dt.timedelta(seconds=settings.SESSION_COOKIE_AGE),
        )


class Device(models.Model):
    """A browser in which somebody is signed in. It tells the kind of browser, never an address."""

    user = models.ForeignKey(User, models.CASCADE, related_name="devices", verbose_name=_("user"))
    # Stays when the key of the session changes, as it does with a new password.
    key = models.UUIDField(_("key"))
    session_key = models.CharField(_("session"), max_length=40, db_index=True)
    browser = models.CharField(_("browser"), max_length=60, blank=True)
    started_at = models.DateTimeField(_("signed in"))
    last_seen_at = models.DateTimeField(_("last seen"), default=timezone.now)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        ordering = ["-last_seen_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                name="accounts_device_key_unique",
                violation_error_message=_("This device is already listed."),
            )
        ]

    def __str__(self) -> str:
        return self.browser
