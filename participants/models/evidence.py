from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jobs.models import StoredFile
from kit.crypto import EncryptedTextField
from participants.models.registration import Registration
from participants.models.states import ACTIVE_SEATS

KEPT = Q(deleted_at__isnull=True)


class EvidenceKind(models.TextChoices):
    """Which document; the names are those of the columns by which a programme asks for it."""

    IDENTITY_CARD = "identity_card", _("identity card (KTP)")
    DOMICILE_LETTER = "domicile_letter", _("letter of domicile")
    TARGET_GROUP_LETTER = "target_group_letter", _("proof of the target group")


class EvidenceFileQuerySet(models.QuerySet["EvidenceFile"]):
    def kept(self) -> "EvidenceFileQuerySet":
        return self.filter(KEPT)

    def space_used(self) -> int:
        """Bytes on the disk."""
        total: int = self.kept().aggregate(total=Coalesce(Sum("stored__size"), 0))["total"]
        return total

    def due(self, now: datetime) -> "EvidenceFileQuerySet":
        """What nobody needs any more: verified, ended some time ago, or older than anything may become."""
        ended = Greatest(
            "registration__withdrawn_at", "registration__checked_at", "registration__batch__cancelled_at", "uploaded_at"
        )
        late = now - timedelta(days=settings.EVIDENCE["days_after_end"])
        over = now - timedelta(days=settings.EVIDENCE["days_at_most"])
        rows = self.kept().annotate(ended=ended)
        is_active = Q(registration__seat__in=ACTIVE_SEATS)
        return rows.filter(
            Q(registration__check_state="verified") | Q(~is_active, ended__lt=late) | Q(uploaded_at__lt=over)
        )


class EvidenceFile(models.Model):
    """A photo of a document. Its bytes are encrypted under a key of its own, which goes with the row's deletion.

    What stays of a deleted one: that it was there, who looked at it, and why it went.
    """

    class Reason(models.TextChoices):
        REPLACED = "replaced", _("Replaced by another photo")
        TAKEN_BACK = "taken_back", _("Taken back")
        ASKED_AGAIN = "asked_again", _("A better photo was asked")
        VERIFIED = "verified", _("The entry was verified")
        ENDED = "ended", _("The registration ended")
        TOO_OLD = "too_old", _("Kept as long as allowed")

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=20, choices=EvidenceKind.choices)
    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    key = EncryptedTextField(null=True)
    uploaded_at = models.DateTimeField(_("sent at"))
    uploaded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    seen_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)
    deleted_reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)

    objects = EvidenceFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo of a document")
        verbose_name_plural = _("photos of documents")
        ordering = ("pk",)
        indexes = [models.Index("uploaded_at", condition=KEPT, name="evidence_kept_since")]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "kind"],
                condition=KEPT,
                name="evidence_one_photo_per_kind",
                violation_error_message=_("There is a photo of this document already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=EvidenceKind.values),
                name="evidence_kind_known",
                violation_error_message=_("This kind of document does not exist."),
            ),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True, deleted_reason="", stored__isnull=False, key__isnull=False)
                | Q(deleted_at__isnull=False, stored__isnull=True, key__isnull=True) & ~Q(deleted_reason=""),
                name="evidence_is_kept_or_gone",
                violation_error_message=_("A photo is kept with its key, or gone with a reason."),
            ),
            models.CheckConstraint(
                condition=Q(
                    deleted_reason__in=["", "replaced", "taken_back", "asked_again", "verified", "ended", "too_old"]
                ),
                name="evidence_reason_known",
                violation_error_message=_("This reason for deleting a photo does not exist."),
            ),
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True, seen_by__isnull=True)
                | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="evidence_look_names_who_and_when",
                violation_error_message=_("A look at a photo names who looked and when."),
            ),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | Q(deleted_at__gte=F("uploaded_at")),
                name="evidence_deleted_after_it_was_sent",
                violation_error_message=_("A photo is deleted after it was sent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.registration_id}"

    @property
    def context(self) -> str:
        """What the bytes are bound to."""
        return f"evidence {self.registration_id} {self.kind}"
