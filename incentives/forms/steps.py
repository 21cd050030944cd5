"""Small forms of one step."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it called off?"),
        help_text=_("Everybody can read it on the page of the competition."),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Please fill this in.")},
    )
