"""The paper that people signed in the hall, held against what was marked; and who came in whose place."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import scope_q
from accounts.roles import Permission
from jobs.models import StoredFile
from participants.models.registration import Registration
from programs.models import Batch, Session


class SignedSheetQuerySet(models.QuerySet["SignedSheet"]):
    def settled(self) -> "SignedSheetQuerySet":
        return self.filter(settled_at__isnull=False)

    def visible_to(self, user: User, permission: Permission = Permission.VIEW_REGISTRATIONS) -> "SignedSheetQuerySet":
        agency, region = "session__batch__program__agency", "session__batch__region"
        return self.filter(scope_q(user, permission, agency=agency, region=region))


class SignedSheet(models.Model):
    """The attendance sheet of one session. Settled, it closes the session for marks.

    `signatures`: how many were counted on the paper; empty where there is no paper, which a note explains.
    """

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="sheet")
    signatures = models.PositiveSmallIntegerField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=250, blank=True)

    objects = SignedSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("signed sheet")
        verbose_name_plural = _("signed sheets")
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="signed_sheet_settled_by_and_at_together",
                violation_error_message=_("Who settled a sheet and when belong together."),
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(signatures__isnull=False) | ~Q(note=""),
                name="signed_sheet_without_paper_says_why",
                violation_error_message=_("Without signatures a session is settled only with a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"Sheet {self.session_id}"

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None


class SheetScan(models.Model):
    """A photo or PDF of the signed paper; a wrong one is set aside, never deleted without a trace."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="scans")
    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("scan of a sheet")
        verbose_name_plural = _("scans of sheets")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="sheet_scan_removed_by_and_at_together",
                violation_error_message=_("Who set a scan aside and when belong together."),
            )
        ]

    def __str__(self) -> str:
        return f"Scan {self.pk}"


class SheetLine(models.Model):
    """What the paper says of one person, and what was decided where the marks say otherwise."""

    class Verdict(models.TextChoices):
        PRESENT = "present", _("Counts as present")
        ABSENT = "absent", _("Counts as absent")

    sheet = models.ForeignKey(SignedSheet, on_delete=models.CASCADE, related_name="lines", db_index=False)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="sheet_lines")
    signed = models.BooleanField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    reason = models.CharField(max_length=250, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("line of a sheet")
        verbose_name_plural = _("lines of sheets")
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "registration"],
                name="sheet_line_once_per_person",
                violation_error_message=_("This person is on the sheet already."),
            ),
            models.CheckConstraint(
                condition=Q(verdict="", reason="", decided_at__isnull=True, decided_by__isnull=True)
                | Q(verdict__in=["present", "absent"], decided_at__isnull=False, decided_by__isnull=False)
                & ~Q(reason=""),
                name="sheet_line_verdict_names_who_and_why",
                violation_error_message=_("A decision on a difference names who took it, when and why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signed} {self.registration_id}"


class Replacement(models.Model):
    """Somebody who did not come, and who came in their place. `session` is the first that is asked of who came."""

    gone = models.OneToOneField(Registration, on_delete=models.PROTECT, related_name="replaced_by")
    came = models.OneToOneField(Registration, on_delete=models.PROTECT, related_name="replaces")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=250)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("replacement")
        verbose_name_plural = _("replacements")
        constraints = [
            models.CheckConstraint(
                condition=~Q(gone=F("came")),
                name="replacement_of_two_people",
                violation_error_message=_("Nobody replaces themselves."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.came_id}"


def awaiting_settlement(sessions: QuerySet[Session], now: datetime) -> QuerySet[Session]:
    """Sessions that are over, of batches that took place, whose sheet nobody has settled."""
    over = sessions.filter(cancelled=False, during__endswith__lt=now)
    took_place = over.filter(batch__state__in=[Batch.State.PUBLISHED, Batch.State.FINISHED])
    return took_place.filter(Q(sheet__isnull=True) | Q(sheet__settled_at__isnull=True))
