"""Who is on file twice, or perhaps: twins to tell apart, a merge that waits for the second officer, and no NIK yet."""

from dataclasses import replace
from datetime import date

from accounts.models import Agency
from ikm_portal.demo.cases import Scene
from ikm_portal.demo.editions import PRINGREJO, said_before
from kit.identity import new_temporary
from participants import actions

TWINS = ("Rina Contoh Puspasari", "Rini Contoh Puspasari")
TWINS_BORN = date(1994, 6, 14)
NAMELESS = "Suci Contoh Rahayu"
# One firm, written twice: without it nobody would take the two cards for one person.
WEAVER = "Wiwik Contoh Setyowati"
FIRM = ("Batik Tjempaka Oengoe", "UD. Cempaka Ungu")


def one_person_twice(scene: Scene, agency: Agency) -> None:
    _twins(scene)
    _one_firm(scene)
    _somebody_of_2024(scene)
    _without_a_number(scene)
    actions.find_doubles(agency=agency, by=None)


def _twins(scene: Scene) -> None:
    """Two sisters of one house with one telephone: different people, which only somebody who asks can know."""
    region = scene.edition.batches[PRINGREJO].region
    first = scene.person(PRINGREJO, woman=True, full_name=TWINS[0], birth_date=TWINS_BORN, email="")
    for name in TWINS:
        number = scene.edition.people.number(region, TWINS_BORN, "female")
        scene.register(PRINGREJO, replace(first, full_name=name, nik=number))


def _one_firm(scene: Scene) -> None:
    for born, firm in zip((date(1979, 2, 8), date(1986, 11, 23)), FIRM, strict=True):
        number = scene.edition.people.number(scene.edition.batches[PRINGREJO].region, born, "female")
        said = scene.person(PRINGREJO, woman=True, full_name=WEAVER, birth_date=born, email="", business_name=firm)
        scene.register(PRINGREJO, replace(said, nik=number))


def _somebody_of_2024(scene: Scene) -> None:
    """Came back and typed one digit of the NIK wrong; the verifier proposed to make one card of both."""
    owner, region = scene.known[PRINGREJO][4], scene.edition.batches[PRINGREJO].region
    mistyped = scene.edition.people.number(region, owner.birth_date, owner.sex)
    entry = scene.register(PRINGREJO, replace(said_before(owner, region), nik=mistyped))
    if entry.person is not None:
        reason = "KTP dilihat di kelurahan: satu angka NIK salah ketik."
        actions.propose_merge(kept=owner, gone=entry.person, choices={}, reason=reason, by=scene.staff.verifier)


def _without_a_number(scene: Scene) -> None:
    """At the counter, with a number that the office gave."""
    said = scene.person(PRINGREJO, woman=True, full_name=NAMELESS, email="")
    scene.register(PRINGREJO, replace(said, nik=new_temporary()), assisted=True)
