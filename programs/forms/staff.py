"""A new batch as the office plans it: who, where, how many, when, and its sessions as rows."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import assignments_with, holds
from accounts.roles import Permission
from kit.fields import CHOOSE, REQUIRED, ClockField, DayField
from programs.actions import SessionPlan
from programs.models import Batch, Instructor, Program, Session, Topic, Venue
from regions.models import Region

FIRST_ROWS, MOST_ROWS = 2, 20


def managed_agencies(user: User) -> list[int]:
    return sorted({given.agency_id for given in assignments_with(user, Permission.MANAGE_BATCHES)})


class BatchForm(forms.Form):
    program = forms.ModelChoiceField(
        Program.objects.none(), label=_("Programme"), empty_label=_("Choose …"), error_messages=CHOOSE
    )
    region_name = forms.CharField(
        label=_("Urban village, district or city"),
        help_text=_("Name or code, for example Bendan Kergon or 33.75.01.1006."),
        max_length=100,
        error_messages=REQUIRED,
    )
    name = forms.CharField(label=_("Name of the batch"), max_length=120, error_messages=REQUIRED)
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.none(), label=_("Topics"), required=False, widget=forms.CheckboxSelectMultiple
    )
    quota = forms.IntegerField(label=_("Seats"), min_value=1, max_value=10_000, initial=40, error_messages=REQUIRED)
    waiting_quota = forms.IntegerField(
        label=_("Places on the waiting list"), min_value=0, max_value=10_000, initial=10, error_messages=REQUIRED
    )
    opens_day = DayField(label=_("Registration opens on"))
    opens_hour = ClockField(label=_("At"), initial=time(8))
    closes_day = DayField(label=_("Registration closes on"))
    closes_hour = ClockField(label=_("At"), initial=time(16))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        agencies = managed_agencies(user)
        programs = Program.objects.filter(agency__in=agencies, state__in=[Program.State.DRAFT, Program.State.OPEN])
        cast(forms.ModelChoiceField, self.fields["program"]).queryset = programs.select_related("agency")
        cast(forms.ModelChoiceField, self.fields["topics"]).queryset = Topic.objects.filter(agency__in=agencies)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        program = cleaned.get("program")
        if program and cleaned.get("region_name"):
            cleaned["region"] = self._region(program, cleaned["region_name"])
        if program and cleaned.get("name"):
            cleaned["slug"] = free_slug(program, cleaned["name"])
        if program and any(topic.agency_id != program.agency_id for topic in cleaned.get("topics", ())):
            self.add_error("topics", _("These topics belong to another agency."))
        if {"opens_day", "opens_hour", "closes_day", "closes_hour"} <= cleaned.keys() and program:
            self._window(cleaned, program.agency.zone)
        return cleaned

    def _region(self, program: Program, text: str) -> Region | None:
        city = program.agency.region_id
        match = Region.objects.match(text, within=city)
        if match.region is None:
            known = ", ".join(region.full_name for region in match.suggestions[:3])
            message = _("We found no single region of this name. Did you mean: %(known)s?") if known else NO_REGION
            self.add_error("region_name", ValidationError(message, params={"known": known}))
        elif not holds(self.user, Permission.MANAGE_BATCHES, program.agency_id, match.region.code):
            self.add_error("region_name", _("You do not plan batches in that region."))
        return match.region

    def _window(self, cleaned: dict[str, Any], zone: ZoneInfo) -> None:
        cleaned["opens_at"] = aware(cleaned["opens_day"], cleaned["opens_hour"], zone)
        cleaned["closes_at"] = aware(cleaned["closes_day"], cleaned["closes_hour"], zone)
        if cleaned["closes_at"] <= cleaned["opens_at"]:
            self.add_error("closes_day", _("Registration must close after it opens."))


NO_REGION = _("We do not know this region. Please check the spelling.")


class SessionRowForm(forms.Form):
    """One session to be. A row without a day is left out."""

    day = DayField(label=_("Day"), required=False)
    begin = ClockField(label=_("From"), required=False, initial=time(8))
    end = ClockField(label=_("To"), required=False, initial=time(15))
    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"), required=False, empty_label="–")
    venue = forms.ModelChoiceField(Venue.objects.none(), label=_("Venue"), required=False, empty_label="–")
    instructor = forms.ModelChoiceField(
        Instructor.objects.none(), label=_("Instructor"), required=False, empty_label="–"
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Session.Kind.choices, required=False)
    lesson_hours = forms.IntegerField(label=_("Lesson hours"), min_value=0, max_value=24, required=False, initial=8)

    def __init__(self, *args: Any, agencies: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model in (("topic", Topic), ("venue", Venue), ("instructor", Instructor)):
            cast(forms.ModelChoiceField, self.fields[name]).queryset = model.objects.filter(agency__in=agencies)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("day") and "begin" in cleaned and "end" in cleaned:
            begin, end = cleaned["begin"], cleaned["end"]
            if begin is None or end is None or end <= begin:
                self.add_error("end", _("A session needs a beginning and a later end."))
        return cleaned

    def plan(self, zone: ZoneInfo) -> SessionPlan:
        data = self.cleaned_data
        return SessionPlan(
            begin=aware(data["day"], data["begin"], zone),
            end=aware(data["day"], data["end"], zone),
            kind=data["kind"] or Session.Kind.TRAINING,
            topic=data["topic"],
            lesson_hours=data["lesson_hours"] or 0,
            instructor=data["instructor"],
            venue=data["venue"],
        )


class BatchSheet:
    """The form of a batch with its rows. `add_row` gives the same sheet with one more row and nothing lost."""

    def __init__(self, data: Any = None, *, user: User, again: bool = False) -> None:
        """`again` shows what was typed without judging it."""
        count = min(max(_number(data.get("rows", "")), FIRST_ROWS), MOST_ROWS) if data else FIRST_ROWS
        self.count = min(count + 1, MOST_ROWS) if again else count
        bound = None if again else data
        agencies = managed_agencies(user)
        self.head = BatchForm(bound, user=user, initial=_typed(data, "") if again else None)
        self.rows = [
            SessionRowForm(
                bound,
                agencies=agencies,
                prefix=f"row{number}",
                initial=_typed(data, f"row{number}-") if again and number < count else None,
            )
            for number in range(self.count)
        ]

    def is_valid(self) -> bool:
        """Every row is looked at, so that all errors are told at once."""
        valid = sum(not form.is_valid() for form in (self.head, *self.rows)) == 0
        if valid and not self.planned:
            self.head.add_error(None, _("Please add at least one session."))
        return valid and bool(self.planned)

    @property
    def planned(self) -> list[SessionRowForm]:
        return [row for row in self.rows if row.cleaned_data.get("day")]

    @property
    def values(self) -> dict[str, Any]:
        """What `actions.create_batch` asks for."""
        data = self.head.cleaned_data
        names = ("program", "region", "name", "slug", "quota", "waiting_quota", "opens_at", "closes_at", "topics")
        zone = data["program"].agency.zone
        return {name: data[name] for name in names} | {"sessions": [row.plan(zone) for row in self.planned]}


def aware(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour), zone)


def free_slug(program: Program, name: str) -> str:
    """The name as it stands in an address, with a number when the programme has that one already."""
    base = slugify(name)[:50].strip("-") or "angkatan"
    taken = set(Batch.objects.filter(program=program, slug__startswith=base).values_list("slug", flat=True))
    free = (slug for number in range(1, len(taken) + 2) if (slug := base if number == 1 else f"{base}-{number}"))
    return next(slug for slug in free if slug not in taken)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _typed(data: Any, prefix: str) -> Mapping[str, Any]:
    return {
        name.removeprefix(prefix): data.getlist(name) if name == "topics" else data.get(name)
        for name in data
        if name.startswith(prefix)
    }
