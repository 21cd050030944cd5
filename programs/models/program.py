from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import scope_q
from accounts.roles import Permission
from budgets.models import BudgetLine, FundSource
from programs.rules import KBLI_DIVISIONS, Requirement, Terms


class Topic(models.Model):
    """What is taught: bread and cooking, bouquets, bags. Written in both languages, since residents read it."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="topics", verbose_name=_("agency"))
    name = models.CharField(max_length=100, verbose_name=_("name"))
    name_en = models.CharField(max_length=100, blank=True, verbose_name=_("name in English"))

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "name"],
                name="topic_name_once",
                violation_error_message=_("A topic of this name exists already."),
            )
        ]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name


class Demand(models.TextChoices):
    """Whether a programme asks residents to send a picture of a document."""

    NONE = "none", _("Not asked")
    OPTIONAL = "optional", _("Asked, may be shown at the office instead")
    REQUIRED = "required", _("Needed before the check")


def demand_field(label: Any, help_text: Any) -> models.CharField:
    return models.CharField(
        label, max_length=10, choices=Demand.choices, default=Demand.NONE, db_default=Demand.NONE, help_text=help_text
    )


class ProgramQuerySet(models.QuerySet["Program"]):
    def public(self) -> "ProgramQuerySet":
        return self.filter(state__in=Program.PUBLIC_STATES)

    def visible_to(self, user: User) -> "ProgramQuerySet":
        return self.filter(scope_q(user, Permission.VIEW_BATCHES, agency="agency", region=None))


class Program(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")

    class SelectionMethod(models.TextChoices):
        FIRST_COME = "first_come", _("First come, first served")
        POINTS = "points", _("Points for priority groups")
        DRAW = "draw", _("Draw that anybody can check")

    class BusinessList(models.TextChoices):
        NONE = "none", _("Not asked")
        KBLI = "kbli", _("Divisions of industry (KBLI)")
        OWN = "own", _("A list of the programme's own")

    class DuplicateRule(models.TextChoices):
        PER_YEAR = "per_year", _("Once in a fiscal year")
        PER_TOPIC = "per_topic", _("Once per topic in a fiscal year")
        NEVER = "never", _("No limit")

    class AttendanceRule(models.TextChoices):
        SHARE = "share", _("A share of the lesson hours")
        EVERY_SESSION = "every_session", _("Every session")

    class PartialPresence(models.TextChoices):
        WHOLE = "whole", _("Counts as the whole session")
        BY_MINUTES = "by_minutes", _("Counts by the minutes")

    class Replacement(models.TextChoices):
        BEFORE_START = "before_start", _("Until the first session begins")
        FIRST_DAY = "first_day", _("Until the end of the first day")

    PUBLIC_STATES = (State.OPEN, State.FINISHED)

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="programs", verbose_name=_("agency"))
    fund_source = models.ForeignKey(
        FundSource, on_delete=models.PROTECT, related_name="programs", verbose_name=_("fund source")
    )
    budget_lines = models.ManyToManyField(
        BudgetLine, related_name="programs", blank=True, verbose_name=_("budget lines")
    )
    slug = models.SlugField(max_length=60, unique=True, verbose_name=_("name in addresses"))
    name = models.CharField(max_length=150, verbose_name=_("name"))
    name_en = models.CharField(max_length=150, blank=True, verbose_name=_("name in English"))
    summary = models.TextField(blank=True, verbose_name=_("summary"))
    summary_en = models.TextField(blank=True, verbose_name=_("summary in English"))
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT, verbose_name=_("state"))
    selection_method = models.CharField(
        verbose_name=_("selection"), max_length=20, choices=SelectionMethod.choices, default=SelectionMethod.FIRST_COME
    )
    # The office's draft: a batch keeps its own copy as it was when the batch was published (`SelectionTerms`).
    selection_terms = models.JSONField(default=dict, db_default={}, blank=True, editable=False)
    business_list = models.CharField(
        verbose_name=_("kind of business"),
        max_length=10,
        choices=BusinessList.choices,
        default=BusinessList.NONE,
        db_default=BusinessList.NONE,
    )
    business_kinds = models.TextField(
        verbose_name=_("kinds of business, one a line"), blank=True, default="", db_default=""
    )
    duplicate_rule = models.CharField(
        max_length=20,
        choices=DuplicateRule.choices,
        default=DuplicateRule.PER_YEAR,
        verbose_name=_("how often one may take part"),
    )
    one_per_household = models.BooleanField(
        default=False,
        db_default=False,
        verbose_name=_("one participant per family card (KK)"),
        help_text=_("Residents are asked for the number of their family card; only a comparison value of it is kept."),
    )
    village_officer_verifies = models.BooleanField(default=False, verbose_name=_("village officers verify"))
    offer_hours = models.PositiveSmallIntegerField(default=24, verbose_name=_("hours that an offered seat is kept"))
    # Who took part enough for a certificate, and who may come in the place of somebody who does not.
    attendance_rule = models.CharField(
        max_length=20,
        choices=AttendanceRule.choices,
        default=AttendanceRule.SHARE,
        db_default=AttendanceRule.SHARE,
        verbose_name=_("who took part enough"),
    )
    attendance_share = models.PositiveSmallIntegerField(
        default=80, db_default=80, verbose_name=_("share of lesson hours (%)")
    )
    partial_presence = models.CharField(
        max_length=20,
        choices=PartialPresence.choices,
        default=PartialPresence.WHOLE,
        db_default=PartialPresence.WHOLE,
        verbose_name=_("who comes late or leaves early"),
    )
    late_minutes = models.PositiveSmallIntegerField(
        default=15, db_default=15, verbose_name=_("minutes after which somebody is late")
    )
    replacement = models.CharField(
        max_length=20,
        choices=Replacement.choices,
        default=Replacement.BEFORE_START,
        db_default=Replacement.BEFORE_START,
        verbose_name=_("who does not come may be replaced"),
    )
    counts_from_joining = models.BooleanField(
        default=True, db_default=True, verbose_name=_("a replacement answers only for the sessions since joining")
    )
    identity_card = demand_field(
        _("photo of the identity card"),
        _("Sent after registering, deleted when the entry is verified. Ask only what the check needs."),
    )
    domicile_letter = demand_field(_("photo of the letter of domicile"), _("Asked only of those who declared one."))
    target_group_letter = demand_field(
        _("photo of proof of the target group"), _("Asked only of those who named another group than the public.")
    )

    objects = ProgramQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=Q(offer_hours__gte=1, offer_hours__lte=168),
                name="program_offer_hours_between_1_and_168",
                violation_error_message=_("An offered seat is kept for 1 to 168 hours."),
            ),
            models.CheckConstraint(
                condition=Q(
                    identity_card__in=Demand.values,
                    domicile_letter__in=Demand.values,
                    target_group_letter__in=Demand.values,
                ),
                name="program_demands_known",
                violation_error_message=_("A document is not asked, asked, or needed before the check."),
            ),
            models.CheckConstraint(
                condition=Q(selection_method__in=["first_come", "points", "draw"]),
                name="program_selection_method_known",
                violation_error_message=_("Seats go to who comes first, by points, or by a draw."),
            ),
            models.CheckConstraint(
                condition=Q(
                    attendance_rule__in=["share", "every_session"],
                    partial_presence__in=["whole", "by_minutes"],
                    replacement__in=["before_start", "first_day"],
                    attendance_share__gte=1,
                    attendance_share__lte=100,
                    late_minutes__lte=240,
                ),
                name="program_attendance_rule_known",
                violation_error_message=_("Between 1 and 100 percent, and at most 240 minutes late."),
            ),
            models.CheckConstraint(
                condition=Q(business_list__in=["none", "kbli"]) | (Q(business_list="own") & ~Q(business_kinds="")),
                name="program_own_list_has_kinds",
                violation_error_message=_("A list of the programme's own needs at least one kind of business."),
            ),
        ]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name

    def get_absolute_url(self) -> str:
        return reverse("programs:program_detail", args=[self.slug])

    @property
    def shown_summary(self) -> str:
        return self.summary_en if get_language() == "en" and self.summary_en else self.summary

    @property
    def is_public(self) -> bool:
        return self.state in self.PUBLIC_STATES

    @property
    def terms(self) -> Terms:
        return Terms.from_json(self.selection_terms)

    def business_choices(self) -> list[tuple[str, str]]:
        """What a resident may choose as the kind of business; empty where it is not asked."""
        if self.business_list == self.BusinessList.KBLI:
            return [(code, f"{code} {name}") for code, name in KBLI_DIVISIONS.items()]
        if self.business_list == self.BusinessList.OWN:
            return [(name, name) for name in self.business_kinds.splitlines()]
        return []

    @property
    def demands(self) -> dict[str, str]:
        """The kinds of documents of which a photo is asked, and how firmly; mostly none."""
        asked = {kind: getattr(self, kind) for kind in ("identity_card", "domicile_letter", "target_group_letter")}
        return {kind: demand for kind, demand in asked.items() if demand != Demand.NONE}

    def requirements(self) -> list[Requirement]:
        """The eligibility rules as values, in order; what the office compares stands last. Prefetch `rules`."""
        found = [rule.requirement for rule in self.rules.all()]
        if self.duplicate_rule != self.DuplicateRule.NEVER:
            found.append(Requirement("not_twice", values=(self.duplicate_rule,)))
        if self.one_per_household:
            found.append(Requirement("household", blocking=False))
        return found


class EligibilityRule(models.Model):
    """One requirement of a programme, as data: the office changes bounds, not code."""

    class Kind(models.TextChoices):
        AGE = "age", _("Age on the first day")
        DOMICILE = "domicile", _("Address on the identity card")
        TARGET_GROUP = "target_group", _("Target group")

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="rules", verbose_name=_("programme"))
    kind = models.CharField(max_length=20, choices=Kind.choices, verbose_name=_("kind"))
    minimum = models.PositiveSmallIntegerField(null=True, blank=True, verbose_name=_("at least"))
    maximum = models.PositiveSmallIntegerField(null=True, blank=True, verbose_name=_("at most"))
    values = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("what counts"))
    blocking = models.BooleanField(default=True, verbose_name=_("required"))
    position = models.PositiveSmallIntegerField(default=0, verbose_name=_("position"))
    legal_basis = models.CharField(max_length=200, blank=True, verbose_name=_("legal basis"))

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["program", "kind"],
                name="eligibility_rule_once_per_program",
                violation_error_message=_("The programme has a rule of this kind already."),
            ),
            models.CheckConstraint(
                condition=Q(minimum__isnull=True) | Q(maximum__isnull=True) | Q(minimum__lte=F("maximum")),
                name="eligibility_rule_bounds_ordered",
                violation_error_message=_("The lower bound is above the upper bound."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.Kind(self.kind).label)

    @property
    def requirement(self) -> Requirement:
        values: Any = tuple(self.values)
        return Requirement(self.kind, self.minimum, self.maximum, values, self.blocking)
