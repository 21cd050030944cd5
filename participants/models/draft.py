import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Func, IntegerField, Q
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from kit.crypto import UndecryptableError, decrypt_bound, encrypt_bound, keyed_hash
from programs.models import Batch

KEPT_FOR = timedelta(days=7)
PAYLOAD_MAX = 8192
CONTEXT = "participants_registrationdraft.payload"


def hash_device(secret: str) -> str:
    """By which a device's drafts are found; the secret itself lives in the device's cookie only."""
    return keyed_hash("draft device", secret)


def seal_draft(values: Mapping[str, str], secret: str) -> bytes:
    return encrypt_bound(json.dumps(dict(values), separators=(",", ":")), context=CONTEXT, secret=secret)


class RegistrationDraftQuerySet(models.QuerySet["RegistrationDraft"]):
    def of_device(self, secret: str) -> "RegistrationDraftQuerySet":
        return self.filter(device_hash=hash_device(secret))

    def in_time(self, now: datetime) -> "RegistrationDraftQuerySet":
        return self.filter(expires_at__gt=now)


class RegistrationDraft(models.Model):
    """A form that a visitor has not sent yet: readable only with the secret of the device on which it was typed."""

    device_hash = models.CharField(max_length=64, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="drafts")
    payload = models.BinaryField(editable=False)
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    objects = RegistrationDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device_hash", "batch"],
                name="draft_once_per_device_and_batch",
                violation_error_message=_("This device keeps one draft of each form."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("updated_at"), expires_at__lte=F("updated_at") + KEPT_FOR),
                name="draft_gone_after_seven_days",
                violation_error_message=_("A draft is kept for seven days at most."),
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(
                    Func(F("payload"), function="octet_length", output_field=IntegerField()), PAYLOAD_MAX
                ),
                name="draft_is_small",
                violation_error_message=_("This draft is too long to be kept."),
            ),
        ]

    def __str__(self) -> str:
        return f"RegistrationDraft {self.pk}"

    def opened(self, secret: str) -> dict[str, str]:
        """What was typed; nothing when it was sealed for another device, or under a key that is gone."""
        try:
            values = json.loads(decrypt_bound(bytes(self.payload), context=CONTEXT, secret=secret))
        except UndecryptableError:
            return {}
        return {str(name): str(value) for name, value in values.items()}
