"""P2 twice: the true one of 2024, finished, and a copy of this year that is open for registration."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from random import Random

from accounts.actions import record
from accounts.models import User
from ikm_portal.demo.accounts import BENDAN_KERGON, MEDONO
from ikm_portal.demo.days import at, timetable
from ikm_portal.demo.enrolment import Enrolment, Entry, moments
from ikm_portal.demo.offices import Office
from ikm_portal.demo.residents import Residents
from ikm_portal.demo.training import create_batches, create_program
from participants.models import Declaration, Person, Registration, Source
from programs.models import Batch, Program
from regions.models import Region

# 1 July to 27 August 2024 has 42 working days for 54 days of training: ten times two kelurahan went in parallel.
TRUE_FIRST_DAY = date(2024, 7, 1)
TRUE_PARALLEL = [2] * 10 + [1] * 7
PARALLEL = [3] * 9
PODOSUGIH, SAPURO_KEBULEN, TIRTO = "33.75.01.1003", "33.75.01.1004", "33.75.01.1009"
PRINGREJO, KAUMAN, SETONO = "33.75.01.1012", "33.75.02.1004", "33.75.02.1010"
DEGAYU, BANDENGAN, PANJANG_BARU = "33.75.03.1007", "33.75.03.1009", "33.75.03.1010"
# Registrations and how many of them are verified, where it matters; elsewhere it is left to chance.
FILL = {
    BENDAN_KERGON: (34, 20),
    MEDONO: (41, 25),
    PODOSUGIH: (50, 0),
    SAPURO_KEBULEN: (18, 4),
    TIRTO: (0, 0),
    KAUMAN: (15, 6),
    DEGAYU: (2, 0),
    BANDENGAN: (12, 5),
}


@dataclass(frozen=True)
class Staff:
    officer: User
    verifier: User
    helpers: Mapping[str, User]


@dataclass
class Edition:
    """One programme with its batches by region code and the registrations that were written at once."""

    program: Program
    batches: dict[str, Batch]
    people: Residents
    registrations: list[Registration]


def true_edition(office: Office, staff: Staff, *, copy: int = 1) -> Edition:
    """2024: 27 kelurahan with 40 residents each, all verified, taken over from the lists of that year."""
    zone = office.agency.zone
    program = create_program(
        office,
        slug="pelatihan-dbhcht-2024" + _tail(copy),
        year=2024,
        legal_basis="PMK 215/PMK.07/2021",
        suffix=_mark(copy),
    )
    window = (at(date(2024, 6, 10), "08:00", zone), at(date(2024, 6, 21), "16:00", zone))
    times = timetable(TRUE_FIRST_DAY, TRUE_PARALLEL)
    batches = create_batches(program, office, times, lambda _: window, by=staff.officer, with_bookings=copy == 1)
    people = Residents(edition=2 * copy - 2, city="71", day=TRUE_FIRST_DAY, first_phone=(copy - 1) * 2200)
    chance = Random(f"2024 {copy}")
    enrolment = Enrolment(verifier=staff.verifier, witness=staff.officer, chance=chance, with_trail=False)
    checked = at(date(2024, 6, 24), "08:00", zone)
    for batch, (days, _) in zip(batches.values(), times, strict=True):
        entries = [
            Entry(
                people.next(batch.region),
                at=moment,
                checked_at=checked + timedelta(minutes=chance.randrange(3 * 24 * 60)),
                source=Source.IMPORT,
            )
            for moment in moments(chance, batch.quota, *window)
        ]
        enrolment.add(batch, at(days[0], "08:00", zone), entries)
    registrations = enrolment.write()
    _finish(program, batches, staff)
    return Edition(program, batches, people, registrations)


def _finish(program: Program, batches: Mapping[str, Batch], staff: Staff) -> None:
    for batch in batches.values():
        imported = {"registrations": batch.seats_held}
        record(
            action="batch.registrations_imported",
            by=staff.officer,
            target=batch,
            agency=program.agency,
            changes=imported,
        )
    program.batches.update(state=Batch.State.FINISHED)
    program.state = Program.State.FINISHED
    program.save(update_fields=["state"])


def open_edition(
    office: Office, staff: Staff, now: datetime, *, copy: int = 1, known: Mapping[str, list[Person]] | None = None
) -> Edition:
    """This year: opened a week ago, closes in eighteen days, training from the fourth week on."""
    zone = office.agency.zone
    today = now.astimezone(zone).date()
    program = create_program(
        office,
        slug=f"pelatihan-dbhcht-{today.year}" + _tail(copy),
        year=today.year,
        legal_basis="PMK 72/2024",
        suffix=_mark(copy),
    )

    def window(village: Region) -> tuple[datetime, datetime]:
        opens = today + timedelta(days=3 if village.code == TIRTO else -7)
        return at(opens, "08:00", zone), at(today + timedelta(days=18), "23:59", zone)

    times = timetable(today + timedelta(days=28), PARALLEL)
    batches = create_batches(program, office, times, window, by=staff.officer, with_bookings=copy == 1)
    people = Residents(edition=2 * copy - 1, city="71", day=today, first_phone=2000 + (copy - 1) * 2200)
    chance = Random(f"this year {copy}")
    enrolment = Enrolment(verifier=staff.verifier, witness=staff.officer, chance=chance)
    for batch, (days, _) in zip(batches.values(), times, strict=True):
        returning = (known or {}).get(batch.region_id, [])[1:3]
        entries = _entries(batch, people, staff, chance, now, returning)
        enrolment.add(batch, at(days[0], "08:00", zone), entries)
    return Edition(program, batches, people, enrolment.write())


def _entries(
    batch: Batch, people: Residents, staff: Staff, chance: Random, now: datetime, returning: list[Person]
) -> list[Entry]:
    """Some were here in 2024, some came to the kelurahan in person, the early ones are verified."""
    by_chance = chance.randint(9, 37)
    count, verified = FILL.get(batch.region_id, (by_chance, by_chance * 2 // 5))
    latest = now - timedelta(minutes=30)
    entries = []
    for number, moment in enumerate(moments(chance, count, batch.registration_opens_at, latest)):
        person = returning[number] if number < min(len(returning), count // 5) else None
        helped = chance.random() < 0.15
        wait = min(timedelta(hours=chance.uniform(2, 40)), (now - moment) * 0.9)
        entries.append(
            Entry(
                said_before(person, batch.region) if person else people.next(batch.region),
                at=moment,
                person=person,
                checked_at=moment + wait if number < verified else None,
                source=Source.ASSISTED if helped else Source.ONLINE,
                helped_by=staff.helpers.get(batch.region_id, staff.officer) if helped else None,
            )
        )
    return entries


def said_before(person: Person, region: Region) -> Declaration:
    """The same data as on the file card."""
    names = [column.name for column in fields(Declaration) if hasattr(person, column.name)]
    return Declaration(**{name: getattr(person, name) for name in names} | {"region": region})


def _tail(copy: int) -> str:
    return "" if copy == 1 else f"-{copy}"


def _mark(copy: int) -> str:
    return "" if copy == 1 else f" ({copy})"
