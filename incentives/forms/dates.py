"""When and where: the fields that a competition begins with, and that stand in each edition."""

from datetime import date, datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from budgets.models import BudgetLine
from budgets.rules import AmountError, parse_rupiah
from incentives.queries.dates import Dates
from kit.fields import CHOOSE, REQUIRED, ClockField, DayField
from programs.models import Program, Venue


class RupiahField(forms.CharField):
    """Whole rupiah in any of the usual spellings; None where nothing was typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=30, widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}), **kwargs
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_rupiah(text) if text else None
        except AmountError as error:
            raise ValidationError(_("Write whole rupiah: 2.400.000."), code=error.code) from error


class LineField(forms.ModelChoiceField):
    def label_from_instance(self, line: BudgetLine) -> str:
        return f"{line.account_code} {line.title}"


class DatesForm(forms.Form):
    opens_day = DayField(label=_("Entries from"))
    opens_hour = ClockField(label=_("At"), initial=time(8))
    closes_day = DayField(label=_("Entries until"))
    closes_hour = ClockField(label=_("At"), initial=time(16))
    held_on = DayField(label=_("Day of the pitches"), required=False)
    begins_at = ClockField(label=_("Begins at"), required=False, initial=time(8))
    venue = forms.ModelChoiceField(
        Venue.objects.none(),
        label=pgettext_lazy("competition", "Place"),
        required=False,
        empty_label="–",
        error_messages=CHOOSE,
    )

    def offer_venues(self, agencies: list[int]) -> None:
        field = cast(forms.ModelChoiceField, self.fields["venue"])
        field.queryset = Venue.objects.in_use().filter(agency__in=agencies)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        days = [cleaned.get(name) for name in ("opens_day", "opens_hour", "closes_day", "closes_hour")]
        if all(day is not None for day in days) and (days[2], days[3]) <= (days[0], days[1]):
            self.add_error(
                "closes_day", ValidationError(_("Entries end after they begin."), code="closes_before_opening")
            )
        if cleaned.get("held_on") and cleaned.get("closes_day") and cleaned["held_on"] < cleaned["closes_day"]:
            text = _("The pitches are after the last day for entries.")
            self.add_error("held_on", ValidationError(text, code="held_before_closing"))
        return cleaned

    def dates(self, zone: ZoneInfo, line: BudgetLine | None = None) -> Dates:
        data = self.cleaned_data
        return Dates(
            opens_at=aware(data["opens_day"], data["opens_hour"], zone),
            closes_at=aware(data["closes_day"], data["closes_hour"], zone),
            held_on=data["held_on"],
            begins_at=data["begins_at"],
            venue=data["venue"],
            line=line,
        )


class StartForm(DatesForm):
    program = forms.ModelChoiceField(
        Program.objects.none(), label=_("Programme"), empty_label=_("Choose …"), error_messages=CHOOSE
    )
    name = forms.CharField(label=_("Name of the competition"), max_length=150, error_messages=REQUIRED)
    field_order = ["program", "name"]

    def __init__(self, *args: Any, agencies: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        living = [Program.State.DRAFT, Program.State.OPEN]
        programs = Program.objects.filter(agency__in=agencies, state__in=living).select_related("agency")
        cast(forms.ModelChoiceField, self.fields["program"]).queryset = programs
        self.offer_venues(agencies)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        program, venue = cleaned.get("program"), cleaned.get("venue")
        if program and venue and venue.agency_id != program.agency_id:
            self.add_error("venue", _("This venue belongs to another office."))
        return cleaned


def aware(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour), zone)


def shown_dates(dates: Dates, zone: ZoneInfo) -> dict[str, Any]:
    """As the fields begin with them."""
    opens, closes = dates.opens_at.astimezone(zone), dates.closes_at.astimezone(zone)
    return {
        "opens_day": opens.date(),
        "opens_hour": opens.time(),
        "closes_day": closes.date(),
        "closes_hour": closes.time(),
        "held_on": dates.held_on,
        "begins_at": dates.begins_at,
        "venue": dates.venue.pk if dates.venue else None,
        "line": dates.line.pk if dates.line else None,
    }
