"""What follows the payment of an award: whether the money came, how it was used, and when the file is closed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.permissions import scope_q
from accounts.roles import Permission
from incentives.models.competition import Competition
from incentives.models.result import Award
from jobs.models import StoredFile
from kit.crypto import EncryptedTextField

OFFICE = "award__competition__program__agency"


class SampleDraw(models.Model):
    """Of these paid awards so many were asked: who, anybody recomputes from the seed. Never changed."""

    competition = models.ForeignKey(Competition, models.PROTECT, related_name="sample_draws")
    awards = ArrayField(models.BigIntegerField())
    percent = models.PositiveSmallIntegerField(_("share in per cent"))
    seed = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("drawing of a sample")
        verbose_name_plural = _("drawings of samples")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__lte=100),
                name="sample_draw_share_in_hundred",
                violation_error_message=_("A share is at most 100 per cent."),
            ),
            models.CheckConstraint(
                condition=Q(awards__len__gt=0) & ~Q(seed=""),
                name="sample_draw_has_seed",
                violation_error_message=_("A sample is drawn out of something, and from a seed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competition_id}: {self.pk}"


class ReceiptCheckQuerySet(models.QuerySet["ReceiptCheck"]):
    def visible_to(self, user: User, permission: Permission = Permission.VIEW_COMPETITIONS) -> "ReceiptCheckQuerySet":
        return self.filter(scope_q(user, permission, agency=OFFICE, region=None))

    def standing(self) -> "ReceiptCheckQuerySet":
        """The latest question about an award that was not taken back."""
        return self.filter(replaced_at__isnull=True, award__ended_at__isnull=True)

    def unanswered(self) -> "ReceiptCheckQuerySet":
        return self.standing().filter(answer="", settled_at__isnull=True)

    def to_settle(self) -> "ReceiptCheckQuerySet":
        """Not all of it came, and the office has not said what became of it."""
        return self.standing().filter(answer__in=["other", "none"], settled_at__isnull=True)


class ReceiptCheck(models.Model):
    """Did the money arrive? Asked of a winner, answered by the winner or noted by who telephoned."""

    class Answer(models.TextChoices):
        ALL = "all", _("All of it came")
        OTHER = "other", _("Another amount came")
        NONE = "none", _("Nothing came")

    class Way(models.TextChoices):
        PAGE = "page", _("by the winner")
        PHONE = "phone", _("by telephone")

    class Outcome(models.TextChoices):
        ARRIVED = "arrived", _("The money came meanwhile")
        EXPLAINED = "explained", _("The difference is explained")
        RETURNED = "returned", _("The bank sent it back: it is paid again")
        UNREACHED = "unreached", _("Nobody could be reached")

    award = models.ForeignKey(Award, models.PROTECT, related_name="receipts")
    # Empty where everybody was asked, or somebody telephoned without being asked by the sample.
    draw = models.ForeignKey(SampleDraw, models.PROTECT, null=True, related_name="checks")
    # What was paid when it was asked: a payment that came back and is made again is asked about anew.
    net = models.BigIntegerField(_("net"))
    paid_on = models.DateField(_("paid on"))
    document = models.CharField(max_length=60)
    asked_at = models.DateTimeField(default=timezone.now)
    reminded_at = models.DateTimeField(null=True)
    answer = models.CharField(_("answer"), max_length=5, choices=Answer.choices, blank=True)
    amount = models.BigIntegerField(_("amount that came"), null=True)
    words = EncryptedTextField(null=True)
    way = models.CharField(max_length=5, choices=Way.choices, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True)
    first_answered_at = models.DateTimeField(null=True)
    # Counts the answers, so that one that was typed beside another is told of it.
    revision = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome.choices, blank=True)
    outcome_note = EncryptedTextField(null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    settled_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    objects = ReceiptCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("question whether money arrived")
        verbose_name_plural = _("questions whether money arrived")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["award"],
                condition=Q(replaced_at__isnull=True),
                name="receipt_check_once",
                violation_error_message=_("This winner is asked already."),
            ),
            models.CheckConstraint(
                condition=Q(answer="", way="", answered_at__isnull=True, first_answered_at__isnull=True, revision=0)
                | (~Q(answer="") & ~Q(way="") & Q(answered_at__isnull=False, first_answered_at__isnull=False)),
                name="receipt_check_answered_whole",
                violation_error_message=_("An answer has a time and a way."),
            ),
            models.CheckConstraint(
                condition=Q(way="phone", answered_by__isnull=False) | (~Q(way="phone") & Q(answered_by__isnull=True)),
                name="receipt_check_phone_by_officer",
                violation_error_message=_("Who telephoned is noted, and nobody else answers for a winner."),
            ),
            models.CheckConstraint(
                condition=Q(answer="other", amount__isnull=False, amount__gt=0) & ~Q(amount=F("net"))
                | (~Q(answer="other") & Q(amount__isnull=True)),
                name="receipt_check_amount_differs",
                violation_error_message=_("Write the amount that came, if it is another one than was paid."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at__isnull=True, settled_by__isnull=True)
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(outcome="")),
                name="receipt_check_settled_whole",
                violation_error_message=_("Somebody settles it, with an outcome."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="")
                | Q(outcome="unreached", answer="")
                | (Q(answer__in=["other", "none"]) & ~Q(outcome="unreached")),
                name="receipt_check_outcome_fits",
                violation_error_message=_("This outcome does not fit the answer."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award_id}: {self.answer}"

    @property
    def is_unanswered(self) -> bool:
        return not self.answer and self.settled_at is None

    @property
    def is_to_settle(self) -> bool:
        return self.answer in {self.Answer.OTHER, self.Answer.NONE} and self.settled_at is None


class UseReportQuerySet(models.QuerySet["UseReport"]):
    def visible_to(self, user: User, permission: Permission = Permission.VIEW_COMPETITIONS) -> "UseReportQuerySet":
        return self.filter(scope_q(user, permission, agency=OFFICE, region=None))

    def standing(self) -> "UseReportQuerySet":
        return self.filter(award__ended_at__isnull=True)

    def owed(self) -> "UseReportQuerySet":
        """The winner has still something to send."""
        return self.standing().filter(state__in=["draft", "returned"])

    def sent(self) -> "UseReportQuerySet":
        return self.standing().filter(state="sent")


class UseReport(models.Model):
    """How a winner used the money of an award, reported months after it was paid."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Not sent yet")
        SENT = "sent", _("Sent, waits to be read")
        RETURNED = "returned", _("Sent back")
        ACCEPTED = "accepted", _("Read and accepted")

    class Business(models.TextChoices):
        """domain.md 10.4: the state of a business as the tracer asks for it."""

        PLANNED = "planned", _("not begun yet")
        STARTING = "starting", _("just beginning")
        RUNNING = "running", _("running")
        PAUSED = "paused", _("resting for a while")
        CLOSED = "closed", pgettext_lazy("business", "closed")

    award = models.OneToOneField(Award, models.PROTECT, related_name="use_report")
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT)
    business = models.CharField(_("the business is"), max_length=8, choices=Business.choices, blank=True)
    change = EncryptedTextField(null=True)
    saved_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    revision = models.PositiveSmallIntegerField(default=0)
    # Where an officer went there instead of waiting for the telephone.
    visited_on = models.DateField(_("visited on"), null=True)
    visited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    note = EncryptedTextField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)

    objects = UseReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report on the use of an award")
        verbose_name_plural = _("reports on the use of awards")
        ordering = ("due_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(sent_at__isnull=False) | Q(visited_on__isnull=False),
                name="use_report_sent_has_time",
                violation_error_message=_("A report that was sent has a time."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "accepted"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="use_report_decided_by_somebody",
                violation_error_message=_("Somebody accepts a report or sends it back."),
            ),
            models.CheckConstraint(
                condition=Q(visited_on__isnull=True, visited_by__isnull=True)
                | Q(visited_on__isnull=False, visited_by__isnull=False),
                name="use_report_visit_whole",
                violation_error_message=_("A visit has a day and somebody who went."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award_id}: {self.state}"

    @property
    def net(self) -> int:
        return self.award.net

    @property
    def is_owed(self) -> bool:
        return self.state in {self.State.DRAFT, self.State.RETURNED}


class UseLine(models.Model):
    """One thing that the money went into. A draft may lack amount and day."""

    class Kind(models.TextChoices):
        MATERIAL = "material", _("raw material")
        TOOLS = "tools", _("tools and machines")
        PACKAGING = "packaging", _("packaging and labels")
        MARKETING = "marketing", _("marketing")
        PLACE = "place", _("place of work: rent, repair")
        PERMITS = "permits", _("permits and certificates")
        WAGES = "wages", _("wages and training")
        OTHER = "other", _("something else")

    report = models.ForeignKey(UseReport, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices, blank=True)
    words = EncryptedTextField(null=True)
    amount = models.BigIntegerField(_("amount"), null=True)
    spent_on = models.DateField(_("day"), null=True)

    class Meta:
        verbose_name = _("use of an award")
        verbose_name_plural = _("uses of awards")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "position"],
                name="use_line_position_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Two lines have the same place."),
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0),
                name="use_line_amount_positive",
                violation_error_message=_("An amount is more than zero rupiah."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.position}"


class UsePhoto(models.Model):
    """The photo of a receipt: drawn anew, encrypted under a key of its own."""

    line = models.OneToOneField(UseLine, models.CASCADE, related_name="photo")
    stored = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    key = EncryptedTextField(null=True)

    class Meta:
        verbose_name = _("photo of a receipt")
        verbose_name_plural = _("photos of receipts")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.line_id}"


class FileStep(models.Model):
    """The file of a competition was closed, or opened again with a reason. Never changed."""

    competition = models.ForeignKey(Competition, models.PROTECT, related_name="file_steps")
    is_closed = models.BooleanField()
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("closing of a file")
        verbose_name_plural = _("closings of files")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(is_closed=True) | ~Q(reason=""),
                name="file_step_reopened_has_reason",
                violation_error_message=_("A closed file is opened again with a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competition_id}: {self.is_closed}"
