"""The number of a family card (KK): 16 digits, another one when the household changes, so never a key to a person."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kit.crypto import keyed_hash
from kit.digits import without_separators

FAMILY_CARD = re.compile(r"[0-9]{16}", re.ASCII)


def clean_family_card(text: str) -> str:
    """16 ASCII digits, or `ValidationError`. Spaces, dots and hyphens that people type are taken out."""
    digits = without_separators(text)
    if FAMILY_CARD.fullmatch(digits) is None:
        raise ValidationError(_("A family card number has 16 digits."), code="family_card")
    return digits


def hash_household(number: str) -> str:
    """All that is kept of the number: whether two are of one household can be told, and not of which."""
    return keyed_hash("household", number) if number else ""


class FamilyCardField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 25}
        super().__init__(**{"max_length": 25, "widget": forms.TextInput(attrs=attrs), **kwargs})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return clean_family_card(text) if text else ""
