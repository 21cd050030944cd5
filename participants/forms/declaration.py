"""The form that residents fill in, on their own phone or with an officer's help."""

from functools import lru_cache
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kit.family_cards import FamilyCardField, hash_household
from kit.form_keys import KeyedForm
from kit.names import BUSINESS_MAX
from notifications.permissions import writes_by_whatsapp
from participants.forms.fields import (
    CHOOSE,
    REQUIRED,
    BirthDateField,
    FullNameField,
    LineField,
    MobileField,
    NeighbourhoodField,
    NikField,
)
from participants.forms.guardian import GUARDIAN, GuardianFields, shown_guardian
from participants.forms.places import has_list, placed, villages_named
from participants.models import Declaration, EducationLevel, Registration, Sex
from participants.queries import filled, texts_in_force
from programs.models import Batch, TargetGroup
from regions.models import Region
from regions.rules import city_of

OUTSIDE = "outside"
NEW_EDITION = _("The words on the use of your data have changed. Please read them and tick once more.")
# Where the office's refusals belong on the form; everything else stands on top.
FIELD_OF_CODE = {
    "not_eligible:age": "birth_date",
    "not_eligible:domicile": "region",
    "not_eligible:target_group": "target_group",
    "registration_contact_once_per_batch": "nik",
    "registration_person_once_per_batch": "nik",
    "registration_person_once_per_rule": "nik",
    "not_eligible:not_twice": "nik",
    "guardian_missing": "guardian_name",
    "family_card_missing": "family_card",
}
# What a constraint says of a person, said to that person.
SAID_TO_RESIDENTS = {
    "registration_person_once_per_batch": _("You are registered for this batch already."),
    "registration_person_once_per_rule": _("You take part in another training of this year already."),
}


