"""What people sign in the hall: attendance of each session, and that they received what they were given."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count

from documents.kinds import Snapshot, Subject
from documents.rules.tables import column, table
from kit.words import official_date
from participants.papers.people import PEOPLE, holders, person_row
from programs.models import Batch, Session
from programs.models.wording import batch_facts, batch_values, material_of, planned_for_papers, session_facts

SIGNED_PEOPLE = (*PEOPLE, column("Tanda tangan", mm=66, sign=True))
SIGNED_STAFF = (column("Nama", fr=3), column("Sebagai", fr=2), column("Tanda tangan", mm=66, sign=True))
SIGNERS = [{"as": "Mengetahui,", "official": 0}, {"as": "Panitia pelaksana,"}]
# Lines to write on, for whoever comes besides those who are known.
EMPTY_LINES = 2


def sessions_of(batch: Batch) -> Iterable[Subject]:
    """One sheet for each session."""
    agency, found = batch.program.agency, planned_for_papers(batch)
    for position, session in enumerate(found, 1):
        day = official_date(session.during.lower.astimezone(agency.zone).date())
        label = f"{batch.name}, sesi {position}, {day}"
        session.batch = batch
        yield Subject(f"session:{session.pk}", label, agency, batch.region_id, (session, position, len(found)))


def sheets_needed(batches: Sequence[int]) -> dict[int, int]:
    planned = Session.objects.planned().filter(batch__in=batches).order_by()
    return dict(planned.values_list("batch").annotate(total=Count("pk")))


def attendance_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    known: dict[int, tuple[dict[str, str], list[list[str]]]] = {}
    found = []
    for subject in subjects:
        session, position, count = subject.source
        batch: Batch = session.batch
        if batch.pk not in known:
            rows = [person_row(entry) for entry in holders(batch)]
            known[batch.pk] = batch_values(batch, planned_for_papers(batch)), rows
        values, rows = known[batch.pk]
        facts = session_facts(batch, session, position, count)
        held_on = official_date(session.during.lower.astimezone(batch.program.agency.zone).date())
        body = attendance_body("Daftar hadir peserta", facts, rows) | {"date": held_on, "footer": subject.label}
        found.append({"values": values, **body})
    return found


def attendance_body(heading: str, facts: list[list[str]], rows: list[list[str]]) -> dict[str, Any]:
    return {
        "heading": [heading],
        "facts": facts,
        "groups": [{"table": table(SIGNED_PEOPLE, rows)}],
        "counts": ["Hadir", "Tidak hadir"],
        "signers": SIGNERS,
    }


def staff_attendance_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    return [_staff_attendance(subject.source) for subject in subjects]


def _staff_attendance(batch: Batch) -> Snapshot:
    sessions, zone = planned_for_papers(batch), batch.program.agency.zone
    teachers: dict[str, list[list[str]]] = {}
    for session in sessions:
        day = official_date(session.during.lower.astimezone(zone).date(), weekday=True)
        here = teachers.setdefault(day, [])
        row = [str(session.instructor), f"Pengajar: {material_of(session)}"]
        if session.instructor is not None and row not in here:
            here.append(row)
    body = staff_attendance_body(batch_facts(batch, sessions), teachers) | last_day(batch, sessions)
    return {"values": batch_values(batch, sessions), **body}


def last_day(batch: Batch, sessions: Sequence[Session]) -> dict[str, str]:
    """What people sign in the hall bears the day on which they sign."""
    held_on = official_date(sessions[-1].during.lower.astimezone(batch.program.agency.zone).date())
    return {"date": held_on, "footer": batch.name}


def staff_attendance_body(facts: list[list[str]], teachers: dict[str, list[list[str]]]) -> dict[str, Any]:
    """The instructors of each day, then lines for committee and guests."""
    groups = [
        {"label": day, "table": table(SIGNED_STAFF, rows + [["", "Panitia"]] * 3 + [["", ""]] * EMPTY_LINES)}
        for day, rows in teachers.items()
    ]
    heading = ["Daftar hadir pengajar, panitia, dan tamu"]
    return {"heading": heading, "facts": facts, "groups": groups, "signers": SIGNERS}


def goods_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    return [_goods(subject.source) for subject in subjects]


def _goods(batch: Batch) -> Snapshot:
    sessions = planned_for_papers(batch)
    rows = [person_row(entry) for entry in holders(batch)]
    body = goods_body(batch_facts(batch, sessions), rows) | last_day(batch, sessions)
    return {"values": batch_values(batch, sessions), **body}


def goods_body(facts: list[list[str]], rows: list[list[str]]) -> dict[str, Any]:
    return {
        "heading": ["Tanda terima peserta"],
        "facts": facts,
        "groups": [{"table": table(SIGNED_PEOPLE, rows)}],
        "row": 7.6,
        "signers": SIGNERS,
    }
