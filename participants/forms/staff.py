"""What the office types at its desk."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kit.digits import without_separators
from kit.fields import ClockField, DayField
from kit.identity import NIK_LENGTH, clean_nik
from kit.sealed import SealedSearchField, seal
from participants.forms.declaration import RegistrationForm
from participants.forms.fields import CHOOSE, REQUIRED
from participants.forms.temporary import WithoutNik
from participants.models import (
    CheckState,
    Declaration,
    EvidenceKind,
    Registration,
    RegistrationQuerySet,
    RejectReason,
    Seat,
    Source,
    hash_nik,
)
from participants.models.states import IS_ACTIVE
from programs.models import Batch, BatchQuerySet, Program, Session, Venue
from regions.rules import normalise_name

LONG_NUMBER = 9  # a registration number has 8 digits; more of them are part of a number that belongs into no address
NOTE_LENGTH = 300


def note_field(label: Any, *, required: bool = True, help_text: Any = "", length: int = NOTE_LENGTH) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=length,
        error_messages=REQUIRED,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": length}),
    )


class BatchFilterForm(forms.Form):
    """Which batches to show; without a choice the ones that still run or are to come."""

    q = forms.CharField(label=_("Urban village or name"), required=False, max_length=80)
    program = forms.ModelChoiceField(Program.objects.none(), label=_("Programme"), required=False, empty_label=_("All"))
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Planned and running")), *Batch.State.choices, ("all", _("All"))],
    )

    def __init__(self, *args: Any, programs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        program = cast(forms.ModelChoiceField, self.fields["program"])
        program.queryset = programs
        program.choices = [("", program.empty_label), *((one.pk, str(one)) for one in programs)]

    @property
    def is_current(self) -> bool:
        """Whether no state was chosen: then what is over is left out."""
        return not self.is_valid() or not self.cleaned_data["state"]

    def narrow(self, batches: BatchQuerySet, now: datetime) -> BatchQuerySet:
        wanted = self.cleaned_data if self.is_valid() else {}
        if text := wanted.get("q"):
            named = batches.filter(name__icontains=text) | batches.filter(program__name__icontains=text)
            key = normalise_name(text)
            batches = named | batches.filter(region__search_key__contains=key) if key else named
        if wanted.get("program"):
            batches = batches.filter(program=wanted["program"])
        if (state := wanted.get("state")) in Batch.State.values:
            return batches.filter(state=state)
        return batches if state == "all" else batches.current(now)


class QuotaForm(forms.Form):
    quota = forms.IntegerField(label=_("Seats"), min_value=1, max_value=10_000, error_messages=REQUIRED)
    waiting_quota = forms.IntegerField(
        label=_("Places on the waiting list"), min_value=0, max_value=10_000, error_messages=REQUIRED
    )


class ExtendForm(forms.Form):
    """The new end of registration, by the office's clock."""

    day = DayField(label=_("Last day"))
    hour = ClockField(label=_("Until"))

    def __init__(self, data: Any = None, *, batch: Batch) -> None:
        self.zone = batch.program.agency.zone
        ends = batch.registration_closes_at.astimezone(self.zone)
        super().__init__(data, initial={"day": ends.date(), "hour": ends.time()})

    @property
    def closes_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"]), self.zone)


class SessionTimesForm(forms.Form):
    """One session of a batch: when and where."""

    day = DayField(label=_("Day"))
    begin = ClockField(label=_("From"))
    end = ClockField(label=_("To"))
    venue = forms.ModelChoiceField(Venue.objects.none(), label=_("Venue"), required=False, error_messages=CHOOSE)

    def __init__(self, data: Any = None, *, session: Session, venues: Any, zone: Any) -> None:
        self.session, self.zone = session, zone
        begin, end = session.during.lower.astimezone(zone), session.during.upper.astimezone(zone)
        initial = {"day": begin.date(), "begin": begin.time(), "end": end.time(), "venue": session.venue_id}
        super().__init__(data, initial=initial, prefix=f"s{session.pk}")
        cast(forms.ModelChoiceField, self.fields["venue"]).queryset = venues

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if {"begin", "end"} <= cleaned.keys() and cleaned["end"] <= cleaned["begin"]:
            self.add_error("end", _("A session needs a beginning and a later end."))
        return cleaned

    @property
    def times(self) -> tuple[datetime, datetime, Venue | None]:
        def at(day: date, hour: time) -> datetime:
            return timezone.make_aware(datetime.combine(day, hour), self.zone)

        data = self.cleaned_data
        return at(data["day"], data["begin"]), at(data["day"], data["end"]), data["venue"]


