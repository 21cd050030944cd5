"""Objections: written by anybody, answered by the office."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incentives.actions import ObjectionInput
from kit.names import clean_line, clean_paragraphs

SHORTEST, LONGEST = 20, 2000


class TextField(forms.CharField):
    """Several lines without what nobody sees."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST}), max_length=LONGEST, **kwargs)

    def to_python(self, value: Any) -> str:
        return clean_paragraphs(str(value or ""))


class ObjectionForm(forms.Form):
    text = TextField(
        label=_("What is wrong, and how you know it"),
        min_length=SHORTEST,
        help_text=_("For instance that a business is not the winner's own, or that a rule was broken."),
    )
    name = forms.CharField(label=_("Your name"), max_length=100)
    contact = forms.CharField(
        label=_("How we reach you"), max_length=150, help_text=_("A telephone number, an e-mail address or an address.")
    )

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"])

    def clean_contact(self) -> str:
        return clean_line(self.cleaned_data["contact"])

    @property
    def said(self) -> ObjectionInput:
        return ObjectionInput(**{name: self.cleaned_data[name] for name in ("name", "contact", "text")})


class AnswerForm(forms.Form):
    state = forms.ChoiceField(
        label=_("The objection is"),
        choices=[("dismissed", _("dismissed")), ("upheld", _("upheld"))],
        widget=forms.RadioSelect,
    )
    answer = TextField(label=_("Answer, with its reasons"))
