"""What of a half-filled form is kept, and the form as it was left."""

from collections.abc import Mapping

from django.forms.utils import ErrorDict

from participants.forms.declaration import RegistrationForm

# Never kept: the numbers of cards, which nobody else on a shared device may read, and consents, which are given anew.
KEPT_OUT = frozenset({"nik", "family_card", "notice", "broadcast", "guardian_consent", "submission_key"})
KEPT = (
    *("full_name", "birth_date_day", "birth_date_month", "birth_date_year", "sex", "phone", "email"),
    *("region", "region_text", "address", "rt", "rw"),
    *("education_level", "occupation", "target_group", "business_kind", "business_name", "has_domicile_letter"),
    *("guardian_name", "guardian_relation", "guardian_phone"),
)
VALUE_MAX = 254


def values_to_keep(data: Mapping[str, str]) -> dict[str, str]:
    """What was typed, as it was typed: nothing has to be complete or right."""
    typed = {name: str(data.get(name, ""))[:VALUE_MAX] for name in KEPT}
    return {name: value for name, value in typed.items() if value.strip()}


class ResumedForm(RegistrationForm):
    """Shown as it was left; judged only when it is sent."""

    def full_clean(self) -> None:
        self._errors = ErrorDict()
        self.cleaned_data = {}
