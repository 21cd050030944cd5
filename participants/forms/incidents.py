"""What is written down when the protection of data fails."""

from datetime import datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from kit.fields import ClockField, DayField
from participants.forms.fields import CHOOSE, REQUIRED, LineField
from participants.forms.staff import note_field
from participants.models import DataItem, Incident, IncidentKind, IncidentState
from participants.queries import Criteria
from programs.models import Batch, Program
from regions.models import Region

TEXT_MAX = 4000
WHEN = ("happened_from", "happened_until", "discovered_at")


def text_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 5, "maxlength": TEXT_MAX})
    return forms.CharField(
        label=label,
        required=required,
        max_length=TEXT_MAX,
        help_text=help_text,
        error_messages=REQUIRED,
        widget=widget,
    )


def moment(data: dict[str, Any], name: str, zone: ZoneInfo, *, otherwise: time = time()) -> datetime | None:
    """Day and hour of two fields, by the office's clock."""
    day = data.get(f"{name}_day")
    hour = data.get(f"{name}_hour") or otherwise
    return timezone.make_aware(datetime.combine(day, hour), zone) if day else None


class IncidentForm(forms.Form):
    """What, when and how; more can be told later, the clock does not wait."""

    title = LineField(
        label=_("In one line"),
        help_text=_("Without names. For example: a list was sent to a wrong address."),
        max_length=150,
        error_messages=REQUIRED,
    )
    kind = forms.ChoiceField(
        label=_("What kind of incident"), choices=IncidentKind.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    discovered_at_day = DayField(label=_("Discovered on"))
    discovered_at_hour = ClockField(label=_("At"))
    happened_from_day = DayField(label=_("Happened from"), required=False)
    happened_from_hour = ClockField(label=_("At"), required=False)
    happened_until_day = DayField(label=_("Happened until"), required=False)
    happened_until_hour = ClockField(label=_("At"), required=False)
    data_items = forms.MultipleChoiceField(
        label=_("Which data"),
        choices=DataItem.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE | {"required": _("Please tick at least one.")},
    )
    happening = text_field(_("How it happened"), help_text=_("Kept encrypted. It stands in the letters, so no names."))
    effect = text_field(_("What may follow for the people"), required=False)
    handling = text_field(_("What was done and is being done"), required=False)

    def __init__(self, data: Any = None, *, agency: Agency, incident: Incident | None = None) -> None:
        self.zone = agency.zone
        super().__init__(data, initial=_initial(incident, agency))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in WHEN:
            cleaned[name] = moment(cleaned, name, self.zone)
        now = timezone.now()
        if cleaned["discovered_at"] and cleaned["discovered_at"] > now:
            self.add_error("discovered_at_day", _("It cannot be discovered in the future."))
        begin, end = cleaned["happened_from"], cleaned["happened_until"]
        if begin and end and end < begin:
            self.add_error("happened_until_day", _("The end lies before the beginning."))
        if end and not begin:
            self.add_error("happened_from_day", _("Please tell the beginning as well."))
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        names = ("title", "kind", "data_items", "happening", *WHEN)
        words = {name: data[name] or None for name in ("effect", "handling")}
        return {name: data[name] for name in names} | words


def _initial(incident: Incident | None, agency: Agency) -> dict[str, Any]:
    """The clock of a new one begins now, unless it is put back."""
    if incident is None:
        local = timezone.now().astimezone(agency.zone)
        return {"discovered_at_day": local.date(), "discovered_at_hour": local.time()}
    plain = ("title", "kind", "data_items", "happening", "effect", "handling")
    first: dict[str, Any] = {name: getattr(incident, name) for name in plain}
    for name in WHEN:
        if value := getattr(incident, name):
            local = value.astimezone(agency.zone)
            first |= {f"{name}_day": local.date(), f"{name}_hour": local.time()}
    return first


class PeopleForm(forms.Form):
    """Whom it concerns. What is left empty does not narrow."""

    program = forms.ModelChoiceField(Program.objects.none(), label=_("Programme"), required=False, empty_label=_("All"))
    batch = forms.ModelChoiceField(Batch.objects.none(), label=_("Batch"), required=False, empty_label=_("All"))
    region = forms.CharField(label=_("Urban village or district of the identity card"), required=False, max_length=100)
    registered_from = DayField(label=_("Registered from"), required=False)
    registered_until = DayField(label=_("Registered until"), required=False)
    officer = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Seen by this account"),
        help_text=_("Everybody whose data this account opened or changed, as the audit trail tells."),
        required=False,
        empty_label=_("Any"),
    )
    looked_from = DayField(label=_("Seen from"), required=False)
    looked_until = DayField(label=_("Seen until"), required=False)
    everybody = forms.BooleanField(label=_("Nothing narrows it: everybody on file at the office."), required=False)

    def __init__(self, data: Any = None, *, agency: Agency) -> None:
        super().__init__(data)
        self.agency = agency
        batches = Batch.objects.filter(program__agency=agency).select_related("program", "region").order_by("-pk")
        rows = {
            "program": Program.objects.filter(agency=agency).order_by("-pk"),
            "batch": batches,
            "officer": User.objects.filter(role_assignments__agency=agency).distinct().order_by("full_name"),
        }
        for name, found in rows.items():
            cast(forms.ModelChoiceField, self.fields[name]).queryset = found

    def clean_region(self) -> str:
        """The code of the one place of this name in the office's region."""
        text = str(self.cleaned_data["region"]).strip()
        if not text:
            return ""
        places = Region.objects.current().filter(code__startswith=self.agency.region_id, level__gte=3)
        found = list(places.filter(name__iexact=text).values_list("code", flat=True)[:2])
        if len(found) != 1:
            raise ValidationError(_("We found no single place of this name in the region."), code="region_unknown")
        return found[0]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for begin, end in (("registered_from", "registered_until"), ("looked_from", "looked_until")):
            if cleaned.get(begin) and cleaned.get(end) and cleaned[end] < cleaned[begin]:
                self.add_error(end, _("The end lies before the beginning."))
        if (cleaned.get("looked_from") or cleaned.get("looked_until")) and not cleaned.get("officer"):
            self.add_error("officer", _("Please choose whose looks."))
        narrows = any(cleaned.get(name) for name in self.fields if name != "everybody")
        if not self.errors and not narrows and not cleaned.get("everybody"):
            self.add_error("everybody", _("Please narrow it, or tick that it concerns everybody."))
        return cleaned

    @property
    def criteria(self) -> Criteria:
        data = self.cleaned_data
        return Criteria(
            programs=[data["program"].pk] if data["program"] else [],
            batches=[data["batch"].pk] if data["batch"] else [],
            region=data["region"],
            officer=data["officer"].pk if data["officer"] else None,
            registered_from=self._begin(data["registered_from"]),
            registered_until=self._begin(data["registered_until"], after=1),
            looked_from=self._begin(data["looked_from"]),
            looked_until=self._begin(data["looked_until"], after=1),
        )

    def _begin(self, day: Any, after: int = 0) -> datetime | None:
        """The first moment of the day, or of the one after it."""
        if day is None:
            return None
        return timezone.make_aware(datetime.combine(day + timedelta(days=after), time()), self.agency.zone)


