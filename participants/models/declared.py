from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kit.crypto import EncryptedTextField, keyed_hash
from kit.identity import TEMPORARY_PREFIX, is_temporary, mask_last4
from kit.names import NAME_MAX, name_key
from regions.models import Region

NIK_PURPOSE = "nik"
# Written where a name stood, in the language of the papers: a list keeps its lines.
NO_NAME = "(data dihapus)"
HOLDS_NOTHING = Q(
    full_name=NO_NAME, name_key="", nik_last4="0000", phone="", email="", address="", rt="", rw="", occupation=""
)


class Sex(models.TextChoices):
    FEMALE = "female", _("Woman")
    MALE = "male", _("Man")


class EducationLevel(models.TextChoices):
    NONE = "tidak_sekolah", _("No school")
    SD = "sd", _("Primary school (SD)")
    SMP = "smp", _("Junior high school (SMP)")
    SMA = "sma", _("Senior high school (SMA)")
    SMK = "smk", _("Vocational school (SMK)")
    DIPLOMA = "d3", _("Diploma (D1-D4)")
    BACHELOR = "s1", _("Bachelor (S1)")
    MASTER = "s2", _("Master or doctor (S2, S3)")


class DeclaredData(models.Model):
    """What a resident says of themself; the same columns on the file card and, frozen, on each registration."""

    nik = EncryptedTextField()
    nik_hash = models.CharField(max_length=64, editable=False)
    nik_last4 = models.CharField(max_length=4, editable=False)
    # The number is one of the office's own (TMP...), given until the resident has a NIK. Never counts as verified.
    is_temporary = models.BooleanField(default=False, db_default=False, editable=False)
    full_name = models.CharField(max_length=NAME_MAX)
    name_key = models.CharField(max_length=NAME_MAX, editable=False)
    birth_date = models.DateField()
    sex = models.CharField(max_length=10, choices=Sex.choices)
    phone = models.CharField(max_length=16)
    email = models.EmailField(blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    address = models.CharField(max_length=200)
    rt = models.CharField(max_length=3, blank=True)
    rw = models.CharField(max_length=3, blank=True)
    education_level = models.CharField(max_length=20, choices=EducationLevel.choices, blank=True)
    occupation = models.CharField(max_length=80, blank=True)

    DECLARED = (
        "nik",
        "nik_hash",
        "nik_last4",
        "is_temporary",
        "full_name",
        "name_key",
        "birth_date",
        "sex",
        "phone",
        "email",
        "region",
        "address",
        "rt",
        "rw",
        "education_level",
        "occupation",
    )

    class Meta:
        abstract = True

    @property
    def masked_nik(self) -> str:
        """A temporary number says that it is one."""
        return f"{TEMPORARY_PREFIX}*****{self.nik_last4}" if self.is_temporary else mask_last4(self.nik_last4)

    @property
    def full_address(self) -> str:
        neighbourhood = f"RT {self.rt} / RW {self.rw}" if self.rt and self.rw else ""
        return ", ".join(part for part in (self.address, neighbourhood, self.region.full_name) if part)


def hash_nik(nik: str) -> str:
    """The keyed hash by which an identity number is found; the same for a person and for a registration."""
    return keyed_hash(NIK_PURPOSE, nik)


@dataclass(frozen=True)
class Declaration:
    """One filled form, cleaned: the NIK as 16 digits, the phone as E.164, the region as a row."""

    nik: str
    full_name: str
    birth_date: date
    sex: str
    phone: str
    region: Region
    address: str
    email: str = ""
    rt: str = ""
    rw: str = ""
    education_level: str = ""
    occupation: str = ""
    target_group: str = ""
    has_domicile_letter: bool = False
    business_kind: str = ""
    business_name: str = ""
    household_hash: str = ""
    language: str = "id"
    guardian_name: str = ""
    guardian_relation: str = ""
    guardian_phone: str = ""

    @cached_property
    def nik_hash(self) -> str:
        return hash_nik(self.nik)

    @property
    def is_temporary(self) -> bool:
        return is_temporary(self.nik)

    def guardian(self) -> dict[str, str]:
        """Who consents for a child: columns of the entry alone, never of the file card."""
        names = ("guardian_name", "guardian_relation", "guardian_phone")
        return {name: getattr(self, name) for name in names}

    def columns(self) -> dict[str, Any]:
        """The columns of `DeclaredData`, with what is derived from the number and the name."""
        return dict(self._columns)

    @cached_property
    def _columns(self) -> dict[str, Any]:
        return {
            "nik": self.nik,
            "nik_hash": self.nik_hash,
            "nik_last4": self.nik[-4:],
            "is_temporary": self.is_temporary,
            "full_name": self.full_name,
            "name_key": name_key(self.full_name)[:NAME_MAX],
            "birth_date": self.birth_date,
            "sex": self.sex,
            "phone": self.phone,
            "email": self.email,
            "region": self.region,
            "address": self.address,
            "rt": self.rt,
            "rw": self.rw,
            "education_level": self.education_level,
            "occupation": self.occupation,
        }
