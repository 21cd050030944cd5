"""Which certificates are looked at, what day they bear, and in which order they are printed."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kit.booklets import Sides
from programs.models import Program

FIRST_YEAR, LAST_YEAR = 2000, 2199
SIDES = [
    (Sides.TWO_SIDED.value, _("Printer of two sides: front and back of each certificate behind one another")),
    (Sides.FRONTS_THEN_BACKS.value, _("Printer of one side: all fronts, then all backs in the same order")),
    (Sides.FRONTS_THEN_BACKS_REVERSED.value, _("Printer of one side: all fronts, then all backs from the last")),
]


class CertificateFilterForm(forms.Form):
    program = forms.ModelChoiceField(
        Program.objects.none(), required=False, label=_("Programme"), empty_label=_("All programmes")
    )

    def __init__(self, *args: Any, programs: "QuerySet[Program]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["program"]).queryset = programs

    @property
    def chosen(self) -> Program | None:
        """What cannot be understood narrows nothing."""
        return self.cleaned_data.get("program") if self.is_valid() else None


class IssueCertificatesForm(forms.Form):
    date = forms.DateField(
        label=_("Date of the certificates"),
        help_text=_("Not before the last day of the training. Numbers of that year are taken."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Please fill this in."), "invalid": _("This date does not exist.")},
    )
    tell = forms.BooleanField(
        required=False,
        label=_("Tell everybody by message as soon as the certificates are there"),
        help_text=_("Leave it empty when they are signed by hand first; you can tell people later."),
    )

    def __init__(self, data: Any = None, *, may_tell: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if not may_tell:
            del self.fields["tell"]

    def clean_date(self) -> Any:
        day = self.cleaned_data["date"]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(_("This is not a year of a paper."))
        return day

    @property
    def params(self) -> dict[str, Any]:
        """As a job keeps them."""
        return {"date": self.cleaned_data["date"].isoformat(), "tell": bool(self.cleaned_data.get("tell"))}


class PrintCertificatesForm(forms.Form):
    sides = forms.ChoiceField(
        label=_("Order of the pages"),
        choices=SIDES,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose one."),
            "invalid_choice": _("Please choose one of the list."),
        },
    )
