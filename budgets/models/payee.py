import datetime as dt
import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import scope_q
from accounts.roles import Permission
from kit.crypto import EncryptedTextField, keyed_hash
from kit.names import name_key


class Bank(models.Model):
    """A bank by its clearing code. The office may add what the list that comes along does not have."""

    code = models.CharField(_("code"), max_length=3, primary_key=True)
    name = models.CharField(_("bank"), max_length=100)

    class Meta:
        verbose_name = _("bank")
        verbose_name_plural = _("banks")
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{3}$"),
                name="bank_code_three_digits",
                violation_error_message=_("A bank code has three digits."),
            )
        ]

    def __str__(self) -> str:
        return self.name


def account_hash(bank_code: str, number: str) -> str:
    return keyed_hash("payee account", f"{bank_code}:{number}")


def clean_account_number(text: str) -> str:
    """5 to 20 digits; zeros in front belong to it."""
    number = re.sub(r"[\s.\-]", "", text)
    if not re.fullmatch(r"[0-9]{5,20}", number):
        raise ValidationError(
            {"number": ValidationError(_("An account number has 5 to 20 digits."), code="account_number")}
        )
    return number


class PayeeAccountQuerySet(models.QuerySet["PayeeAccount"]):
    def visible_to(self, user: User, permission: Permission = Permission.VIEW_BUDGETS) -> "PayeeAccountQuerySet":
        return self.filter(scope_q(user, permission, agency="agency", region=None))

    def current(self) -> "PayeeAccountQuerySet":
        """In force, or waiting for the second person."""
        return self.filter(state__in=[PayeeAccount.State.PENDING, PayeeAccount.State.IN_FORCE])

    def of(self, owner: str) -> "PayeeAccountQuerySet":
        return self.current().filter(owner=owner).select_related("bank")

    def from_list(self, source: str) -> "PayeeAccountQuerySet":
        return self.filter(source=source).exclude(source="")

    def called(self, text: str) -> "PayeeAccountQuerySet":
        """By part of the payee's name, or by whom the account belongs to."""
        text = text.replace("\0", "").strip()
        return self.filter(Q(payee_name__icontains=text) | Q(owner=text)) if text else self


class PayeeAccount(models.Model):
    """Where money for somebody goes. A row never changes: a new number is a new row, which a second person confirms."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waits for a second person")
        IN_FORCE = "in_force", _("In force")
        REFUSED = "refused", _("Refused")
        ENDED = "ended", _("Replaced")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency"))
    owner = models.CharField(_("belongs to"), max_length=60)  # "instructor:12"
    payee_name = models.CharField(_("payee"), max_length=150)
    bank = models.ForeignKey(Bank, on_delete=models.PROTECT, related_name="+", verbose_name=_("bank"))
    number = EncryptedTextField(verbose_name=_("account number"))
    number_hash = models.CharField(max_length=64, editable=False)
    last4 = models.CharField(_("last digits"), max_length=4)
    holder_name = models.CharField(_("account holder"), max_length=150)
    # Why the holder is somebody else than the payee.
    holder_reason = models.CharField(_("why the holder is somebody else"), max_length=200, blank=True)
    # The list that it came with, if any: a short key for addresses, and its name for people.
    source = models.CharField(_("came with"), max_length=40, blank=True, editable=False)
    source_name = models.CharField(_("list"), max_length=200, blank=True, editable=False)
    needs_second = models.BooleanField(_("needs a second person"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered at"), default=timezone.now)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("confirmed by")
    )
    decided_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    objects = PayeeAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account of a payee")
        verbose_name_plural = _("accounts of payees")
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["number_hash"], name="payee_account_number"),
            models.Index(fields=["agency", "owner"], name="payee_account_owner"),
            models.Index(fields=["agency", "source"], condition=~Q(source=""), name="payee_account_source"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "owner"],
                condition=Q(state="in_force"),
                name="payee_account_one_in_force",
                violation_error_message=_("Another account of this payee is in force."),
            ),
            models.UniqueConstraint(
                fields=["agency", "owner"],
                condition=Q(state="pending"),
                name="payee_account_one_pending",
                violation_error_message=_("Another account of this payee waits to be confirmed."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("entered_by")),
                name="payee_account_second_person",
                violation_error_message=_("Somebody else than the person who entered the account confirms it."),
            ),
            models.CheckConstraint(
                condition=Q(source="", source_name="") | ~Q(source="") & Q(needs_second=True),
                name="payee_account_of_list_needs_second",
                violation_error_message=_("A second person confirms each account that came with a list."),
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force", needs_second=True) | Q(decided_by__isnull=False),
                name="payee_account_confirmed_before_use",
                violation_error_message=_("A second person confirms this account before it is used."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="payee_account_decision_whole",
                violation_error_message=_("A decision has a person and a time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank.name} …{self.last4}"

    @property
    def is_in_force(self) -> bool:
        return self.state == self.State.IN_FORCE

    @property
    def cools_until(self) -> dt.datetime | None:
        """A number that took the place of another is paid to only some hours after it was confirmed."""
        if not self.needs_second or self.decided_at is None:
            return None
        ends = self.decided_at + dt.timedelta(hours=settings.PAYEE_COOLING_HOURS)
        return ends if ends > timezone.now() else None

    @property
    def holder_differs(self) -> bool:
        return name_key(self.holder_name) != name_key(self.payee_name)
