from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Agency, User
from accounts.permissions import scope_q
from accounts.roles import Permission
from budgets.models.line import BudgetLine, Reservation
from budgets.models.payee import PayeeAccount
from budgets.models.tax import TaxKind, TaxRule
from budgets.rules import Withheld

# States in which the money of a payment is kept on its line.
HELD = ("proposed", "approved", "failed", "returned")
# States in which a payment is over without money having gone.
DROPPED = ("rejected", "cancelled")


class PaymentQuerySet(models.QuerySet["Payment"]):
    def visible_to(self, user: User, permission: Permission = Permission.VIEW_BUDGETS) -> "PaymentQuerySet":
        return self.filter(scope_q(user, permission, agency="agency", region=None))

    def with_parts(self) -> "PaymentQuerySet":
        return self.select_related("agency", "line__fund", "account__bank").defer("account__number")

    def standing(self) -> "PaymentQuerySet":
        """Neither rejected nor cancelled."""
        return self.exclude(state__in=DROPPED)

    def taxed(self) -> "PaymentQuerySet":
        """Of which a withholding slip tells: approved or paid, with a tax that is kept back."""
        return self.filter(state__in=[Payment.State.APPROVED, Payment.State.PAID], tax__gt=0)

    def called(self, text: str) -> "PaymentQuerySet":
        text = text.replace("\0", "").strip()
        return self.filter(payee_name__icontains=text) if text else self


class Payment(models.Model):
    """Money for somebody: proposed by one, approved by another, paid by a third. Nothing is paid twice."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        CANCELLED = "cancelled", _("Taken back")
        PAID = "paid", _("Paid")
        FAILED = "failed", _("Failed")
        RETURNED = "returned", _("Returned by the bank")

    class Kind(models.TextChoices):
        HONORARIUM = "honorarium", _("Honorarium")
        ALLOWANCE = "allowance", _("Participants' allowance")
        AWARD = "award", _("Award")
        GOODS = "goods", _("Goods and services")
        OTHER = "other", _("Other")

    class Method(models.TextChoices):
        TRANSFER = "transfer", _("Bank transfer")
        CASH = "cash", _("Cash against a signature")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency"))
    line = models.ForeignKey(
        BudgetLine, on_delete=models.PROTECT, related_name="payments", verbose_name=_("budget line")
    )
    reservation = models.ForeignKey(
        Reservation, on_delete=models.PROTECT, null=True, blank=True, related_name="payments", editable=False
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    purpose = models.CharField(_("purpose"), max_length=200)
    # What it pays for and whom, for ever: the same thing is proposed once ("session:12" and "instructor:7").
    reference = models.CharField(_("what it belongs to"), max_length=60)
    payee_key = models.CharField(max_length=160, editable=False)
    bundle = models.CharField(_("bundle"), max_length=60, blank=True, default="")
    payee_name = models.CharField(_("payee"), max_length=150)
    account = models.ForeignKey(
        PayeeAccount,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        verbose_name=pgettext_lazy("bank", "account"),
    )
    gross = models.BigIntegerField(_("gross"))
    tax_kind = models.CharField(_("kind of payee"), max_length=20, choices=TaxKind.choices, default=TaxKind.UNSET)
    tax_rule = models.ForeignKey(TaxRule, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    tax = models.BigIntegerField(_("tax"), null=True, blank=True)
    tax_confirmed = models.BooleanField(_("tax confirmed"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("approved by"))
    approved_at = models.DateTimeField(_("approved at"), null=True)
    paid_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("paid by"))
    paid_on = models.DateField(_("paid on"), null=True)
    method = models.CharField(_("how"), max_length=10, choices=Method.choices, blank=True, default="")
    document = models.CharField(_("number of the SP2D, transfer or cash book"), max_length=60, blank=True, default="")

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["agency", "state", "-id"], name="payment_of_state"),
            models.Index(fields=["bundle"], condition=~Q(bundle=""), name="payment_of_bundle"),
            GinIndex(OpClass(Upper("payee_name"), "gin_trgm_ops"), name="payment_payee_words"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "reference", "payee_key"],
                condition=~Q(state__in=DROPPED),
                name="payment_once",
                violation_error_message=_("This is proposed or paid already."),
            ),
            models.CheckConstraint(
                condition=Q(gross__gt=0),
                name="payment_gross_positive",
                violation_error_message=_("An amount is more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(tax__isnull=True) | Q(tax__gte=0, tax__lte=F("gross")),
                name="payment_tax_within_gross",
                violation_error_message=_("The tax is not below zero and not above the gross amount."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="payment_approved_by_another",
                violation_error_message=_("Nobody approves what they proposed themselves."),
            ),
            models.CheckConstraint(
                condition=Q(paid_by__isnull=True) | (~Q(paid_by=F("approved_by")) & ~Q(paid_by=F("proposed_by"))),
                name="payment_paid_by_a_third",
                violation_error_message=_("Nobody pays what they proposed or approved themselves."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "paid", "failed", "returned"]) | Q(approved_by__isnull=False),
                name="payment_approved_first",
                violation_error_message=_("A payment is approved before it is made."),
            ),
            models.CheckConstraint(
                condition=~Q(state="paid")
                | (
                    Q(paid_by__isnull=False, paid_on__isnull=False, tax__isnull=False, tax_confirmed=True)
                    & ~Q(document="")
                    & ~Q(method="")
                ),
                name="payment_paid_is_told",
                violation_error_message=_("A payment that was made has a day, a number, a way and a confirmed tax."),
            ),
            models.CheckConstraint(
                condition=~Q(method="transfer") | Q(account__isnull=False),
                name="payment_transfer_has_account",
                violation_error_message=_("A transfer needs the account of the payee."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payee_name}: {self.purpose}"

    def get_absolute_url(self) -> str:
        return reverse("budgets:payment_detail", args=[self.pk])

    @property
    def net(self) -> int | None:
        return None if self.tax is None else self.gross - self.tax

    def withheld(self, identity: str) -> Withheld:
        """As a withholding slip tells it, with the identity number that is given."""
        rule = self.tax_rule
        return Withheld(
            name=self.payee_name,
            identity=identity,
            kind=self.tax_kind,
            purpose=self.purpose,
            gross=self.gross,
            tax=self.tax or 0,
            terms=rule.terms if rule else None,
            legal_basis=rule.legal_basis if rule else "",
            is_final=rule.is_final if rule else False,
            paid_on=self.paid_on,
            document=self.document,
        )


class PaymentStep(models.Model):
    """What happened to a payment, in order: who did it, for whom, why, and the numbers of each attempt."""

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="steps", verbose_name=_("payment"))
    state = models.CharField(_("state"), max_length=10, choices=Payment.State.choices)
    at = models.DateTimeField(_("time"), default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    instead_of = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("instead of")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    document = models.CharField(_("number"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("step of a payment")
        verbose_name_plural = _("steps of payments")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.payment_id}: {self.state}"
