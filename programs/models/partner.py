from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import scope_q
from accounts.roles import Permission
from jobs.models import StoredFile
from regions.models import Region


class PartnerQuerySet(models.QuerySet["Partner"]):
    def visible_to(self, user: User, permission: Permission = Permission.MANAGE_RESOURCES) -> "PartnerQuerySet":
        return self.filter(scope_q(user, permission, agency="agency", region=None))

    def in_use(self) -> "PartnerQuerySet":
        return self.filter(active=True)


class Partner(models.Model):
    """Who works with the office: one of the five that a programme is carried by."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("Government")
        ACADEMIA = "academia", _("University or school")
        INDUSTRY = "industry", _("Industry or association")
        COMPANY = "company", _("Company")
        COMMUNITY = "community", _("Community")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="partners", verbose_name=_("agency"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=150)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    address = models.CharField(_("address"), max_length=250, blank=True)
    contact_name = models.CharField(_("whom to ask"), max_length=100, blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=16, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    active = models.BooleanField(_("in use"), default=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                "agency",
                Upper("name"),
                name="partner_once",
                violation_error_message=_("A partner of this name is listed already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["government", "academia", "industry", "company", "community"]),
                name="partner_kind_known",
                violation_error_message=_("A partner is of one of the five kinds."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programs:partner_detail", args=[self.pk])


class PartnerAgreement(models.Model):
    """What a partner and the office agreed in writing, from when to when, and what the partner gives."""

    class Gift(models.TextChoices):
        MATERIAL = "material", _("Teaching material")
        INSTRUCTORS = "instructors", _("Instructors")
        VENUE = "venue", _("Venue")
        EQUIPMENT = "equipment", _("Equipment or goods")
        MONEY = "money", _("Money")
        MARKET = "market", _("Access to customers")
        MENTORING = "mentoring", _("Mentoring after the training")

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="agreements")
    number = models.CharField(_("number"), max_length=80)
    subject = models.CharField(_("about"), max_length=200)
    signed_on = models.DateField(_("signed on"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    gives = ArrayField(
        models.CharField(max_length=12, choices=Gift.choices),
        default=list,
        blank=True,
        verbose_name=_("the partner gives"),
    )
    contribution = models.TextField(_("in detail"), blank=True, max_length=1000)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ("-valid_from", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "number"],
                name="agreement_number_once",
                violation_error_message=_("An agreement of this number is listed already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="agreement_ends_after_it_begins",
                violation_error_message=_("The agreement ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.subject}"

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def shown_gifts(self) -> list[str]:
        return [str(self.Gift(code).label) for code in self.gives]
