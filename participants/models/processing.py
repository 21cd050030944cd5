from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import scope_q
from accounts.roles import Permission


class LawfulBasis(models.TextChoices):
    """Law 27 of 2022, article 20."""

    PUBLIC_TASK = "public_task", _("Public service and interest, authority by law")
    LEGAL_DUTY = "legal_duty", _("Duty by law")
    CONSENT = "consent", _("Consent")
    CONTRACT = "contract", _("Agreement")
    VITAL = "vital", _("Vital interest")
    LEGITIMATE = "legitimate", _("Other legitimate interest")


class ProcessorQuerySet(models.QuerySet["Processor"]):
    def visible_to(self, user: User) -> "ProcessorQuerySet":
        return self.filter(scope_q(user, Permission.VIEW_PRIVACY, region=None))


class Processor(models.Model):
    """Who handles people's data for the office, and by which agreement."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=150)
    service = models.CharField(max_length=200)
    place = models.CharField(max_length=150)
    contact = models.CharField(max_length=200, blank=True)
    agreement = models.CharField(max_length=100, blank=True)
    agreed_from = models.DateField(null=True, blank=True)
    agreed_until = models.DateField(null=True, blank=True)

    objects = ProcessorQuerySet.as_manager()

    class Meta:
        verbose_name = _("processor")
        verbose_name_plural = _("processors")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "name"],
                name="processor_name_once",
                violation_error_message=_("This processor stands in the register already."),
            ),
            models.CheckConstraint(
                condition=Q(agreed_from=None) | Q(agreed_until=None) | Q(agreed_until__gte=F("agreed_from")),
                name="processor_agreement_ends_after_it_began",
                violation_error_message=_("The agreement ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProcessingActivityQuerySet(models.QuerySet["ProcessingActivity"]):
    def visible_to(self, user: User) -> "ProcessingActivityQuerySet":
        return self.filter(scope_q(user, Permission.VIEW_PRIVACY, region=None))


class ProcessingActivity(models.Model):
    """One line of the register that article 31 asks for."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=150)
    purpose = models.CharField(max_length=500)
    basis = models.CharField(max_length=20, choices=LawfulBasis.choices)
    legal_basis = models.CharField(max_length=300, blank=True)
    people = models.CharField(max_length=200)
    data_items = models.CharField(max_length=500)
    specific_items = models.CharField(max_length=300, blank=True)
    recipients = models.CharField(max_length=300, blank=True)
    kept = models.CharField(max_length=250)
    safeguards = models.CharField(max_length=500, blank=True)
    responsible = models.CharField(max_length=150)
    is_high_risk = models.BooleanField(default=False)
    processors = models.ManyToManyField(Processor, blank=True, related_name="activities")
    ended_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    changed_at = models.DateTimeField()

    objects = ProcessingActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("processing activity")
        verbose_name_plural = _("processing activities")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "name"],
                name="processing_name_once",
                violation_error_message=_("This activity stands in the register already."),
            ),
            models.CheckConstraint(
                condition=Q(basis__in=LawfulBasis.values),
                name="processing_basis_known",
                violation_error_message=_("Choose one of the grounds of the law."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
