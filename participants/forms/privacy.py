"""What the data protection officer fills in: words of consent, retention, the register."""

from datetime import datetime, time
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from kit.fields import DayField
from kit.phones import show_phone
from participants.forms.fields import CHOOSE, REQUIRED, LineField
from participants.forms.staff import note_field
from participants.models import LawfulBasis, Processor
from participants.models.consent_text import WORDS_MAX
from participants.models.retention import LONGEST_MONTHS


def words_field(label: Any, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=WORDS_MAX,
        error_messages=REQUIRED,
        widget=forms.Textarea(attrs={"rows": rows, "maxlength": WORDS_MAX}),
    )


class ConsentTextForm(forms.Form):
    words_id = words_field(_("In Indonesian"), 16)
    words_en = words_field(_("In English"), 16)
    note = LineField(
        label=_("What is new"), help_text=_("For your colleagues and the trail."), max_length=250, required=False
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, short: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if short:
            for name in ("words_id", "words_en"):
                self.fields[name].widget.attrs["rows"] = 3


class PublishTextForm(forms.Form):
    """At once, or from the first moment of a later day."""

    begins_on = DayField(
        label=_("In force from"),
        required=False,
        help_text=_("Leave this empty and it holds at once. A later day is better."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    sure = forms.BooleanField(
        label=_("I have read both languages. These words cannot be changed any more."),
        error_messages={"required": _("Please tick this to go on.")},
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency

    @property
    def begins_at(self) -> datetime | None:
        day = self.cleaned_data["begins_on"]
        return timezone.make_aware(datetime.combine(day, time()), self.agency.zone) if day else None


class RetentionRuleForm(forms.Form):
    months = forms.IntegerField(
        label=_("Kept for how many months"),
        help_text=_("Counted from the last thing that happened: the end of the training, a check, a cancellation."),
        min_value=1,
        max_value=LONGEST_MONTHS,
        error_messages=REQUIRED
        | dict.fromkeys(("invalid", "min_value", "max_value"), _("Please fill in 1 to 600 whole months.")),
    )
    legal_basis = LineField(
        label=_("On which ground"),
        help_text=_("For example: the retention schedule of the region's archives."),
        max_length=250,
        error_messages=REQUIRED,
    )
    is_active = forms.BooleanField(label=_("This rule is in use: the night looks for what is due."), required=False)


class ApproveRetentionForm(forms.Form):
    """The number is what was read; another one refuses."""

    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    sure = forms.BooleanField(
        label=_("I have looked at the figures and the list. This cannot be undone."),
        error_messages={"required": _("Please tick this to go on.")},
    )


class DiscardRetentionForm(forms.Form):
    note = note_field(_("Why not?"), length=250)


class PrivacyContactForm(forms.Form):
    name = LineField(label=_("Name or position"), max_length=120, error_messages=REQUIRED)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("This e-mail address is not complete.")},
    )
    phone = LineField(label=_("Phone"), max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("email") and not cleaned.get("phone"):
            self.add_error("email", _("Residents need an e-mail address or a phone number."))
        return cleaned

    @classmethod
    def of(cls, agency: Agency, data: Any) -> "PrivacyContactForm":
        first = {
            "name": agency.privacy_contact_name,
            "email": agency.privacy_contact_email,
            "phone": show_phone(agency.privacy_contact_phone),
        }
        return cls(data, initial=first)


def area(label: Any, length: int, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2, "maxlength": length})
    return forms.CharField(
        label=label,
        max_length=length,
        required=required,
        help_text=help_text,
        error_messages=REQUIRED,
        widget=widget,
    )


class ActivityForm(forms.Form):
    """One line of the register of processing."""

    name = LineField(label=_("Activity"), max_length=150, error_messages=REQUIRED)
    purpose = area(_("What for"), 500)
    basis = forms.ChoiceField(label=_("Lawful ground"), choices=LawfulBasis.choices, error_messages=CHOOSE)
    legal_basis = area(_("Which law or decree"), 300, required=False)
    people = area(_("Whose data"), 200)
    data_items = area(_("Which data"), 500)
    specific_items = area(
        _("Of these, specific data"), 300, required=False, help_text=_("Health, finances, children and the like.")
    )
    recipients = area(_("Who receives them"), 300, required=False)
    kept = area(_("How long it is kept"), 250)
    safeguards = area(_("How they are protected"), 500, required=False)
    responsible = LineField(label=_("Who is responsible in the office"), max_length=150, error_messages=REQUIRED)
    is_high_risk = forms.BooleanField(label=_("High risk: an impact assessment is needed."), required=False)
    processors = forms.ModelMultipleChoiceField(
        Processor.objects.none(),
        label=_("Who processes for the office"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Processor.objects.filter(agency=agency)
        if known.exists():
            cast(forms.ModelMultipleChoiceField, self.fields["processors"]).queryset = known
        else:
            del self.fields["processors"]


class ProcessorForm(forms.Form):
    name = LineField(label=_("Name"), max_length=150, error_messages=REQUIRED)
    service = LineField(label=_("What it does for the office"), max_length=200, error_messages=REQUIRED)
    place = LineField(
        label=_("Where the data lie"), help_text=_("City and country."), max_length=150, error_messages=REQUIRED
    )
    contact = LineField(label=_("Contact"), max_length=200, required=False)
    agreement = LineField(label=_("Number of the agreement"), max_length=100, required=False)
    agreed_from = DayField(label=_("Agreed from"), required=False)
    agreed_until = DayField(label=_("Agreed until"), required=False)
