"""What is asked of who answers jurors and objectors about their data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from incentives.forms.pitches import LineField
from incentives.queries.others import SHORTEST


class FindOtherForm(forms.Form):
    text = forms.CharField(
        label=_("Name, telephone or e-mail"),
        min_length=SHORTEST,
        max_length=100,
        error_messages={"min_length": _("At least three letters or digits.")},
    )


def who_asks() -> LineField:
    return LineField(
        label=_("Who asks, and how the identity was checked"),
        help_text=_("For the audit trail, without numbers of cards: letter of 3 March, identity card seen."),
        max_length=200,
    )


class HandOverForm(forms.Form):
    purpose = who_asks()
    file_format = forms.ChoiceField(
        label=_("Form of the copy"),
        choices=[("page", _("page to print")), ("json", "JSON")],
        widget=forms.RadioSelect,
        initial="page",
    )


class EraseOtherForm(forms.Form):
    reason = who_asks()
    sure = forms.BooleanField(
        label=_("I have read what goes and what stays. This cannot be undone."),
        error_messages={"required": _("Please tick this to go on.")},
    )
