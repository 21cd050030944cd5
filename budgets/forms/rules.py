"""What holds for a fund in its year: fields with their shares, target groups in order, reports with their days."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from budgets.forms.funds import DayInput
from budgets.models import FundGroup, FundReport, FundShare, FundSource, TargetGroup

EMPTY_ROWS = 3


class ShareRow(forms.Form):
    name = forms.CharField(label=_("Field"), max_length=120, required=False)
    percent = forms.DecimalField(
        label=_("Part in percent"),
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=100,
        required=False,
        localize=True,
    )


class GroupRow(forms.Form):
    group = forms.ChoiceField(label=_("Target group"), choices=[("", "–"), *TargetGroup.choices], required=False)
    evidence = forms.CharField(label=_("What proves it"), max_length=200, required=False)


class ReportRow(forms.Form):
    name = forms.CharField(label=_("Report"), max_length=120, required=False)
    due_on = forms.DateField(label=_("Due on"), widget=DayInput(), required=False)
    sent_on = forms.DateField(label=_("Sent on"), widget=DayInput(), required=False)


class RulesForm(forms.Form):
    """Rows of three kinds that answer like one form. A row without its name is left out, so clearing it removes it."""

    def __init__(self, data: Any = None, *, fund: FundSource) -> None:
        super().__init__(data)
        self.parts: dict[str, list[forms.Form]] = {}
        kept: list[tuple[str, type[forms.Form], list[Any]]] = [
            ("share", ShareRow, list(fund.shares.all())),
            ("group", GroupRow, list(fund.groups.all())),
            ("report", ReportRow, list(fund.reports.all())),
        ]
        for kind, row, rows in kept:
            found = [{name: getattr(one, name) for name in row.base_fields} for one in rows]
            found += [{}] * EMPTY_ROWS
            self.parts[kind] = [row(data, prefix=f"{kind}{at}", initial=one) for at, one in enumerate(found)]

    def is_valid(self) -> bool:
        valid = [row.is_valid() for rows in self.parts.values() for row in rows]
        if all(valid):
            for kind, needed in (("share", "percent"), ("report", "due_on")):
                self._ask(kind, needed)
        mine = super().is_valid()
        if any(row.errors for rows in self.parts.values() for row in rows):
            if mine:
                self.add_error(None, _("Please correct the rows that are marked."))
            return False
        return mine

    def _ask(self, kind: str, needed: str) -> None:
        for row in self.parts[kind]:
            if row.cleaned_data["name"] and row.cleaned_data[needed] is None:
                row.add_error(needed, _("Please fill this in too."))

    def _filled(self, kind: str, name: str) -> list[dict[str, Any]]:
        return [row.cleaned_data for row in self.parts[kind] if row.cleaned_data[name]]

    def rules(self, fund: FundSource) -> dict[str, Any]:
        """For `set_fund_rules`. What the page does not show of a share or a group stays as it was."""
        bases = dict(fund.shares.values_list("name", "legal_basis"))
        quotas = dict(fund.groups.values_list("group", "quota_percent"))
        return {
            "shares": [
                FundShare(legal_basis=bases.get(one["name"], ""), **one) for one in self._filled("share", "name")
            ],
            "groups": [
                FundGroup(quota_percent=quotas.get(one["group"]), **one) for one in self._filled("group", "group")
            ],
            "reports": [FundReport(**one) for one in self._filled("report", "name")],
        }
