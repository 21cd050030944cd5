"""The fixed cast of the tests: the same people everywhere, each made when a test asks for them."""

from accounts.models import Agency, User
from accounts.roles import Role
from tests import factories


def home_agency() -> Agency:
    """The office of Kota Pekalongan."""
    return factories.agency()


def next_agency() -> Agency:
    """The office of Kota Semarang."""
    return factories.agency(slug="semarang", name="Dinas Perindustrian Kota Semarang", region="33.74")


def village_officer_here() -> User:
    return factories.user("lurah.bendankergon", role=Role.VILLAGE_OFFICER, region=factories.BENDAN_KERGON)


def village_officer_next_door() -> User:
    return factories.user("lurah.medono", role=Role.VILLAGE_OFFICER, region=factories.MEDONO)


def program_officer() -> User:
    return factories.user("petugas.program", role=Role.PROGRAM_OFFICER)


def verifier() -> User:
    return factories.user("verifikator", role=Role.VERIFIER)


def division_head() -> User:
    return factories.user("kepala.bidang", role=Role.DIVISION_HEAD)


def activity_officer() -> User:
    return factories.user("pptk", role=Role.ACTIVITY_OFFICER)


def budget_authority() -> User:
    return factories.user("kpa", role=Role.BUDGET_AUTHORITY)


def treasurer() -> User:
    return factories.user("bendahara", role=Role.TREASURER)


def other_agency_officer() -> User:
    return factories.user("petugas.semarang", role=Role.PROGRAM_OFFICER, agency=next_agency())


def auditor() -> User:
    return factories.user("inspektorat", role=Role.AUDITOR)


def dpo() -> User:
    return factories.user("ppdp", role=Role.DATA_PROTECTION_OFFICER)


def administrator() -> User:
    return factories.user("admin.sistem", role=Role.ADMINISTRATOR)


def nobody() -> User:
    """Signed in, without any role."""
    return factories.user("tanpa.peran")


# Role -> who plays it; every role of `accounts.roles` that has a permission appears.
BY_ROLE = {
    Role.VILLAGE_OFFICER: village_officer_here,
    Role.PROGRAM_OFFICER: program_officer,
    Role.VERIFIER: verifier,
    Role.DIVISION_HEAD: division_head,
    Role.ACTIVITY_OFFICER: activity_officer,
    Role.BUDGET_AUTHORITY: budget_authority,
    Role.TREASURER: treasurer,
    Role.AUDITOR: auditor,
    Role.DATA_PROTECTION_OFFICER: dpo,
    Role.ADMINISTRATOR: administrator,
}
