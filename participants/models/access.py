import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kit.crypto import keyed_hash, keyed_number
from participants import rules
from participants.models.registration import Registration


def initial_pin(submission_key: uuid.UUID) -> str:
    """The PIN of a new entry: computed from the form's own key, so a double tap shows the same one, and never kept."""
    return keyed_number("initial pin", str(submission_key), digits=rules.PIN_DIGITS)


def hash_pin(code: str, pin: str) -> str:
    return keyed_hash("pin", f"{code}:{pin}")


class AccessCodeQuerySet(models.QuerySet["AccessCode"]):
    def usable(self, now: datetime) -> "AccessCodeQuerySet":
        fresh = self.filter(used_at__isnull=True, expires_at__gt=now)
        allowed = AccessCode.FAILURES_ALLOWED
        sent = Q(kind=AccessCode.Kind.RECOVERY, failures__lt=allowed[AccessCode.Kind.RECOVERY])
        return fresh.filter(sent | Q(kind=AccessCode.Kind.CLAIM, failures__lt=allowed[AccessCode.Kind.CLAIM]))

    def for_own_page(self, now: datetime) -> "AccessCodeQuerySet":
        """What opens the page of a person; it makes no new PIN."""
        kind = AccessCode.Kind.OWN_PAGE
        fresh = self.filter(kind=kind, used_at__isnull=True, expires_at__gt=now)
        return fresh.filter(failures__lt=AccessCode.FAILURES_ALLOWED[kind])


class AccessCode(models.Model):
    """A one-time way back to a registration: sent to the contact on file, or printed by the office."""

    class Kind(models.TextChoices):
        RECOVERY = "recovery", _("Sent by message")
        CLAIM = "claim", _("Printed by the office")
        OWN_PAGE = "own_page", _("Sent by message, for the own page")

    FAILURES_ALLOWED: ClassVar[dict[str, int]] = {Kind.RECOVERY: 5, Kind.CLAIM: 50, Kind.OWN_PAGE: 5}

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="access_codes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    code_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = AccessCodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="claim") | Q(issued_by__isnull=False),
                name="access_code_claim_names_issuer",
                violation_error_message=_("A printed code names who issued it."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")),
                name="access_code_expires_after_it_is_made",
                violation_error_message=_("A code needs time to be used."),
            ),
        ]

    def __str__(self) -> str:
        return f"AccessCode {self.pk}"
