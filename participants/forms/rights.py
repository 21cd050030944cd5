"""Forms of the own page and of the rights: small, and each says in its own words what happens next."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from kit.names import NAME_MAX
from kit.uploads import TooLargeFile
from participants.forms.access import CODE_ATTRS
from participants.forms.fields import (
    REQUIRED,
    BirthDateField,
    FullNameField,
    LineField,
    MobileField,
    NeighbourhoodField,
    NikField,
)
from participants.models import (
    DataRequestQuerySet,
    IdentityProof,
    Person,
    RefusalReason,
    Registration,
    RequestKind,
    Sex,
)
from participants.models.rights import IS_OPEN

WORDS = 2000
TOO_LARGE = _("This file is larger than 5 MB. Please take the photo again in a smaller size.")


class OwnCodeForm(forms.Form):
    nik = NikField(label=_("NIK"), help_text=_("16 digits on your identity card (KTP)."))


class OwnCodeEnterForm(forms.Form):
    one_time_code = forms.CharField(
        label=_("Code from the message"),
        help_text=_("8 letters and digits."),
        max_length=40,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={**CODE_ATTRS, "autocomplete": "one-time-code"}),
    )


def _words(label: Any, help_text: Any = "", *, required: bool = False, rows: int = 4) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": WORDS})
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=WORDS, widget=widget, error_messages=REQUIRED
    )


class NoteForm(forms.Form):
    """What somebody asks, in own words where they want to add some."""

    note = _words(_("Do you want to add something?"), _("Optional. Please write no numbers of other people."))

    def asked(self) -> dict[str, Any]:
        return {"note": self.cleaned_data["note"].strip()}

    def add_refusal(self, refusal: forms.ValidationError) -> None:
        if hasattr(refusal, "error_dict"):
            for name, errors in refusal.error_dict.items():
                self.add_error(name if name in self.fields else None, errors)
        else:
            self.add_error(None, refusal)


class ObjectionForm(NoteForm):
    note = _words(_("What do you object to, and why?"), required=True)


class ErasureForm(NoteForm):
    sure = forms.BooleanField(
        label=_("I know that my registrations, tickets and PINs will be gone, and that this cannot be undone."),
        error_messages={"required": _("Please tick this if you are sure.")},
    )


class CorrectionFields(forms.Form):
    """The values that somebody has on file; what is changed here is what is asked to be corrected."""

    full_name = FullNameField(label=_("Full name, as on the identity card"), max_length=NAME_MAX)
    birth_date = BirthDateField(label=_("Birth date"))
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, widget=forms.RadioSelect)
    phone = MobileField(label=_("Mobile number (WhatsApp)"), widget=forms.TextInput(attrs={"inputmode": "tel"}))
    email = forms.EmailField(label=_("E-mail"), required=False)
    address = LineField(label=_("Address on the identity card"), max_length=200)
    rt = NeighbourhoodField(label=_("RT"))
    rw = NeighbourhoodField(label=_("RW"))
    occupation = LineField(label=_("Work"), max_length=80, required=False)

    def __init__(self, data: Any = None, files: Any = None, *, subject: Person | Registration) -> None:
        super().__init__(data, files, initial={name: getattr(subject, name, "") for name in self.base_fields})
        self.subject = subject

    def changed_values(self) -> dict[str, str]:
        """Only what differs from what is on file, as JSON can keep it."""
        found = {name: self.cleaned_data[name] for name in CorrectionFields.base_fields if name in self.cleaned_data}
        return {name: str(value) for name, value in found.items() if value != getattr(self.subject, name)}


class CorrectionForm(CorrectionFields, NoteForm):
    evidence = forms.FileField(
        label=_("Photo of your identity card, or another proof"),
        help_text=_("Needed when name, birth date or sex is wrong. It is deleted as soon as the request is answered."),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*,application/pdf"}),
    )

    field_order = (*CorrectionFields.base_fields, "evidence", "note")

    def clean_evidence(self) -> bytes:
        sent = self.cleaned_data.get("evidence")
        if isinstance(sent, TooLargeFile):
            raise forms.ValidationError(TOO_LARGE, code="evidence_too_large")
        return sent.read() if sent else b""

    def asked(self) -> dict[str, Any]:
        return {**super().asked(), "fields": self.changed_values(), "evidence": self.cleaned_data["evidence"]}


FORMS: dict[str, type[NoteForm]] = {
    RequestKind.ACCESS: NoteForm,
    RequestKind.PORTABILITY: NoteForm,
    RequestKind.RESTRICTION: NoteForm,
    RequestKind.OBJECTION: ObjectionForm,
    RequestKind.ERASURE: ErasureForm,
    RequestKind.CORRECTION: CorrectionForm,
}


# The words that an officer reads who writes the request down for somebody.
AT_DESK = {
    "note": _("In the person's own words"),
    "sure": _("The person knows that registrations, tickets and PINs will be gone, and that this cannot be undone."),
    "evidence": _("Photo of the identity card, or another proof"),
}


def request_form(kind: str, subject: Person | Registration, *args: Any, at_desk: bool = False) -> NoteForm:
    form = CorrectionForm(*args, subject=subject) if kind == RequestKind.CORRECTION else FORMS[kind](*args)
    for name, label in AT_DESK.items() if at_desk else ():
        if name in form.fields:
            form.fields[name].label = label
    return form


class ProofForm(forms.Form):
    """How the officer made sure who asks; stands above the form of the request."""

    identity = forms.ChoiceField(
        label=_("How was the identity checked?"),
        choices=[(one.value, capfirst(one.label)) for one in (IdentityProof.CARD, IdentityProof.PAPER)],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose how the identity was checked.")},
    )


class AnswerForm(forms.Form):
    answer = _words(
        _("Answer to the person"), _("Stands on their own page. Plain words, no data of others."), required=True
    )


class ShortAnswerForm(forms.Form):
    answer = _words(_("Answer to the person"), _("Optional: what was done is told anyway."), rows=2)


class RefusalForm(AnswerForm):
    reason = forms.ChoiceField(
        label=_("Why is it refused?"), choices=RefusalReason.choices, widget=forms.RadioSelect, error_messages=REQUIRED
    )
    field_order = ["reason", "answer"]


class ReasonForm(forms.Form):
    reason = _words(_("Why does the restriction end?"), required=True, rows=2)


class RequestFilterForm(forms.Form):
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Not answered yet")), ("overdue", _("Overdue")), ("ended", _("Answered")), ("all", _("All"))],
    )
    kind = forms.ChoiceField(
        label=_("What is asked"), required=False, choices=[("", _("Everything")), *RequestKind.choices]
    )

    @property
    def newest_first(self) -> bool:
        return self.is_valid() and self.cleaned_data["state"] in {"ended", "all"}

    def narrow(self, requests: DataRequestQuerySet, now: datetime) -> DataRequestQuerySet:
        if not self.is_valid():
            return requests.open()
        state, kind = self.cleaned_data["state"], self.cleaned_data["kind"]
        shown = {"overdue": requests.overdue(now), "ended": requests.filter(~IS_OPEN), "all": requests}
        found = shown.get(state, requests.open())
        return found.filter(kind=kind) if kind else found
