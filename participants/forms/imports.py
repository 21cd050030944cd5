"""Bringing in a list: which file, what its columns hold, a row that is mended, and the last yes."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kit.posting import key_in
from kit.uploads import TooLargeFile
from participants.forms.fields import CHOOSE, REQUIRED
from participants.models import RegistrationImport
from participants.sheets.columns import Columns
from participants.sheets.mistakes import column_name, shown
from participants.sheets.purposes import columns_of, columns_read
from programs.models import Batch, Program


class ListForm(forms.Form):
    """A spreadsheet, whatever it holds."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        error_messages={"required": _("Please choose a file."), "empty": _("The file is empty.")},
        widget=forms.ClearableFileInput({"accept": ".xlsx,.csv,.txt"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = {"rows": settings.IMPORTS["rows"], "size": settings.IMPORTS["megabytes"]}
        self.fields["file"].help_text = _(
            "Excel (.xlsx) or CSV, up to %(rows)s rows and %(size)s MB. Nothing is brought in yet."
        ) % {name: f"{value:,}".replace(",", ".") for name, value in limits.items()}

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if isinstance(sent, TooLargeFile):
            size = {"size": settings.IMPORTS["megabytes"]}
            raise ValidationError(_("This file is larger than %(size)d MB.") % size, code="import_too_large")
        return sent

    def add_refusal(self, refusal: ValidationError) -> None:
        self.add_error("file", ValidationError(refusal.messages))


class ImportForm(ListForm):
    """Into one batch, or into the batches of a whole programme by the urban village of each row."""

    target = forms.ChoiceField(label=_("Into"), error_messages=CHOOSE)

    field_order = ("target", "file")

    def __init__(self, *args: Any, batches: Sequence[Batch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batches = {batch.pk: batch for batch in batches}
        self.programs: dict[int, Program] = {batch.program_id: batch.program for batch in batches}
        groups: list[Any] = [("", _("Choose …"))]
        for key, program in self.programs.items():
            here = [(f"b{batch.pk}", self._named(batch)) for batch in batches if batch.program_id == key]
            whole = (f"p{key}", _("All batches: each row says its urban village"))
            groups.append((str(program), [whole, *here] if len(here) > 1 else here))
        cast(forms.ChoiceField, self.fields["target"]).choices = groups

    @staticmethod
    def _named(batch: Batch) -> str:
        return f"{batch.region.full_name} · {batch.name}"

    @property
    def batch(self) -> Batch | None:
        target = str(self.cleaned_data["target"])
        return self.batches[key_in(target[1:])] if target.startswith("b") else None

    @property
    def program(self) -> Program:
        batch = self.batch
        return batch.program if batch else self.programs[key_in(str(self.cleaned_data["target"])[1:])]


class ColumnsForm(forms.Form):
    """What each column of the file holds; a field for every heading."""

    def __init__(
        self, *args: Any, of: Columns, headings: Sequence[str], columns: Mapping[str, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.of, self.headings = of, headings
        held = {place: name for name, place in columns.items()}
        choices = [("", _("not used")), *((name, title) for name, (title, _others) in of.fields.items())]
        for place, heading in enumerate(headings):
            self.fields[f"c{place}"] = forms.ChoiceField(
                label=heading or _("Column %(number)d") % {"number": place + 1},
                choices=choices,
                required=False,
                initial=held.get(place, ""),
                error_messages=CHOOSE,
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        taken: dict[str, str] = {}
        for name in list(self.fields):
            chosen = cleaned.get(name)
            if chosen and chosen in taken:
                self.add_error(name, _("Another column holds this already."))
            elif chosen:
                taken[chosen] = name
        missing = [self.of.fields[name][0] for name in self.of.needed if name not in taken]
        if missing:
            told = {"columns": ", ".join(missing)}
            raise ValidationError(_("Please say which columns hold: %(columns)s.") % told, code="columns_missing")
        return cleaned

    @property
    def columns(self) -> dict[str, int]:
        """Field -> column."""
        return {chosen: place for place in range(len(self.headings)) if (chosen := self.cleaned_data.get(f"c{place}"))}


class RowForm(forms.Form):
    """The cells of one row as they stand there. A number in order is not shown; empty leaves it as it is."""

    version = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        upload: RegistrationImport,
        cells: Sequence[Any],
        faulty: set[str],
        version: str,
    ) -> None:
        super().__init__(data, initial={"version": version})
        self.of, self.cells = columns_of(upload), list(cells)
        self.columns = columns_read(upload)
        for name in self.of.fields:
            if name in self.columns:
                self.fields[name] = self._field(name, column_name(upload, name), faulty)

    @classmethod
    def filled(cls, problems: Sequence[tuple[str, str]], **told: Any) -> "RowForm":
        """As the row stands, with what is wrong beside each cell."""
        blank = cls(**told)
        form = cls({name: blank.get_initial_for_field(field, name) for name, field in blank.fields.items()}, **told)
        form.is_valid()
        form.add_problems([(name, said) for name, said in problems if name not in form.errors])
        return form

    def _field(self, name: str, label: str, faulty: set[str]) -> forms.CharField:
        hidden = name in self.of.hidden and name not in faulty
        return forms.CharField(
            label=label,
            required=name in self.of.needed and not hidden,
            error_messages=REQUIRED,
            max_length=1_000,
            initial="" if hidden else self._shown(name),
            help_text=_("Leave this empty if it stays the same.") if hidden else "",
            widget=forms.TextInput({"autocomplete": "off"}),
        )

    def _shown(self, name: str) -> str:
        place = self.columns[name]
        return shown(self.cells[place]) if place < len(self.cells) else ""

    @property
    def mended(self) -> list[Any]:
        """The cells with what was typed; a cell that was left alone stays what it was, a date a date."""
        cells = list(self.cells)
        for name, place in self.columns.items():
            typed = self.cleaned_data[name]
            unchanged = typed == self._shown(name) or (name in self.of.hidden and not typed)
            if not unchanged:
                cells += [""] * (place + 1 - len(cells))
                cells[place] = typed
        return cells

    def add_problems(self, told: Sequence[tuple[str, str]]) -> None:
        """What is still wrong, beside its field."""
        for name, sentence in told:
            self.add_error(name if name in self.fields else None, sentence)


class ExpectedForm(forms.Form):
    expected = forms.CharField(widget=forms.HiddenInput)

    def clean_expected(self) -> dict[str, int]:
        """The counts that the officer saw."""
        try:
            told = json.loads(self.cleaned_data["expected"])
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise ValidationError(REQUIRED["required"])
        return told


class BringInAccountsForm(ExpectedForm):
    copied = forms.BooleanField(
        label=_("The numbers were copied from bank books or signed letters, which are at the office."),
        error_messages={"required": _("Please tick this to go on.")},
    )


class BringInForm(ExpectedForm):
    informed = forms.BooleanField(
        label=_("Everybody on this list was told how their data is used; the signed list is at the office."),
        error_messages={"required": _("Please tick this to go on.")},
    )
    tell = forms.BooleanField(
        label=_("Send each of them the message that the registration has arrived."),
        help_text=_("Once the messages have gone out the list can no longer be taken back as a whole."),
        required=False,
    )
