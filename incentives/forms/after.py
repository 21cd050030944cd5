"""What is said after an award was paid: whether it came, what became of it, and what it was used for."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incentives.actions import ReceiptAnswer, Use, Used
from incentives.actions.reporting import MOST_LINES
from incentives.forms.pitches import AmountField, LineField, TextField
from incentives.models import ReceiptCheck, UseLine, UseReport
from kit.fields import CHOOSE, REQUIRED, DayField
from kit.posting import key_in
from kit.uploads import TooLargeFile

EMPTY_ROWS = 2
MOST_BYTES = 10 * 1024 * 1024
TOO_LARGE = _("This photo is larger than 10 MB.")
READ_WRONG = _("Please correct the rows that are marked. Everything else is kept.")
CHANGE_HELP = _("More sales, a new product, somebody who works with you: in your own words.")


class ReceiptForm(forms.Form):
    """By the winner, or by who telephoned with the winner."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    answer = forms.ChoiceField(
        label=_("Did the money come?"),
        choices=ReceiptCheck.Answer.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    amount = AmountField(label=_("Amount that came (Rp)"), help_text=_("Only if it is another amount."))
    words = TextField(label=_("In your own words"), rows=3)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("answer") == ReceiptCheck.Answer.OTHER and "amount" in cleaned and not cleaned["amount"]:
            self.add_error("amount", ValidationError(_("Write the amount that came."), code="amount_missing"))
        return cleaned

    @property
    def said(self) -> ReceiptAnswer:
        cleaned = self.cleaned_data
        return ReceiptAnswer(answer=cleaned["answer"], amount=cleaned["amount"], words=cleaned["words"])

    @property
    def seen(self) -> int:
        return self.cleaned_data.get("revision") or 0


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(label=_("What became of it?"), widget=forms.RadioSelect, error_messages=CHOOSE)
    note = TextField(label=_("In words, for the file"), rows=4)

    def __init__(self, *args: Any, check: ReceiptCheck, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unreached = ReceiptCheck.Outcome.UNREACHED
        fits = [one for one in ReceiptCheck.Outcome.choices if (one[0] == unreached) == (not check.answer)]
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)  # noqa: S101 - as declared above
        outcome.choices = fits
        self.fields["note"].required = True
        self.fields["note"].error_messages.update({key: str(said) for key, said in REQUIRED.items()})


class UseHead(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    business = forms.ChoiceField(
        label=_("How is the business doing now?"),
        choices=UseReport.Business.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages=CHOOSE,
    )
    change = TextField(label=_("What changed in the business?"), rows=5, help_text=CHANGE_HELP)


class VisitHead(UseHead):
    visited_on = DayField(label=_("Day of the visit"))
    change = TextField(label=_("What you saw and were told"), rows=6)
    field_order = ("revision", "visited_on", "change", "business")


class UseRow(forms.Form):
    """A row with nothing in it is left out."""

    line = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    kind = forms.ChoiceField(
        label=_("What it was for"),
        choices=[("", _("Choose …")), *UseLine.Kind.choices],
        required=False,
        error_messages=CHOOSE,
    )
    words = LineField(label=_("What exactly"), max_length=200, required=False)
    amount = AmountField(label=_("Amount (Rp)"))
    spent_on = DayField(label=_("Day"), required=False)

    def __init__(self, *args: Any, photo: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.photo = photo
        self.kept_line: UseLine | None = None

    def clean_amount(self) -> int | None:
        amount: int | None = self.cleaned_data["amount"]
        if amount == 0:
            raise ValidationError(_("An amount is more than zero rupiah."), code="use_line_amount_positive")
        return amount

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if isinstance(self.photo, TooLargeFile):
            self.add_error(None, ValidationError(TOO_LARGE, code="photo_large"))
        return cleaned

    @property
    def is_filled(self) -> bool:
        told = any(self.cleaned_data.get(name) not in (None, "") for name in ("kind", "words", "amount", "spent_on"))
        return told or self.sent_photo is not None or bool(self.errors)

    @property
    def sent_photo(self) -> bytes | None:
        photo = self.photo
        return None if photo is None or isinstance(photo, TooLargeFile) or not photo.size else photo.open().read()

    @property
    def used(self) -> Used:
        """What could be read of it."""
        cleaned = self.cleaned_data
        return Used(
            line=cleaned.get("line") or 0,
            kind=cleaned.get("kind") or "",
            words=cleaned.get("words") or "",
            amount=cleaned.get("amount"),
            spent_on=cleaned.get("spent_on"),
        )


class UseSheet:
    """A report on one page: a head, the lines that are kept and some empty ones. Answers like one form."""

    def __init__(
        self, data: Any, files: Any = None, *, report: UseReport, head: type[UseHead] = UseHead, **initial: Any
    ) -> None:
        lines = list(report.lines.select_related("photo"))
        kept = {"business": report.business, "change": report.change or ""}
        self.head = head(data, initial=kept | initial)
        count = key_in(data.get("rows", "")) if data else len(lines) + EMPTY_ROWS
        count = max(1, min(count, MOST_LINES))
        own = {line.pk: line for line in lines}
        self.rows: list[UseRow] = []
        for place in range(count):
            line = lines[place] if place < len(lines) else None
            prefix = f"line{place}"
            photo = files.get(f"{prefix}-photo") if files is not None else None
            row = UseRow(data, prefix=prefix, initial=_shown(line), photo=photo)
            row.kept_line = own.get(key_in(data.get(f"{prefix}-line", ""))) if data else line
            self.rows.append(row)

    @property
    def is_bound(self) -> bool:
        return self.head.is_bound

    @property
    def errors(self) -> Any:
        return self.head.errors or any(row.errors for row in self.rows)

    def add_error(self, field: Any, error: Any) -> None:
        self.head.add_error(field, error)

    def is_valid(self) -> bool:
        wrong = sum(not row.is_valid() for row in self.rows)
        valid = self.head.is_valid()
        if wrong:
            self.head.add_error(None, READ_WRONG)
        return valid and not wrong

    @property
    def filled(self) -> list[UseRow]:
        return [row for row in self.rows if row.is_filled]

    @property
    def use(self) -> Use:
        cleaned = self.head.cleaned_data
        lines = [row.used for row in self.filled]
        return Use(business=cleaned.get("business") or "", change=cleaned.get("change") or "", lines=lines)

    @property
    def seen(self) -> int:
        return self.head.cleaned_data.get("revision") or 0

    def show_kept(self, report: UseReport) -> None:
        """What was kept in spite of what is wrong: pressed again, the same lines change."""
        for row, line in zip(self.filled, report.lines.select_related("photo"), strict=False):
            row.kept_line = line

    @property
    def visited_on(self) -> date:
        day: date = self.head.cleaned_data["visited_on"]
        return day

    def photos(self, lines: Iterable[UseLine]) -> list[tuple[UseRow, UseLine, bytes]]:
        """Each photo that was sent, with the line that it belongs to; `lines` are those kept, in their order."""
        pairs = zip(self.filled, lines, strict=False)
        return [(row, line, photo) for row, line in pairs if (photo := row.sent_photo) is not None]


def _shown(line: UseLine | None) -> dict[str, Any]:
    if line is None:
        return {}
    return {name: getattr(line, name) for name in ("kind", "words", "amount", "spent_on")}


class DecideForm(forms.Form):
    note = TextField(label=_("What is missing"), rows=3)


class ReopenForm(forms.Form):
    reason = LineField(label=_("Reason"), max_length=300, error_messages=REQUIRED)
