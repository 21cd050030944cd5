"""The head of an office's papers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from documents.models import Letterhead
from kit.names import clean_line
from kit.pictures import clean_emblem
from kit.uploads import TooLargeFile

MOST_BYTES = 2 * 1024 * 1024
LINES = ("line1", "line2", "address", "contact", "place", "unit_code")


class LetterheadForm(forms.Form):
    line1 = forms.CharField(
        label=_("Government"), max_length=120, help_text=_("For example PEMERINTAH KOTA PEKALONGAN.")
    )
    line2 = forms.CharField(
        label=_("Office"), max_length=160, help_text=_("For example DINAS PERINDUSTRIAN DAN TENAGA KERJA.")
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    contact = forms.CharField(label=_("Telephone, e-mail and site"), max_length=200, required=False)
    place = forms.CharField(
        label=_("Place before the date"), max_length=80, required=False, help_text=_("For example Pekalongan.")
    )
    unit_code = forms.CharField(
        label=_("Code of the office in numbers of papers"),
        max_length=20,
        required=False,
        help_text=_("It stands in numbers in the place of {unit}, for example DPK."),
    )
    arms = forms.FileField(
        label=_("Arms of the region"),
        required=False,
        help_text=_("A PNG, JPEG or WebP picture of at most 2 MB, best on a see-through ground."),
    )
    without_arms = forms.BooleanField(label=_("Print without arms"), required=False)

    def __init__(self, *args: Any, letterhead: Letterhead, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(letterhead, name) for name in LINES}
        for name in LINES[:2]:
            self.fields[name].error_messages["required"] = str(_("Please fill this in."))
        if letterhead.arms is None:
            del self.fields["without_arms"]

    def clean_arms(self) -> bytes:
        given = self.cleaned_data["arms"]
        if not given:
            return b""
        if isinstance(given, TooLargeFile):
            raise ValidationError(_("This picture is larger than 2 MB. Please choose a smaller one."))
        content: bytes = given.read()
        clean_emblem(content)
        return content

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        return cleaned | {name: clean_line(cleaned[name]) for name in LINES if name in cleaned}

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in LINES}
