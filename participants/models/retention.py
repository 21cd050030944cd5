from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import scope_q
from accounts.roles import Permission
from participants.models.person import Person
from participants.models.registration import Registration

LONGEST_MONTHS = 600


class RetentionKind(models.TextChoices):
    """What grows old together. The clock of a person begins with the last thing that happened to them."""

    NEVER_TOOK_PART = "never_took_part", _("People who registered and never took part")
    TOOK_PART = "took_part", _("Participants of trainings")
    MESSAGES = "messages", _("Words and addresses of messages")
    JURORS = "jurors", _("Contact data and words of jurors")
    OBJECTIONS = "objections", _("Objections to results of a jury")


# The rest goes by rows of their own, without a card or an entry.
OF_PEOPLE = (RetentionKind.NEVER_TOOK_PART, RetentionKind.TOOK_PART)


class RetentionRuleQuerySet(models.QuerySet["RetentionRule"]):
    def visible_to(self, user: User) -> "RetentionRuleQuerySet":
        return self.filter(scope_q(user, Permission.VIEW_PRIVACY, region=None))

    def active(self) -> "RetentionRuleQuerySet":
        return self.filter(is_active=True)


class RetentionRule(models.Model):
    """How long an office keeps what, on which ground. A standing approval lets the night carry it out by itself."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=RetentionKind.choices)
    months = models.PositiveSmallIntegerField()
    legal_basis = models.CharField(max_length=250)
    is_active = models.BooleanField(default=True)
    standing_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    standing_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    changed_at = models.DateTimeField()

    objects = RetentionRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind"],
                name="retention_rule_once_per_kind",
                violation_error_message=_("There is a rule for this already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RetentionKind.values),
                name="retention_rule_kind_known",
                violation_error_message=_("This kind of data does not exist."),
            ),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=LONGEST_MONTHS),
                name="retention_rule_months_sensible",
                violation_error_message=_("Between 1 and 600 months."),
            ),
            models.CheckConstraint(
                condition=Q(standing_by=None, standing_at=None)
                | Q(standing_by__isnull=False, standing_at__isnull=False),
                name="retention_rule_standing_names_who",
                violation_error_message=_("A standing approval names who gave it and when."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_standing(self) -> bool:
        return self.standing_at is not None


class RetentionRunQuerySet(models.QuerySet["RetentionRun"]):
    def visible_to(self, user: User) -> "RetentionRunQuerySet":
        return self.filter(scope_q(user, Permission.VIEW_PRIVACY, agency="rule__agency", region=None))

    def with_parts(self) -> "RetentionRunQuerySet":
        return self.select_related("rule__agency", "decided_by", "proposed_by")

    def proposed(self) -> "RetentionRunQuerySet":
        return self.filter(state=RetentionRun.State.PROPOSED)

    def unfinished(self) -> "RetentionRunQuerySet":
        return self.filter(state=RetentionRun.State.APPROVED)


class RetentionRun(models.Model):
    """What one look at a rule found, frozen as items, what a person decided, and how far it was carried out.

    Never more than was shown: what is no longer due when its turn comes is left alone.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a decision")
        APPROVED = "approved", _("Being carried out")
        DONE = "done", _("Carried out")
        DISCARDED = "discarded", _("Discarded")

    rule = models.ForeignKey(RetentionRule, on_delete=models.PROTECT, related_name="runs")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    months = models.PositiveSmallIntegerField()
    cutoff = models.DateTimeField()
    found = models.PositiveIntegerField(default=0)
    entries = models.PositiveIntegerField(default=0)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    by_standing = models.BooleanField(default=False)
    note = models.CharField(max_length=250, blank=True)
    removed = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = RetentionRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("retention run")
        verbose_name_plural = _("retention runs")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["rule"],
                condition=Q(state__in=["proposed", "approved"]),
                name="retention_run_one_open_per_rule",
                violation_error_message=_("There is a proposal of this rule already."),
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at=None, decided_by=None)
                | (~Q(state="proposed") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="retention_run_decided_by_somebody",
                violation_error_message=_("A decision names who took it and when."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "discarded"], finished_at__isnull=False)
                | Q(state__in=["proposed", "approved"], finished_at=None),
                name="retention_run_ended_has_time",
                violation_error_message=_("A run that ended has the time of its end."),
            ),
            models.CheckConstraint(
                condition=Q(removed__lte=F("found")),
                name="retention_run_never_more_than_shown",
                violation_error_message=_("Nothing is removed that was not shown."),
            ),
        ]

    def __str__(self) -> str:
        return f"RetentionRun {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.PROPOSED, self.State.APPROVED}

    @property
    def left(self) -> int:
        return max(self.found - self.removed - self.kept, 0)


class RetentionItemQuerySet(models.QuerySet["RetentionItem"]):
    def waiting(self) -> "RetentionItemQuerySet":
        return self.filter(done_at__isnull=True)


class RetentionItem(models.Model):
    """One person that a run showed, or one entry that belongs to nobody's card."""

    run = models.ForeignKey(RetentionRun, on_delete=models.CASCADE, related_name="items", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    last_at = models.DateTimeField()
    done_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(null=True, blank=True)
    was_kept = models.BooleanField(default=False)

    objects = RetentionItemQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("run", "id", condition=Q(done_at=None), name="retention_item_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "person"],
                name="retention_item_person_once",
                violation_error_message=_("This person stands in the proposal already."),
            ),
            models.UniqueConstraint(
                fields=["run", "registration"],
                name="retention_item_entry_once",
                violation_error_message=_("This entry stands in the proposal already."),
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, registration=None) | Q(person=None, registration__isnull=False),
                name="retention_item_person_or_entry",
                violation_error_message=_("A line is about a person or about an entry."),
            ),
        ]

    def __str__(self) -> str:
        return f"RetentionItem {self.pk}"
