from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ApplyForm(forms.Form):
    """`seen` is the revision of the plan that the person looked at."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    publish = forms.BooleanField(
        label=_("Publish the new batches at once, so that residents see them."), required=False, initial=True
    )
    complete_later = forms.BooleanField(
        label=_("Yes, what is still open is completed later."),
        error_messages={"required": _("Please tick this to go on.")},
    )

    def __init__(self, *args: Any, has_new: bool, has_points: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_new:
            del self.fields["publish"]
        if not has_points:
            del self.fields["complete_later"]

    @property
    def publishes(self) -> bool:
        return bool(self.cleaned_data.get("publish"))
