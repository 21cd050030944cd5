"""What one juror gives one entry."""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import scope_q
from accounts.roles import Permission
from incentives.models.competition import Competition, Criterion, Edition
from incentives.models.entry import Entry
from incentives.models.juror import Juror
from kit.crypto import EncryptedTextField


class ScoreSheetQuerySet(models.QuerySet["ScoreSheet"]):
    def visible_to(self, user: User) -> "ScoreSheetQuerySet":
        """Scores are for those who may see them, and for them too only when no sheet can change any more."""
        return self.filter(
            scope_q(user, Permission.VIEW_SCORES, agency="competition__program__agency", region=None),
            competition__locked_at__isnull=False,
        )

    def counting(self) -> "ScoreSheetQuerySet":
        return self.filter(state=ScoreSheet.State.SUBMITTED, entry__is_training=False)

    def missing(self) -> "ScoreSheetQuerySet":
        return self.filter(state__in=ScoreSheet.OPEN)


class ScoreSheet(models.Model):
    """A juror's sheet for an entry. PostgreSQL refuses to change its scores while it is submitted or locked."""

    class State(models.TextChoices):
        ASSIGNED = "assigned", _("Not begun")
        DRAFT = "draft", _("Begun")
        SUBMITTED = "submitted", _("Submitted")
        RECUSED = "recused", _("Does not judge: conflict")
        ABSTAINED = "abstained", _("Abstains")

    OPEN = (State.ASSIGNED, State.DRAFT)
    # Closed without a score.
    OUT = (State.RECUSED, State.ABSTAINED)

    competition = models.ForeignKey(Competition, models.PROTECT, related_name="sheets")
    juror = models.ForeignKey(Juror, models.PROTECT, related_name="sheets")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="sheets")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASSIGNED)
    # Goes up with each save; a device that saves over a number it has not seen is told.
    revision = models.PositiveIntegerField(default=0)
    device = models.CharField(max_length=36, blank=True)
    note = EncryptedTextField(null=True)
    saved_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("score sheet")
        verbose_name_plural = _("score sheets")
        ordering = ("pk",)
        indexes = [models.Index(fields=["competition", "state"], name="score_sheet_of_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["juror", "entry"],
                name="score_sheet_once",
                violation_error_message=_("This juror has a sheet for this entry already."),
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(submitted_at__isnull=False),
                name="score_sheet_submitted_has_time",
                violation_error_message=_("A submitted sheet has a time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.juror_id} x {self.entry_id}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class Score(models.Model):
    """One criterion of one sheet. A missing score is no row, and never zero."""

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    value: "models.DecimalField[Decimal, Decimal]" = models.DecimalField(_("score"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ("criterion__position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "criterion"],
                name="score_once",
                violation_error_message=_("This criterion is scored already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}: {self.value}"


class SheetEvent(models.Model):
    """What happened to a sheet, with its scores as they were then. Nothing of it is changed or deleted."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        CORRECTED = "corrected", _("corrected")
        REOPENED = "reopened", _("opened again")
        RECUSED = "recused", _("conflict declared")
        ABSTAINED = "abstained", _("abstained")

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # {"criterion code": "80.00"}; empty where nothing was scored.
    scores = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    juror = models.ForeignKey(Juror, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # The device's own number of this deed: sent twice it is done once.
    client_id = models.UUIDField(default=uuid.uuid4, unique=True, error_messages={"unique": _("Sent already.")})

    class Meta:
        verbose_name = _("event of a sheet")
        verbose_name_plural = _("events of sheets")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(juror__isnull=False, user__isnull=True) | Q(juror__isnull=True, user__isnull=False),
                name="sheet_event_by_somebody",
                violation_error_message=_("Either a juror or an officer did it."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["corrected", "reopened"]) | ~Q(reason=""),
                name="sheet_event_correction_has_reason",
                violation_error_message=_("A correction has a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}: {self.kind}"
