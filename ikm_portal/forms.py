"""The form of the style sheet: every kind of field once, some of them with an error."""

from django import forms
from django.utils.translation import gettext_lazy as _

from participants.forms.fields import CHOOSE, REQUIRED, BirthDateField, FullNameField, MobileField, NikField
from participants.models import EducationLevel, Sex

TOPICS = [("bread", "Roti dan masakan"), ("packaging", "Desain kemasan"), ("bouquet", "Buket bunga")]


class SampleForm(forms.Form):
    nik = NikField(
        label="NIK",
        help_text=_("16 digits on the identity card. Stored encrypted; officers see only the last four."),
    )
    full_name = FullNameField(label=_("Full name"), error_messages=REQUIRED)
    birth_date = BirthDateField(label=_("Birth date"))
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, widget=forms.RadioSelect, error_messages=CHOOSE)
    education = forms.ChoiceField(label=_("Last education"), choices=EducationLevel.choices, required=False)
    phone = MobileField(label=_("Phone"), error_messages=REQUIRED)
    email = forms.EmailField(label=_("E-mail"), required=False)
    needs = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea)
    topics = forms.MultipleChoiceField(label=_("Topics"), choices=TOPICS, widget=forms.CheckboxSelectMultiple)
    consent = forms.BooleanField(label=_("I have read how my data is used."), error_messages=REQUIRED)

    @classmethod
    def with_errors(cls) -> "SampleForm":
        """A NIK of 15 digits, and nothing in fields that must be filled in."""
        return cls({"nik": "997101520799000", "full_name": "Siti Aminah", "sex": "female", "topics": ["bread"]})
