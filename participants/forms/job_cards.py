"""What the office notes of job seeker cards."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kit.fields import DayField
from participants.forms.fields import CHOOSE, REQUIRED, LineField
from participants.models import CardItem, CardPreparation, JobSeekerCard
from participants.models.job_card import CARD_NUMBER_MAX

NUMBER = re.compile(r"[A-Z0-9][A-Z0-9 ./-]*[A-Z0-9]")
LONG_ANSWERS = {"skills": 300, "experience": 500}
# What the ministry's system names; religion is asked there, never here.
MARITAL = [
    ("", _("Not asked")),
    ("belum kawin", _("Not married")),
    ("kawin", _("Married")),
    ("cerai hidup", _("Divorced")),
    ("cerai mati", _("Widowed")),
]


class PreparationForm(forms.Form):
    items = forms.MultipleChoiceField(
        label=_("What the person has ready"),
        choices=CardItem.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )


class SheetForm(forms.Form):
    """Only what the data sheet needs and no training asks; everything may stay empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in CardPreparation.ANSWERS.items():
            self.fields[name] = self._field(name, label)

    @staticmethod
    def _field(name: str, label: Any) -> forms.Field:
        if name == "marital_status":
            return forms.ChoiceField(label=label, choices=MARITAL, required=False, error_messages=CHOOSE)
        if name in LONG_ANSWERS:
            most = LONG_ANSWERS[name]
            area = forms.Textarea(attrs={"rows": 3, "maxlength": most})
            return LineField(label=label, required=False, max_length=most, widget=area)
        if name == "graduated":
            digits = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4})
            wrong = {"invalid": _("Four digits, for example 2017.")}
            return forms.RegexField(
                r"^(19|20)[0-9]{2}$", label=label, required=False, widget=digits, error_messages=wrong
            )
        return LineField(label=label, required=False, max_length=100)


class CardForm(forms.Form):
    number = forms.CharField(
        label=_("Number of the card"),
        max_length=CARD_NUMBER_MAX,
        help_text=_("As it stands on the card that SIAPkerja printed. Kept encrypted."),
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": CARD_NUMBER_MAX}),
    )
    issued_on = DayField(label=_("Issued on"))
    expires_on = DayField(
        label=_("Valid until"), required=False, help_text=_("Leave this empty for the usual two years.")
    )
    renews = forms.BooleanField(label=_("This card follows the one on file, which ends with it."), required=False)

    def __init__(self, *args: Any, held: JobSeekerCard | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if held is None:
            del self.fields["renews"]
        else:
            self.fields["renews"].initial = held.expires_on < held.person.agency.today()

    def clean_number(self) -> str:
        """Capital letters and single spaces, so that one card is one number."""
        number = " ".join(str(self.cleaned_data["number"]).upper().split())
        if not NUMBER.fullmatch(number) or not any(sign.isdigit() for sign in number):
            raise ValidationError(
                _("The number has digits and letters, with . / or - between them. Please copy it from the card.")
            )
        return number

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        issued_on, expires_on = cleaned.get("issued_on"), cleaned.get("expires_on")
        if issued_on and expires_on and expires_on <= issued_on:
            self.add_error("expires_on", _("A card runs out after the day on which it was issued."))
        return cleaned

    def add_refusal(self, refusal: ValidationError) -> None:
        codes = {getattr(error, "code", "") for error in getattr(refusal, "error_list", [])}
        self.add_error("number" if "job_card_number_once_in_force" in codes else None, refusal)


class ReportForm(forms.Form):
    reported_on = DayField(label=_("Reported on"))


class EndCardForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why does the card end?"),
        choices=JobSeekerCard.End.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    ended_on = DayField(label=_("Since when"))


class CardFilterForm(forms.Form):
    """`tab` and part of a name of a village, from the address; anything else is left out."""

    TABS = ("due", "held", "preparing", "ended")

    tab = forms.ChoiceField(choices=[(name, name) for name in TABS], required=False)
    place = LineField(label=_("Urban village"), required=False, max_length=60)

    @property
    def chosen(self) -> str:
        return self.cleaned_data.get("tab") or "due" if self.is_valid() else "due"

    @property
    def named(self) -> str:
        return str(self.cleaned_data.get("place", "")) if self.is_valid() else ""


def first_day(today: date) -> dict[str, date]:
    """What a form about a day begins with."""
    return {"reported_on": today, "ended_on": today, "issued_on": today}
