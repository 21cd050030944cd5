"""What the readers of the trail filter by."""

from typing import Any, cast

from django import forms
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

OBJECTS = (
    *("participants.registration", "participants.person", "programs.batch", "programs.program", "accounts.user"),
    *("accounts.agency", "notifications.message", "jobs.job", "jobs.storedfile"),
)


class OpenChoiceField(forms.ChoiceField):
    """Offers what is known and takes what is not: the beginning of a code, or a code of a former version."""

    def valid_value(self, value: str) -> bool:
        return len(value) <= 80 and "\0" not in value  # PostgreSQL knows no NUL


class AuditFilterForm(forms.Form):
    """All fields may stay empty; what cannot be read is said and filters nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(((code, str(name)) for code, name in settings.AUDIT_ACTIONS.items()), key=lambda pair: pair[1])
        kinds = sorted(((name, apps.get_model(name)._meta.verbose_name) for name in OBJECTS), key=lambda pair: pair[1])
        self.offer("action", named)
        self.offer("object_type", [(name, str(kind).capitalize()) for name, kind in kinds])

    def offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Choices to pick from; any other code that stands in the address is kept as it is."""
        given = self.data.get(name, "")
        extra = [(given, given)] if given and given not in dict(choices) else []
        cast("OpenChoiceField", self.fields[name]).choices = [("", _("All")), *extra, *choices]

    action = OpenChoiceField(label=_("Action"), required=False)
    actor = forms.CharField(label=_("Who"), max_length=120, required=False)
    object_type = OpenChoiceField(label=_("Kind of object"), required=False)
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
