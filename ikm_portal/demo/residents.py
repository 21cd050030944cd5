"""Invented people. Identity numbers lie in province 99, which does not exist, telephones in 0812-0000-xxxx."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from ikm_portal.demo.names import OCCUPATIONS, STREETS, firm_name, full_name
from kit.identity import WOMAN_OFFSET
from kit.names import name_key
from participants.models import Declaration, EducationLevel
from programs.models import TargetGroup
from regions.models import Region

# People registered up to two months before; nobody was a child then, whose guardian would have to consent.
REGISTERED_BEFORE = timedelta(days=60)
# Editions never meet: each takes every 250th serial number of a day.
EDITIONS = 250
EDUCATION = (
    *[EducationLevel.SMA] * 4,
    *[EducationLevel.SMP] * 3,
    *[EducationLevel.SMK] * 3,
    *[EducationLevel.SD] * 2,
    EducationLevel.DIPLOMA,
    EducationLevel.BACHELOR,
)


class Residents:
    """An endless, always equal row of people of one edition, aged 18 to 60 on `day`."""

    def __init__(self, *, edition: int, city: str, day: date, first_phone: int) -> None:
        self.chance = Random(f"warga {city} {edition}")
        self.firms = Random(f"usaha {city} {edition}")
        self.edition, self.city, self.day = edition, city, day
        self.phones = first_phone
        self.numbers: set[str] = set()
        self.names: dict[str, set[str]] = {}

    def next(self, region: Region, *, woman: bool | None = None, **declared: Any) -> Declaration:
        """One more resident of this region, with a name that nobody else bears there."""
        chance = self.chance
        woman = chance.random() < 0.78 if woman is None else woman
        birth_date = self.day - REGISTERED_BEFORE - timedelta(days=chance.randint(18 * 366, 60 * 365))
        name = self._name(region.code, woman)
        has_email = chance.random() < 0.15
        self.phones += 1
        made = Declaration(
            nik=self._number(region, birth_date, woman),
            full_name=name,
            birth_date=birth_date,
            sex="female" if woman else "male",
            phone=f"+628120000{self.phones % 10_000:04d}",
            email=f"{name_key(name).replace(' ', '.').lower()[:40]}@contoh.example" if has_email else "",
            region=region,
            address=f"Jalan Contoh {chance.choice(STREETS)} No. {chance.randint(1, 90)}",
            rt=f"{chance.randint(1, 9):03d}",
            rw=f"{chance.randint(1, 12):03d}",
            education_level=chance.choice(EDUCATION),
            occupation=chance.choice(OCCUPATIONS),
        )
        is_owner = declared.get("target_group") == TargetGroup.BUSINESS_OWNER
        has_firm = self.firms.random() < (0.7 if is_owner else 0.1)
        return replace(made, **{"business_name": firm_name(self.firms) if has_firm else ""} | declared)

    def number(self, region: Region, birth_date: date, sex: str) -> str:
        """An identity number for somebody whose name and birth date are given."""
        return self._number(region, birth_date, sex == "female")

    def _name(self, code: str, woman: bool) -> str:
        taken = self.names.setdefault(code, set())
        while True:
            name = full_name(self.chance, woman=woman)
            if name_key(name) not in taken:
                taken.add(name_key(name))
                return name

    def _number(self, region: Region, birth_date: date, woman: bool) -> str:
        day = birth_date.day + (WOMAN_OFFSET if woman else 0)
        while True:
            serial = 1 + self.edition % EDITIONS + EDITIONS * self.chance.randrange(39)
            number = f"99{self.city}{region.code[6:8]}{day:02d}{birth_date:%m%y}{serial:04d}"
            if number not in self.numbers:
                self.numbers.add(number)
                return number
