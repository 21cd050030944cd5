from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

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