class RescheduleSheet(forms.Form):
    """All planned sessions of a batch on one page; the rows are forms of their own."""

    def __init__(self, data: Any = None, *, batch: Batch) -> None:
        super().__init__(data)
        agency = batch.program.agency
        venues = Venue.objects.filter(agency=agency)
        planned = batch.sessions.planned().in_order().select_related("topic", "venue")
        self.rows = [SessionTimesForm(data, session=row, venues=venues, zone=agency.zone) for row in planned]

    @property
    def changed(self) -> dict[int, tuple[datetime, datetime, Venue | None]]:
        """New times and venues by session id; what stays as it was is left out."""
        return {row.session.pk: row.times for row in self.rows if row.has_changed()}

    def clean(self) -> None:
        if sum(not row.is_valid() for row in self.rows):
            raise ValidationError(_("Please look at the sessions that are marked."), code="rows_invalid")
        if not any(row.has_changed() for row in self.rows):
            raise ValidationError(_("Nothing was changed."), code="nothing_changed")


class CancelBatchForm(forms.Form):
    reason = note_field(
        _("Reason"), help_text=_("Everybody reads this sentence in the message and on the page."), length=250
    )
    sure = forms.BooleanField(
        label=_("Yes, cancel this batch and tell everybody."),
        error_messages={"required": _("Please tick this to go on.")},
    )


class RegistrationFilterForm(forms.Form):
    """Which entries of a batch to show. Names come sealed, a full identity number as its keyed hash."""

    SEATS = (("active", _("With a seat or waiting")), ("ended", _("Ended")))

    q = SealedSearchField(label=_("Name, number or NIK"), required=False, max_length=100)
    h = forms.RegexField(r"^[0-9a-f]{64}$", required=False, widget=forms.HiddenInput)
    check = forms.ChoiceField(label=_("Check"), required=False, choices=[("", _("All")), *CheckState.choices])
    seat = forms.ChoiceField(
        label=_("Seat"),
        required=False,
        choices=[("", _("All")), *SEATS, *[choice for choice in Seat.choices if choice[0] not in {"none", "released"}]],
    )
    source = forms.ChoiceField(label=_("Source"), required=False, choices=[("", _("All")), *Source.choices])
    flags = forms.ChoiceField(
        label=_("Warnings"),
        required=False,
        choices=[
            ("", _("All")),
            ("any", _("With warnings")),
            ("none", _("Without warnings")),
            ("doubtful", _("Identity to settle")),
        ],
    )

    @property
    def wanted(self) -> dict[str, str]:
        """What was asked for, without what was left open; empty when it made no sense."""
        return {name: value for name, value in self.cleaned_data.items() if value} if self.is_valid() else {}

    def narrow(self, registrations: RegistrationQuerySet) -> RegistrationQuerySet:
        wanted = self.wanted
        if "h" in wanted:
            registrations = registrations.filter(nik_hash=wanted["h"])
        if "q" in wanted:
            registrations = registrations.search(wanted["q"])
        if "check" in wanted:
            registrations = registrations.filter(check_state=wanted["check"])
        if "source" in wanted:
            registrations = registrations.filter(source=wanted["source"])
        return self._flagged(self._seated(registrations, wanted.get("seat", "")), wanted.get("flags", ""))

    @staticmethod
    def _seated(registrations: RegistrationQuerySet, seat: str) -> RegistrationQuerySet:
        if seat == "active":
            return registrations.filter(IS_ACTIVE)
        if seat == "ended":
            return registrations.exclude(IS_ACTIVE)
        return registrations.filter(seat=seat) if seat else registrations

    @staticmethod
    def _flagged(registrations: RegistrationQuerySet, flags: str) -> RegistrationQuerySet:
        if flags == "any":
            return registrations.exclude(flags=[])
        if flags == "none":
            return registrations.filter(flags=[])
        return registrations.filter(person__isnull=True) if flags == "doubtful" else registrations


def is_nik(text: str) -> bool:
    """Whether a search text is a whole identity number, with or without spaces and hyphens."""
    compact = without_separators(text)
    return len(compact) == NIK_LENGTH and compact.isascii() and compact.isdigit()


