from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kit.sealed import SealedSearchField, seal
from notifications.models import Channel, MessageQuerySet, State


class MessageFilterForm(forms.Form):
    """What the list is narrowed to; a value that is no choice is as good as none."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *State.choices])
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[("", _("All")), *Channel.choices])
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    q = SealedSearchField(label=_("Name, phone or e-mail"), required=False, max_length=100, strip=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.fields["kind"]
        if isinstance(kinds, forms.ChoiceField):
            kinds.choices = [("", _("All")), *settings.MESSAGE_KINDS.items()]

    @property
    def address_query(self) -> str:
        """What the address of the result carries: the name or number only sealed."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return urlencode(chosen | {"q": seal(chosen["q"])} if "q" in chosen else chosen)

    def narrow(self, messages: MessageQuerySet) -> MessageQuerySet:
        self.is_valid()
        chosen = self.cleaned_data
        exact = {name: chosen[name] for name in ("state", "channel", "kind") if chosen.get(name)}
        found = messages.filter(**exact)
        return found.search(chosen["q"]) if chosen.get("q") else found
