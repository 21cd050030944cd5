"""Which copies somebody has seen, ticked together."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

ASKED = _("Tick at least one copy that you have seen.")
GONE = _("One of these was marked or ended meanwhile. Please look again.")


class CopiesForm(forms.Form):
    """Each choice names an award and a kind: 12:bank_book."""

    seen = forms.MultipleChoiceField(label=_("Seen"), error_messages={"required": ASKED, "invalid_choice": GONE})

    def __init__(self, *args: Any, choices: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].choices = [(one, one) for one in choices]  # type: ignore[attr-defined]  # the field is a choice

    def clean_seen(self) -> list[tuple[int, str]]:
        named = [one.partition(":") for one in self.cleaned_data["seen"]]
        return [(int(award), kind) for award, _colon, kind in named]
