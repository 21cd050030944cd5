"""What an officer types about persons: a search, a decision about two cards, a NIK in place of a temporary number."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kit.digits import without_separators
from kit.identity import clean_nik, is_temporary
from kit.sealed import SealedSearchField, seal
from participants.forms.fields import CHOOSE, NikField
from participants.forms.staff import LONG_NUMBER, is_nik, note_field
from participants.models import Person, PersonQuerySet, Registration, hash_nik, row_values
from participants.rules import GONE, KEPT, differing_groups, proposed_choices

FIRST, SECOND = "first", "second"


class PersonFilterForm(forms.Form):
    """What the address of a search carries: a name or a registration number sealed, an identity number as its hash."""

    q = SealedSearchField(label=_("Name, registration number or NIK"), required=False, max_length=100)
    h = forms.RegexField(r"^[0-9a-f]{64}$", required=False, widget=forms.HiddenInput)

    @property
    def wanted(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value} if self.is_valid() else {}

    def narrow(self, persons: PersonQuerySet) -> PersonQuerySet:
        """By the name on any entry ever made, by the number of an entry, by the identity number or its last digits."""
        wanted = self.wanted
        if "h" in wanted:
            return persons.filter(nik_hash=wanted["h"])
        entries = Registration.objects.search(wanted.get("q", "")).filter(person__isnull=False)
        return persons.filter(pk__in=entries.order_by().values("person"))


class PersonFindForm(PersonFilterForm):
    """The search box, by POST: numbers never come into an address."""

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"]
        compact = without_separators(text).upper()
        if is_nik(text):
            clean_nik(text)
        elif sum(character.isdigit() for character in compact) >= LONG_NUMBER and not is_temporary(compact):
            raise ValidationError(
                _("Search by name, registration number, the last 4 digits of the NIK, or all 16 of them."),
                code="number_incomplete",
            )
        return text

    @property
    def address_query(self) -> dict[str, str]:
        text = self.wanted.get("q", "")
        compact = without_separators(text).upper()
        if is_nik(text):
            return {"h": hash_nik(clean_nik(text))}
        if is_temporary(compact):
            return {"h": hash_nik(compact)}
        return {"q": seal(text)} if text else {}


class PairForm(forms.Form):
    """Two different people, or later; the note is for whoever looks next."""

    step = forms.ChoiceField(choices=[("different", ""), ("later", "")], error_messages=CHOOSE)
    note = note_field(_("Note"), required=False)


class MergeForm(forms.Form):
    """Which card stays, and of each value in which the two differ, whose."""

    kept = forms.ChoiceField(label=_("Which card stays?"), choices=[(FIRST, "A"), (SECOND, "B")], error_messages=CHOOSE)
    reason = note_field(
        _("How do you know that it is one person?"),
        help_text=_("For example: KTP and family card were seen. Whoever approves reads this."),
    )

    def __init__(self, data: Any = None, *, first: Person, second: Person) -> None:
        self.cards = {FIRST: first, SECOND: second}
        self.groups = differing_groups(row_values(first), row_values(second))
        start = self._start()
        super().__init__(data, initial=start)
        for group in self.groups:
            self.fields[group] = forms.ChoiceField(
                choices=[(FIRST, "A"), (SECOND, "B")], initial=start[group], error_messages=CHOOSE
            )

    def _start(self) -> dict[str, str]:
        """The card stays that has a NIK, that was verified, that is older; its values, save where it has none."""
        ranked = sorted(
            (FIRST, SECOND),
            key=lambda side: (self.cards[side].is_temporary, self.cards[side].verified_at is None, self.cards[side].pk),
        )
        kept, gone = ranked
        chosen = proposed_choices(row_values(self.cards[kept]), row_values(self.cards[gone]))
        sides = {KEPT: kept, GONE: gone}
        return {"kept": kept, **{group: sides[side] for group, side in chosen.items()}}

    def side(self, name: str) -> str:
        """What is chosen now, as the page shows it."""
        return str(self[name].value() or "")

    @property
    def decision(self) -> dict[str, Any]:
        """For the action: the two cards by their role, and the choices in these terms."""
        side = self.cleaned_data["kept"]
        other = SECOND if side == FIRST else FIRST
        choices: Mapping[str, str] = {
            group: KEPT if self.cleaned_data[group] == side else GONE for group in self.groups
        }
        return {
            "kept": self.cards[side],
            "gone": self.cards[other],
            "choices": choices,
            "reason": self.cleaned_data["reason"],
        }


class MergeDecisionForm(forms.Form):
    step = forms.ChoiceField(
        choices=[(step, "") for step in ("approve", "refuse", "withdraw", "undo")], error_messages=CHOOSE
    )
    note = note_field(_("Note"), required=False)

    def add_refusal(self, refusal: ValidationError) -> None:
        """A missing reason is said beside the note."""
        self.add_error("note" if getattr(refusal, "code", "") == "note_needed" else None, refusal)


class RealNumberForm(forms.Form):
    """The NIK that somebody has got now."""

    nik = NikField(label=_("NIK"), help_text=_("16 digits, as on the identity card or the family card."))
    note = note_field(_("What did you look at?"), help_text=_("For example: the new KTP of 20 November."))
