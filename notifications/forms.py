import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kit.sealed import SealedSearchField, seal
from notifications import texts
from notifications.models import Channel, MessageQuerySet, State
from notifications.rules import Wording, tidy


class MessageFilterForm(forms.Form):
    """What the list is narrowed to; a value that is no choice is as good as none."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *State.choices])
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[("", _("All")), *Channel.choices])
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    group = forms.RegexField(r"^[a-z]{1,20}:[0-9]{1,18}$", required=False, widget=forms.HiddenInput)
    code = forms.RegexField(r"^[a-z0-9_-]{1,40}$", required=False, widget=forms.HiddenInput)
    period = forms.TypedChoiceField(
        required=False, choices=[(1, 1), (7, 7), (30, 30)], coerce=int, widget=forms.HiddenInput
    )
    q = SealedSearchField(label=_("Name, phone or e-mail"), required=False, max_length=100, strip=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.fields["kind"]
        if isinstance(kinds, forms.ChoiceField):
            kinds.choices = [("", _("All")), *settings.MESSAGE_KINDS.items()]

    @property
    def address_query(self) -> str:
        """What the address of the result carries: the name or number only sealed."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return urlencode(chosen | {"q": seal(chosen["q"])} if "q" in chosen else chosen)

    @property
    def is_search(self) -> bool:
        self.is_valid()
        return bool(self.cleaned_data.get("q"))

    def narrow(self, messages: MessageQuerySet) -> MessageQuerySet:
        self.is_valid()
        chosen = self.cleaned_data
        exact = {name: chosen[name] for name in ("state", "channel", "kind", "group") if chosen.get(name)}
        found = messages.filter(**exact)
        if chosen.get("code"):
            found = found.filter(failure_code=chosen["code"])
        if chosen.get("period"):
            found = found.filter(created_at__gte=start_of_period(chosen["period"], timezone.now()))
        return found.search(chosen["q"]) if chosen.get("q") else found


def start_of_period(days: int, now: dt.datetime) -> dt.datetime:
    """One day is today, by the office's clock; more are so many times 24 hours."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return today if days == 1 else now - dt.timedelta(days=days)


class BoardForm(forms.Form):
    """The period of the board, and one reason of failure; a value that is no choice is as good as none."""

    PERIODS = ((1, _("Today")), (7, _("7 days")), (30, _("30 days")))

    period = forms.TypedChoiceField(choices=PERIODS, coerce=int, required=False)
    channel = forms.ChoiceField(choices=Channel.choices, required=False)
    code = forms.RegexField(r"^[a-z0-9_-]{1,40}$", required=False)

    @property
    def days(self) -> int:
        self.is_valid()
        return int(self.cleaned_data.get("period") or 7)

    def since(self, now: dt.datetime) -> dt.datetime:
        return start_of_period(self.days, now)


class TextForm(forms.Form):
    """One text in both languages. `based_on` is the version that the officer saw."""

    subject_id = forms.CharField(label=_("Subject in Indonesian"), max_length=texts.LONGEST_SUBJECT)
    body_id = forms.CharField(label=_("Text in Indonesian"), widget=forms.Textarea(attrs={"rows": 16}))
    subject_en = forms.CharField(label=_("Subject in English"), max_length=texts.LONGEST_SUBJECT)
    body_en = forms.CharField(label=_("Text in English"), widget=forms.Textarea(attrs={"rows": 16}))
    based_on_id = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)
    based_on_en = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for language, wording in self.wordings.items():
            try:
                texts.check_wording(wording, texts.KINDS[self.kind])
            except ValidationError as refusal:
                self.add_refusal(refusal, language)
        return cleaned

    def add_refusal(self, refusal: ValidationError, language: str) -> None:
        for name, sentences in refusal.message_dict.items():
            field = f"{name}_{language}"
            if field not in self.errors:  # an empty field already has its sentence
                self.add_error(field, [ValidationError(sentence) for sentence in sentences])

    @property
    def wordings(self) -> dict[str, Wording]:
        """As typed, also what was refused: previews show it."""
        return {
            language: Wording(
                " ".join(tidy(str(self[f"subject_{language}"].value() or "")).split()),
                tidy(str(self[f"body_{language}"].value() or "")),
            )
            for language in ("id", "en")
        }

    @property
    def based_on(self) -> dict[str, int]:
        return {language: self.cleaned_data[f"based_on_{language}"] for language in ("id", "en")}
