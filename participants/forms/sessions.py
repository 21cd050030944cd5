"""One session after planning: a new one, what it is about, or its end."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from kit.fields import ClockField, DayField
from participants.forms.fields import REQUIRED
from participants.forms.staff import note_field
from programs.actions import SessionFacts, SessionPlan
from programs.models import Batch, Instructor, Partner, Session, Topic, Venue


class SessionFactsForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Session.Kind.choices)
    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"), required=False, empty_label="–")
    lesson_hours = forms.IntegerField(
        label=_("Lesson hours"),
        help_text=_("45 minutes each."),
        min_value=0,
        max_value=24,
        initial=8,
        error_messages=REQUIRED,
    )
    venue = forms.ModelChoiceField(Venue.objects.none(), label=_("Venue"), required=False, empty_label="–")
    partner = forms.ModelChoiceField(
        Partner.objects.none(),
        label=_("Material from a partner"),
        help_text=_("Where a university or company gives the material."),
        required=False,
        empty_label="–",
    )

    def __init__(self, data: Any = None, *, batch: Batch, session: Session | None = None) -> None:
        names = ("kind", "topic", "lesson_hours", "venue", "partner")
        super().__init__(data, initial={name: getattr(session, name) for name in names} if session else None)
        self.batch, agency = batch, batch.program.agency_id
        used = {"venue": session.venue_id, "partner": session.partner_id} if session else {}
        rows: dict[str, Any] = {
            "topic": Topic.objects.filter(agency=agency),
            "venue": Venue.objects.filter(agency=agency, active=True) | Venue.objects.filter(pk=used.get("venue") or 0),
            "partner": Partner.objects.filter(agency=agency, active=True)
            | Partner.objects.filter(pk=used.get("partner") or 0),
        }
        for name, found in rows.items():
            cast(forms.ModelChoiceField, self.fields[name]).queryset = found

    @property
    def facts(self) -> SessionFacts:
        return SessionFacts(**{name: self.cleaned_data[name] for name in SessionFacts.__dataclass_fields__})


class NewSessionForm(SessionFactsForm):
    day = DayField(label=_("Day"))
    begin = ClockField(label=_("From"))
    end = ClockField(label=_("To"))
    instructor = forms.ModelChoiceField(
        Instructor.objects.none(),
        label=_("Instructor"),
        help_text=_("May stay open: candidates are shown with reasons afterwards."),
        required=False,
        empty_label="–",
    )

    def __init__(self, data: Any = None, *, batch: Batch) -> None:
        super().__init__(data, batch=batch)
        teachers = Instructor.objects.filter(agency=batch.program.agency_id).active()
        cast(forms.ModelChoiceField, self.fields["instructor"]).queryset = teachers

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        begin, end = cleaned.get("begin"), cleaned.get("end")
        if begin and end and end <= begin:
            self.add_error("end", _("A session needs a beginning and a later end."))
        return cleaned

    @property
    def plan(self) -> SessionPlan:
        data, zone = self.cleaned_data, self.batch.program.agency.zone
        return SessionPlan(
            begin=datetime.combine(data["day"], data["begin"], zone),
            end=datetime.combine(data["day"], data["end"], zone),
            kind=data["kind"],
            topic=data["topic"],
            lesson_hours=data["lesson_hours"],
            instructor=data["instructor"],
            venue=data["venue"],
            partner=data["partner"],
        )


class CancelSessionForm(forms.Form):
    reason = note_field(_("Reason"), help_text=_("For the office's own trail."), length=250)
    sure = forms.BooleanField(
        label=_("Yes, cancel this session and tell everybody."),
        error_messages={"required": _("Please tick this to go on.")},
    )
