"""What the calendar shows, and to whom a link is given."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import assignments_with
from accounts.roles import Permission
from kit.fields import CHOOSE
from programs.models import Instructor, SessionQuerySet, Venue
from regions.rules import is_code, normalise_name


class CalendarFilterForm(forms.Form):
    """By region, instructor and venue; anything unknown shows everything."""

    q = forms.CharField(label=_("Urban village"), required=False, max_length=80)
    instructor = forms.ModelChoiceField(
        Instructor.objects.none(), label=_("Instructor"), required=False, empty_label=_("All")
    )
    venue = forms.ModelChoiceField(Venue.objects.none(), label=_("Venue"), required=False, empty_label=_("All"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = {given.agency_id for given in assignments_with(user, Permission.VIEW_BATCHES)}
        cast(forms.ModelChoiceField, self.fields["instructor"]).queryset = Instructor.objects.filter(
            agency__in=agencies
        )
        cast(forms.ModelChoiceField, self.fields["venue"]).queryset = Venue.objects.filter(agency__in=agencies)
        self.is_valid()

    @property
    def wanted(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, sessions: SessionQuerySet) -> SessionQuerySet:
        wanted = self.wanted
        if "q" in wanted:
            text = wanted["q"].replace("\0", "").strip()
            key = normalise_name(text)
            if is_code(text):
                sessions = sessions.filter(batch__region__code__startswith=text)
            else:
                sessions = sessions.filter(batch__region__search_key__contains=key) if key else sessions.none()
        if "instructor" in wanted:
            sessions = sessions.filter(instructor=wanted["instructor"])
        return sessions.filter(venue=wanted["venue"]) if "venue" in wanted else sessions


class FeedForm(forms.Form):
    instructor = forms.ModelChoiceField(
        Instructor.objects.none(), label=_("Instructor"), empty_label=_("Choose …"), error_messages=CHOOSE
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Instructor.objects.visible_to(user).active().select_related("agency").order_by("full_name")
        cast(forms.ModelChoiceField, self.fields["instructor"]).queryset = rows