class DeclarationForm(GuardianFields):
    """What a resident declares. Fields that the programme does not ask are left out."""

    full_name = FullNameField(
        label=_("Full name"),
        help_text=_("As on the identity card (KTP)."),
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    nik = NikField(
        label=_("NIK"),
        help_text=_("16 digits on the identity card. Stored encrypted; officers see only the last four."),
    )
    family_card = FamilyCardField(
        label=_("Number of the family card (KK)"),
        help_text=_(
            "16 digits at the top of the card. This training takes one participant of a household: only whether two"
            " numbers are the same is kept, not the number."
        ),
        error_messages=REQUIRED,
    )
    birth_date = BirthDateField(label=_("Birth date"))
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, widget=forms.RadioSelect, error_messages=CHOOSE)
    phone = MobileField(
        label=_("Mobile phone (WhatsApp)"),
        help_text=_("The office reaches you here. Example: 0812-3456-7890."),
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "maxlength": 25}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("This e-mail address is not complete.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "maxlength": 254}),
    )
    region = forms.ChoiceField(label=_("Urban village on the identity card"), error_messages=CHOOSE)
    region_text = LineField(
        label=_("Name of that village or urban village"),
        help_text=_("Only if your identity card is from elsewhere, for example: Miroto, Kota Semarang."),
        required=False,
        max_length=100,
    )
    address = LineField(
        label=_("Street and house number"),
        max_length=200,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    rt = NeighbourhoodField(label=_("RT"))
    rw = NeighbourhoodField(label=_("RW"))
    education_level = forms.ChoiceField(
        label=_("Last education"),
        choices=[("", _("Rather not say")), *EducationLevel.choices],
        required=False,
        error_messages=CHOOSE,
    )
    occupation = LineField(label=_("Work"), max_length=80, required=False)
    target_group = forms.ChoiceField(label=_("You belong to"), widget=forms.RadioSelect, error_messages=CHOOSE)
    business_kind = forms.ChoiceField(label=_("Kind of business"), error_messages=CHOOSE)
    business_name = LineField(
        label=_("Name of the business"),
        help_text=_("Only if you have a business, for example: Batik Mawar."),
        max_length=BUSINESS_MAX,
        required=False,
    )
    has_domicile_letter = forms.BooleanField(label=_("I have a letter of domicile for this area."), required=False)

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        kinds = {rule.kind: rule for rule in batch.program.requirements()}
        self._offer_regions(must_live_here="domicile" in kinds and kinds["domicile"].blocking)
        if "target_group" in kinds:
            labels = dict(TargetGroup.choices)
            allowed = [(code, labels[code]) for code in kinds["target_group"].values if code in labels]
            cast(forms.ChoiceField, self.fields["target_group"]).choices = allowed
        else:
            del self.fields["target_group"]
        kinds_of_business = batch.program.business_choices()
        if kinds_of_business:
            choices: list[Any] = [("", _("Choose …")), *kinds_of_business]
            cast(forms.ChoiceField, self.fields["business_kind"]).choices = choices
        else:
            del self.fields["business_kind"]
        if not batch.program.one_per_household:
            del self.fields["family_card"]
        if "domicile" not in kinds or "letter" not in kinds["domicile"].values:
            del self.fields["has_domicile_letter"]
        self.offer_guardian()

    def _offer_regions(self, *, must_live_here: bool) -> None:
        """All villages of the batch's city in groups by district; anywhere else only where the rules allow it.

        A batch of a province asks for the name instead, and offers what it may mean.
        """
        self.villages: dict[str, Region] = {}
        self.named: Region | None = None
        if not has_list(self.batch.region_id):
            self._ask_by_name(self.batch.region_id if must_live_here else "")
            return
        city = city_of(self.batch.region_id)
        version = self.batch.places_version
        self.villages = _villages(city, version) if version else _villages.__wrapped__(city, None)
        groups: dict[str, list[tuple[str, str]]] = {}
        for village in self.villages.values():
            groups.setdefault(village.parent.full_name if village.parent else "", []).append(
                (village.code, village.name)
            )
        choices: list[Any] = [("", _("Choose …")), *groups.items(), (OUTSIDE, _("Another city or regency"))]
        cast(forms.ChoiceField, self.fields["region"]).choices = choices
        if must_live_here:
            del self.fields["region_text"]

    def _ask_by_name(self, within: str) -> None:
        text = str(self.data.get(self.add_prefix("region_text"), "")) if self.is_bound else ""
        self.named, offered = villages_named(text, within=within) if text.strip() else (None, [])
        self.villages = {region.code: region for region in offered}
        if offered:
            self.fields["region"] = forms.ChoiceField(
                label=_("Which one is it?"),
                choices=[(region.code, placed(region)) for region in offered],
                required=False,
                widget=forms.RadioSelect,
                error_messages=CHOOSE,
            )
        else:
            del self.fields["region"]
        field = self.fields["region_text"]
        field.required, field.label = True, _("Village or urban village on the identity card")
        field.help_text = _("Write its name and the city, for example: Miroto, Kota Semarang.")
        field.error_messages["required"] = str(_("Please write the village and the city."))

    def _village_by_name(self, cleaned: dict[str, Any]) -> Region | None:
        if self.named is not None:
            return self.named
        if chosen := cleaned.get("region"):
            return self.villages[chosen]
        if "region" in self.fields and "region" not in self.errors:
            self.add_error("region", _("We know several of this name, or none quite like it. Please choose yours."))
        elif cleaned.get("region_text"):
            unknown = _("We do not know this village. Please check the spelling and add the city after a comma.")
            self.add_error("region_text", unknown)
        return None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.judge_guardian(cleaned)
        if not has_list(self.batch.region_id):
            cleaned["region_row"] = self._village_by_name(cleaned)
            return cleaned
        chosen = cleaned.get("region")
        if chosen == OUTSIDE:
            cleaned["region_row"] = self._region_elsewhere(cleaned.get("region_text", ""))
        elif chosen:
            cleaned["region_row"] = self.villages[chosen]
        return cleaned

    def _region_elsewhere(self, text: str) -> Region | None:
        if "region_text" not in self.fields:
            self.add_error("region", _("The address on your identity card is outside the area of this batch."))
            return None
        if not text:
            self.add_error("region_text", _("Please write the village and the city."))
            return None
        name, _comma, city_name = text.partition(",")
        city = Region.objects.cities().search(city_name, limit=1).first() if city_name.strip() else None
        match = Region.objects.villages().match(name, within=city.code if city else "")
        if match.region is None:
            known = ", ".join(str(region.full_name) for region in match.suggestions[:3])
            self.add_error(
                "region_text",
                ValidationError(
                    _("We found no single village of this name. Did you mean: %(known)s?"), params={"known": known}
                )
                if known
                else _("We do not know this village. Please check the spelling and add the city after a comma."),
            )
        return match.region

    @property
    def declaration(self) -> Declaration:
        data = self.cleaned_data
        return Declaration(
            nik=data["nik"],
            full_name=data["full_name"],
            birth_date=data["birth_date"],
            sex=data["sex"],
            phone=data["phone"],
            email=data["email"],
            region=data["region_row"],
            address=data["address"],
            rt=data["rt"],
            rw=data["rw"],
            education_level=data["education_level"],
            occupation=data["occupation"],
            target_group=data.get("target_group", ""),
            has_domicile_letter=data.get("has_domicile_letter", False),
            business_kind=data.get("business_kind", ""),
            business_name=data["business_name"],
            household_hash=hash_household(data.get("family_card", "")),
            language=get_language() or "id",
            **self.guardian,
        )

    def add_refusal(self, refusal: ValidationError) -> None:
        """What the action refused, beside the field it concerns."""
        for error in refusal.error_list:
            field = FIELD_OF_CODE.get(error.code or "")
            field = "region_text" if field == "region" and "region" not in self.fields else field
            self.add_error(field if field in self.fields else None, error)


@lru_cache(maxsize=64)
def _villages(city: str, _version: str | None) -> dict[str, Region]:
    """All villages of a city, kept until the list of places is another one."""
    rows = Region.objects.current().villages().under(city).select_related("parent").order_by("code")
    return {village.code: village for village in rows}


class RegistrationForm(KeyedForm, DeclarationForm):
    """The public form: the declaration, the privacy notice, and the key that makes a second press harmless."""

    speaks_to_resident = True
    notice = forms.BooleanField(
        label=_("I have read how my data is used."), error_messages={"required": _("Please tick this to go on.")}
    )
    broadcast = forms.BooleanField(label=_("The office may tell me about other trainings."), required=False)
    whatsapp = forms.BooleanField(
        label=_("I allow messages about this training by WhatsApp from the office."),
        help_text=_("Reply STOP at any time to end them."),
        required=False,
    )

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, batch=batch, **kwargs)
        self.texts = texts_in_force(batch.program.agency)
        if self.speaks_to_resident:
            self._speak()
        if not writes_by_whatsapp(batch.program.agency):
            del self.fields["whatsapp"]

    def _speak(self) -> None:
        """In the words of the edition in force; an officer's form has its own."""
        for name in ("broadcast", "whatsapp"):
            self.fields[name].label = filled(self.texts[name].said, self.batch.program.agency)

    @property
    def edition(self) -> str:
        """What the page that is shown says, to come back with it."""
        return self.texts.key

    def clean(self) -> dict[str, Any]:
        """Who read the words of a former edition reads the new ones before anything is sent."""
        cleaned = super().clean()
        read = str(self.data.get(self.add_prefix("edition"), ""))
        if read and read != self.edition and "notice" in self.fields:
            self.add_error("notice", ValidationError(NEW_EDITION, code="edition_changed"))
        return cleaned

    @classmethod
    def refused(cls, refusal: ValidationError, *, batch: Batch) -> "RegistrationForm":
        """Nothing typed, only the refusal: for a page that shows no field."""
        form = cls({}, batch=batch)
        form.full_clean()
        for name in list(form.errors):
            del form.errors[name]
        form.add_refusal(refusal)
        return form

    def add_refusal(self, refusal: ValidationError) -> None:
        said = [
            ValidationError(SAID_TO_RESIDENTS.get(error.code or "", error.message), code=error.code)
            for error in refusal.error_list
        ]
        super().add_refusal(ValidationError(said))

    @property
    def consents(self) -> dict[str, bool]:
        asked = [name for name in ("broadcast", "whatsapp") if name in self.fields]
        given = {"notice": True} | {name: bool(self.cleaned_data[name]) for name in asked}
        return given | {"guardian": True} if self.has_guardian else given


