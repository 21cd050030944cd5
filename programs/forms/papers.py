"""Files that the office sends: papers of instructors, agreements of partners."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kit.fields import REQUIRED, DayField
from kit.uploads import TooLargeFile
from programs.models import InstructorCompetence, InstructorDocument, Partner, PartnerAgreement, Topic

MOST_BYTES = 5 * 1024 * 1024
TOO_LARGE = _("This file is larger than 5 MB. Please send a smaller one.")


def paper_field(label: Any, **kwargs: Any) -> forms.FileField:
    widget = forms.ClearableFileInput(attrs={"accept": "application/pdf,image/*"})
    hint = _("PDF or picture, at most 5 MB.")
    return forms.FileField(
        label=label, required=False, allow_empty_file=True, widget=widget, **{"help_text": hint, **kwargs}
    )


def content_of(form: forms.BaseForm, name: str) -> bytes | None:
    """What was sent; None where nothing was. Puts the error beside the field."""
    sent = form.cleaned_data.get(name)
    if isinstance(sent, TooLargeFile):
        form.add_error(name, ValidationError(TOO_LARGE, code="paper_too_large"))
        return None
    return sent.read() if sent is not None and sent.size else None


class PaperForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=InstructorDocument.Kind.choices)
    label = forms.CharField(label=_("What it is"), max_length=150, required=False)
    file = paper_field(_("File"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["content"] = content_of(self, "file")
        if cleaned["content"] is None and "file" not in self.errors:
            self.add_error("file", ValidationError(_("Please choose a file."), code="paper_needed"))
        return cleaned

    def add_refusal(self, refusal: ValidationError) -> None:
        self.add_error("file", refusal)


class AgreementForm(forms.ModelForm):
    signed_on = DayField(label=_("Signed on"))
    valid_from = DayField(label=_("Valid from"))
    valid_to = DayField(label=_("Valid to"), required=False)
    gives = forms.MultipleChoiceField(
        label=_("The partner gives"),
        choices=PartnerAgreement.Gift.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    paper = paper_field(_("Signed agreement"))

    class Meta:
        model = PartnerAgreement
        fields = ["number", "subject", "signed_on", "valid_from", "valid_to", "gives", "contribution"]
        widgets = {"contribution": forms.Textarea({"rows": 3})}

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.partner = partner
        if self.instance.file_id:
            self.fields["paper"].help_text = _("A file is there already. A new one takes its place.")
        for field in self.fields.values():
            field.error_messages.update({key: str(said) for key, said in REQUIRED.items()})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["content"] = content_of(self, "paper")
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("The agreement ends before it begins."))
        return cleaned


class CompetenceForm(forms.ModelForm):
    valid_until = DayField(label=_("Valid until"), required=False, help_text=_("Where the certificate ends."))

    class Meta:
        model = InstructorCompetence
        fields = ["topic", "level", "proof", "evidence", "valid_until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teacher = self.instance.instructor
        topic, evidence = (cast(forms.ModelChoiceField, self.fields[name]) for name in ("topic", "evidence"))
        topic.queryset, topic.empty_label = Topic.objects.filter(agency=teacher.agency_id), _("Choose …")
        evidence.queryset, evidence.empty_label = teacher.documents.all(), _("None")
        self.fields["proof"].help_text = _("For example a certificate number, or years in the trade.")
