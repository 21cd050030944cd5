"""What jurors and those who run the jury type and send."""

import json
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incentives.actions import JurorInput, Said, SheetInput
from incentives.models import Competition, Conflict, Criterion, Entry
from incentives.rules.conflicts import business_key
from kit.identity import clean_nik
from kit.names import clean_full_name, clean_line, clean_paragraphs
from kit.phones import clean_mobile
from regions.models import Region

PIN = RegexValidator(r"^[0-9]{6}\Z", _("A PIN has six digits."))
LONGEST_NOTE = 2000
UNREADABLE = _("This cannot be read. Load the page again.")


class PinField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "6"})
        super().__init__(validators=[PIN], widget=widget, max_length=6, **kwargs)


class ChoosePinForm(forms.Form):
    pin = PinField(label=_("Your PIN"), help_text=_("Six digits that only you know. You need them on another device."))
    again = PinField(label=_("The PIN once more"))

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("pin") and told.get("again") and told["pin"] != told["again"]:
            self.add_error("again", ValidationError(_("The two PINs differ."), code="pins_differ"))
        return told


class DoorForm(forms.Form):
    number = forms.CharField(
        label=_("Juror number"), max_length=25, help_text=_("It stands on your jury page and in the office's list.")
    )
    pin = PinField(label=_("PIN"))


class JurorForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    institution = forms.CharField(label=_("Institution"), max_length=150, required=False)
    phone = forms.CharField(label=_("Mobile number"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    is_chair = forms.BooleanField(label=_("Chairs the jury"), required=False)
    region_name = forms.CharField(
        label=_("Lives in"),
        max_length=100,
        required=False,
        help_text=_("Urban village. Conflicts are suggested from it."),
    )
    business = forms.CharField(label=_("Own business"), max_length=120, required=False)
    nik = forms.CharField(
        label=_("Identity number (NIK)"),
        max_length=25,
        required=False,
        help_text=_("Only to find the own entry. The number itself is not kept."),
    )
    username = forms.CharField(
        label=_("User name, if a colleague"), max_length=150, required=False, help_text=_("Then no link is needed.")
    )

    def __init__(self, *args: Any, competition: Competition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = competition.program.agency

    def clean_name(self) -> str:
        return clean_full_name(self.cleaned_data["name"])

    def clean_institution(self) -> str:
        return clean_line(self.cleaned_data["institution"])

    def clean_phone(self) -> str:
        return clean_mobile(self.cleaned_data["phone"]) if self.cleaned_data["phone"] else ""

    def clean_nik(self) -> str:
        return clean_nik(self.cleaned_data["nik"]) if self.cleaned_data["nik"] else ""

    def clean_region_name(self) -> Region | None:
        text = self.cleaned_data["region_name"]
        if not text:
            return None
        region = (
            Region.objects.match(text, within=self.agency.region_id or "").region or Region.objects.match(text).region
        )
        if region is None:
            raise ValidationError(_("We do not know this urban village. Please check the spelling."), code="region")
        return region

    def clean_username(self) -> User | None:
        name = self.cleaned_data["username"].strip()
        if not name:
            return None
        user = User.objects.filter(username=name, is_active=True, agency=self.agency).first()
        if user is None:
            raise ValidationError(_("Your office has no colleague of this user name."), code="user_unknown")
        return user

    @property
    def told(self) -> JurorInput:
        given = self.cleaned_data
        kept = {name: given[name] for name in ("name", "institution", "phone", "email", "nik", "is_chair")}
        key = business_key(given["business"]) if given["business"].strip() else ""
        return JurorInput(**kept, region=given["region_name"], business_key=key[:160], user=given["username"])


class WithdrawJurorForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)
    with_submitted = forms.BooleanField(
        label=_("The sheets that this juror has submitted do not count either"), required=False
    )


class DecideForm(forms.Form):
    holds = forms.TypedChoiceField(
        label=_("Is it a conflict of interest?"),
        choices=[("yes", _("Yes: the juror does not judge this entry")), ("no", _("No"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Why not"), max_length=300, required=False, widget=forms.Textarea({"rows": 3}))


class TrainingForm(forms.Form):
    title = forms.CharField(label=_("Invented business"), max_length=120)
    summary = forms.CharField(label=_("What it is about"), max_length=3000, widget=forms.Textarea(attrs={"rows": 8}))

    def clean_title(self) -> str:
        return clean_line(self.cleaned_data["title"])

    def clean_summary(self) -> str:
        return clean_paragraphs(self.cleaned_data["summary"])


class RecuseForm(forms.Form):
    kind = forms.ChoiceField(label=_("Why do you not judge it?"), widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("abstain", _("No conflict: I missed the pitch")), *conflict_choices()]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]  # a field of choices

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("kind") == "abstain" and not (told.get("note") or "").strip():
            self.add_error("note", ValidationError(_("Please write the reason."), code="reason_needed"))
        return told


def conflict_choices() -> list[tuple[str, Any]]:
    return [(kind, label) for kind, label in Conflict.Kind.choices if kind != Conflict.Kind.REGION]


class DeclareForm(forms.Form):
    """One choice for each entry; nothing chosen is no conflict."""

    confirmed = forms.BooleanField(
        label=_("I have no other conflict of interest. If I notice one later, I say so before I score.")
    )

    def __init__(self, *args: Any, entries: Sequence[Entry], names: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = entries
        for entry in entries:
            self.fields[f"kind_{entry.pk}"] = forms.ChoiceField(
                label=names[entry.pk],
                choices=[
                    ("", _("no conflict")),
                    *conflict_choices(),
                    (Conflict.Kind.REGION, Conflict.Kind.REGION.label),
                ],
                required=False,
            )

    @property
    def rows(self) -> list[Any]:
        return [self[f"kind_{entry.pk}"] for entry in self.entries]

    @property
    def said(self) -> dict[int, Said]:
        kinds = {entry.pk: self.cleaned_data[f"kind_{entry.pk}"] for entry in self.entries}
        return {pk: Said(kind) for pk, kind in kinds.items() if kind}


class SheetForm(forms.Form):
    """The sheet without JavaScript. Fields are drawn by the page: a slider and a number that mean the same."""

    note = forms.CharField(max_length=LONGEST_NOTE, required=False)
    revision = forms.IntegerField(min_value=0)
    client_id = forms.UUIDField()
    reason = forms.CharField(label=_("Reason of the correction"), max_length=300, required=False)

    def __init__(self, *args: Any, criteria: Sequence[Criterion], is_correction: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        self.fields["reason"].required = is_correction
        for one in criteria:
            self.fields[f"score_{one.code}"] = forms.DecimalField(
                label=one.name, min_value=one.lowest, max_value=one.highest, decimal_places=2, required=False
            )

    @property
    def typed(self) -> dict[str, str]:
        """What was sent; nothing of a blank form."""
        if not self.is_bound:
            return {}
        return {one.code: str(self.data.get(f"score_{one.code}", ""))[:12] for one in self.criteria}

    @property
    def told(self) -> SheetInput:
        given = self.cleaned_data
        found = {one.code: given[f"score_{one.code}"] for one in self.criteria}
        scores = {code: value for code, value in found.items() if value is not None}
        return SheetInput(scores=scores, note=clean_paragraphs(given["note"]), revision=given["revision"])


def read_sheet(body: bytes) -> tuple[SheetInput, uuid.UUID | None]:
    """A draft, or with a `client_id` a submission; `ValidationError` when it is neither."""
    try:
        said = json.loads(body)
        scores = {str(code)[:30]: _score(value) for code, value in said["scores"].items() if value not in ("", None)}
        note, revision, device = said.get("note", ""), said["revision"], said.get("device", "")
        client_id = uuid.UUID(said["client_id"]) if said.get("client_id") else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, InvalidOperation):
        raise ValidationError(UNREADABLE, code="unreadable") from None
    if not (isinstance(note, str) and isinstance(device, str) and isinstance(revision, int)) or isinstance(
        revision, bool
    ):
        raise ValidationError(UNREADABLE, code="unreadable")
    if len(note) > LONGEST_NOTE or not 0 <= revision < 2**31:
        raise ValidationError(UNREADABLE, code="unreadable")
    note = clean_paragraphs(note.replace("\0", ""))
    return SheetInput(scores=scores, note=note, revision=revision, device=device.replace("\0", "")[:36]), client_id


def _score(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise TypeError
    score = Decimal(str(value).replace(",", "."))
    if not score.is_finite() or abs(score) > 1000 or score != score.quantize(Decimal("0.01")):
        raise InvalidOperation
    return score
