"""Residents without a NIK, at the counter: a number of the office's own, or the one that they were given before."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kit.crypto import keyed_number
from kit.identity import TEMPORARY_PREFIX, clean_nik, clean_temporary, is_temporary
from participants.forms.fields import NikField
from participants.models import Person, Registration, hash_nik
from participants.queries import maybe_same

TRIES = 5


class NumberField(NikField):
    """A NIK, or a temporary number that the office gave before."""

    def clean(self, value: Any) -> str:
        text = forms.CharField.clean(self, value)
        if text.strip().upper().startswith(TEMPORARY_PREFIX):
            return clean_temporary(text)
        return clean_nik(text) if text else ""


class WithoutNik(forms.Form):
    """For the form of an officer, beside the declaration. A new number is given only when nobody on file is meant."""

    nik = NumberField(
        label=_("NIK"),
        help_text=_("16 digits on the identity card, or a temporary number (TMP …) that the office gave before."),
    )
    no_nik = forms.BooleanField(
        label=_("This resident has no NIK yet."),
        help_text=_("The office gives a temporary number. It never counts as verified; the NIK takes its place later."),
        required=False,
    )
    no_nik_anyway = forms.BooleanField(label=_("It is none of them: give a new number."), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        has_none = bool(self.data.get(self.add_prefix("no_nik")))
        self.fields["nik"].required = not has_none
        if "family_card" in self.fields:
            typed = str(self.data.get(self.add_prefix("nik"), "")).strip().upper()
            self.fields["family_card"].required = not has_none and not typed.startswith(TEMPORARY_PREFIX)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "nik" in self.errors:
            return cleaned
        number, wants_one = cleaned.get("nik", ""), cleaned.get("no_nik", False)
        if number and wants_one and not is_temporary(number):
            self.add_error("no_nik", _("Either a NIK or a temporary number: please take one of them out."))
        elif is_temporary(number):
            self._refuse_unknown(number)
        elif wants_one:
            cleaned["nik"] = self._new_number(cleaned)
        return cleaned

    @property
    def asks_again(self) -> bool:
        """Whether the box for *none of them* is shown."""
        return "no_nik_anyway" in self.errors or bool(self.is_bound and self.data.get(self.add_prefix("no_nik_anyway")))

    def _agency(self) -> Any:
        return self.batch.program.agency  # type: ignore[attr-defined]  # of the declaration's form

    def _refuse_unknown(self, number: str) -> None:
        if Person.objects.on_file(self._agency(), hash_nik(number)) is None:
            self.add_error("nik", _("This temporary number is not on file. Please look at the slip again."))

    def _new_number(self, cleaned: dict[str, Any]) -> str:
        """The same for the same form, so that pressing twice is harmless; never one that somebody else has."""
        key: uuid.UUID | None = cleaned.get("submission_key")
        if key is None or not cleaned.get("full_name") or not cleaned.get("birth_date"):
            return ""
        sent = Registration.objects.filter(submission_key=key).only("nik").first()
        if sent is not None:
            return str(sent.nik)
        known = maybe_same(self._agency().pk, cleaned["full_name"], cleaned["birth_date"])
        if known and not cleaned.get("no_nik_anyway"):
            self.add_error("no_nik_anyway", self._already(known))
        for attempt in range(TRIES):
            digits = keyed_number("temporary number", f"{key}:{attempt}", digits=9)
            number = f"{TEMPORARY_PREFIX}{digits}"
            if Person.objects.on_file(self._agency(), hash_nik(number)) is None:
                return number
        raise ValidationError(_("No temporary number could be made. Please press the button again."), code="no_number")

    def _already(self, known: list[Person]) -> ValidationError:
        names = "; ".join(f"{card.full_name}, {card.region.name} ({card.masked_nik})" for card in known[:3])
        sentence = _("Somebody with this name and birth date is on file: %(names)s. Ask, and use that number.")
        return ValidationError(sentence, code="maybe_same", params={"names": names})
