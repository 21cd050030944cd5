"""The answer to an invitation to teach, and the question itself."""

from django import forms
from django.utils.translation import gettext_lazy as _

from kit.names import clean_line

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
