"""Where the money of a payee goes, as a colleague writes it down."""

import re
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.permissions import assignments_with
from accounts.roles import Permission
from budgets.actions import AccountDetails
from budgets.models import Bank, PayeeAccount, Payment
from kit.posting import key_in
from kit.sealed import SealedSearchField, seal

OWNER = re.compile(r"[a-z_]{1,30}:[0-9]{1,18}")
REQUIRED = {"required": _("Please fill this in.")}
CHOOSE = {"required": _("Please choose one."), "invalid_choice": _("Please choose one of the list.")}


def keeping_agencies(user: User) -> list[int]:
    duties = (Permission.PROPOSE_PAYMENTS, Permission.RECORD_PAYMENTS)
    return sorted({given.agency_id for duty in duties for given in assignments_with(user, duty)})


class AccountFilterForm(forms.Form):
    """By name, which comes sealed, or by whom it belongs to ("instructor:12")."""

    q = SealedSearchField(label=_("Name, or whom it belongs to"), required=False, max_length=80)
    tab = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)

    @property
    def wanted(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def address_query(self) -> str:
        wanted = self.wanted
        return urlencode(wanted | {"q": seal(wanted["q"])} if "q" in wanted else wanted)


class AccountForm(forms.Form):
    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Office"), error_messages=CHOOSE)
    owner = forms.CharField(
        label=_("Belongs to"),
        max_length=60,
        help_text=_("As it stands on the page of the payment or the instructor, for instance instructor:12."),
        error_messages=REQUIRED,
    )
    payee_name = forms.CharField(label=_("Payee"), max_length=150, error_messages=REQUIRED)
    bank = forms.ModelChoiceField(Bank.objects.all(), label=_("Bank"), empty_label=_("Choose …"), error_messages=CHOOSE)
    number = forms.CharField(
        label=_("Account number"),
        max_length=40,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=REQUIRED,
    )
    holder_name = forms.CharField(
        label=_("Account holder"),
        max_length=150,
        help_text=_("As it stands in the bank book."),
        error_messages=REQUIRED,
    )
    holder_reason = forms.CharField(
        label=_("Why the holder is somebody else"),
        max_length=200,
        required=False,
        help_text=_("Only where the account is not the payee's own. A second person confirms it then."),
    )

    def __init__(self, data: Any = None, *, user: User, owner: str, name: str = "") -> None:
        """`name` is what the page that leads here calls the payee; else what was written for this key before."""
        first = {"owner": owner, "payee_name": name or name_of(user, owner)} if owner else None
        super().__init__(data, initial=first)
        offices = Agency.objects.filter(pk__in=keeping_agencies(user))
        cast(forms.ModelChoiceField, self.fields["agency"]).queryset = offices
        self.only = next(iter(offices)) if len(offices) == 1 else None
        if self.only is not None:
            del self.fields["agency"]

    def clean_owner(self) -> str:
        owner = str(self.cleaned_data["owner"]).strip()
        if not OWNER.fullmatch(owner):
            raise ValidationError(_("Write a word, a colon and a number: instructor:12."), code="owner_form")
        return owner

    @property
    def told(self) -> dict[str, Any]:
        given = self.cleaned_data
        names = ("bank", "number", "holder_name", "holder_reason")
        details = AccountDetails(**{name: given[name] for name in names})
        agency = self.only or given["agency"]
        return {"agency": agency, "owner": given["owner"], "payee_name": given["payee_name"], "details": details}


def name_of(user: User, owner: str) -> str:
    """The payee's name as it was written for this key before."""
    accounts = PayeeAccount.objects.visible_to(user).filter(owner=owner).values_list("payee_name", flat=True)
    payments = Payment.objects.visible_to(user).filter(payee_key=owner).values_list("payee_name", flat=True)
    return next(iter([*accounts[:1], *payments[:1]]), "")


class ConfirmListForm(forms.Form):
    """`seen` names the accounts that stood on the page."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=100_000, error_messages=REQUIRED)
    compared = forms.BooleanField(
        label=_("I compared every row with the bank book or a signed letter of the payee."),
        error_messages={"required": _("Please tick this to go on.")},
    )

    def clean_seen(self) -> set[int]:
        return {key_in(text) for text in str(self.cleaned_data["seen"]).split(",")}


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Please give a reason.")},
    )


class RevealForm(forms.Form):
    purpose = forms.CharField(
        label=_("What do you need the number for?"),
        max_length=200,
        help_text=_("The audit trail keeps this with your name."),
        error_messages={"required": _("Please give a reason.")},
    )
