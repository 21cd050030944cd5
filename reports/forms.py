from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from documents.kinds import PaperKind
from incentives.models.competition import CompetitionQuerySet
from programs.models import Batch, BatchQuerySet, Program


class BoardFilterForm(forms.Form):
    """Which batches the board shows: a programme, and whether past ones too."""

    program = forms.ModelChoiceField(
        Program.objects.none(), required=False, label=_("Programme"), empty_label=_("All programmes")
    )
    state = forms.ChoiceField(
        choices=[("", _("All batches")), ("current", _("Planned and running")), ("finished", _("Finished"))],
        required=False,
        label=_("Show"),
    )

    def __init__(self, *args: Any, programs: "QuerySet[Program]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["program"].queryset = programs  # type: ignore[attr-defined]  # a field of models

    def narrow(self, batches: BatchQuerySet) -> BatchQuerySet:
        if not self.is_valid():
            return batches
        if program := self.cleaned_data["program"]:
            batches = batches.filter(program=program)
        states = {
            "current": [Batch.State.PLANNED, Batch.State.PUBLISHED],
            "finished": [Batch.State.FINISHED],
        }
        chosen = self.cleaned_data["state"]
        return batches.filter(state__in=states[chosen]) if chosen else batches


class CompetitionFilterForm(forms.Form):
    """Which competitions the board shows: of one programme, or of all."""

    program = forms.ModelChoiceField(
        Program.objects.none(), required=False, label=_("Programme"), empty_label=_("All programmes")
    )

    def __init__(self, *args: Any, programs: "QuerySet[Program]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["program"].queryset = programs  # type: ignore[attr-defined]  # a field of models

    def narrow(self, competitions: CompetitionQuerySet) -> CompetitionQuerySet:
        program = self.cleaned_data["program"] if self.is_valid() else None
        return competitions.filter(program=program) if program else competitions


class MakeForm(forms.Form):
    """The date that the papers bear, and which kind; without one, everything that is missing."""

    date = forms.DateField(
        label=_("Date of the papers"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Enter the date of the papers."), "invalid": _("Enter a date.")},
    )
    kind = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kinds: list[PaperKind], due: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.due = [kind.code for kind in kinds if kind.needed] if due is None else due
        self.fields["kind"].choices = [("", ""), *((kind.code, kind.title) for kind in kinds)]  # type: ignore[attr-defined]  # the field is a choice

    @property
    def codes(self) -> list[str]:
        chosen = self.cleaned_data["kind"]
        return [chosen] if chosen else self.due

    @property
    def day(self) -> str:
        """As a job keeps it."""
        day: date = self.cleaned_data["date"]
        return day.isoformat()
