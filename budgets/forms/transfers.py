"""Transfer lists: which layout, and what became of each line."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Agency
from budgets.actions import Outcome
from budgets.forms.payments import CHOOSE, day_field
from budgets.models import TransferLayout, TransferLine

State = TransferLine.State
LONGEST_DOCUMENT = 60
# What the treasurer says of one line; of the rest, that it was paid or stays open.
AS_ABOVE, PAID, MISSED, OPEN = "", "paid", "missed", "open"


class TransferForm(forms.Form):
    layout = forms.ModelChoiceField(
        TransferLayout.objects.none(),
        label=_("Layout of the bank's file"),
        empty_label=None,
        error_messages=CHOOSE,
        help_text=_("An example is the format of no bank. Compare it with the sheet of your bank first."),
    )
    shared_seen = forms.BooleanField(label=_("Looked into: one account on purpose"), required=False)

    def __init__(self, data: Any = None, *, agency: Agency | None) -> None:
        super().__init__(data)
        if agency is not None:
            field = cast(forms.ModelChoiceField, self.fields["layout"])
            field.queryset = TransferLayout.objects.usable(agency, agency.today())
            self.initial["layout"] = field.queryset.first()


class OutcomeForm(forms.Form):
    """One page for the whole list: a number for all, and beside each line what is different there."""

    paid_on = day_field(_("Paid on"), required=False)
    document = forms.CharField(
        label=_("Number of the bank for all"),
        max_length=LONGEST_DOCUMENT,
        required=False,
        help_text=_("A line that has a number of its own gets that one."),
    )
    rest = forms.ChoiceField(
        label=_("Lines about which nothing is said below"),
        choices=[(PAID, _("were paid")), (OPEN, _("stay open"))],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )

    def __init__(self, data: Any = None, *, lines: Sequence[TransferLine], today: dt.date) -> None:
        super().__init__(data, initial={"paid_on": today})
        self.lines = [line for line in lines if line.state in {State.WAITING, State.PAID}]
        for line in self.lines:
            self.fields[f"state_{line.pk}"] = _line_state(line)
            self.fields[f"note_{line.pk}"] = _line_note(line)
        if not any(line.state == State.WAITING for line in self.lines):
            for name in ("paid_on", "document", "rest"):
                del self.fields[name]

    @property
    def whole(self) -> list[forms.BoundField]:
        return [self[name] for name in ("paid_on", "document", "rest") if name in self.fields]

    @property
    def rows(self) -> list[tuple[TransferLine, forms.BoundField, forms.BoundField]]:
        return [(line, self[f"state_{line.pk}"], self[f"note_{line.pk}"]) for line in self.lines]

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        for line in self.lines:
            said, note = told.get(f"state_{line.pk}"), told.get(f"note_{line.pk}", "").strip()
            if said == MISSED and not note:
                self.add_error(f"note_{line.pk}", ValidationError(_("Please give a reason."), code="reason_missing"))
            if self._is_paid(line, said) and not (note or told.get("document")):
                sentence = _("Enter the number that the money can be found by.")
                self.add_error(f"note_{line.pk}", ValidationError(sentence, code="document_missing"))
            if self._is_paid(line, said) and len(note) > LONGEST_DOCUMENT:
                too_long = _("The number has at most %(most)s letters and digits.") % {"most": LONGEST_DOCUMENT}
                self.add_error(f"note_{line.pk}", ValidationError(too_long, code="document_long"))
        return told

    def _is_paid(self, line: TransferLine, said: str | None) -> bool:
        if line.state != State.WAITING:
            return False
        return said == PAID or (said == AS_ABOVE and self.cleaned_data.get("rest") == PAID)

    @property
    def outcome(self) -> Outcome:
        told = self.cleaned_data
        paid: dict[int, str] = {}
        failed: dict[int, str] = {}
        returned: dict[int, str] = {}
        for line in self.lines:
            said, note = told[f"state_{line.pk}"], told[f"note_{line.pk}"].strip()
            if said == MISSED:
                (failed if line.state == State.WAITING else returned)[line.pk] = note
            elif self._is_paid(line, said):
                paid[line.pk] = note or told["document"]
        return Outcome(told.get("paid_on"), paid, failed, returned)

    def add_refusal(self, refusal: ValidationError) -> None:
        """What was refused for the day or the number stands there; everything else above the page."""
        if hasattr(refusal, "error_dict"):
            for name, errors in refusal.error_dict.items():
                self.add_error(name if name in self.fields else None, errors)
        else:
            self.add_error(None, refusal)


def _line_state(line: TransferLine) -> forms.ChoiceField:
    ways: list[tuple[str, Any]] = [(AS_ABOVE, _("as above")), (PAID, pgettext_lazy("transfer", "paid"))]
    ways += [(MISSED, _("failed or came back")), (OPEN, _("still open"))]
    if line.state == State.PAID:
        ways = [(AS_ABOVE, _("arrived")), (MISSED, _("came back afterwards"))]
    return forms.ChoiceField(label=line.payee_name, choices=ways, required=False, error_messages=CHOOSE)


def _line_note(line: TransferLine) -> forms.CharField:
    return forms.CharField(label=_("Own number, or the reason"), max_length=300, required=False)
