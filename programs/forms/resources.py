"""Instructors, partners, venues and rates, as the office writes them down."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from kit.fields import CHOOSE, REQUIRED, DayField
from kit.identity import clean_nik
from kit.names import clean_full_name, clean_line
from kit.phones import parse_phone
from programs.models import (
    HonorariumRate,
    Instructor,
    PaidUnit,
    Partner,
    Topic,
    Venue,
    Weekday,
)
from programs.permissions import resource_agencies
from regions.models import Region

MOST_REGIONS = 40
NO_PHONE = _("This telephone number is not complete. Example: 0812-3456-7890.")
UNKNOWN_REGION = _("We do not know the region %(text)s. Please check the spelling, or write its code.")


class WeekdaysField(forms.TypedMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("initial", list(Weekday.values))
        messages = {"required": _("Please tick at least one day.")}
        super().__init__(choices=Weekday.choices, coerce=int, error_messages=messages, **kwargs)


class OfficeForm(forms.ModelForm):
    """A row of one of the offices that the person keeps; only who keeps several is asked which."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        agencies = resource_agencies(user)
        if self.instance.pk or len(agencies) == 1:
            self.fields.pop("agency", None)
            if not self.instance.pk:
                self.instance.agency = agencies[0]
        else:
            office = cast(forms.ModelChoiceField, self.fields["agency"])
            office.queryset = Agency.objects.filter(pk__in=[one.pk for one in agencies])
            office.empty_label = _("Choose …")
        for field in self.fields.values():
            field.error_messages.update({key: str(said) for key, said in {**CHOOSE, **REQUIRED}.items()})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, value in cleaned.items():
            if isinstance(value, str) and name in self.fields and not isinstance(self.fields[name], forms.ChoiceField):
                cleaned[name] = value if "\n" in value else clean_line(value)
        self.office = cleaned.get("agency") or (self.instance.agency if self.instance.agency_id else None)
        return cleaned

    def phone_of(self, name: str) -> str:
        text = self.cleaned_data[name]
        number = parse_phone(text) if text else ""
        if number is None:
            raise ValidationError(NO_PHONE, code="phone_invalid")
        return number

    def region_called(self, field: str, text: str) -> Region | None:
        """The region of this name in the office's own area, else anywhere; the error stands beside the field."""
        within = self.office.region_id if self.office else ""
        match = Region.objects.match(text, within=within)
        if match.region is None:
            match = Region.objects.match(text)
        if match.region is None:
            self.add_error(field, ValidationError(UNKNOWN_REGION, params={"text": text}))
        return match.region


