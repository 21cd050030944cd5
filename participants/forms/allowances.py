"""From which budget line a batch's participants get how much."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from budgets.models import BudgetLine
from budgets.rules import AmountError, parse_rupiah
from programs.models import Batch


class LineField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.account_code} {obj.title}"


class AllowanceForm(forms.Form):
    line = LineField(
        BudgetLine.objects.none(),
        label=_("Budget line"),
        empty_label=_("Choose …"),
        error_messages={
            "required": _("Please choose one."),
            "invalid_choice": _("Please choose one of the list."),
        },
    )
    amount = forms.CharField(
        label=_("Amount for each"),
        max_length=30,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Enter the amount.")},
    )

    def __init__(self, data: Any = None, *, batch: Batch) -> None:
        super().__init__(data)
        lines = BudgetLine.objects.usable().with_fund().filter(fund=batch.program.fund_source_id)
        cast(forms.ModelChoiceField, self.fields["line"]).queryset = lines

    def clean_amount(self) -> int:
        try:
            amount = parse_rupiah(self.cleaned_data["amount"])
        except AmountError as error:
            raise ValidationError(_("This is no amount. Write whole rupiah: 2.400.000."), code=error.code) from error
        if not amount:
            raise ValidationError(_("An amount is more than zero."), code="zero")
        return amount
