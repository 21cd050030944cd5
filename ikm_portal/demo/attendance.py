"""Who came in 2024, as marked and as signed; and a hall that is open today, so that there is something to mark."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from accounts.models import User
from ikm_portal.demo.days import at
from ikm_portal.demo.editions import Edition, Staff
from ikm_portal.demo.enrolment import SIZE, Enrolment, Entry
from ikm_portal.demo.offices import Office
from ikm_portal.demo.residents import Residents
from ikm_portal.demo.training import create_program
from ikm_portal.demo.wishes import topics_of
from participants.actions import MarkInput, note_marks, recompute_completions
from participants.models import Attendance, AttendanceMark, Registration, Seat, SheetLine, SignedSheet, Source
from participants.rules import Mark, presence
from programs.actions import SessionPlan, create_batch, publish_batch
from programs.models import Batch, Session

# Of a hundred: how many come on time, late, leave early, or stay away.
KINDS, WEIGHTS = ("here", "late", "early", "absent"), (88, 5, 3, 4)
SEATS_TODAY, PEOPLE_TODAY = 20, 26


def attendance_of_2024(edition: Edition, staff: Staff) -> None:
    """Marks, what they say together, settled sheets and completions; the last two sessions wait to be settled."""
    chance, by_batch = Random("attendance 2024"), _by_batch(edition.registrations)
    sessions = list(Session.objects.filter(batch__in=edition.batches.values()).order_by("during", "pk"))
    came = [(session, entry, kind) for session in sessions for entry, kind in _came(chance, by_batch[session.batch_id])]
    marks = [one for session, entry, kind in came for one in _marks(chance, session, entry, kind, staff.officer)]
    AttendanceMark.objects.bulk_create(marks, batch_size=SIZE)
    _states(sessions, marks)
    _sheets(sessions, came, staff.officer)
    for batch in edition.batches.values():
        recompute_completions(batch=batch)


def everybody_came(batch: Batch, entries: Sequence[Registration], by: User) -> None:
    """To every session, a little before it began; the sheets agree and are settled."""
    sessions, chance = list(batch.sessions.order_by("during")), Random(batch.slug)
    marks = [one for each in sessions for entry in entries for one in _marks(chance, each, entry, "here", by)]
    AttendanceMark.objects.bulk_create(marks, batch_size=SIZE)
    _states(sessions, marks)
    came = {entry.pk: True for entry in entries}
    sheets = [_sheet(session, came, by, settled=True) for session in sessions]
    SignedSheet.objects.bulk_create(sheets, batch_size=SIZE)
    lines = [SheetLine(sheet=sheet, registration_id=pk, signed=True) for sheet in sheets for pk in came]
    SheetLine.objects.bulk_create(lines, batch_size=SIZE)
    recompute_completions(batch=batch)


def _by_batch(entries: Sequence[Registration]) -> dict[int, list[Registration]]:
    found: dict[int, list[Registration]] = {}
    for entry in entries:
        if entry.seat == Seat.HELD:
            found.setdefault(entry.batch_id, []).append(entry)
    return found


def _came(chance: Random, entries: Sequence[Registration]) -> Iterator[tuple[Registration, str]]:
    """Most come to everything; a few of each batch are the ones who stay away more often."""
    for number, entry in enumerate(entries):
        often = number % 13 == 5 and chance.random() < 0.4
        yield entry, "absent" if often else chance.choices(KINDS, WEIGHTS)[0]


def _marks(chance: Random, session: Session, entry: Registration, kind: str, by: User) -> Iterator[AttendanceMark]:
    begin, end = session.during.lower, session.during.upper
    said: list[tuple[str, datetime]] = [("arrived", begin - timedelta(minutes=chance.randint(1, 30)))]
    if kind == "late":
        said = [("arrived", begin + timedelta(minutes=chance.randint(16, 50)))]
    elif kind == "early":
        said.append(("left", end - timedelta(minutes=chance.randint(20, 60))))
    elif kind == "absent":
        said = [("absent", begin + timedelta(minutes=60))]
    for what, when in said:
        yield AttendanceMark(session=session, registration=entry, kind=what, way="list", at=when, noted_at=when, by=by)


def _states(sessions: Sequence[Session], marks: Sequence[AttendanceMark]) -> None:
    of_pair: dict[tuple[int, int], list[Mark]] = {}
    for one in marks:
        of_pair.setdefault((one.session_id, one.registration_id), []).append(Mark(one.kind, one.at, one.pk))
    times = {session.pk: session.during for session in sessions}
    rows = []
    for (session, entry), found in of_pair.items():
        there = presence(found, begin=times[session].lower, end=times[session].upper)
        values = {"status": there.status, "arrived_at": there.arrived_at, "left_at": there.left_at}
        rows.append(Attendance(session_id=session, registration_id=entry, minutes=there.minutes, **values))
    Attendance.objects.bulk_create(rows, batch_size=SIZE)


def _sheets(sessions: Sequence[Session], came: Sequence[tuple[Session, Registration, str]], by: User) -> None:
    """The paper agrees with the marks, but for one signature of a session that nobody has settled yet."""
    present: dict[int, dict[int, bool]] = {}
    for session, entry, kind in came:
        present.setdefault(session.pk, {})[entry.pk] = kind != "absent"
    first_open = present[sessions[-1].pk]
    forgot = next(entry for entry, was_here in first_open.items() if was_here)
    first_open[forgot] = False
    sheets = [_sheet(session, present[session.pk], by, settled=session not in sessions[-2:]) for session in sessions]
    SignedSheet.objects.bulk_create(sheets, batch_size=SIZE)
    lines = [
        SheetLine(sheet=sheet, registration_id=entry, signed=signed)
        for sheet in sheets
        for entry, signed in present[sheet.session_id].items()
    ]
    SheetLine.objects.bulk_create(lines, batch_size=SIZE)


def _sheet(session: Session, present: dict[int, bool], by: User, *, settled: bool) -> SignedSheet:
    read = session.during.upper + timedelta(hours=2)
    end = {"settled_at": read + timedelta(hours=20), "settled_by": by} if settled else {}
    return SignedSheet(session=session, signatures=sum(present.values()), read_at=read, read_by=by, **end)


def hall_of_today(office: Office, staff: Staff, now: datetime) -> Batch:
    """A class that began this morning, half of it marked, with people on the waiting list."""
    zone, village = office.agency.zone, office.villages[0]
    today = now.astimezone(zone).date()
    year = today.year
    program = create_program(
        office, slug=f"pelatihan-awal-{year}", year=year, legal_basis="PMK 72/2024", suffix=" tahap awal"
    )
    program.duplicate_rule, program.replacement = "never", "first_day"
    program.save(update_fields=["duplicate_rule", "replacement"])
    opens, closes = at(today - timedelta(days=20), "08:00", zone), at(today - timedelta(days=4), "16:00", zone)
    hours = [(0, "07:00", "12:00", 6), (0, "13:00", "23:30", 4), (1, "08:00", "12:00", 5), (1, "13:00", "16:00", 4)]
    plans = [
        SessionPlan(
            begin=at(today + timedelta(days=day), begin, zone),
            end=at(today + timedelta(days=day), end, zone),
            lesson_hours=lessons,
        )
        for day, begin, end, lessons in hours
    ]
    batch = create_batch(
        program=program,
        region=village,
        name=f"Kelas awal {village.name}",
        slug="kelas-awal",
        quota=SEATS_TODAY,
        waiting_quota=10,
        opens_at=opens,
        closes_at=closes,
        topics=topics_of(office, 0)[:1],
        sessions=plans,
        by=staff.officer,
    )
    publish_batch(batch=batch, by=staff.officer)
    entries = _enrolled(batch, staff, opens)
    return _half_marked(batch, entries, staff.officer)


def _enrolled(batch: Batch, staff: Staff, opens: datetime) -> list[Registration]:
    batch = Batch.objects.with_parts().get(pk=batch.pk)
    people = Residents(edition=90, city="71", day=opens.date(), first_phone=9_700)
    enrolment = Enrolment(verifier=staff.verifier, witness=staff.officer, chance=Random("today"))
    moments = [opens + timedelta(hours=3 * number) for number in range(PEOPLE_TODAY)]
    entries = [
        Entry(people.next(batch.region), at=moment, checked_at=moment + timedelta(hours=20), source=Source.ONLINE)
        for moment in moments
    ]
    enrolment.add(batch, batch.starts_at or opens, entries)
    return enrolment.write()


def _half_marked(batch: Batch, entries: Sequence[Registration], by: User) -> Batch:
    session = batch.sessions.order_by("during")[0]
    held = [entry for entry in entries if entry.seat == Seat.HELD][: SEATS_TODAY // 2]
    note_marks(marks=[_signed(session, entry) for entry in held], by=by)
    return batch


def _signed(session: Session, entry: Registration) -> MarkInput:
    return MarkInput(uuid.uuid4(), session.pk, "arrived", "sheet", registration_id=entry.pk)