class InstructorForm(OfficeForm):
    weekdays = WeekdaysField(label=_("Teaches on"))
    region_name = forms.CharField(
        label=_("Comes from"),
        help_text=_("Urban village, district or city. Who lives nearer stands higher in the list for a session."),
        max_length=100,
        required=False,
    )
    regions_text = forms.CharField(
        label=_("Teaches only in"),
        help_text=_("Names with commas between them. Empty: everywhere."),
        max_length=500,
        required=False,
    )
    nik = forms.CharField(
        label=_("NIK"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    class Meta:
        model = Instructor
        fields = [
            *("agency", "title_prefix", "full_name", "title_suffix", "phone", "email", "institution"),
            *("weekdays", "paid_as", "grade", "employment", "own_staff"),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row: Instructor = self.instance
        if row.pk:
            self.fields["region_name"].initial = row.region.full_name if row.region else ""
            self.fields["regions_text"].initial = ", ".join(one.full_name for one in row.regions.all())
        if row.nik_last4:
            self.fields["nik"].help_text = _("Kept encrypted, ends in %(last)s. Leave empty to keep it.") % {
                "last": row.nik_last4
            }
        else:
            self.fields["nik"].help_text = _("For contract and tax; kept encrypted. With it nobody is listed twice.")

    def clean_full_name(self) -> str:
        return clean_full_name(self.cleaned_data["full_name"])

    def clean_phone(self) -> str:
        return self.phone_of("phone")

    def clean_nik(self) -> str:
        text = self.cleaned_data["nik"]
        return clean_nik(text) if text else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        home = cleaned.get("region_name")
        self.instance.region = self.region_called("region_name", home) if home else None
        names = [part.strip() for part in cleaned.get("regions_text", "").split(",") if part.strip()]
        found = [self.region_called("regions_text", name) for name in names[:MOST_REGIONS]]
        cleaned["regions"] = [region for region in found if region is not None]
        return cleaned


class VenueForm(OfficeForm):
    weekdays = WeekdaysField(label=_("Open on"))
    region_name = forms.CharField(label=_("Urban village, district or city"), max_length=100, error_messages=REQUIRED)
    facilities = forms.MultipleChoiceField(
        label=_("It has"), choices=Venue.Facility.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Venue
        fields = [
            *("agency", "name", "address", "capacity", "weekdays", "opens_at", "closes_at", "facilities"),
            *("contact_name", "contact_phone", "active"),
        ]
        widgets = {name: forms.TimeInput(format="%H:%M", attrs={"type": "time"}) for name in ("opens_at", "closes_at")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["region_name"].initial = self.instance.region.full_name

    def clean_contact_phone(self) -> str:
        return self.phone_of("contact_phone")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        region = self.region_called("region_name", cleaned["region_name"]) if cleaned.get("region_name") else None
        if region is not None:
            self.instance.region = region
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if (opens is None) != (closes is None) or (opens and closes and closes <= opens):
            self.add_error("closes_at", _("A venue closes after it opens; both hours are given, or none."))
        return cleaned


class PartnerForm(OfficeForm):
    region_name = forms.CharField(label=_("Region"), max_length=100, required=False)

    class Meta:
        model = Partner
        fields = ["agency", "kind", "name", "address", "contact_name", "contact_phone", "contact_email", "active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.region:
            self.fields["region_name"].initial = self.instance.region.full_name

    def clean_contact_phone(self) -> str:
        return self.phone_of("contact_phone")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        name = cleaned.get("region_name")
        self.instance.region = self.region_called("region_name", name) if name else None
        return cleaned


class DaysForm(forms.Form):
    """The days on which somebody does not teach, or a place is closed."""

    first_day = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day"), required=False, help_text=_("Empty: one day only."))
    reason = forms.CharField(label=_("Reason"), max_length=150, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day is before the first."))
        return cleaned

    @property
    def days(self) -> tuple[date, date]:
        """As PostgreSQL keeps a range: the day after the last one ends it."""
        first: date = self.cleaned_data["first_day"]
        return first, (self.cleaned_data["last_day"] or first) + timedelta(days=1)


class RateForm(OfficeForm):
    first_day = DayField(label=_("Valid from"))
    last_day = DayField(label=_("Valid to"), required=False, help_text=_("Empty: until a new one takes its place."))

    class Meta:
        model = HonorariumRate
        fields = ["agency", "role", "grade", "unit", "minutes_per_unit", "legal_basis", "max_amount", "local_amount"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("45 for a lesson hour, 60 for a person-hour, empty for an occasion.")
        self.fields["minutes_per_unit"].help_text = hint
        if self.instance.pk:
            self.fields["first_day"].initial = self.instance.first_day
            self.fields["last_day"].initial = self.instance.last_day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day is before the first."))
        elif first:
            self.instance.valid = DateRange(first, last + timedelta(days=1) if last else None)
        high, here = cleaned.get("max_amount"), cleaned.get("local_amount")
        if high is not None and here is not None and not 1 <= here <= high:
            self.add_error("local_amount", _("The amount here is at least Rp1 and cannot exceed the ceiling."))
        self._check_minutes(cleaned)
        return cleaned

    def _check_minutes(self, cleaned: dict[str, Any]) -> None:
        unit, minutes = cleaned.get("unit"), cleaned.get("minutes_per_unit")
        fits = {
            PaidUnit.LESSON_HOUR: minutes is not None and 30 <= minutes <= 60,
            PaidUnit.PERSON_HOUR: minutes == 60,
            PaidUnit.OCCASION: minutes is None,
        }
        if unit and "minutes_per_unit" in cleaned and not fits[PaidUnit(unit)]:
            self.add_error(
                "minutes_per_unit",
                _("A lesson hour has 30 to 60 minutes (usually 45), a person-hour 60, an occasion none."),
            )


class InstructorFilterForm(forms.Form):
    q = forms.CharField(label=_("Name"), required=False, max_length=100)
    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"), required=False, empty_label=_("All"))
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        topics = Topic.objects.filter(agency__in=resource_agencies(user))
        cast(forms.ModelChoiceField, self.fields["topic"]).queryset = topics
        state = cast(forms.ChoiceField, self.fields["state"])
        state.choices = [("", _("Who may be asked")), *Instructor.State.choices]
