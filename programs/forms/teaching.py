"""The answer to an invitation to teach, and the question itself."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from kit.names import clean_line
from programs.models import Instructor

NOTE_LENGTH = 300


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        choices=[("accept", _("I will teach")), ("decline", _("I cannot teach"))],
        error_messages={"required": _("Please choose one.")},
    )
    note = forms.CharField(
        label=_("Note to the office"),
        help_text=_("For example on which days you could come instead."),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": NOTE_LENGTH}),
    )

    def clean_note(self) -> str:
        return clean_line(self.cleaned_data["note"])


class InviteForm(forms.Form):
    days = forms.IntegerField(label=_("Days to answer"), min_value=1, max_value=30, initial=3)
    instructor = forms.IntegerField(required=False, widget=forms.HiddenInput)


class StaffForm(forms.Form):
    instructor = forms.ModelChoiceField(Instructor.objects.none(), required=False)

    def __init__(self, data: Any, *, agency: Agency) -> None:
        super().__init__(data)
        cast(forms.ModelChoiceField, self.fields["instructor"]).queryset = Instructor.objects.filter(agency=agency)
