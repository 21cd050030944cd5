"""The form at the registration desk: typed with the keyboard alone, the identity number first."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kit.identity import clean_nik
from kit.names import NAME_MAX, clean_full_name
from participants.forms.fields import CHOOSE, BirthDateField
from participants.forms.staff import AssistedForm
from participants.models import Person, Proxy
from programs.rules import Facts

TYPED_DATES = ["%d%m%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%Y-%m-%d"]
# What the file card of a person fills in; consent and target group are asked anew.
FROM_FILE = ("full_name", "sex", "phone", "email", "address", "rt", "rw", "education_level", "occupation")


class TypedDateField(BirthDateField):
    """One field: 12071999 as well as 12/07/1999 or 12-7-1999."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "maxlength": 10, "autocomplete": "off", "placeholder": "12071999"}
        widget = forms.DateInput(format="%d/%m/%Y", attrs=attrs)
        wrong = {
            "required": _("Please type day, month and year."),
            "invalid": _("Type the date like 12071999: day, month, year."),
        }
        super().__init__(widget=widget, input_formats=TYPED_DATES, error_messages=wrong, **kwargs)


class ProxyForm(forms.Form):
    """Who came, where it is not the resident."""

    proxy_relation = forms.ChoiceField(
        label=_("Who is here"),
        choices=[("", _("The resident")), *Proxy.Relation.choices],
        required=False,
        error_messages=CHOOSE,
    )
    proxy_name = forms.CharField(
        label=_("Name of who came instead"),
        required=False,
        max_length=NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_proxy_name(self) -> str:
        name = str(self.cleaned_data["proxy_name"])
        return clean_full_name(name) if name.strip() else ""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        relation, name = cleaned.get("proxy_relation"), cleaned.get("proxy_name")
        if relation and not name and "proxy_name" not in self.errors:
            self.add_error("proxy_name", _("Please write who came instead of the resident."))
        if name and not relation and "proxy_relation" not in self.errors:
            self.add_error("proxy_relation", _("Please choose who came, or leave the name empty."))
        return cleaned

    @property
    def proxy(self) -> tuple[str, str] | None:
        """Relation and name; None where the resident came."""
        relation = self.cleaned_data.get("proxy_relation")
        return (relation, self.cleaned_data["proxy_name"]) if relation else None


class OfficeForm(ProxyForm, AssistedForm):  # type: ignore[misc]  # its NIK may be a temporary number
    """What an officer fills in for somebody who is here, or for whom somebody came."""


AS_ON_THE_SCREEN = (
    *("nik", "full_name", "birth_date", "sex", "region", "family_card", "region_text", "has_domicile_letter"),
    *("address", "rt", "rw", "phone", "email", "education_level", "occupation", "target_group", "business_kind"),
    "business_name",
)


class DeskForm(OfficeForm):
    """Lists that a letter chooses from instead of buttons, and the date in one field."""

    birth_date = TypedDateField(label=_("Birth date"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("sex", "target_group"):
            if name in self.fields:
                field = cast(forms.ChoiceField, self.fields[name])
                choices: list[Any] = [("", "–"), *cast(Any, field.choices)]
                field.widget = forms.Select()
                field.choices = choices
        for name in {"nik", "full_name", "family_card", "phone", "business_name"} & set(self.fields):
            self.fields[name].help_text = ""  # said to residents; here the room is needed
        for field_here in self.fields.values():
            if field_here.widget.attrs.get("autocomplete"):
                field_here.widget.attrs["autocomplete"] = "off"  # the officer's own data is not the resident's
        if not self.is_bound and self.batch.region_id in self.villages:
            self.initial.setdefault("region", self.batch.region_id)
        self.order_fields(AS_ON_THE_SCREEN)

    @property
    def typed_nik(self) -> str:
        """The whole number, or nothing."""
        try:
            return clean_nik(str(self.data.get("nik", "")))
        except ValidationError:
            return ""

    def facts(self, held: str | None) -> Facts:
        """What is typed so far; the rest is not answered yet."""
        data = self.cleaned_data
        region = data.get("region_row")
        return Facts(
            birth_date=data.get("birth_date"),
            region_code=region.code if region is not None else None,
            has_domicile_letter=bool(data.get("has_domicile_letter")),
            target_group=data.get("target_group") or None,
            other_registration=held,
        )

    def shown_again(self, filled: dict[str, Any]) -> "DeskForm":
        """What is typed so far, with this in the fields that are still empty; nothing is judged before it is sent."""
        typed = {name: self.data[name] for name in self.fields if self.data.get(name)}
        return DeskForm(batch=self.batch, initial=filled | typed)


def typed_from_file(person: Person, form: DeskForm) -> dict[str, Any]:
    """What the file card says, as the form would show it."""
    filled: dict[str, Any] = {name: getattr(person, name) for name in FROM_FILE}
    filled["birth_date"] = person.birth_date
    if person.region_id in form.villages:
        filled["region"] = person.region_id
    return {name: value for name, value in filled.items() if name in form.fields and value}
