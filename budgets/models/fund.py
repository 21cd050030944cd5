from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency


class FundSource(models.Model):
    """Where the money comes from in one fiscal year, with the legal basis that the papers name."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="fund_sources", verbose_name=_("agency"))
    code = models.SlugField(max_length=30, verbose_name=_("code"))
    name = models.CharField(max_length=150, verbose_name=_("name"))
    fiscal_year = models.PositiveSmallIntegerField(verbose_name=_("fiscal year"))
    legal_basis = models.CharField(max_length=200, blank=True, verbose_name=_("legal basis"))

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
