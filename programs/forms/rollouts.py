"""A rollout plan as staff write it: the window, the pace, and the timetable as rows; and a single batch of it."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kit.fields import CHOOSE, REQUIRED, ClockField, DayField
from programs.actions import MeetingPlan
from programs.forms.staff import NO_REGION
from programs.models import (
    MOST_DAYS,
    MOST_REGIONS,
    Program,
    Rollout,
    Session,
    Topic,
    Weekday,
)
from programs.permissions import programming_agencies
from regions.models import Level, Region

MOST_ROWS = 40
# P2: craft on the first day and a half, then running a business and the job seeker card.
TWO_DAYS: tuple[dict[str, Any], ...] = (
    {"day": 1, "begin": time(8), "end": time(12), "lesson_hours": 5},
    {"day": 1, "begin": time(13), "end": time(16), "lesson_hours": 4},
    {"day": 2, "begin": time(8), "end": time(12), "lesson_hours": 5},
    {"day": 2, "begin": time(13), "end": time(14, 30), "lesson_hours": 2, "kind": "management"},
    {"day": 2, "begin": time(14, 30), "end": time(16), "lesson_hours": 2, "kind": "job_seeker_card"},
)


def number(label: Any, least: int, most: int, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, error_messages=REQUIRED, **kwargs)


class RolloutForm(forms.Form):
    name = forms.CharField(label=_("Name of the plan"), max_length=120, error_messages=REQUIRED)
    first_day = DayField(label=_("First day of the window"))
    last_day = DayField(label=_("Last day of the window"))
    days = number(_("Days per batch"), 1, MOST_DAYS, initial=2)
    parallel = number(_("Batches at once, at most"), 1, 500, initial=3)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Training on"),
        choices=Weekday.choices,
        coerce=int,
        initial=[0, 1, 2, 3, 4],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day of the week.")},
    )
    over_breaks = forms.BooleanField(label=_("A batch may go over a weekend or a holiday"), required=False)
    evenly = forms.BooleanField(
        label=_("Spread over the whole window instead of as early as possible"), required=False, initial=True
    )
    reach = forms.TypedChoiceField(
        label=_("Where venues are looked for"), choices=Rollout.Reach.choices, coerce=int, initial=13
    )
    prayer_begin = ClockField(label=_("Friday prayer from"), required=False, initial=time(11, 30))
    prayer_end = ClockField(label=_("until"), required=False, initial=time(13))
    quota = number(_("Seats per batch"), 1, 10_000, initial=40)
    waiting_quota = number(_("Places on the waiting list"), 0, 10_000, initial=10)
    opens_on = DayField(label=_("Registration opens on"))
    closes_before = number(
        _("Registration closes so many days before"), 0, 90, initial=3, help_text=_("At 16:00 of that day.")
    )

    VALUES = (
        *("name", "first_day", "last_day", "days", "parallel", "weekdays", "over_breaks", "evenly", "reach"),
        *("prayer_begin", "prayer_end", "quota", "waiting_quota", "opens_on", "closes_before"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The window ends before it begins."))
        begin, end = cleaned.get("prayer_begin"), cleaned.get("prayer_end")
        if "prayer_begin" in cleaned and "prayer_end" in cleaned and (begin is None) != (end is None):
            self.add_error("prayer_end", _("Give both hours, or neither."))
        elif begin and end and end <= begin:
            self.add_error("prayer_end", _("The prayer ends before it begins."))
        opens = cleaned.get("opens_on")
        if opens and last and opens > last:
            self.add_error("opens_on", _("Registration opens after the window has ended."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.VALUES}


class Places(forms.Form):
    """Which regions: all of one kind inside an area, or the area itself."""

    LEVELS = (
        ("4", _("every urban village or village in it")),
        ("3", _("every district in it")),
        ("2", _("every city or regency in it")),
        ("0", _("one batch for the area as a whole")),
    )

    area = forms.CharField(
        label=_("Area"),
        max_length=100,
        error_messages=REQUIRED,
        help_text=_("Name or code of a city, district or village, for example Pekalongan Barat or 33.75."),
    )
    level = forms.ChoiceField(
        label=_("Plan for"), choices=LEVELS, initial="4", widget=forms.RadioSelect, error_messages=CHOOSE
    )

    def find(self, program: Program) -> list[Region]:
        """The regions meant; what is wrong stands beside the field."""
        within = program.agency.region_id
        match = Region.objects.match(self.cleaned_data["area"], within=within)
        if match.region is None:
            known = ", ".join(region.full_name for region in match.suggestions[:3])
            message = _("We found no single region of this name. Did you mean: %(known)s?") if known else NO_REGION
            self.add_error("area", ValidationError(message, params={"known": known}))
            return []
        level = int(self.cleaned_data["level"])
        if level == 0:
            return [match.region]
        found = Region.objects.current().under(match.region.code).filter(level=Level(level)).order_by("code")
        regions = list(found[: MOST_REGIONS + 1])
        if not regions:
            self.add_error("level", _("There is no such region in this area."))
        return regions


class NewRolloutForm(Places, RolloutForm):
    program = forms.ModelChoiceField(
        Program.objects.none(), label=_("Programme"), empty_label=_("Choose …"), error_messages=CHOOSE
    )

    def __init__(self, *args: Any, user: User, program: Program | None = None, **kwargs: Any) -> None:
        agencies = programming_agencies(user)
        area = (program.agency if program else agencies[0]).region.full_name if program or agencies else ""
        kwargs["initial"] = {"program": program, "area": area} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.regions: list[Region] = []
        open_states = [Program.State.DRAFT, Program.State.OPEN]
        programs = Program.objects.filter(agency__in=agencies, state__in=open_states).select_related("agency__region")
        cast(forms.ModelChoiceField, self.fields["program"]).queryset = programs

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("program") and cleaned.get("area") and cleaned.get("level"):
            self.regions = self.find(cleaned["program"])
        return cleaned


class RegionsForm(Places):
    def __init__(self, *args: Any, rollout: Rollout, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rollout, self.regions = rollout, list[Region]()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("area") and cleaned.get("level"):
            self.regions = self.find(self.rollout.program)
        return cleaned


class MeetingForm(forms.Form):
    """One meeting of the timetable. A row without hours is left out."""

    day = forms.TypedChoiceField(
        label=_("Day of the batch"), choices=[(str(day), str(day)) for day in range(1, MOST_DAYS + 1)], coerce=int
    )
    begin = ClockField(label=_("From"), required=False)
    end = ClockField(label=_("To"), required=False)
    friday_begin = ClockField(label=_("On Fridays from"), required=False)
    friday_end = ClockField(label=_("On Fridays to"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Session.Kind.choices, required=False)
    topic = forms.ModelChoiceField(
        Topic.objects.none(), label=_("Topic"), required=False, empty_label=_("what was asked for, or none")
    )
    lesson_hours = forms.IntegerField(label=_("Lesson hours"), min_value=0, max_value=24, required=False)

    def __init__(self, *args: Any, agencies: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["topic"]).queryset = Topic.objects.filter(agency__in=agencies)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for first, last in (("begin", "end"), ("friday_begin", "friday_end")):
            begin, end = cleaned.get(first), cleaned.get(last)
            if (begin is None) != (end is None) and not {first, last} & set(self.errors):
                self.add_error(last, _("Give both hours, or neither."))
            elif begin and end and end <= begin:
                self.add_error(last, _("A session needs a beginning and a later end."))
        return cleaned

    @property
    def plan(self) -> MeetingPlan:
        data = self.cleaned_data
        hours = data["lesson_hours"]
        if hours is None:
            hours = (_minutes(data["end"]) - _minutes(data["begin"])) // 45
        return MeetingPlan(
            data["day"],
            data["begin"],
            data["end"],
            data["kind"] or Session.Kind.TRAINING,
            data["topic"],
            data["friday_begin"],
            data["friday_end"],
            hours,
        )


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


class RolloutSheet:
    """The form of a plan with the rows of its timetable. `again` shows one more row and judges nothing."""

    def __init__(
        self,
        data: Any = None,
        *,
        user: User,
        rollout: Rollout | None = None,
        program: Program | None = None,
        again: bool = False,
    ) -> None:
        known = _pattern_of(rollout) if rollout else list(TWO_DAYS)
        wanted = row_count(data)
        self.count = min(max(wanted, 1) if data else len(known), MOST_ROWS)
        self.count = min(self.count + 1, MOST_ROWS) if again else self.count
        bound = None if again else data
        agencies = [rollout.program.agency_id] if rollout else [agency.pk for agency in programming_agencies(user)]
        first = typed(data, "") if again else None
        if rollout:
            stored = {name: getattr(rollout, name) for name in RolloutForm.VALUES}
            self.head: RolloutForm = RolloutForm(bound, initial=first or stored)
        else:
            self.head = NewRolloutForm(bound, user=user, program=program, initial=first)
        self.rows = [self._row(number, bound, data, known, again, agencies) for number in range(self.count)]

    @staticmethod
    def _row(
        number: int, bound: Any, data: Any, known: list[dict[str, Any]], again: bool, agencies: list[int]
    ) -> MeetingForm:
        prefix = f"row{number}"
        initial: Mapping[str, Any] | None = known[number] if number < len(known) and not data else None
        if again:
            initial = typed(data, f"{prefix}-") or None
        return MeetingForm(bound, agencies=agencies, prefix=prefix, initial=initial)

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
    def pattern(self) -> list[MeetingPlan]:
        return [row.plan for row in self.rows if row.cleaned_data.get("begin")]


def row_count(data: Any) -> int:
    """How many rows the form had when it was sent."""
    text = str(data.get("rows", "")) if data else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _pattern_of(rollout: Rollout) -> list[dict[str, Any]]:
    names = ("day", "begin", "end", "friday_begin", "friday_end", "kind", "topic_id", "lesson_hours")
    rows = rollout.pattern.order_by("day", "begin", "pk").values(*names)
    return [dict(row) | {"topic": row["topic_id"]} for row in rows]


def typed(data: Any, prefix: str) -> dict[str, Any]:
    return {
        name.removeprefix(prefix): data.getlist(name) if name in {"weekdays", "topics"} else data.get(name)
        for name in data
        if name.startswith(prefix)
    }
