"""What the chair decides: the order of tied pitches, the lock, and opening it again."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incentives.forms.results import ReasonForm
from incentives.models import Entry, TieDecision
from kit.fields import CHOOSE


class LockForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason of the new version"), max_length=300, required=False, widget=forms.Textarea({"rows": 3})
    )
    sure = forms.BooleanField(
        label=_("No sheet changes any more after this. The winners are named."),
        error_messages={"required": _("Tick this to lock the result.")},
    )

    def __init__(self, *args: Any, is_again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_again:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]


class TieForm(ReasonForm):
    """A place for each tied pitch; a lot, where the method knows it, needs none."""

    def __init__(self, *args: Any, entries: Sequence[Entry], ways: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries, self.has_lot = entries, TieDecision.Way.LOT in ways
        choices = [(value, label) for value, label in TieDecision.Way.choices if value in ways]
        self.fields["way"] = forms.ChoiceField(
            label=_("Decided by"), choices=choices, initial=choices[0][0], widget=forms.RadioSelect
        )
        places = [("", _("Choose …")), *((str(place), str(place)) for place in range(1, len(entries) + 1))]
        for entry in entries:
            self.fields[self.name_of(entry)] = forms.ChoiceField(
                label=str(entry), choices=places, required=not self.has_lot, error_messages=CHOOSE
            )
        self.order_fields(["way", *(self.name_of(entry) for entry in entries), "reason"])

    @staticmethod
    def name_of(entry: Entry) -> str:
        return f"place_{entry.pk}"

    @property
    def place_fields(self) -> list[Any]:
        return [self[self.name_of(entry)] for entry in self.entries]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("way") == TieDecision.Way.CHAIR and not self.errors:
            places = [told.get(self.name_of(entry)) for entry in self.entries]
            if len(set(places)) < len(places) or not all(places):
                raise ValidationError(_("Give each pitch another place."), code="places")
        return told

    @property
    def ordered(self) -> list[int]:
        told = self.cleaned_data
        return [one.pk for one in sorted(self.entries, key=lambda entry: int(told.get(self.name_of(entry)) or 0))]
