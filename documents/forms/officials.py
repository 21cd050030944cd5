"""Officials, positions and periods as the office writes them down."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.roles import GRANTS, Permission
from documents.kinds import paper_kinds
from documents.models import Official, Position, TenureForm, agencies_with_templates_of
from documents.rules import clean_nip, written_nip
from kit import fields
from kit.fields import CHOOSE
from kit.names import clean_full_name, clean_line

SIGNING_ROLES = [role for role, granted in GRANTS.items() if Permission.SIGN_DOCUMENTS in granted]


class DayField(fields.DayField):
    """Decrees of officials are older and run longer than what an office plans."""

    first, last = dt.date(1990, 1, 1), dt.date(2199, 12, 31)


class OfOffice(forms.ModelForm):
    """A row of one office."""

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.agency = agency
        for name in ("grade", "kind", "user"):
            if name in self.fields:
                self.fields[name].error_messages.update({key: str(said) for key, said in CHOOSE.items()})

    def add_refusal(self, refusal: ValidationError) -> None:
        """What PostgreSQL refuses stands beside the field that it is about."""
        code = str(getattr(refusal, "code", "") or "")
        place = next((name for name in self.fields if f"_{name}_" in code), None)
        self.add_error(None if hasattr(refusal, "error_dict") else place, refusal)


class OfficialForm(OfOffice):
    nip = forms.CharField(
        label=_("NIP"),
        max_length=30,
        required=False,
        help_text=_("18 digits, with or without spaces. Leave it empty for whoever has none."),
    )

    class Meta:
        model = Official
        fields = ["title_prefix", "full_name", "title_suffix", "nip", "grade", "rank", "user"]
        labels = {"user": _("Account for signing on the screen")}
        help_texts = {
            "title_prefix": _("For example Drs. or Hj."),
            "title_suffix": _("For example S.E., M.M."),
            "rank": _("Leave it empty: it follows from the grade."),
            "user": _("Only with this account can the person sign with a certificate."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["nip"] = written_nip(self.instance.nip)
        account = cast(forms.ModelChoiceField, self.fields["user"])
        people = User.objects.filter(
            role_assignments__agency=self.instance.agency, role_assignments__role__in=SIGNING_ROLES, is_active=True
        )
        account.queryset, account.empty_label = people.distinct().order_by("full_name"), _("None")

    def clean_full_name(self) -> str:
        return clean_full_name(self.cleaned_data["full_name"])

    def clean_nip(self) -> str:
        return clean_nip(self.cleaned_data["nip"])

    def clean_title_prefix(self) -> str:
        return clean_line(self.cleaned_data["title_prefix"])

    def clean_title_suffix(self) -> str:
        return clean_line(self.cleaned_data["title_suffix"]).lstrip(", ")


class PositionForm(OfOffice):
    class Meta:
        model = Position
        fields = ["title", "kind", "closed"]
        help_texts = {
            "title": _("As it stands above the signature, for example Kepala Dinas Perindustrian dan Tenaga Kerja."),
            "kind": _("By this papers find who signs them."),
            "closed": _("Papers no longer ask for it; those that were issued keep it."),
        }


class PeriodForm(forms.Form):
    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"), required=False, help_text=_("Leave it empty until the end is known."))
    decree = forms.CharField(
        label=_("Decree or order"),
        max_length=160,
        required=False,
        help_text=_("Number and date, for example 821.2/123 of 2 January 2024."),
    )

    def clean_decree(self) -> str:
        return clean_line(self.cleaned_data["decree"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("first") and cleaned.get("last") and cleaned["last"] < cleaned["first"]:
            self.add_error("last", _("The last day is before the first day."))
        return cleaned


class HolderForm(PeriodForm):
    field_order = ["official", "held_as", "first", "last", "decree"]
    official = forms.ModelChoiceField(
        Official.objects.none(), label=_("Official"), empty_label=_("Choose …"), error_messages=CHOOSE
    )
    held_as = forms.ChoiceField(label=_("How"), choices=TenureForm.choices, error_messages=CHOOSE)

    def __init__(self, *args: Any, position: Position, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["official"]).queryset = Official.objects.filter(
            agency=position.agency_id
        )


class MandateForm(PeriodForm):
    field_order = ["deputy", "via", "kinds", "first", "last", "decree"]
    deputy = forms.ModelChoiceField(
        Position.objects.none(), label=_("Who signs"), empty_label=_("Choose …"), error_messages=CHOOSE
    )
    via = forms.ModelChoiceField(
        Position.objects.none(),
        label=_("Through (u.b.)"),
        required=False,
        empty_label=_("Nobody: a.n. only"),
        help_text=_("When the mandate was passed on by a deputy."),
        error_messages=CHOOSE,
    )
    kinds = forms.MultipleChoiceField(
        label=_("For these papers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Chosen papers are signed so by default. Without a choice all papers may be, on request."),
        error_messages=CHOOSE,
    )

    def __init__(self, *args: Any, position: Position, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Position.objects.in_use().filter(agency=position.agency_id).exclude(pk=position.pk)
        for name in ("deputy", "via"):
            cast(forms.ModelChoiceField, self.fields[name]).queryset = others
        kinds = cast(forms.MultipleChoiceField, self.fields["kinds"])
        kinds.choices = [(kind.code, kind.title) for kind in paper_kinds().values()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("via") and cleaned.get("via") == cleaned.get("deputy"):
            self.add_error("via", _("Choose another position than that of who signs."))
        return cleaned


class EndForm(forms.Form):
    last = DayField(label=_("Last day"))

    def __init__(self, *args: Any, first: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = first

    def clean_last(self) -> dt.date:
        last: dt.date = self.cleaned_data["last"]
        if last < self.first:
            raise ValidationError(_("The last day is before the first day."))
        return last


def offices_of(user: User) -> list[Agency]:
    return sorted(agencies_with_templates_of(user), key=lambda agency: agency.name)