class TellForm(forms.Form):
    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    sure = forms.BooleanField(
        label=_("I have read the message. It goes to everybody on the list."),
        error_messages={"required": _("Please tick this to go on.")},
    )


class AuthorityForm(forms.Form):
    told_at_day = DayField(label=_("Sent on"))
    told_at_hour = ClockField(label=_("At"))
    reference = LineField(label=_("Number of the letter"), max_length=100, error_messages=REQUIRED)

    def __init__(self, data: Any = None, *, agency: Agency, reference: str = "") -> None:
        local = timezone.now().astimezone(agency.zone)
        first = {"told_at_day": local.date(), "told_at_hour": local.time(), "reference": reference}
        super().__init__(data, initial=first)
        self.zone = agency.zone

    @property
    def told_at(self) -> datetime:
        data = self.cleaned_data
        return timezone.make_aware(datetime.combine(data["told_at_day"], data["told_at_hour"]), self.zone)

    def add_refusal(self, refusal: ValidationError) -> None:
        for error in refusal.error_list if not hasattr(refusal, "error_dict") else refusal.error_dict["told_at"]:
            self.add_error("told_at_day", error)


class IncidentNoteForm(forms.Form):
    text = note_field(_("Note"), length=1000)


class CloseIncidentForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("How it ends"),
        choices=[
            (IncidentState.CLOSED, _("Closed: the authority and the people were told")),
            (IncidentState.DISMISSED, _("It was no failure of data protection")),
        ],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    note = note_field(_("What was learned, or why it was none"), required=False, length=1000)
