from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from budgets.rules import TaxTerms


class TaxKind(models.TextChoices):
    """Whom a payment goes to, as the tax law tells payees apart (domain.md 8.5)."""

    UNSET = "unset", _("Not clear, the treasurer decides")
    WINNER = "winner", _("Winner of a competition")
    PARTICIPANT = "participant", _("Participant of a training")
    NOT_EMPLOYEE = "not_employee", _("External instructor, no employee")
    CIVIL_SERVANT_2 = "civil_servant_2", _("Civil servant, rank I or II")
    CIVIL_SERVANT_3 = "civil_servant_3", _("Civil servant, rank III")
    CIVIL_SERVANT_4 = "civil_servant_4", _("Civil servant, rank IV, or state official")
    COMPANY = "company", _("Company or institution")
    AT_COST = "at_cost", _("Costs paid back, no income")


class TaxRuleQuerySet(models.QuerySet["TaxRule"]):
    def in_force(self, *, agency_id: int, kind: str, day: date) -> "TaxRule | None":
        """The office's own rule goes before the national one."""
        found = self.filter(Q(agency=agency_id) | Q(agency=None), kind=kind, valid__contains=day)
        return found.order_by(models.F("agency").asc(nulls_last=True)).first()


class TaxRule(models.Model):
    """How much income tax is kept back from a payee of this kind, from a day to a day, and by what law."""

    class Rounding(models.TextChoices):
        DOWN = "down", _("down")
        NEAREST = "nearest", _("to the nearest")
        UP = "up", _("up")

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agency")
    )
    kind = models.CharField(_("kind of payee"), max_length=20, choices=TaxKind.choices)
    valid = DateRangeField(_("valid"))
    legal_basis = models.CharField(_("legal basis"), max_length=200)
    base_percent = models.DecimalField(_("part of the gross that is taxed, in percent"), max_digits=5, decimal_places=2)
    # [[60000000, "5"], [250000000, "15"], [null, "25"]]: percent of what lies up to each limit.
    rates = models.JSONField(_("rates"))
    is_final = models.BooleanField(_("final"), default=False)
    surcharge_percent = models.DecimalField(
        _("surcharge without a tax number, in percent"), max_digits=5, decimal_places=2, default=0
    )
    rounding = models.CharField(_("rounded"), max_length=10, choices=Rounding.choices, default=Rounding.DOWN)

    objects = TaxRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("tax rule")
        verbose_name_plural = _("tax rules")
        ordering = ("kind", "-valid")
        constraints = [
            ExclusionConstraint(
                name="tax_rule_one_of_the_office",
                expressions=[
                    ("agency", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Another rule of the office for this kind is valid on some of these days."),
            ),
            ExclusionConstraint(
                name="tax_rule_one_of_the_state",
                expressions=[("kind", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                condition=Q(agency__isnull=True),
                violation_error_message=_("Another national rule for this kind is valid on some of these days."),
            ),
            models.CheckConstraint(
                condition=Q(base_percent__gte=0, base_percent__lte=100, surcharge_percent__gte=0),
                name="tax_rule_percent",
                violation_error_message=_("A part of the gross is 0 to 100 percent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.legal_basis})"

    @property
    def terms(self) -> TaxTerms:
        return TaxTerms.of(self.rates, self.base_percent, self.surcharge_percent, self.rounding)
