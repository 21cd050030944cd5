"""Payments: what a list shows of them, and what each step is told."""

import datetime as dt
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from budgets.forms.amounts import RupiahField
from budgets.models import PayeeAccount, Payment, PaymentQuerySet
from kit.sealed import SealedSearchField, seal

CHOOSE = {"required": _("Please choose one."), "invalid_choice": _("Please choose one of the list.")}


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    messages = {"required": _("Please fill this in."), "invalid": _("This date does not exist.")}
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=messages, **kwargs)


class PaymentFilterForm(forms.Form):
    """Names come sealed; anything unknown in the address shows everything."""

    q = SealedSearchField(label=_("Name of the payee"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *Payment.State.choices])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *Payment.Kind.choices])
    tab = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    bundle = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    @property
    def wanted(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def address_query(self) -> str:
        wanted = self.wanted
        return urlencode(wanted | {"q": seal(wanted["q"])} if "q" in wanted else wanted)

    def narrow(self, payments: PaymentQuerySet) -> PaymentQuerySet:
        wanted = self.wanted
        for name in ("state", "kind", "bundle"):
            if name in wanted:
                payments = payments.filter(**{name: wanted[name]})
        return payments.called(wanted.get("q", ""))


class StepForm(forms.Form):
    """A step that only needs its reason."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Please give a reason.")},
    )


class PaidForm(forms.Form):
    """What the treasurer writes down. The tax is proposed; sending the form confirms it."""

    paid_on = day_field(_("Paid on"))
    way = forms.ChoiceField(label=_("How"), widget=forms.RadioSelect, error_messages=CHOOSE)
    document = forms.CharField(
        label=_("Number of the SP2D, transfer or cash book"),
        max_length=60,
        error_messages={"required": _("Enter the number that the money can be found by.")},
    )
    tax = RupiahField(
        label=_("Tax that was kept back"),
        help_text=_("A proposal by the rule in force. Correct it where you know better; 0 where none is due."),
        error_messages={"required": _("Enter the tax; 0 where none is due.")},
    )

    def __init__(self, data: Any = None, *, payment: Payment) -> None:
        account = payment.account
        ways = [(Payment.Method.CASH.value, str(Payment.Method.CASH.label))]
        if account is not None:
            ways.insert(0, (Payment.Method.TRANSFER.value, f"{Payment.Method.TRANSFER.label}: {account}"))
        first: dict[str, Any] = {"paid_on": payment.agency.today(), "way": ways[0][0]}
        if payment.tax is not None:
            first["tax"] = str(payment.tax)
        super().__init__(data, initial=first)
        cast(forms.ChoiceField, self.fields["way"]).choices = ways
        self.gross = payment.gross

    def clean_tax(self) -> int:
        tax = int(self.cleaned_data["tax"])
        if tax > self.gross:
            raise ValidationError(_("The tax is not below zero and not above the gross amount."), code="tax_large")
        return tax

    @property
    def told(self) -> dict[str, Any]:
        cash = self.cleaned_data["way"] == Payment.Method.CASH
        return {name: self.cleaned_data[name] for name in ("paid_on", "document", "tax")} | {"cash": cash}

    def add_refusal(self, refusal: ValidationError) -> None:
        """Refusals of the action beside the field that they are about."""
        fields = {"tax_missing": "tax", "account_missing": "way", "payment_transfer_has_account": "way"}
        for error in _each(refusal):
            self.add_error(fields.get(error.code or "", "paid_on" if "paid_in" in (error.code or "") else None), error)


def _each(refusal: ValidationError) -> list[ValidationError]:
    if hasattr(refusal, "error_dict"):
        return [each for errors in refusal.error_dict.values() for each in errors]
    return list(refusal.error_list)


class ManyPaidForm(forms.Form):
    """One transfer list or cash book entry for several payments; their proposed taxes are confirmed with it."""

    paid_on = day_field(_("Paid on"))
    document = forms.CharField(
        label=_("Number of the SP2D, transfer or cash book"),
        max_length=60,
        error_messages={"required": _("Enter the number that the money can be found by.")},
    )
    cash = forms.BooleanField(label=_("Paid in cash against a signature"), required=False)

    def __init__(self, data: Any = None, *, today: dt.date) -> None:
        super().__init__(data, initial={"paid_on": today})


class AgainForm(StepForm):
    account = forms.ModelChoiceField(
        PayeeAccount.objects.none(),
        label=_("Bank account"),
        required=False,
        empty_label=_("None: paid in cash"),
        error_messages=CHOOSE,
    )
    field_order = ("account", "reason")

    def __init__(self, data: Any = None, *, payment: Payment) -> None:
        known = PayeeAccount.objects.filter(agency=payment.agency_id, owner=payment.payee_key)
        own = PayeeAccount.objects.filter(pk=payment.account_id or 0)
        rows = (known.current() | own.current()).select_related("bank").defer("number").distinct()
        super().__init__(data, initial={"account": rows.filter(state=PayeeAccount.State.IN_FORCE).first()})
        cast(forms.ModelChoiceField, self.fields["account"]).queryset = rows
