"""The accounts of the demonstration, shown on the sign-in page there; all have the same password."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.actions import grant_role
from accounts.models import Agency, User
from accounts.roles import Role
from regions.models import Region

PEKALONGAN = "pekalongan"
KENDARI = "kendari"
BENDAN_KERGON = "33.75.01.1006"
MEDONO = "33.75.01.1002"


@dataclass(frozen=True)
class Account:
    """`place` says where the role reaches, as people say it, where that is not the whole of Pekalongan."""

    username: str
    full_name: str
    role: Role
    region: str = "33.75"
    place: str = ""
    agency: str = PEKALONGAN

    @property
    def label(self) -> str:
        return f"{self.role.label}, {self.place}" if self.place else str(self.role.label)


ACCOUNTS = (
    Account("petugas.program", "Ratna Kusumawati", Role.PROGRAM_OFFICER),
    Account("verifikator", "Budi Santosa", Role.VERIFIER),
    Account(
        "kelurahan.bendankergon", "Endang Purwanti", Role.VILLAGE_OFFICER, BENDAN_KERGON, "Kelurahan Bendan Kergon"
    ),
    Account("kelurahan.medono", "Slamet Riyadi", Role.VILLAGE_OFFICER, MEDONO, "Kelurahan Medono"),
    Account("pptk", "Agus Hermawan", Role.ACTIVITY_OFFICER),
    Account("kpa", "Sri Mulyaningsih", Role.BUDGET_AUTHORITY),
    Account("bendahara", "Nur Khasanah", Role.TREASURER),
    Account("kabid", "Teguh Prasetyo", Role.DIVISION_HEAD),
    Account("kadis", "Bambang Wicaksono", Role.AGENCY_HEAD),
    Account("bappeda", "Dian Permatasari", Role.PLANNING_VIEWER),
    Account("inspektorat", "Hendro Susilo", Role.AUDITOR),
    Account("ppdp", "Fitri Handayani", Role.DATA_PROTECTION_OFFICER),
    Account("admin", "Yusuf Maulana", Role.ADMINISTRATOR),
    Account("petugas.kendari", "Wa Ode Nurhayati", Role.PROGRAM_OFFICER, "74.71", "Kota Kendari", KENDARI),
)


def listed() -> list[dict[str, str]]:
    """For the sign-in page, in the language of the reader."""
    return [
        {"username": account.username, "label": account.label, "password": settings.DEMO_PASSWORD}
        for account in ACCOUNTS
    ]


def create_accounts(agencies: dict[str, Agency]) -> dict[str, User]:
    """Everybody of the list, by user name, ready to sign in. The slow hash is made once."""
    hashed = make_password(settings.DEMO_PASSWORD)
    regions = Region.objects.in_bulk([account.region for account in ACCOUNTS])
    users = {}
    for account in ACCOUNTS:
        agency = agencies[account.agency]
        user = User.objects.create(
            username=account.username, full_name=account.full_name, agency=agency, password=hashed
        )
        grant_role(by=None, user=user, role=account.role, agency=agency, region=regions[account.region])
        users[account.username] = user
    return users
