"""From which budget line the honoraria of a batch are paid."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from budgets.models import BudgetLine
from programs.models import Batch


class LineField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.account_code} {obj.title}"


class HonorariumForm(forms.Form):
    line = LineField(
        BudgetLine.objects.none(),
        label=_("Budget line"),
        empty_label=_("Choose …"),
        error_messages={
            "required": _("Please choose one."),
            "invalid_choice": _("Please choose one of the list."),
        },
    )

    def __init__(self, data: Any = None, *, batch: Batch) -> None:
        super().__init__(data)
        lines = BudgetLine.objects.usable().with_fund().filter(fund=batch.program.fund_source_id)
        if batch.program.budget_lines.exists():
            lines = lines.filter(programs=batch.program)
        cast(forms.ModelChoiceField, self.fields["line"]).queryset = lines
