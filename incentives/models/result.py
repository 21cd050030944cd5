"""The result of a jury, and what follows from it: awards and objections."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.permissions import scope_q
from accounts.roles import Permission
from budgets.models import Payment
from incentives.models.competition import AwardTier, Competition, Edition
from incentives.models.entry import Entry
from incentives.models.juror import Juror
from kit.crypto import EncryptedTextField


class TieDecision(models.Model):
    """Entries of equal totals in the order that chair or lot gave them. Never changed; a later one replaces it."""

    class Way(models.TextChoices):
        CHAIR = "chair", _("deliberation of the jury")
        LOT = "lot", _("lot")

    competition = models.ForeignKey(Competition, models.PROTECT, related_name="tie_decisions")
    entries = ArrayField(models.BigIntegerField())
    way = models.CharField(max_length=5, choices=Way.choices)
    reason = models.CharField(_("reason"), max_length=300)
    seed = models.CharField(max_length=64, blank=True)
    juror = models.ForeignKey(Juror, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("decision about equal totals")
        verbose_name_plural = _("decisions about equal totals")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="tie_decision_has_reason",
                violation_error_message=_("A decision has a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competition_id}: {self.entries}"


class ResultQuerySet(models.QuerySet["Result"]):
    def visible_to(self, user: User) -> "ResultQuerySet":
        return self.filter(scope_q(user, Permission.VIEW_SCORES, agency="competition__program__agency", region=None))

    def in_force(self) -> "ResultQuerySet":
        return self.filter(replaced_at__isnull=True)


class Result(models.Model):
    """A locked result: everything it was computed from and everything that came out, under one hash.

    PostgreSQL lets it only be replaced, never changed.
    """

    competition = models.ForeignKey(Competition, models.PROTECT, related_name="results")
    version = models.PositiveSmallIntegerField(_("version"))
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    inputs = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    sha256 = models.CharField(_("hash"), max_length=64)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    locked_at = models.DateTimeField(default=timezone.now)
    locked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    chair = models.ForeignKey(Juror, models.PROTECT, null=True, related_name="+", db_index=False)
    replaced_at = models.DateTimeField(null=True)

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        ordering = ("competition", "version")
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "version"],
                name="result_version_once",
                violation_error_message=_("Somebody locked a result at the same moment."),
            ),
            models.UniqueConstraint(
                fields=["competition"],
                condition=Q(replaced_at__isnull=True),
                name="result_one_in_force",
                violation_error_message=_("One result is in force."),
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="result_hash_formed",
                violation_error_message=_("A result has a hash."),
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""),
                name="result_change_has_reason",
                violation_error_message=_("A new version has a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competition_id}: {self.version}"


class AwardQuerySet(models.QuerySet["Award"]):
    def visible_to(self, user: User, permission: Permission = Permission.VIEW_COMPETITIONS) -> "AwardQuerySet":
        return self.filter(scope_q(user, permission, agency="competition__program__agency", region=None))

    def standing(self) -> "AwardQuerySet":
        return self.filter(ended_at__isnull=True)


class Award(models.Model):
    """One slot of a tier for one entry. Two can never hold the same slot."""

    competition = models.ForeignKey(Competition, models.PROTECT, related_name="awards")
    result = models.ForeignKey(Result, models.PROTECT, related_name="awards")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="awards")
    tier = models.ForeignKey(AwardTier, models.PROTECT, related_name="+")
    category = models.CharField(max_length=30, blank=True)
    slot = models.PositiveSmallIntegerField()
    gross = models.BigIntegerField(_("gross"))
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)

    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering = ("tier__position", "slot")
        constraints = [
            models.UniqueConstraint(
                fields=["tier", "category", "slot"],
                condition=Q(ended_at__isnull=True),
                name="award_slot_once",
                violation_error_message=_("This award is given already."),
            ),
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(ended_at__isnull=True),
                name="award_one_per_entry",
                violation_error_message=_("This entry has an award already."),
            ),
            models.CheckConstraint(
                condition=Q(gross__gt=0, slot__gte=1),
                name="award_amount_and_slot",
                violation_error_message=_("An award is more than zero rupiah."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_reason=""),
                name="award_end_has_reason",
                violation_error_message=_("There is a reason why an award ends."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tier_id}/{self.slot}: {self.entry_id}"

    @property
    def net(self) -> int:
        """What the last payment leaves: one that came back and was made again may have another tax."""
        return self.payment.net or 0 if self.payment is not None else 0


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, user: User, permission: Permission = Permission.MANAGE_COMPETITIONS) -> "ObjectionQuerySet":
        return self.filter(scope_q(user, permission, agency="competition__program__agency", region=None))


class Objection(models.Model):
    """Somebody says within the period why a result is wrong; it is answered before the decree."""

    class State(models.TextChoices):
        OPEN = "open", _("Waits for an answer")
        UPHELD = "upheld", pgettext_lazy("objection", "Upheld")
        DISMISSED = "dismissed", pgettext_lazy("objection", "Dismissed")

    competition = models.ForeignKey(Competition, models.PROTECT, related_name="objections")
    result = models.ForeignKey(Result, models.PROTECT, related_name="objections")
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="objections")
    name = EncryptedTextField()
    contact = EncryptedTextField()
    text = EncryptedTextField()
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    received_at = models.DateTimeField(default=timezone.now)
    answer = EncryptedTextField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True)
    # By retention or at their wish: name, contact and words are gone, the decision stays.
    forgotten_at = models.DateTimeField(null=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open")
                | Q(answer__isnull=False, answered_by__isnull=False, answered_at__isnull=False),
                name="objection_answered_in_words",
                violation_error_message=_("An objection is answered in words."),
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True) | ~Q(state="open"),
                name="objection_forgotten_after_answer",
                violation_error_message=_("An objection is answered before its words go."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competition_id}: {self.pk}"
