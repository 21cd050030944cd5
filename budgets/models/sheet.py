from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import scope_q
from accounts.roles import Permission
from budgets.models.fund import FundSource
from budgets.models.line import CeilingVersion


class BudgetSheetQuerySet(models.QuerySet["BudgetSheet"]):
    def visible_to(self, user: User) -> "BudgetSheetQuerySet":
        return self.filter(scope_q(user, Permission.MANAGE_BUDGETS, agency="fund__agency", region=None))


class BudgetSheet(models.Model):
    """A spreadsheet as it was read: looked at first, then taken over as a whole or not at all."""

    fund = models.ForeignKey(FundSource, on_delete=models.PROTECT, related_name="sheets", verbose_name=_("fund source"))
    kind = models.CharField(_("kind"), max_length=10, choices=CeilingVersion.Kind.choices)
    document = models.CharField(_("number of the decree"), max_length=120)
    decided_on = models.DateField(_("date of the decree"))
    missing_become_zero = models.BooleanField(_("lines that are not in the file become zero"), default=False)
    file_name = models.CharField(_("file"), max_length=120)
    rows = models.JSONField(_("rows"), default=list)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("read at"), default=timezone.now)
    version = models.OneToOneField(
        CeilingVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="sheet", editable=False
    )

    objects = BudgetSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("spreadsheet of a budget")
        verbose_name_plural = _("spreadsheets of budgets")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.file_name
