from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from participants.models.consent_text import ConsentPurpose
from participants.models.evidence import EvidenceKind
from participants.models.registration import Registration


class RegistrationEvent(models.Model):
    """One line of the log that the resident and the office read: what happened to an entry and why."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", _("Registered")
        QUEUED = "queued", _("Put on the waiting list")
        ENTERED = "entered", _("Entered for the selection")
        SELECTED = "selected", _("Chosen for a seat")
        PLACED = "placed", _("Put on the waiting list by the selection")
        NOT_SELECTED = "not_selected", _("No seat by the selection")
        OFFERED = "offered", _("Seat offered")
        ACCEPTED = "accepted", _("Offer accepted")
        DECLINED = "declined", _("Offer declined")
        EXPIRED = "expired", _("Offer expired")
        OFFER_WITHDRAWN = "offer_withdrawn", _("Offer taken back")
        CORRECTED = "corrected", _("Entry corrected")
        FIX_REQUESTED = "fix_requested", _("Correction asked")
        VERIFIED = "verified", _("Verified")
        REJECTED = "rejected", _("Rejected")
        DECISION_UNDONE = "decision_undone", _("Decision undone")
        CANCELLED = "cancelled", _("Cancelled")
        REPLACED = "replaced", _("Seat passed on, for not coming")
        STEPPED_IN = "stepped_in", _("Seat of somebody who did not come")
        MOVED = "moved", _("Moved to another batch")
        RESCHEDULED = "rescheduled", _("New schedule")
        BATCH_CANCELLED = "batch_cancelled", _("Batch cancelled")
        BATCH_FINISHED = "batch_finished", _("Training over, without a seat")
        LINKED = "linked", _("Identity settled")
        PIN_CHANGED = "pin_changed", _("New PIN")
        EVIDENCE_SENT = "evidence_sent", _("Photo of a document sent")
        EVIDENCE_REMOVED = "evidence_removed", _("Photo of a document deleted")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    by_office = models.BooleanField(default=False)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.kind} {self.registration_id}"

    @property
    def document_label(self) -> str:
        kind = self.data.get("document")
        return str(EvidenceKind(kind).label) if kind in EvidenceKind.values else ""


class Consent(models.Model):
    """What a resident was told or allowed, word for word by version, and who witnessed it when it was on paper."""

    Purpose = ConsentPurpose

    class Channel(models.TextChoices):
        ONLINE = "online", _("Online")
        PAPER = "paper", _("On paper, witnessed by an officer")

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20, choices=ConsentPurpose.choices)
    given = models.BooleanField()
    text_version = models.CharField(max_length=20)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    at = models.DateTimeField()
    witnessed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "purpose"],
                name="consent_once_per_purpose",
                violation_error_message=_("This consent is recorded already."),
            ),
            models.CheckConstraint(
                condition=~Q(channel="paper") | Q(witnessed_by__isnull=False),
                name="consent_on_paper_names_witness",
                violation_error_message=_("A consent on paper names its witness."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | (Q(given=True) & ~Q(purpose="notice")),
                name="consent_withdrawn_was_given",
                violation_error_message=_("Only a consent that was given can be withdrawn."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.registration_id}"

    @property
    def in_force(self) -> bool:
        return self.given and self.withdrawn_at is None


class DuplicateReviewQuerySet(models.QuerySet["DuplicateReview"]):
    def same(self) -> "DuplicateReviewQuerySet":
        return self.filter(decision=DuplicateReview.Decision.SAME)

    def about(self, registration: Registration) -> "DuplicateReviewQuerySet":
        return self.filter(Q(first=registration) | Q(second=registration))


class DuplicateReview(models.Model):
    """A person looked at two similar entries and decided; the finder does not ask again."""

    class Decision(models.TextChoices):
        DIFFERENT = "different", _("Two different people")
        SAME = "same", _("The same person")

    first = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="+")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = DuplicateReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                name="duplicate_review_once_per_pair",
                violation_error_message=_("This pair has been decided already."),
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="duplicate_review_pair_in_order",
                violation_error_message=_("A pair is kept in the order of its entries."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}/{self.second_id}: {self.decision}"
