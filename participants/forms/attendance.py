"""What is typed, scanned or pressed in a hall, and what is read off the signed sheet."""

import re
import uuid
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kit.fields import ClockField
from kit.posting import key_in
from kit.scans import Scan, sent_scan
from participants.actions import MarkInput
from participants.forms.fields import REQUIRED
from participants.forms.staff import CHOOSE, note_field
from participants.models import MarkKind, MarkWay, Registration, RegistrationQuerySet, SheetLine
from participants.rules import clean_code, is_code
from programs.models import Session

TICKET = re.compile(r"[?&]nomor=([0-9A-Za-z-]{1,20})")
TAPS = {"arrived": MarkKind.ARRIVED, "left": MarkKind.LEFT, "absent": MarkKind.ABSENT}


def code_in(text: str) -> str:
    """The registration number in what a scanner read or a hand typed; empty where there is none."""
    named = TICKET.search(text)
    code = clean_code(named.group(1) if named else text)
    return code if is_code(code) else ""


class DoorForm(forms.Form):
    """One tap on a person, or one line of text: a number marks, anything else looks for a name."""

    text = forms.CharField(
        label=_("Number, name or ticket"),
        help_text=_("A scanner types here by itself. A number is marked at once, a name is looked for."),
        required=False,
        max_length=200,
    )
    way = forms.CharField(required=False, max_length=10)
    arrived = forms.CharField(required=False, max_length=19)
    left = forms.CharField(required=False, max_length=19)
    absent = forms.CharField(required=False, max_length=19)
    let_in = forms.BooleanField(required=False)
    written = forms.CharField(label=_("Name of who came"), required=False, max_length=100)

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\0", "").strip()

    @property
    def searched(self) -> str:
        """The name that was looked for; empty where something was marked."""
        is_name = self.mark is None and not self.cleaned_data.get("written")
        return self.cleaned_data["text"] if is_name else ""

    @property
    def mark(self) -> dict[str, Any] | None:
        """What `MarkInput` needs beside the session."""
        data = self.cleaned_data
        made: dict[str, Any] = {"client_id": uuid.uuid4(), "kind": MarkKind.ARRIVED, "let_in": data["let_in"]}
        for name, kind in TAPS.items():
            if key_in(data[name]):
                return made | {"kind": kind, "registration_id": key_in(data[name]), "way": MarkWay.LIST}
        code = code_in(data["text"])
        if code:
            way = MarkWay.QR if data["way"] == MarkWay.QR or TICKET.search(data["text"]) else MarkWay.CODE
            return made | {"registration_code": code, "way": way}
        if data["let_in"] and data["written"].strip():
            return made | {"written": data["written"], "way": MarkWay.NAME}
        return None


class PersonMarkForm(forms.Form):
    """A mark with a time of its own: somebody came late, left early, or sent an excuse."""

    kind = forms.ChoiceField(
        label=_("What happened?"),
        choices=[(kind.value, kind.label) for kind in MarkKind if kind != MarkKind.REVOKED],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    at = ClockField(
        label=_("When?"),
        required=False,
        help_text=_("Leave it empty for the present time. Only for arriving and leaving."),
    )
    note = note_field(_("Note"), required=False, length=250, help_text=_("For example: called in sick."))

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session

    def clean_at(self) -> datetime | None:
        """On the day of the session, by the office's clock; a small hour belongs to the end of one past midnight."""
        typed: time | None = self.cleaned_data["at"]
        if typed is None:
            return None
        zone = self.session.batch.program.agency.zone
        begin, end = (moment.astimezone(zone) for moment in (self.session.during.lower, self.session.during.upper))
        is_after_midnight = end.date() > begin.date() and typed <= end.time()
        at = datetime.combine(end.date() if is_after_midnight else begin.date(), typed, zone)
        if at > timezone.now():
            raise ValidationError(_("This time has not come yet."), code="time_ahead")
        return at

    def mark(self, entry: Registration) -> MarkInput:
        data = self.cleaned_data
        at = data["at"] if data["kind"] in {MarkKind.ARRIVED, MarkKind.LEFT} else None
        note = data["note"]
        return MarkInput(uuid.uuid4(), self.session.pk, data["kind"], MarkWay.LIST, entry.pk, at=at, note=note)


class ReasonForm(forms.Form):
    reason = note_field(_("Reason"), length=250)


class WaitingField(forms.ModelChoiceField):
    def label_from_instance(self, entry: Registration) -> str:
        return f"{entry.full_name} · {entry.shown_code}".replace("-", "\N{NON-BREAKING HYPHEN}")


class ReplaceForm(forms.Form):
    came = WaitingField(
        Registration.objects.none(), label=_("Who comes instead?"), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    reason = note_field(
        _("Reason"), length=250, help_text=_("Why the seat passes on, and why not to the first in line if so.")
    )

    def __init__(self, *args: Any, line: RegistrationQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["came"]).queryset = line


class SheetReadForm(forms.Form):
    """How many signatures the paper has, and whose."""

    signatures = forms.IntegerField(
        label=_("Signatures on the paper"),
        help_text=_("Count them on the paper, not on the screen."),
        min_value=0,
        max_value=10_000,
        error_messages={**REQUIRED, "invalid": _("Please enter a whole number.")},
    )

    def __init__(self, data: Any = None, *, people: Sequence[int], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.people = set(people)

    @property
    def signed(self) -> set[int]:
        """Only people of the list; whatever else was sent is left out."""
        return {key_in(text) for text in cast(QueryDict, self.data).getlist("signed")} & self.people


class ScanForm(forms.Form):
    file = forms.FileField(
        label=_("Photo or PDF of the signed sheet"),
        help_text=_("At most 5 MB. Several pages: one after the other."),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf"}),
    )

    def clean_file(self) -> Scan:
        return sent_scan(self.cleaned_data["file"])


class DifferenceForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Was this person there?"),
        choices=SheetLine.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    reason = note_field(_("How do you know?"), length=250)


class SettleForm(forms.Form):
    note = note_field(
        _("Note"),
        required=False,
        length=250,
        help_text=_("Needed when there is no paper, or when its signatures differ from the list."),
    )


class CaseForm(forms.Form):
    """Somebody who was let in: who it was, whether it counts, and why."""

    code = forms.CharField(
        label=_("Registration number"), required=False, max_length=20, help_text=_("Of the entry in this batch.")
    )
    counts = forms.ChoiceField(
        label=_("Does it count?"),
        choices=[("yes", _("Counts as present")), ("no", _("Does not count"))],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    note = note_field(_("Reason"), length=250)

    def __init__(self, *args: Any, session: Session, known: Registration | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session, self.entry = session, known
        if known is not None:
            del self.fields["code"]

    def clean_code(self) -> str:
        code = clean_code(self.cleaned_data["code"])
        if code:
            self.entry = Registration.objects.filter(batch=self.session.batch_id, code=code).first()
            if self.entry is None:
                raise ValidationError(_("Nobody in this batch has this number."), code="not_registered")
        return code

    @property
    def decision(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"counts": data["counts"] == "yes", "note": data["note"], "registration": self.entry}
