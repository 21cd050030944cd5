"""A programme, its requirements and its topics, as the office writes them down."""

from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from budgets.models import BudgetLine, FundSource
from programs.actions.reference import HOUSEHOLD_STANDS, has_public_batches
from programs.models import Program, TargetGroup, Topic
from programs.permissions import programming_agencies
from programs.rules import Requirement

CHOOSE = {"required": _("Please choose one."), "invalid_choice": _("Please choose one of the list.")}
WRITTEN = ["name", "name_en", "summary", "summary_en"]
PLAYED = ["duplicate_rule", "selection_method", "one_per_household", "offer_hours", "village_officer_verifies"]
ATTENDED = [
    *("attendance_rule", "attendance_share", "partial_presence", "late_minutes"),
    *("replacement", "counts_from_joining"),
]
ASKED = ["identity_card", "domicile_letter", "target_group_letter"]


class LinesField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, line: BudgetLine) -> str:
        return f"{line.sub_activity_code} / {line.account_code} {line.title}"


class ProgramForm(forms.ModelForm):
    """The budget lines come with the second look: until the fund is known there are none to choose from."""

    lines = LinesField(
        label=_("Budget lines"),
        queryset=BudgetLine.objects.none(),
        required=False,
        help_text=_("From which lines of the fund the programme is paid."),
    )

    class Meta:
        model = Program
        fields = ["fund_source", *WRITTEN, *PLAYED, *ATTENDED, *ASKED]
        widgets = {"summary": forms.Textarea({"rows": 4}), "summary_en": forms.Textarea({"rows": 4})}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        funds = FundSource.objects.filter(agency__in=programming_agencies(user)).select_related("agency")
        if self.instance.pk:
            funds = funds.filter(agency=self.instance.agency_id)
        self._offer_lines()
        if self.instance.pk and has_public_batches(self.instance):
            self.fields["one_per_household"].disabled = True
            self.fields["one_per_household"].help_text = HOUSEHOLD_STANDS
        fund = cast(forms.ModelChoiceField, self.fields["fund_source"])
        fund.queryset, fund.empty_label = funds, _("Choose …")
        fund.error_messages.update({name: str(said) for name, said in CHOOSE.items()})
        for name in [*PLAYED[:2], *ATTENDED, *ASKED]:
            self.fields[name].error_messages.update({key: str(said) for key, said in CHOOSE.items()})

    def _offer_lines(self) -> None:
        if not self.instance.pk:
            del self.fields["lines"]
            return
        chosen = self.instance.budget_lines.all()
        lines = cast(forms.ModelMultipleChoiceField, self.fields["lines"])
        offered = Q(fund=self.instance.fund_source_id, is_open=True) | Q(pk__in=chosen.values("pk"))
        lines.queryset = BudgetLine.objects.filter(offered)
        lines.initial = list(chosen)

    @property
    def chosen_lines(self) -> list[BudgetLine] | None:
        return list(self.cleaned_data["lines"]) if "lines" in self.fields else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.instance.pk and cleaned.get("fund_source"):
            self.instance.agency = cleaned["fund_source"].agency
            self.instance.slug = free_program_slug(cleaned.get("name", ""))
        return cleaned


def free_program_slug(name: str) -> str:
    """The name as it stands in an address, with a number when another programme has it."""
    base = slugify(name)[:50].strip("-") or "program"
    taken = set(Program.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    free = (slug for number in range(1, len(taken) + 2) if (slug := base if number == 1 else f"{base}-{number}"))
    return next(slug for slug in free if slug not in taken)


DOMICILE = [
    ("", _("Not asked")),
    ("id_card", _("Address on the identity card in the batch's region")),
    ("letter", _("The same, or a letter of domicile")),
]


class RequirementsForm(forms.Form):
    """One requirement of each kind; what is left empty is not asked."""

    age_minimum = forms.IntegerField(
        label=_("Youngest"), help_text=_("Years on the first day."), min_value=0, max_value=120, required=False
    )
    age_maximum = forms.IntegerField(label=_("Oldest"), min_value=0, max_value=120, required=False)
    domicile = forms.ChoiceField(label=_("Address"), choices=DOMICILE, required=False)
    groups = forms.MultipleChoiceField(
        label=_("Target groups"),
        choices=TargetGroup.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only who belongs to one of these may take part. None ticked: everybody."),
    )

    def __init__(self, data: Any = None, *, program: Program) -> None:
        initial: dict[str, Any] = {}
        for rule in program.rules.all():
            if rule.kind == "age":
                initial |= {"age_minimum": rule.minimum, "age_maximum": rule.maximum}
            elif rule.kind == "domicile":
                initial["domicile"] = "letter" if "letter" in rule.values else "id_card"
            else:
                initial["groups"] = list(rule.values)
        super().__init__(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        low, high = cleaned.get("age_minimum"), cleaned.get("age_maximum")
        if low is not None and high is not None and low > high:
            self.add_error("age_maximum", _("The lower bound is above the upper bound."))
        return cleaned

    @property
    def requirements(self) -> list[Requirement]:
        data, found = self.cleaned_data, []
        if data["age_minimum"] is not None or data["age_maximum"] is not None:
            found.append(Requirement("age", data["age_minimum"], data["age_maximum"]))
        if data["domicile"]:
            values = ("id_card", "letter") if data["domicile"] == "letter" else ("id_card",)
            found.append(Requirement("domicile", values=values))
        if data["groups"]:
            found.append(Requirement("target_group", values=tuple(data["groups"])))
        return found


class TopicForm(forms.ModelForm):
    class Meta:
        model = Topic
        fields = ["agency", "name", "name_en"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = programming_agencies(user)
        if self.instance.pk or len(agencies) == 1:
            del self.fields["agency"]
            if not self.instance.pk:
                self.instance.agency = agencies[0]
            return
        office = cast(forms.ModelChoiceField, self.fields["agency"])
        office.queryset, office.empty_label = Agency.objects.filter(pk__in=[one.pk for one in agencies]), _("Choose …")
