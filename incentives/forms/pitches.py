"""The pitch as a resident types it. What cannot be read is said by its field; everything else is kept."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from budgets.rules import AmountError, parse_rupiah
from incentives.actions import Pitch
from incentives.models import Competition, Entry
from kit.family_cards import FamilyCardField
from kit.form_keys import KeyedForm
from kit.names import clean_line, clean_paragraphs
from kit.uploads import TooLargeFile

FIRST_YEAR = 1945
LONGEST_TEXT = 1500
TOLD = ("summary", "novelty", "market", "monthly_turnover", "workers", "capital", "since")
DIGITS: dict[str, str] = {"inputmode": "numeric", "autocomplete": "off"}
NOT_RUPIAH = _("Write whole rupiah, for example 2.400.000.")
FILL_IN = _("Please fill this in.")
TOO_LARGE = _("This file is larger than 10 MB.")


class LineField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class TextField(forms.CharField):
    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> str:
        return clean_paragraphs(super().to_python(value) or "")


class AmountField(forms.CharField):
    """Whole rupiah in any of the usual spellings; shown with dots, as it is written."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=30, widget=forms.TextInput(DIGITS), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_rupiah(text) if text else None
        except AmountError as error:
            raise ValidationError(NOT_RUPIAH, code=error.code) from error


class CountField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(DIGITS)
        sentence = _("Whole numbers only, for example 3.")
        super().__init__(required=False, widget=widget, error_messages={"invalid": sentence}, **kwargs)


class PitchForm(KeyedForm):
    title = LineField(label=_("Title of your pitch"), required=False, max_length=120)
    business_name = LineField(label=_("Name of the business"), required=False, max_length=120)
    category = forms.ChoiceField(label=_("Category"), required=False, widget=forms.RadioSelect)
    summary = TextField(
        label=_("What your business does"),
        rows=7,
        help_text=_("200 to 1,500 characters: what you make, for whom, how."),
    )
    novelty = TextField(label=_("What is new about it"), rows=4)
    market = TextField(label=_("Who buys, and how you reach them"), rows=4)
    monthly_turnover = AmountField(label=_("Sales in a month (Rp)"), help_text=_("0 if you have not begun to sell."))
    workers = CountField(label=_("People who work in it"), min_value=0, max_value=9999, help_text=_("You included."))
    capital = AmountField(label=_("Capital so far (Rp)"))
    since = CountField(label=_("Since which year"), min_value=FIRST_YEAR)
    family_card = FamilyCardField(
        label=_("Number of your family card (KK)"),
        required=False,
        help_text=_("One award per household: only whether two numbers are the same is kept, not the number."),
    )

    def __init__(self, data: Any = None, *, competition: Competition, entry: Entry | None, files: Any = None) -> None:
        self.entry, self.pictures, self.slides = entry, _sent(files, "pictures"), _sent(files, "slides")
        super().__init__(data, initial=_initial(entry))
        edition = competition.edition
        categories = list(edition.categories.values_list("code", "name")) if edition else []
        self._fit(categories, competition.program.agency, bool(edition and edition.one_per_household))

    def _fit(self, categories: Sequence[tuple[str, str]], agency: Agency, asks_household: bool) -> None:
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)  # noqa: S101 - as declared above
        category.choices = list(categories)
        if not categories:
            del self.fields["category"]
        if not asks_household:
            del self.fields["family_card"]
        elif self.entry is not None and self.entry.household_hash:
            self.fields["family_card"].help_text = _("Your number is noted. Type it again only to change it.")
        self.this_year = agency.today().year
        self._require(is_sent=not self.is_bound or self.data.get("step") == "send")

    def _require(self, *, is_sent: bool) -> None:
        """A draft may be as incomplete as it is; the page shows what sending asks for."""
        noted = self.entry is not None and bool(self.entry.household_hash)
        for name, field in self.fields.items():
            field.required = is_sent and name != "submission_key" and not (name == "family_card" and noted)
            field.error_messages["required"] = FILL_IN

    def clean_since(self) -> int | None:
        year: int | None = self.cleaned_data["since"]
        if year is not None and year > self.this_year:
            raise ValidationError(_("This year is still to come."), code="since_future")
        return year

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, sent in (("pictures", self.pictures), ("slides", self.slides)):
            if any(isinstance(file, TooLargeFile) for file in sent):
                self.add_error(None, ValidationError(TOO_LARGE, code=f"{name}_large"))
        self._require(is_sent=True)
        return cleaned

    @property
    def pitch(self) -> Pitch:
        """What could be read; a field that could not keeps what it held before."""
        cleaned, before = self.cleaned_data, _initial(self.entry)
        held = before | {name: value for name, value in cleaned.items() if name in self.fields}
        told = {name: held.get(name) for name in TOLD if held.get(name) not in (None, "")}
        columns = {name: held.get(name) or "" for name in ("title", "business_name", "category")}
        return Pitch(told=told, family_card=cleaned.get("family_card") or "", **columns)

    @property
    def sent_files(self) -> list[tuple[str, bytes]]:
        sent = [("picture", file) for file in self.pictures] + [("slides", file) for file in self.slides]
        return [(kind, file.read()) for kind, file in sent if not isinstance(file, TooLargeFile) and file.size]


def _sent(files: Any, name: str) -> list[Any]:
    return [] if files is None else list(files.getlist(name))[: 4 if name == "pictures" else 1]


def _initial(entry: Entry | None) -> dict[str, Any]:
    if entry is None:
        return {}
    return {"title": entry.title, "business_name": entry.business_name, "category": entry.category, **entry.told}


class PitchWithdrawForm(forms.Form):
    reason = LineField(
        label=_("Do you want to say why?"),
        required=False,
        max_length=250,
        help_text=_("Optional. The office reads it."),
    )


class PitchDoorForm(forms.Form):
    """Number and PIN again, when half an hour was too short for what somebody typed."""

    code = forms.CharField(label=_("Registration number"), max_length=20)
    pin = forms.CharField(
        label=_("PIN"), max_length=12, widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    )
