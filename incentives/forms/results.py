"""What is typed about results: who leaves, and why."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from incentives.models import Entry
from kit.names import clean_line


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 3}))

    def clean_reason(self) -> str:
        return clean_line(self.cleaned_data["reason"])


class RemoveForm(ReasonForm):
    entry = forms.ModelChoiceField(label=_("Pitch"), queryset=Entry.objects.none())
    state = forms.ChoiceField(
        label=_("What happened"),
        choices=[("withdrawn", _("Withdrew")), ("disqualified", _("Is disqualified"))],
        widget=forms.RadioSelect,
    )
    field_order = ("entry", "state", "reason")

    def __init__(self, *args: Any, entries: QuerySet[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["entry"]).queryset = entries.order_by("business_name", "pk")
