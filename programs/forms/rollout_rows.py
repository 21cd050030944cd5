"""A single batch of a rollout plan as staff write it, and the days on which an office does not train."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kit.fields import REQUIRED, ClockField, DayField
from programs.forms.rollouts import MOST_ROWS, number, row_count, typed
from programs.models import Instructor, RolloutRow, Session, Topic, Venue
from programs.rules.planning import Sitting
from regions.rules import city_of


class MoveForm(forms.Form):
    """The first day of a batch; what drags and what types send the same."""

    day = DayField(label=_("First day"))


class RowForm(forms.Form):
    quota = number(_("Seats"), 1, 10_000)
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.none(), label=_("Topics"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, row: RolloutRow) -> None:
        super().__init__(data, initial={"quota": row.quota, "topics": [topic.pk for topic in row.topics.all()]})
        agency = row.rollout.program.agency_id
        cast(forms.ModelMultipleChoiceField, self.fields["topics"]).queryset = Topic.objects.filter(agency=agency)


class SittingForm(forms.Form):
    """One session of a batch in the plan. A row without a day is left out."""

    day = DayField(label=_("Day"), required=False)
    begin = ClockField(label=_("From"), required=False)
    end = ClockField(label=_("To"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Session.Kind.choices, required=False)
    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"), required=False, empty_label="–")
    instructor = forms.ModelChoiceField(
        Instructor.objects.none(), label=_("Instructor"), required=False, empty_label="–"
    )
    venue = forms.ModelChoiceField(Venue.objects.none(), label=_("Venue"), required=False, empty_label="–")
    lesson_hours = forms.IntegerField(label=_("Lesson hours"), min_value=0, max_value=24, required=False)

    def __init__(self, *args: Any, choices: Mapping[str, tuple[Any, Any]], **kwargs: Any) -> None:
        """`choices`: by field the rows, and how the list of them reads; drawn once for all sessions."""
        super().__init__(*args, **kwargs)
        for name, rows in choices.items():
            field = cast(forms.ModelChoiceField, self.fields[name])
            field.queryset, field.choices = rows

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        begin, end = cleaned.get("begin"), cleaned.get("end")
        if cleaned.get("day") and not self.errors and (begin is None or end is None or end <= begin):
            self.add_error("end", _("A session needs a beginning and a later end."))
        return cleaned

    @property
    def sitting(self) -> Sitting:
        data = self.cleaned_data
        kind = data["kind"] or Session.Kind.TRAINING
        topic, teacher, place = (data[name].pk if data[name] else None for name in ("topic", "instructor", "venue"))
        hours = data["lesson_hours"] or 0
        return Sitting(data["day"], data["begin"], data["end"], kind, topic, teacher, place, hours)


class RowSheet:
    """A batch of the plan with its sessions; a batch that exists keeps as many sessions as it has."""

    def __init__(self, data: Any = None, *, row: RolloutRow, again: bool = False) -> None:
        stored = [_stored(one) for one in row.sittings.all()]
        self.may_add = row.batch_id is None
        count = min(max(row_count(data), 1), MOST_ROWS) if data else max(len(stored), 1)
        self.count = min(count + again, MOST_ROWS) if self.may_add else len(stored)
        bound = None if again else data
        self.head = RowForm(bound, row=row)
        if again:
            self.head.initial = {"quota": data.get("quota"), "topics": data.getlist("topics")}
        choices = _choices(row)
        self.rows = []
        for position in range(self.count):
            initial = stored[position] if position < len(stored) and not data else None
            initial = typed(data, f"row{position}-") if again else initial
            self.rows.append(SittingForm(bound, choices=choices, prefix=f"row{position}", initial=initial))

    def is_valid(self) -> bool:
        return sum(not form.is_valid() for form in (self.head, *self.rows)) == 0

    @property
    def is_bound(self) -> bool:
        return self.head.is_bound

    @property
    def errors(self) -> Any:
        return self.head.errors or [row.errors for row in self.rows if row.errors]

    def add_error(self, field: Any, error: Any) -> None:
        self.head.add_error(field, error)

    @property
    def sittings(self) -> list[Sitting]:
        return [row.sitting for row in self.rows if row.cleaned_data.get("day")]


def _choices(row: RolloutRow) -> dict[str, tuple[Any, list[tuple[Any, str]]]]:
    """Of venues only those of the city: a province has more than a list can hold."""
    agency = row.rollout.program.agency_id
    used = [one.venue_id for one in row.sittings.all() if one.venue_id]
    near = Q(region__code__startswith=city_of(row.region_id)) | Q(pk__in=used)
    found: dict[str, Any] = {
        "topic": Topic.objects.filter(agency=agency),
        "instructor": Instructor.objects.filter(agency=agency).active(),
        "venue": Venue.objects.filter(near, agency=agency).in_use(),
    }
    return {name: (rows, [("", "–"), *((one.pk, str(one)) for one in rows)]) for name, rows in found.items()}


def _stored(one: Any) -> dict[str, Any]:
    return {
        "day": one.day,
        "begin": one.begin,
        "end": one.end,
        "kind": one.kind,
        "topic": one.topic_id,
        "instructor": one.instructor_id,
        "venue": one.venue_id,
        "lesson_hours": one.lesson_hours,
    }


class HolidayForm(forms.Form):
    day = DayField(label=_("Day"))
    name = forms.CharField(label=_("Name"), max_length=120, error_messages=REQUIRED)


class YearForm(forms.Form):
    year = number(_("Year"), 2000, 2100)
