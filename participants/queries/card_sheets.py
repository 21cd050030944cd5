"""The data sheet for the ministry's system: what is typed there, in its order. Religion is never asked here."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from kit.phones import show_phone
from kit.templatetags.kit import day_date, short_date
from participants.models import CardPreparation, Person
from participants.queries.job_cards import trainings_of
from regions.models import Region


@dataclass(frozen=True)
class SheetLine:
    """`copied` is what is typed, where it is written otherwise; without a value it is asked of the person."""

    label: str
    value: str = ""
    copied: str = ""
    hidden: bool = False

    @property
    def to_copy(self) -> str:
        return "" if self.hidden else self.copied or self.value


@dataclass(frozen=True)
class SheetGroup:
    title: str
    lines: list[SheetLine] = field(default_factory=list)


def card_sheet(person: Person, *, nik: str = "") -> list[SheetGroup]:
    """Without `nik` the number stays masked."""
    kept = CardPreparation.objects.filter(person=person).first()
    answers = kept.answers if kept else {}
    return [
        SheetGroup(_("Identity"), _identity(person, nik, answers)),
        SheetGroup(_("Address on the identity card"), _address(person)),
        SheetGroup(_("Contact"), _contact(person)),
        SheetGroup(_("School"), _school(person, answers)),
        SheetGroup(_("Training at this office"), _training(person)),
        SheetGroup(_("Work"), _work(person, answers)),
    ]


def _identity(person: Person, nik: str, answers: dict[str, str]) -> list[SheetLine]:
    number = SheetLine("NIK", nik or person.masked_nik, hidden=not nik)
    born = SheetLine(_("Birth date"), day_date(person.birth_date), copied=short_date(person.birth_date))
    return [
        number,
        SheetLine(_("Full name"), person.full_name),
        _asked("birth_place", answers),
        born,
        SheetLine(_("Sex"), person.get_sex_display()),
        SheetLine(str(CardPreparation.ANSWERS["marital_status"]), answers.get("marital_status", "").capitalize()),
        SheetLine(_("Religion"), _("The person says it in SIAPkerja; this portal does not keep it."), hidden=True),
    ]


def _address(person: Person) -> list[SheetLine]:
    parts = person.region_id.split(".")
    codes = [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
    names = dict(Region.objects.filter(code__in=codes).values_list("code", "name"))
    labels = [_("Province"), _("City or regency"), _("District"), _("Urban village")]
    places = [SheetLine(label, names.get(code, "")) for label, code in zip(labels, codes, strict=False)]
    near = f"{person.rt} / {person.rw}" if person.rt and person.rw else ""
    return [SheetLine(_("Street"), person.address), SheetLine("RT / RW", near), *reversed(places)]


def _contact(person: Person) -> list[SheetLine]:
    phone = show_phone(person.phone)
    return [SheetLine(_("Phone"), phone, copied=phone.replace("-", "")), SheetLine(_("E-mail"), person.email)]


def _school(person: Person, answers: dict[str, str]) -> list[SheetLine]:
    level = person.get_education_level_display() if person.education_level else ""
    return [
        SheetLine(_("Last education"), level),
        *(_asked(name, answers) for name in ("school", "major", "graduated")),
    ]


def _training(person: Person) -> list[SheetLine]:
    return [
        SheetLine(day_date(entry.batch.first_day(entry.created_at)), f"{entry.batch.program}, {entry.batch.name}")
        for entry in trainings_of(person)
    ]


def _work(person: Person, answers: dict[str, str]) -> list[SheetLine]:
    asked = ("languages", "skills", "experience", "wanted_job", "wanted_place", "wanted_wage")
    return [SheetLine(_("Work now"), person.occupation), *(_asked(name, answers) for name in asked)]


def _asked(name: str, answers: dict[str, str]) -> SheetLine:
    return SheetLine(str(CardPreparation.ANSWERS[name]), answers.get(name, ""))
