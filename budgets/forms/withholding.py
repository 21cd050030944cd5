"""Withheld tax: of which month, and whether with whole identity numbers."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.roles import Permission
from budgets.forms.payments import CHOOSE
from budgets.permissions import duty_agencies


class WithheldForm(forms.Form):
    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Office"), empty_label=None, error_messages=CHOOSE)
    whole = forms.BooleanField(
        label=_("With whole identity numbers (NIK)"),
        required=False,
        help_text=_("Only for typing the slips into the tax system. Each look is kept with your reason."),
    )
    purpose = forms.CharField(label=_("Reason, where the numbers are whole"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        offices = Agency.objects.filter(pk__in=duty_agencies(user, Permission.RECORD_PAYMENTS)).order_by("name")
        field = cast(forms.ModelChoiceField, self.fields["agency"])
        field.queryset = offices
        self.initial["agency"] = offices.first()
        if offices.count() == 1:
            field.widget = forms.HiddenInput()

    def add_refusal(self, refusal: ValidationError) -> None:
        if hasattr(refusal, "error_dict"):
            self.add_error("purpose", [each for errors in refusal.error_dict.values() for each in errors])
        else:
            self.add_error(None, refusal)
