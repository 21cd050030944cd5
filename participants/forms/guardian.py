"""Who is not 18 yet registers with a parent or guardian."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kit.names import NAME_MAX, clean_full_name
from kit.phones import clean_mobile, show_phone
from participants.forms.fields import CHOOSE
from participants.models import ConsentPurpose, GuardianRelation
from participants.queries import filled, texts_in_force
from participants.rules import ADULT_AGE, is_child
from programs.models import Batch

GUARDIAN = ("guardian_name", "guardian_relation", "guardian_phone", "guardian_consent")
ASKED_OF_CHILDREN = {
    "guardian_name": _("You are not 18 yet: please write the name of your parent or guardian."),
    "guardian_relation": _("Please choose how the guardian is related to you."),
    "guardian_consent": _("You are not 18 yet: your parent or guardian has to agree here."),
}
RELATIONS = [choice for choice in GuardianRelation.choices if choice[0] != GuardianRelation.NOT_RECORDED]


def admits_children(batch: Batch) -> bool:
    """Unless a rule keeps out whoever is younger. Of age on the first day may still be a child today."""
    youngest = [rule.minimum for rule in batch.program.requirements() if rule.kind == "age" and rule.blocking]
    return all(minimum is None or minimum < ADULT_AGE for minimum in youngest)


class GuardianFields(forms.Form):
    """Left out where no child may take part, until somebody sends the birth date of a child."""

    batch: Batch

    guardian_name = forms.CharField(
        label=_("Name of the parent or guardian"), required=False, max_length=NAME_MAX, widget=forms.TextInput()
    )
    guardian_relation = forms.ChoiceField(
        label=_("Related to you as"),
        required=False,
        choices=[("", _("Choose …")), *RELATIONS],
        error_messages=CHOOSE,
    )
    guardian_phone = forms.CharField(
        label=_("Phone of the parent or guardian"),
        required=False,
        help_text=_("Only if it is another one than above."),
        widget=forms.TextInput(attrs={"type": "tel", "maxlength": 25}),
    )
    guardian_consent = forms.BooleanField(label="", required=False)

    def offer_guardian(self) -> None:
        if not admits_children(self.batch) and not self._sends_a_child():
            for name in GUARDIAN:
                del self.fields[name]
            return
        agency = self.batch.program.agency
        self.fields["guardian_consent"].label = filled(texts_in_force(agency)[ConsentPurpose.GUARDIAN].said, agency)

    def _sends_a_child(self) -> bool:
        """Somebody who is a child today and comes of age before the first day; younger ones the rule refuses."""
        if not self.is_bound:
            return bool(self.initial.get("guardian_relation"))
        widget = self.fields["birth_date"].widget
        sent = widget.value_from_datadict(cast(Any, self.data), self.files, self.add_prefix("birth_date"))
        try:
            born = cast(forms.DateField, self.fields["birth_date"]).to_python(sent)
        except ValidationError:
            return False
        agency = self.batch.program.agency
        if born is None or not is_child(born, agency.today()):
            return False
        begins = self.batch.starts_at
        return begins is None or not is_child(born, begins.astimezone(agency.zone).date())

    def clean_guardian_name(self) -> str:
        name = str(self.cleaned_data["guardian_name"])
        return clean_full_name(name) if name.strip() else ""

    def clean_guardian_phone(self) -> str:
        phone = str(self.cleaned_data["guardian_phone"])
        return clean_mobile(phone) if phone.strip() else ""

    def judge_guardian(self, cleaned: dict[str, Any]) -> None:
        """Asked of children, forgotten of everybody else."""
        if "guardian_name" not in self.fields or "birth_date" not in cleaned:
            return
        if not is_child(cleaned["birth_date"], self.batch.program.agency.today()):
            for name in GUARDIAN:
                cleaned[name] = False if name == "guardian_consent" else ""
                self.errors.pop(name, None)
            return
        for name, sentence in ASKED_OF_CHILDREN.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, ValidationError(sentence, code=f"{name}_missing"))

    @property
    def guardian(self) -> dict[str, str]:
        data = self.cleaned_data
        return {name: data.get(name) or "" for name in GUARDIAN[:3]}

    @property
    def has_guardian(self) -> bool:
        return bool(self.cleaned_data.get("guardian_consent"))


def shown_guardian(values: dict[str, Any]) -> dict[str, Any]:
    """A stored guardian as the form shows it."""
    relation = values["guardian_relation"]
    known = "" if relation == GuardianRelation.NOT_RECORDED else relation
    return {**values, "guardian_relation": known, "guardian_phone": show_phone(values["guardian_phone"])}
