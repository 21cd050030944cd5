"""A competition and the method that is declared for it: criteria, tiers of awards, how a result is computed."""

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.permissions import scope_q
from accounts.roles import Permission
from budgets.models import BudgetLine, Reservation
from programs.models import Program, Venue


class CompetitionQuerySet(models.QuerySet["Competition"]):
    def visible_to(self, user: User, permission: Permission = Permission.VIEW_COMPETITIONS) -> "CompetitionQuerySet":
        return self.filter(scope_q(user, permission, agency="program__agency", region=None))

    def with_parts(self) -> "CompetitionQuerySet":
        return self.select_related("program__agency", "venue", "edition", "line__fund", "reservation")

    def public(self) -> "CompetitionQuerySet":
        """What anybody may read of: declared, and not called off."""
        return self.filter(state__in=["declared", "finished"])


class Competition(models.Model):
    """Business pitches of a programme before a jury. What it promises stands in the edition that is in force."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        DECLARED = "declared", pgettext_lazy("competition", "Declared")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")

    program = models.ForeignKey(Program, models.PROTECT, related_name="competitions", verbose_name=_("programme"))
    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(_("address"), max_length=60)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    edition = models.ForeignKey(
        "incentives.Edition", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    line = models.ForeignKey(
        BudgetLine, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("budget line")
    )
    reservation = models.OneToOneField(
        Reservation, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    opens_at = models.DateTimeField(_("entries from"))
    closes_at = models.DateTimeField(_("entries until"))
    held_on = models.DateField(_("day of the pitches"), null=True, blank=True)
    begins_at = models.TimeField(_("begins at"), null=True, blank=True)
    # As they were typed when the hours were planned: [["12:00", "13:00"], ...]; null before that.
    breaks = models.JSONField(_("breaks"), null=True, blank=True, editable=False)
    ends_before = models.TimeField(_("the last one ends before"), null=True, blank=True, editable=False)
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("venue"))
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)
    # The first score that counts; from then on a change of the method asks for a reason and tells the jurors.
    first_score_at = models.DateTimeField(null=True, editable=False)
    # No sheet changes any more: the result is locked.
    locked_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancelled_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    # The file is closed: PostgreSQL lets nothing of it change any more.
    finished_at = models.DateTimeField(null=True, editable=False)

    objects = CompetitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("competition")
        verbose_name_plural = _("competitions")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["program", "slug"],
                name="competition_slug_once",
                violation_error_message=_("This programme has a competition of this name already."),
            ),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")),
                name="competition_closes_after_opening",
                violation_error_message=_("Entries end after they begin."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declared", "finished"]) | Q(edition__isnull=False),
                name="competition_declared_has_method",
                violation_error_message=_("A competition is declared with its method."),
            ),
            models.CheckConstraint(
                condition=Q(locked_at__isnull=True) | Q(first_score_at__isnull=False),
                name="competition_locked_after_scores",
                violation_error_message=_("Without scores there is no result to lock."),
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | (Q(cancelled_at__isnull=False) & ~Q(cancelled_reason="")),
                name="competition_cancelled_has_reason",
                violation_error_message=_("A competition is called off with a reason."),
            ),
            models.CheckConstraint(
                condition=Q(state="finished", finished_at__isnull=False)
                | (~Q(state="finished") & Q(finished_at__isnull=True)),
                name="competition_finished_has_time",
                violation_error_message=_("A file that is closed has a time."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("incentives:competition_detail", args=[self.pk])

    @property
    def typed_breaks(self) -> list[tuple[time, time]]:
        return [(time.fromisoformat(start), time.fromisoformat(end)) for start, end in self.breaks or []]

    @property
    def reference(self) -> str:
        """Under this name money is kept for the awards."""
        return f"competition:{self.pk}"


class Edition(models.Model):
    """One wording of the method. Once declared it stands for ever; a change is a new edition with a reason."""

    class Aggregation(models.TextChoices):
        MEAN = "mean", _("Mean of the jurors")
        TRIMMED_MEAN = "trimmed_mean", _("Mean without the highest and the lowest")
        MEDIAN = "median", _("Median of the jurors")

    class AmountIs(models.TextChoices):
        GROSS = "gross", _("Before tax")
        NET = "net", _("After tax: the office adds the tax")

    competition = models.ForeignKey(Competition, models.PROTECT, related_name="editions")
    version = models.PositiveSmallIntegerField(_("edition"))
    aggregation = models.CharField(
        _("how scores are put together"), max_length=12, choices=Aggregation.choices, default=Aggregation.MEAN
    )
    minimum = models.DecimalField(_("lowest total for an award"), max_digits=5, decimal_places=2, null=True, blank=True)
    tie_breaks = ArrayField(models.CharField(max_length=20), verbose_name=_("equal totals are decided by"))
    jurors_per_entry = models.PositiveSmallIntegerField(
        _("jurors for each entry"), null=True, blank=True, help_text=_("Empty: every juror scores every entry.")
    )
    is_blind = models.BooleanField(_("jurors do not see who it is"), default=False)
    per_category = models.BooleanField(_("the awards are given in each category"), default=False)
    one_per_household = models.BooleanField(_("one award per household"), default=True)
    one_per_business = models.BooleanField(_("one award per business"), default=True)
    excluded_years = models.PositiveSmallIntegerField(
        _("winners of so many years before are left out"), default=0, validators=[MinValueValidator(0)]
    )
    needs_attendance = models.BooleanField(_("only who attended the training enough"), default=True)
    amount_is = models.CharField(_("the amounts are"), max_length=5, choices=AmountIs.choices, default=AmountIs.GROSS)
    objection_days = models.PositiveSmallIntegerField(_("working days for objections"), default=3)
    report_months = models.PositiveSmallIntegerField(
        _("months after the payment in which winners report how they used the money"), default=6
    )
    pitch_minutes = models.PositiveSmallIntegerField(_("minutes for a pitch"), default=10)
    question_minutes = models.PositiveSmallIntegerField(_("minutes for questions"), default=5)
    change_minutes = models.PositiveSmallIntegerField(_("minutes between two"), default=2)
    outlier_gap = models.DecimalField(
        _("scores of one entry further apart are pointed out"), max_digits=5, decimal_places=2, default=15
    )
    # The dates, the venue and the budget line that were declared with it, by the names of the competition's columns.
    facts = models.JSONField(default=dict, blank=True, editable=False)
    reason = models.CharField(_("reason for the change"), max_length=300, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)
    declared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    declared_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("edition of a method")
        verbose_name_plural = _("editions of methods")
        ordering = ("competition", "version")
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "version"],
                name="edition_version_once",
                violation_error_message=_("Somebody made this edition at the same moment."),
            ),
            models.UniqueConstraint(
                fields=["competition"],
                condition=Q(declared_at__isnull=True),
                name="edition_one_draft",
                violation_error_message=_("There is a draft of a new edition already."),
            ),
            models.CheckConstraint(
                condition=Q(minimum__isnull=True) | Q(minimum__gte=0, minimum__lte=100),
                name="edition_minimum_in_hundred",
                violation_error_message=_("The lowest total is between 0 and 100."),
            ),
            models.CheckConstraint(
                condition=Q(jurors_per_entry__isnull=True) | Q(jurors_per_entry__gte=1, jurors_per_entry__lte=99),
                name="edition_jurors_at_least_one",
                violation_error_message=_("Each entry has between 1 and 99 jurors."),
            ),
            models.CheckConstraint(
                condition=Q(objection_days__lte=60, excluded_years__lte=20),
                name="edition_periods_bounded",
                violation_error_message=_("At most 60 days for objections and 20 years without former winners."),
            ),
            models.CheckConstraint(
                condition=Q(report_months__gte=1, report_months__lte=36),
                name="edition_report_months_bounded",
                violation_error_message=_("Winners report after 1 to 36 months."),
            ),
            models.CheckConstraint(
                condition=Q(
                    pitch_minutes__gte=1, pitch_minutes__lte=180, question_minutes__lte=180, change_minutes__lte=60
                ),
                name="edition_minutes_bounded",
                violation_error_message=_("A pitch takes between 1 and 180 minutes."),
            ),
            models.CheckConstraint(
                condition=Q(tie_breaks__contained_by=["criteria", "more_jurors", "median", "chair", "lot"]),
                name="edition_tie_breaks_known",
                violation_error_message=_("This way to decide equal totals is not known."),
            ),
            models.CheckConstraint(
                condition=Q(declared_at__isnull=True, declared_by__isnull=True)
                | Q(declared_at__isnull=False, declared_by__isnull=False),
                name="edition_declared_by_somebody",
                violation_error_message=_("Somebody declares a method."),
            ),
            models.CheckConstraint(
                condition=Q(version=1) | Q(declared_at__isnull=True) | ~Q(reason=""),
                name="edition_change_has_reason",
                violation_error_message=_("A change of the method has a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competition_id}: {self.version}"


class Criterion(models.Model):
    """What is scored. Weights of an edition add up to 100; a written anchor says what a score means."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=30)
    name = models.CharField(_("criterion"), max_length=120)
    description = models.CharField(_("what it looks at"), max_length=300, blank=True)
    weight = models.DecimalField(_("weight"), max_digits=5, decimal_places=2)
    lowest = models.DecimalField(_("lowest score"), max_digits=5, decimal_places=2, default=0)
    highest = models.DecimalField(_("highest score"), max_digits=5, decimal_places=2, default=100)
    # Pairs of a score and what it means, from high to low: [["85", "..."], ...]
    anchors = models.JSONField(_("what scores mean"), default=list, blank=True)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "code"],
                name="criterion_once",
                violation_error_message=_("Two criteria have the same short name."),
            ),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=100),
                name="criterion_weight_in_hundred",
                violation_error_message=_("A weight is above 0 and at most 100."),
            ),
            models.CheckConstraint(
                condition=Q(lowest__gte=0, highest__gt=F("lowest")),
                name="criterion_scale_in_order",
                violation_error_message=_("The highest score is above the lowest, and none is below zero."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """A field of business in which awards of their own are given."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="categories")
    position = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=30)
    name = models.CharField(_("category"), max_length=80)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "code"],
                name="category_once",
                violation_error_message=_("Two categories have the same short name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AwardTier(models.Model):
    """So many awards of one amount; with categories, so many in each."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="tiers")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(_("award"), max_length=60)
    slots = models.PositiveSmallIntegerField(_("how many"))
    amount = models.BigIntegerField(_("amount each"))

    class Meta:
        verbose_name = _("tier of awards")
        verbose_name_plural = _("tiers of awards")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "position"],
                name="award_tier_position_once",
                violation_error_message=_("Two tiers have the same place."),
            ),
            models.CheckConstraint(
                condition=Q(slots__gte=1, slots__lte=100),
                name="award_tier_slots_bounded",
                violation_error_message=_("A tier has between 1 and 100 awards."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="award_tier_amount_positive",
                violation_error_message=_("An award is more than zero rupiah."),
            ),
        ]

    def __str__(self) -> str:
        return self.label