class RegistrationFindForm(RegistrationFilterForm):
    """The search box, by POST: long numbers never come into an address."""

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"]
        digits = sum(character.isdigit() for character in text)
        if digits >= LONG_NUMBER and not is_nik(text):
            raise ValidationError(
                _("Search by name, registration number, the last 4 digits of the NIK, or all 16 of them."),
                code="number_incomplete",
            )
        if is_nik(text):
            clean_nik(text)  # refuses the numbers that no card bears
        return text

    @property
    def address_query(self) -> dict[str, str]:
        """What the address of the result carries: names sealed, of an identity number only the keyed hash."""
        wanted = {name: value for name, value in self.wanted.items() if name != "h"}
        text = wanted.pop("q", "")
        if is_nik(text):
            return wanted | {"h": hash_nik(clean_nik(text))}
        return wanted | {"q": seal(text)} if text else wanted


class ConfirmForm(forms.Form):
    """Nothing to fill in: the press of the button is the answer."""


class VerifyForm(forms.Form):
    """A note is needed where the entry has warnings, or a document was not looked at here."""

    note = note_field(_("What did you check?"), required=False)

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = bool(registration.flags)


class RequestFixForm(forms.Form):
    documents = forms.MultipleChoiceField(
        label=_("Which photo has to be sent again?"),
        required=False,
        help_text=_("The photo that is there is deleted, and the resident is asked for a new one."),
        widget=forms.CheckboxSelectMultiple,
    )
    note = note_field(_("What has to be corrected?"), help_text=_("The resident reads this sentence."))

    def __init__(self, *args: Any, asked: Sequence[EvidenceKind] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asked:
            self.fields["note"].required = False
            cast(forms.MultipleChoiceField, self.fields["documents"]).choices = [
                (kind, capfirst(kind.label)) for kind in asked
            ]
        else:
            del self.fields["documents"]


class RejectForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason"), choices=RejectReason.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    note = note_field(
        _("Explanation"),
        required=False,
        help_text=_("The resident reads this sentence. Needed when the reason is another one."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("reason") == RejectReason.OTHER and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Please write the reason."))
        return cleaned


class DecisionForm(RejectForm):
    """One decision over many entries: `verify`, `reject` or `undo`."""

    def __init__(self, *args: Any, decision: str, registrations: Sequence[Registration], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if decision != "reject":
            del self.fields["reason"]
        if decision == "undo":
            del self.fields["note"]
        if decision == "verify":
            self.fields["note"].label = _("What did you check?")
            self.fields["note"].help_text = _("Kept with each of these entries; residents do not read it.")
            self.fields["note"].required = any(row.flags for row in registrations)


class LinkIdentityForm(forms.Form):
    note = note_field(_("How did you make sure?"), help_text=_("For example: saw the identity card at the counter."))


class RevealForm(forms.Form):
    purpose = note_field(
        _("Why do you need the full number?"), help_text=_("This is written into the audit trail with your name.")
    )


class MoveForm(forms.Form):
    to = forms.ModelChoiceField(
        Batch.objects.none(), label=_("To which batch?"), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    reason = note_field(_("Reason"), help_text=_("The resident reads this sentence."), length=250)

    def __init__(self, *args: Any, targets: BatchQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["to"]).queryset = targets


class OfficeWithdrawForm(forms.Form):
    reason = note_field(_("Reason"), help_text=_("For example: called the office on Monday."), length=250)


class ExportForm(forms.Form):
    full_numbers = forms.BooleanField(label=_("With full identity numbers"), required=False)
    purpose = note_field(
        _("What for?"),
        required=False,
        help_text=_("Needed for full identity numbers. It is written into the audit trail with your name."),
    )

    def __init__(self, *args: Any, may_reveal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_reveal:
            del self.fields["full_numbers"], self.fields["purpose"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("full_numbers") and not cleaned.get("purpose"):
            self.add_error("purpose", _("Please write why you need to see the number."))
        return cleaned


class AssistedForm(WithoutNik, RegistrationForm):  # type: ignore[misc]  # its NIK may be a temporary number
    """The public form in the hands of an officer, who saw the identity card and witnessed the consent."""

    speaks_to_resident = False
    notice = forms.BooleanField(
        label=_("I read the privacy notice to the resident and witnessed the consent. The signed paper is kept."),
        error_messages={"required": _("Please tick this to go on.")},
    )
    broadcast = forms.BooleanField(label=_("The resident wants to hear about other trainings."), required=False)

    @property
    def declaration(self) -> Declaration:
        """Messages go out in Indonesian, whatever language the officer reads."""
        return replace(super().declaration, language="id")
