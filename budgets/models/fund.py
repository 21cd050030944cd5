from decimal import Decimal

from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import scope_q
from accounts.roles import Permission


class TargetGroup(models.TextChoices):
    """Whom a fund may train; the list differs by fund and year. Codes: domain.md 6.2."""

    GENERAL = "masyarakat_lain", _("General public")
    JOB_SEEKER = "pencari_kerja", _("Job seeker")
    BUSINESS_OWNER = "pelaku_ikm", _("Owner of a small business")
    TOBACCO_FARM_WORKER = "buruh_tani_tembakau", _("Tobacco farm worker")
    CIGARETTE_WORKER = "buruh_pabrik_rokok", _("Cigarette factory worker")
    LAID_OFF_WORKER = "buruh_phk", _("Laid-off worker")
    WORKER_FAMILY = "keluarga_buruh", _("Family of a cigarette worker")
    TOBACCO_FARMER = "petani_tembakau", _("Tobacco farmer")
    DISABLED = "disabilitas", _("Person with a disability")


class FundSourceQuerySet(models.QuerySet["FundSource"]):
    def visible_to(self, user: User, permission: Permission = Permission.VIEW_BUDGETS) -> "FundSourceQuerySet":
        return self.filter(scope_q(user, permission, agency="agency", region=None))

    def with_sums(self) -> "FundSourceQuerySet":
        """`ceiling`, `reserved` and `spent` of all lines together."""
        return self.annotate(**{name: Coalesce(Sum(f"lines__{name}"), 0) for name in ("ceiling", "reserved", "spent")})


class FundSource(models.Model):
    """Where the money comes from in one fiscal year, with the legal basis that the papers name."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="fund_sources", verbose_name=_("agency"))
    code = models.SlugField(max_length=30, verbose_name=_("code"))
    name = models.CharField(max_length=150, verbose_name=_("name"))
    fiscal_year = models.PositiveSmallIntegerField(verbose_name=_("fiscal year"))
    legal_basis = models.CharField(max_length=200, blank=True, verbose_name=_("legal basis"))
    closed_at = models.DateTimeField(null=True, editable=False, verbose_name=_("closed at"))

    objects = FundSourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("fund source")
        verbose_name_plural = _("fund sources")
        ordering = ("-fiscal_year", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "code", "fiscal_year"],
                name="fund_source_once_a_year",
                violation_error_message=_("This fund source exists already in that fiscal year."),
            ),
            models.CheckConstraint(
                condition=Q(fiscal_year__gte=2000, fiscal_year__lte=2100),
                name="fund_source_year_plausible",
                violation_error_message=_("Please enter a fiscal year between 2000 and 2100."),
            ),
        ]

    def __str__(self) -> str:
        return self.name if str(self.fiscal_year) in self.name else f"{self.name} {self.fiscal_year}"

    def get_absolute_url(self) -> str:
        return reverse("budgets:fund_detail", args=[self.pk])


class FundShare(models.Model):
    """A field that a fund must be spent on, with its part of the whole: 50 of 100 for people's welfare."""

    fund = models.ForeignKey(FundSource, on_delete=models.CASCADE, related_name="shares", verbose_name=_("fund source"))
    name = models.CharField(_("field"), max_length=120)
    percent = models.DecimalField(_("part in percent"), max_digits=5, decimal_places=2)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("share of a fund")
        verbose_name_plural = _("shares of funds")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "name"],
                name="fund_share_once",
                violation_error_message=_("The fund has a share of this name already."),
            ),
            models.CheckConstraint(
                condition=Q(percent__gt=Decimal(0), percent__lte=Decimal(100)),
                name="fund_share_percent",
                violation_error_message=_("A share is more than 0 and at most 100 percent."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FundGroup(models.Model):
    """A group that the fund may train this year: who comes first, how many at most, and what proves it."""

    fund = models.ForeignKey(FundSource, on_delete=models.CASCADE, related_name="groups", verbose_name=_("fund source"))
    group = models.CharField(_("target group"), max_length=30, choices=TargetGroup.choices)
    priority = models.PositiveSmallIntegerField(_("order"))
    quota_percent = models.PositiveSmallIntegerField(_("at most, in percent of the seats"), null=True, blank=True)
    evidence = models.CharField(_("what proves it"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("target group of a fund")
        verbose_name_plural = _("target groups of funds")
        ordering = ("priority",)
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "group"],
                name="fund_group_once",
                violation_error_message=_("The fund names this group already."),
            ),
            models.UniqueConstraint(
                fields=["fund", "priority"],
                name="fund_group_priority_once",
                violation_error_message=_("Another group of this fund has this place in the order."),
            ),
            models.CheckConstraint(
                condition=Q(quota_percent__isnull=True) | Q(quota_percent__gte=1, quota_percent__lte=100),
                name="fund_group_quota_percent",
                violation_error_message=_("A limit is 1 to 100 percent of the seats."),
            ),
            models.CheckConstraint(
                condition=Q(group__in=TargetGroup.values),
                name="fund_group_known",
                violation_error_message=_("Choose one of the target groups."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_group_display())


class FundReport(models.Model):
    """A report on the fund that is due on a day, and when it went out."""

    fund = models.ForeignKey(
        FundSource, on_delete=models.CASCADE, related_name="reports", verbose_name=_("fund source")
    )
    name = models.CharField(_("report"), max_length=120)
    due_on = models.DateField(_("due on"))
    sent_on = models.DateField(_("sent on"), null=True, blank=True)

    class Meta:
        verbose_name = _("report on a fund")
        verbose_name_plural = _("reports on funds")
        ordering = ("due_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "name", "due_on"],
                name="fund_report_once",
                violation_error_message=_("This report stands there already for that day."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.due_on:%Y-%m-%d})"
