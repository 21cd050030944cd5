"""Fields of a resident's form: each cleans one thing and says in one sentence what is wrong with it."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kit.identity import clean_nik
from kit.names import clean_full_name, clean_line
from kit.phones import clean_mobile, show_phone

OLDEST = 110
REQUIRED = {"required": _("Please fill this in.")}
CHOOSE = {"required": _("Please choose one."), "invalid_choice": _("Please choose one of the list.")}


class NikField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 25}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(**{"error_messages": REQUIRED, **kwargs})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return clean_nik(text) if text else ""


class FullNameField(forms.CharField):
    def clean(self, value: Any) -> str:
        return clean_full_name(super().clean(value))


class LineField(forms.CharField):
    """A line of an address or an occupation, without what nobody sees."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class MobileField(forms.CharField):
    def prepare_value(self, value: Any) -> Any:
        """A stored number comes back the way people write it: 0812-3456-7890."""
        return show_phone(value) if isinstance(value, str) and value.startswith("+") else value

    def clean(self, value: Any) -> str:
        return clean_mobile(super().clean(value))


class BirthDateField(forms.DateField):
    """Day, month and year apart, as people say it; not in the future, nobody older than 110."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.SelectDateWidget(years=range(1900, 2101), attrs={"autocomplete": "bday"})
        messages = {"required": _("Please fill in day, month and year."), "invalid": _("This date does not exist.")}
        super().__init__(**{"widget": widget, "error_messages": messages, **kwargs})

    def clean(self, value: Any) -> date:
        day: date = super().clean(value)
        today = timezone.localdate()
        if day and day > today:
            raise ValidationError(_("The birth date cannot lie in the future."), code="birth_date_future")
        if day and day.year < today.year - OLDEST:
            raise ValidationError(_("Please check the year of birth."), code="birth_date_old")
        return day


class NeighbourhoodField(forms.CharField):
    """RT or RW: up to three digits, kept with leading zeros."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "maxlength": 3, "autocomplete": "off"}
        super().__init__(**{"required": False, "widget": forms.TextInput(attrs=attrs), **kwargs})

    def clean(self, value: Any) -> str:
        text: str = super().clean(value).strip()
        if text and not (text.isascii() and text.isdigit() and len(text) <= 3):
            raise ValidationError(_("Digits only, for example 003."), code="neighbourhood_digits")
        return text.zfill(3) if text else ""
