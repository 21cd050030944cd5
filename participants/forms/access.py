"""Small forms of the status page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from participants.forms.fields import REQUIRED

CODE_ATTRS = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "maxlength": 12}


class CodeField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": _("Registration number"),
                "help_text": _("8 letters and digits, for example K7QM-4XPD."),
                "max_length": 40,
                "error_messages": REQUIRED,
                "widget": forms.TextInput(attrs=CODE_ATTRS),
                **kwargs,
            }
        )


class StatusForm(forms.Form):
    code = CodeField()
    pin = forms.CharField(
        label=_("PIN"),
        help_text=_("6 digits that you got when you registered."),
        max_length=20,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 6}),
    )


class RecoveryForm(forms.Form):
    code = CodeField()


class RenewPinForm(forms.Form):
    code = CodeField()
    one_time_code = forms.CharField(
        label=_("Code from the message or from the office's slip"),
        max_length=40,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={**CODE_ATTRS, "maxlength": 14}),
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 250}),
    )