class CorrectionForm(DeclarationForm):
    """The same data again; the identity number only when it changes, for the full one is never shown."""

    nik = NikField(label=_("NIK"), required=False, help_text=_("Leave this empty if it stays the same."))

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        self.registration = registration
        kwargs.setdefault("initial", self._initial(registration))
        super().__init__(*args, batch=registration.batch, **kwargs)
        if "family_card" in self.fields:
            self._fit_family_card(self.fields["family_card"])
        if not self.is_bound and not has_list(registration.batch.region_id):
            self.initial["region_text"] = placed(registration.region)
        elif not self.is_bound and registration.region_id not in self.villages:
            self.initial["region"] = OUTSIDE
            self.initial["region_text"] = registration.region.full_name

    @staticmethod
    def _initial(registration: Registration) -> dict[str, Any]:
        kept = (
            *("full_name", "birth_date", "sex", "phone", "email", "address", "rt", "rw"),
            *("education_level", "occupation", "target_group", "business_kind", "business_name"),
        )
        initial = {name: getattr(registration, name) for name in kept}
        return initial | {
            "region": registration.region_id,
            "has_domicile_letter": registration.has_domicile_letter,
            **shown_guardian({name: getattr(registration, name) for name in GUARDIAN[:3]}),
        }

    def _fit_family_card(self, field: forms.Field) -> None:
        """Nobody can read the number back; whoever waits for a NIK may wait for the card too."""
        noted = bool(self.registration.household_hash)
        field.required = not noted and not self.registration.is_temporary
        if noted:
            field.help_text = _("A number is noted. Type it again only to change it.")

    def clean_nik(self) -> str:
        return str(self.cleaned_data["nik"] or self.registration.nik)
