"""The check of a pitch, how it ends, and the day of the presentations."""

from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incentives.models import Entry

LONGEST = 500
BREAKS = 3


class EntryFilterForm(forms.Form):
    q = forms.CharField(label=_("Business, title or code"), required=False, max_length=100)


class EntryCheckForm(forms.Form):
    """A word is needed for everything but the admission."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[
            ("admit", _("Admit: it comes before the jury")),
            ("fix", _("Ask for a correction")),
            ("refuse", _("Do not admit")),
        ],
        error_messages={"required": _("Please choose one.")},
    )
    note = forms.CharField(
        label=_("What has to be corrected, or why it is not admitted"),
        help_text=_("The resident reads it word for word."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("decision") in {"fix", "refuse"} and not cleaned.get("note", "").strip():
            self.add_error("note", ValidationError(_("Please say why."), code="reason_needed"))
        return cleaned


class EntryEndForm(forms.Form):
    state = forms.ChoiceField(
        label=_("What happened"),
        widget=forms.RadioSelect,
        choices=[
            (Entry.State.WITHDRAWN, _("The resident takes it back")),
            (Entry.State.DISQUALIFIED, _("Disqualified")),
        ],
        error_messages={"required": _("Please choose one.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The resident reads it word for word."),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Please say why.")},
    )


def _clock(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


class OrderForm(forms.Form):
    """Breaks of the day, and until when; pairs of which only one half is given are refused."""

    until = _clock(_("The last one ends before"))

    def __init__(self, data: Any = None, *, breaks: list[tuple[time, time]], until: time | None) -> None:
        initial: dict[str, time | None] = {"until": until}
        initial |= {f"from_{number}": start for number, (start, _end) in enumerate(breaks[:BREAKS], 1)}
        initial |= {f"to_{number}": end for number, (_start, end) in enumerate(breaks[:BREAKS], 1)}
        super().__init__(data, initial=initial)
        for number in range(1, BREAKS + 1):
            self.fields[f"from_{number}"] = _clock(_("Break %(number)d from") % {"number": number})
            self.fields[f"to_{number}"] = _clock(_("Break %(number)d to") % {"number": number})

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        return [(self[f"from_{number}"], self[f"to_{number}"]) for number in range(1, BREAKS + 1)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["breaks"] = []
        for number in range(1, BREAKS + 1):
            start, end = cleaned.get(f"from_{number}"), cleaned.get(f"to_{number}")
            if start is None and end is None:
                continue
            if start is None or end is None or end <= start:
                self.add_error(f"to_{number}", ValidationError(_("A break ends after it begins."), code="break_order"))
            else:
                cleaned["breaks"].append((start, end))
        return cleaned


class PlaceForm(forms.Form):
    place = forms.IntegerField(
        min_value=1, error_messages={"required": _("Which place?"), "invalid": _("Which place?")}
    )
    seen = forms.CharField(required=False, max_length=16)
