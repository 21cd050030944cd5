"""Funds, their lines and the versions of their ceilings, as the office types them."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from budgets.actions import Decree
from budgets.forms.amounts import RupiahField
from budgets.models import BudgetLine, BudgetSheet, CeilingVersion, FundSource
from budgets.permissions import fund_agencies
from budgets.rules import CodeError, parse_account_code, parse_sub_activity_code
from kit.uploads import TooLargeFile

MOST_BYTES = 5 * 1024 * 1024
KINDS = CeilingVersion.Kind
CODE_SENTENCES = {
    "empty": _("The code is missing. It looks like %(example)s."),
    "letters": _("A code has digits and dots only, as %(example)s."),
    "parts": _("A code has six parts, as %(example)s."),
    "long": _("A part of this code is too long. It looks like %(example)s."),
}


class FundForm(forms.ModelForm):
    class Meta:
        model = FundSource
        fields = ["agency", "name", "code", "fiscal_year", "legal_basis"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("Small letters and digits without spaces, for example dbhcht.")
        self.fields["legal_basis"].help_text = _("As the papers name it, for example PMK 72 Tahun 2024.")
        agencies = fund_agencies(user)
        if self.instance.pk or len(agencies) == 1:
            del self.fields["agency"]
            if not self.instance.pk:
                self.instance.agency = agencies[0]
            return
        office = cast(forms.ModelChoiceField, self.fields["agency"])
        office.queryset, office.empty_label = Agency.objects.filter(pk__in=[one.pk for one in agencies]), _("Choose …")


class LineForm(forms.ModelForm):
    """One line by hand. Its ceiling comes with a version, so that every amount has its decree."""

    class Meta:
        model = BudgetLine
        fields = ["sub_activity_code", "sub_activity_name", "account_code", "account_name", "description", "share"]

    def __init__(self, *args: Any, fund: FundSource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.fund = fund
        self.fields["sub_activity_code"].help_text = _("For example 2.07.03.2.01.0001.")
        self.fields["account_code"].help_text = _("For example 5.1.02.02.01.0003.")
        self.fields["description"].help_text = _("Only to tell lines with the same codes apart.")
        share = cast(forms.ModelChoiceField, self.fields["share"])
        share.queryset = fund.shares.all()
        share.empty_label = _("No field")
        if not fund.shares.exists():
            del self.fields["share"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, parse, example in (
            ("sub_activity", parse_sub_activity_code, "2.07.03.2.01.0001"),
            ("account", parse_account_code, "5.1.02.02.01.0003"),
        ):
            text = cleaned.get(f"{name}_code")
            if text is None:
                continue
            try:
                setattr(self.instance, f"{name}_key", parse(text))
            except CodeError as error:
                sentence = CODE_SENTENCES[error.code] % {"example": example}
                self.add_error(f"{name}_code", ValidationError(sentence, code=error.code))
        return cleaned


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DecreeForm(forms.Form):
    """The paper that decides a version. The original budget comes once and first."""

    kind = forms.ChoiceField(label=_("Kind"))
    document = forms.CharField(
        label=_("Number of the decree"), max_length=120, help_text=_("For example DPA/A.1/2.07/001/2026.")
    )
    decided_on = forms.DateField(label=_("Date of the decree"), widget=DayInput())

    def __init__(self, *args: Any, fund: FundSource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fund = fund
        has_original = fund.versions.exists()
        choices = [kind for kind in KINDS if (kind == KINDS.ORIGINAL) != has_original]
        cast(forms.ChoiceField, self.fields["kind"]).choices = [(kind.value, kind.label) for kind in choices]

    @property
    def decree(self) -> Decree:
        data = self.cleaned_data
        return Decree(data["kind"], data["document"], data["decided_on"])


class CeilingsForm(DecreeForm):
    """All lines of a fund at once; what stays as it is, is not part of the version."""

    def __init__(self, *args: Any, fund: FundSource, **kwargs: Any) -> None:
        super().__init__(*args, fund=fund, **kwargs)
        self.lines = list(fund.lines.all())
        for line in self.lines:
            self.fields[f"line_{line.pk}"] = RupiahField(
                label=line.title, initial=f"{line.ceiling:,}".replace(",", ".")
            )

    @property
    def rows(self) -> list[tuple[BudgetLine, forms.BoundField]]:
        return [(line, self[f"line_{line.pk}"]) for line in self.lines]

    @property
    def amounts(self) -> dict[int, int]:
        found = {line.pk: self.cleaned_data[f"line_{line.pk}"] for line in self.lines}
        first = self.cleaned_data["kind"] == KINDS.ORIGINAL
        return {line.pk: found[line.pk] for line in self.lines if first or found[line.pk] != line.ceiling}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.amounts:
            self.add_error(None, ValidationError(_("No ceiling was changed."), code="nothing_changed"))
        return cleaned


class LineChoice(forms.ModelChoiceField):
    def label_from_instance(self, line: BudgetLine) -> str:
        return f"{line.account_code} {line.title}"


class ShiftForm(forms.Form):
    source = LineChoice(queryset=BudgetLine.objects.none(), label=_("From the line"), empty_label=_("Choose …"))
    target = LineChoice(queryset=BudgetLine.objects.none(), label=_("To the line"), empty_label=_("Choose …"))
    amount = RupiahField(label=_("Amount to shift"))
    document = forms.CharField(label=_("Number of the decree"), max_length=120)
    decided_on = forms.DateField(label=_("Date of the decree"), widget=DayInput())

    def __init__(self, *args: Any, fund: FundSource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "target"):
            cast(forms.ModelChoiceField, self.fields[name]).queryset = fund.lines.all()

    @property
    def decree(self) -> Decree:
        return Decree(KINDS.SHIFT, self.cleaned_data["document"], self.cleaned_data["decided_on"])


class SheetForm(DecreeForm):
    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("Excel (.xlsx) or CSV, at most 5 MB."),
        widget=forms.ClearableFileInput({"accept": ".xlsx,.csv"}),
    )
    missing_become_zero = forms.BooleanField(label=_("Lines that are not in the file become zero"), required=False)
    field_order = ["file", "kind", "document", "decided_on", "missing_become_zero"]

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if isinstance(sent, TooLargeFile):
            raise ValidationError(_("This file is larger than 5 MB."), code="sheet_too_large")
        return sent

    def sheet(self, rows: list[dict[str, Any]]) -> BudgetSheet:
        data = self.cleaned_data
        told = {name: data[name] for name in ("kind", "document", "decided_on", "missing_become_zero")}
        return BudgetSheet(fund=self.fund, file_name=data["file"].name[-120:], rows=rows, **told)

    def add_refusal(self, refusal: ValidationError) -> None:
        self.add_error("file", ValidationError(refusal.messages))
