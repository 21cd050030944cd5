"""Filters of the trail."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class AuditFilterForm(forms.Form):
    """All fields may stay empty; what cannot be read is said and filters nothing."""

    action = forms.CharField(label=_("Action"), max_length=80, required=False)
    actor = forms.CharField(label=_("Who"), max_length=120, required=False)
    object_type = forms.CharField(label=_("Kind of object"), max_length=80, required=False)
    object_id = forms.CharField(label=_("Number of the object"), max_length=80, required=False)
    since = forms.DateField(
        label=_("From the day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To the day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", ValidationError(_("The last day is before the first day."), code="days_order"))
        return data
