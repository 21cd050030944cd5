from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.permissions import scope_q
from accounts.roles import Permission
from budgets.models.fund import FundShare, FundSource
from budgets.rules import code_key


class BudgetLineQuerySet(models.QuerySet["BudgetLine"]):
    def visible_to(self, user: User, permission: Permission = Permission.VIEW_BUDGETS) -> "BudgetLineQuerySet":
        return self.filter(scope_q(user, permission, agency="fund__agency", region=None))

    def with_fund(self) -> "BudgetLineQuerySet":
        return self.select_related("fund__agency", "share")

    def usable(self) -> "BudgetLineQuerySet":
        return self.filter(is_open=True)

    def matching(self, text: str) -> "BudgetLineQuerySet":
        """By the words of a name, or by a part of a code however its zeros are written."""
        text = text.replace("\0", "").strip()
        if not text:
            return self
        found = Q(description__icontains=text) | Q(sub_activity_name__icontains=text) | Q(account_name__icontains=text)
        if key := code_key(text):
            for name in ("sub_activity_key", "account_key"):
                found |= Q(**{name: key}) | Q(**{f"{name}__startswith": f"{key}."})
        return self.filter(found)


class BudgetLine(models.Model):
    """An account of a sub-activity that one fund pays. Reserved and spent together never pass the ceiling."""

    fund = models.ForeignKey(FundSource, on_delete=models.PROTECT, related_name="lines", verbose_name=_("fund source"))
    share = models.ForeignKey(
        FundShare, on_delete=models.PROTECT, null=True, blank=True, related_name="lines", verbose_name=_("field")
    )
    # As the official list writes them; the keys are the same code in one spelling.
    sub_activity_code = models.CharField(_("code of the sub-activity"), max_length=40)
    sub_activity_key = models.CharField(max_length=40, editable=False)
    sub_activity_name = models.CharField(_("sub-activity"), max_length=300)
    account_code = models.CharField(_("account code"), max_length=40)
    account_key = models.CharField(max_length=40, editable=False)
    account_name = models.CharField(_("account"), max_length=300)
    description = models.CharField(_("details"), max_length=200, blank=True)
    ceiling = models.BigIntegerField(pgettext_lazy("budget", "ceiling"), default=0)
    reserved = models.BigIntegerField(_("reserved"), default=0)
    spent = models.BigIntegerField(_("spent"), default=0)
    is_open = models.BooleanField(pgettext_lazy("budget line", "open"), default=True)

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ("sub_activity_key", "account_key", "description")
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "sub_activity_key", "account_key", "description"],
                name="budget_line_once",
                violation_error_message=_("This fund has a line with these codes and details already."),
            ),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, spent__gte=0),
                name="budget_line_sums_not_negative",
                violation_error_message=_("Less than nothing would be reserved or spent on this line."),
            ),
            models.CheckConstraint(
                condition=Q(ceiling__gte=F("reserved") + F("spent")),
                name="budget_line_within_ceiling",
                violation_error_message=_("More than the ceiling of this line would be reserved and spent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sub_activity_code} / {self.account_code} {self.description or self.account_name}"

    def get_absolute_url(self) -> str:
        return reverse("budgets:line_detail", args=[self.pk])

    @property
    def available(self) -> int:
        return self.ceiling - self.reserved - self.spent

    @property
    def title(self) -> str:
        return self.description or self.account_name


class CeilingVersion(models.Model):
    """One state of the budget of a fund: the original one, a shift between lines, or the revision in the year."""

    class Kind(models.TextChoices):
        ORIGINAL = "original", _("Original")
        SHIFT = "shift", _("Shift")
        REVISED = "revised", _("Revised")

    fund = models.ForeignKey(
        FundSource, on_delete=models.PROTECT, related_name="versions", verbose_name=_("fund source")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    position = models.PositiveSmallIntegerField(_("number"))
    document = models.CharField(_("number of the decree"), max_length=120)
    decided_on = models.DateField(_("date of the decree"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("entered at"), default=timezone.now)

    class Meta:
        verbose_name = _("version of the ceilings")
        verbose_name_plural = _("versions of the ceilings")
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "position"],
                name="ceiling_version_in_order",
                violation_error_message=_("Another version of this budget was entered meanwhile."),
            ),
            models.CheckConstraint(
                condition=Q(kind="original", position=0) | (~Q(kind="original") & Q(position__gte=1)),
                name="ceiling_version_original_first",
                violation_error_message=_("The original budget comes first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.position}" if self.position else str(self.get_kind_display())


class CeilingAmount(models.Model):
    """What a version set for a line, and what stood there before. Lines that a version leaves alone have no row."""

    version = models.ForeignKey(
        CeilingVersion, on_delete=models.PROTECT, related_name="amounts", verbose_name=_("version of the ceilings")
    )
    line = models.ForeignKey(
        BudgetLine, on_delete=models.PROTECT, related_name="amounts", verbose_name=_("budget line")
    )
    before = models.BigIntegerField(_("before"))
    amount = models.BigIntegerField(pgettext_lazy("budget", "ceiling"))

    class Meta:
        verbose_name = _("ceiling of a line")
        verbose_name_plural = _("ceilings of lines")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["version", "line"],
                name="ceiling_amount_once",
                violation_error_message=_("This version sets this line already."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, before__gte=0),
                name="ceiling_amount_not_negative",
                violation_error_message=_("A ceiling is not below zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.amount}"


class Reservation(models.Model):
    """Money of a line that is kept for something that is not paid yet. Payments draw on it."""

    line = models.ForeignKey(
        BudgetLine, on_delete=models.PROTECT, related_name="reservations", verbose_name=_("budget line")
    )
    purpose = models.CharField(_("purpose"), max_length=200)
    reference = models.CharField(_("what it belongs to"), max_length=60)
    amount = models.BigIntegerField(_("amount"))
    drawn = models.BigIntegerField(_("drawn"), default=0)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("reserved at"), default=timezone.now)
    released_at = models.DateTimeField(_("released at"), null=True, editable=False)

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["line", "reference"],
                condition=Q(released_at__isnull=True),
                name="reservation_once",
                violation_error_message=_("Money is reserved for this on this line already."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, drawn__gte=0, drawn__lte=F("amount")),
                name="reservation_not_overdrawn",
                violation_error_message=_("More would be drawn than is reserved for this."),
            ),
        ]

    def __str__(self) -> str:
        return self.purpose

    @property
    def left(self) -> int:
        return self.amount - self.drawn
