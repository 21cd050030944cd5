from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Agency, User
from accounts.permissions import scope_q
from accounts.roles import Permission
from budgets.models.payee import Bank, PayeeAccount
from budgets.models.payment import Payment
from budgets.rules import Layout, parse_layout
from kit.crypto import EncryptedTextField


class TransferLayoutQuerySet(models.QuerySet["TransferLayout"]):
    def usable(self, agency: Agency, day: date) -> "TransferLayoutQuerySet":
        """The office's own first, then what comes along."""
        found = self.filter(Q(agency=agency) | Q(agency=None), valid__contains=day)
        return found.order_by(F("agency").asc(nulls_last=True), "name")


class TransferLayout(models.Model):
    """How the file of a bank looks, as data. A change is a row of its own; a list keeps the row that it was made by."""

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agency")
    )
    bank = models.ForeignKey(
        Bank, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("bank")
    )
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    valid = DateRangeField(_("valid"))
    # The examples that come along are the format of no bank.
    is_example = models.BooleanField(_("example"), default=False)
    spec = models.JSONField(_("layout"))

    objects = TransferLayoutQuerySet.as_manager()

    class Meta:
        verbose_name = _("layout of a bank file")
        verbose_name_plural = _("layouts of bank files")
        ordering = ("name", "-valid")
        constraints = [
            ExclusionConstraint(
                name="transfer_layout_one_of_the_office",
                expressions=[
                    ("agency", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The office has a layout of this code for some of these days already."),
            ),
            ExclusionConstraint(
                name="transfer_layout_one_for_all",
                expressions=[("code", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                condition=Q(agency__isnull=True),
                violation_error_message=_("A layout of this code comes along for some of these days already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def layout(self) -> Layout:
        return parse_layout(self.spec)


class TransferListQuerySet(models.QuerySet["TransferList"]):
    def visible_to(self, user: User) -> "TransferListQuerySet":
        return self.filter(scope_q(user, Permission.VIEW_BUDGETS, agency="agency", region=None))

    def with_sums(self) -> "TransferListQuerySet":
        """`count`, `total` in rupiah, and `open_count`: the lines of which nobody knows yet."""
        waiting = Q(lines__state=TransferLine.State.WAITING)
        return self.annotate(
            count=Count("lines"),
            total=Sum(F("lines__gross") - F("lines__tax")),
            open_count=Count("lines", filter=waiting),
        )


class TransferList(models.Model):
    """Approved payments that go to the bank together, as they stood when the list was made."""

    class State(models.TextChoices):
        MADE = "made", pgettext_lazy("transfer list", "Made")
        CLOSED = "closed", pgettext_lazy("transfer list", "Closed")
        CANCELLED = "cancelled", pgettext_lazy("transfer list", "Cancelled")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency"))
    year = models.PositiveSmallIntegerField(_("fiscal year"))
    number = models.PositiveIntegerField(_("number"))
    layout = models.ForeignKey(TransferLayout, on_delete=models.PROTECT, related_name="+", verbose_name=_("layout"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.MADE)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("cancelled by"))
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")

    objects = TransferListQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer list")
        verbose_name_plural = _("transfer lists")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "number"],
                name="transfer_list_number_once",
                violation_error_message=_("Another transfer list of this year has this number."),
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | (Q(cancelled_by__isnull=False) & ~Q(reason="")),
                name="transfer_list_cancelled_is_told",
                violation_error_message=_("A cancelled list has a person and a reason."),
            ),
            models.CheckConstraint(
                condition=Q(state="made", closed_at__isnull=True) | (~Q(state="made") & Q(closed_at__isnull=False)),
                name="transfer_list_closed_is_told",
                violation_error_message=_("A list that is over has a time, an open one has none."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number:03d}/{self.year}"

    def get_absolute_url(self) -> str:
        return reverse("budgets:transfer_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.MADE


class TransferLine(models.Model):
    """One order of a list. What was approved stands here unchanged; PostgreSQL refuses to change it."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("transfer", "Not known yet")
        PAID = "paid", pgettext_lazy("transfer", "Paid")
        FAILED = "failed", pgettext_lazy("transfer", "Failed")
        RETURNED = "returned", pgettext_lazy("transfer", "Returned by the bank")
        DROPPED = "dropped", pgettext_lazy("transfer", "List cancelled")

    transfer_list = models.ForeignKey(
        TransferList, on_delete=models.PROTECT, related_name="lines", verbose_name=_("transfer list")
    )
    position = models.PositiveSmallIntegerField(_("number"))
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="transfers", verbose_name=_("payment"))
    account = models.ForeignKey(PayeeAccount, on_delete=models.PROTECT, related_name="+", verbose_name=_("account"))
    payee_name = models.CharField(_("payee"), max_length=150)
    purpose = models.CharField(_("purpose"), max_length=200)
    bank_code = models.CharField(_("code of the bank"), max_length=3)
    bank_name = models.CharField(_("bank"), max_length=100)
    number = EncryptedTextField(verbose_name=_("account number"))
    number_hash = models.CharField(max_length=64, editable=False)
    last4 = models.CharField(_("last digits"), max_length=4)
    holder_name = models.CharField(_("account holder"), max_length=150)
    gross = models.BigIntegerField(_("gross"))
    tax = models.BigIntegerField(_("tax"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    paid_on = models.DateField(_("paid on"), null=True)
    document = models.CharField(_("number of the bank"), max_length=60, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("line of a transfer list")
        verbose_name_plural = _("lines of transfer lists")
        ordering = ("transfer_list", "position")
        constraints = [
            models.UniqueConstraint(
                fields=["transfer_list", "position"],
                name="transfer_line_position_once",
                violation_error_message=_("Another line of this list has this number."),
            ),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(state__in=["waiting", "paid"]),
                name="transfer_line_one_standing",
                violation_error_message=_("This payment stands on a transfer list already."),
            ),
            models.CheckConstraint(
                condition=Q(tax__gte=0, gross__gt=F("tax")),
                name="transfer_line_net_positive",
                violation_error_message=_("A transfer is more than zero after the tax."),
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | (Q(paid_on__isnull=False) & ~Q(document="")),
                name="transfer_line_paid_is_told",
                violation_error_message=_("A transfer that was made has a day and a number."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["failed", "returned"]) | ~Q(reason=""),
                name="transfer_line_failed_is_told",
                violation_error_message=_("A transfer that did not arrive has a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_list_id}/{self.position}"

    @property
    def net(self) -> int:
        return self.gross - self.tax
