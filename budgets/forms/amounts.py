"""Amounts as people type them into a form."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from budgets.rules import AmountError, parse_rupiah

SENTENCES = {
    "negative": _("An amount is not below zero."),
    "ambiguous": _("This could be two amounts. Write whole rupiah: 2.400.000."),
    "cents": _("Write whole rupiah, without cents."),
    "large": _("This amount is too large."),
    "unreadable": _("This is no amount. Write whole rupiah: 2.400.000."),
}


class RupiahField(forms.CharField):
    """Whole rupiah in any of the usual spellings, as an integer; None where nothing was typed and nothing must be."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_rupiah(text)
        except AmountError as error:
            raise ValidationError(SENTENCES.get(error.code, SENTENCES["unreadable"]), code=error.code) from error
