"""What an officer writes to the people of a batch."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from notifications.notices import check_letter
from notifications.rules import Wording, tidy
from participants.forms.fields import REQUIRED
from participants.models import ACTIVE_SEATS, Broadcast, CheckState, Seat

LONGEST = 1000
LANGUAGES = ("id", "en")


class BroadcastForm(forms.Form):
    """Saved as it is; only the review asks for what is missing."""

    seats = forms.MultipleChoiceField(
        label=_("Whose seat is"),
        choices=[(seat.value, seat.label) for seat in Seat if seat in ACTIVE_SEATS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
    checks = forms.MultipleChoiceField(
        label=_("And whose data is"),
        choices=[(state.value, state.label) for state in CheckState if state != CheckState.REJECTED],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
    subject_id = forms.CharField(label=_("Subject"), max_length=150, error_messages=REQUIRED)
    body_id = forms.CharField(
        label=_("Text"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 8}), error_messages=REQUIRED
    )
    subject_en = forms.CharField(label=_("Subject in English"), max_length=150, required=False)
    body_en = forms.CharField(
        label=_("Text in English"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)

    def __init__(self, data: Any = None, *, broadcast: Broadcast) -> None:
        names = ("seats", "checks", "subject_id", "body_id", "subject_en", "body_en", "revision")
        super().__init__(data, initial={name: getattr(broadcast, name) for name in names})
        if broadcast.chosen is not None:
            del self.fields["seats"], self.fields["checks"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(cleaned.get("subject_en")) != bool(cleaned.get("body_en")):
            empty = "body_en" if cleaned.get("subject_en") else "subject_en"
            self.add_error(empty, _("Please complete the English version, or leave both fields empty."))
        for language in LANGUAGES:
            self._check(language)
        return cleaned

    def _check(self, language: str) -> None:
        try:
            check_letter(self.wording(language))
        except ValidationError as refusal:
            for name, sentences in refusal.message_dict.items():
                field = f"{name}_{language}"
                if field not in self.errors:
                    self.add_error(field, [ValidationError(sentence) for sentence in sentences])

    def wording(self, language: str) -> Wording:
        subject = str(self[f"subject_{language}"].value() or "")
        return Wording(" ".join(tidy(subject).split()), tidy(str(self[f"body_{language}"].value() or "")))

    @property
    def typed(self) -> dict[str, Any]:
        """What is kept, also of a form that cannot be sent yet."""
        kept: dict[str, Any] = {}
        for language in LANGUAGES:
            wording = self.wording(language)
            kept |= {f"subject_{language}": wording.subject[:200], f"body_{language}": wording.body[: 2 * LONGEST]}
        for name in ("seats", "checks"):
            if name in self.cleaned_data:
                kept[name] = self.cleaned_data[name]
        return kept


class SendForm(forms.Form):
    """What the officer saw on the page of review."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)
    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)
