"""Papers about one batch, from its sessions: schedule and decree of instructors."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.kinds import PaperKind, Snapshot, Subject
from documents.rules.tables import Column, column, table
from kit.words import official_date, official_dates, official_hours
from programs.models import Batch, Session
from programs.models.wording import (
    BATCH_LABELS,
    SAMPLE_BATCH,
    batch_facts,
    batch_subject,
    batch_values,
    find_batch,
    material_of,
    place_of,
    planned_for_papers,
    region_in_full,
)
from programs.papers.texts import INSTRUCTORS, SCHEDULE

SCHEDULE_COLUMNS = (
    column("Waktu", mm=34),
    column("Materi", fr=3),
    column("JP", mm=10, side="center"),
    column("Pengajar", fr=2.2),
)
PLACE_COLUMN = column("Tempat", fr=2.2)
INSTRUCTOR_COLUMNS = (
    column("Nama", fr=2.4),
    column("Lembaga", fr=2),
    column("Materi", fr=2.4),
    column("Tanggal", fr=2),
    column("JP", mm=11, side="center"),
)


def schedule_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    return [_schedule(subject.source) for subject in subjects]


def _schedule(batch: Batch) -> Snapshot:
    sessions, zone = planned_for_papers(batch), batch.program.agency.zone
    by_day: dict[date, list[list[str]]] = {}
    several = len({session.venue_id for session in sessions}) > 1
    for session in sessions:
        hours = official_hours(session.during.lower, session.during.upper, zone)
        material = (
            f"{material_of(session)} (materi dari {session.partner})" if session.partner else material_of(session)
        )
        row = [hours, material, str(session.lesson_hours or "-"), str(session.instructor or "-")]
        day = session.during.lower.astimezone(zone).date()
        by_day.setdefault(day, []).append([*row, place_of(session) or "-"] if several else row)
    return {"values": batch_values(batch, sessions), **schedule_body(batch_facts(batch, sessions), by_day)}


def schedule_body(facts: list[list[str]], by_day: dict[date, list[list[str]]]) -> dict[str, Any]:
    """The place of each session only where there are several; one stands in the head of the paper."""
    groups = []
    for day, rows in by_day.items():
        columns = SCHEDULE_COLUMNS if len(rows[0]) == len(SCHEDULE_COLUMNS) else (*SCHEDULE_COLUMNS, PLACE_COLUMN)
        groups.append({"label": official_date(day, weekday=True), "table": table(columns, rows)})
    return {"heading": ["Jadwal pelatihan"], "facts": facts, "groups": groups}


def instructors_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    return [_instructors(subject.source) for subject in subjects]


def _instructors(batch: Batch) -> Snapshot:
    sessions, zone = planned_for_papers(batch), batch.program.agency.zone
    taught: dict[int, list[Session]] = {}
    for session in sessions:
        if session.instructor_id is not None:
            taught.setdefault(session.instructor_id, []).append(session)
    if not taught:
        raise ValidationError(_("%(batch)s has no instructor yet.") % {"batch": batch.name})
    rows = []
    for own in taught.values():
        instructor, days = own[0].instructor, [session.during.lower.astimezone(zone).date() for session in own]
        materials = "; ".join(dict.fromkeys(material_of(session) for session in own))
        hours = sum(session.lesson_hours for session in own)
        institution = instructor.institution if instructor else ""
        rows.append([str(instructor), institution or "-", materials, official_dates(days), str(hours)])
    return {"values": batch_values(batch, sessions), **instructors_body(batch, rows)}


def instructors_body(batch: Batch | None, rows: list[list[str]]) -> dict[str, Any]:
    values = SAMPLE_BATCH
    agency, name = "Dinas Contoh Kota Contoh", f"{values['kegiatan']} {values['angkatan']}"
    copies = ["Wali Kota;", "Inspektur;", "yang bersangkutan."]
    if batch is not None:
        agency, name = batch.program.agency.name, f"{batch.program.name} {batch.name}"
        copies = [f"Camat dan Lurah di {region_in_full(batch.region)};", *copies[1:]]
    columns: tuple[Column, ...] = INSTRUCTOR_COLUMNS
    if all(row[1] == "-" for row in rows):
        columns, rows = (columns[0], *columns[2:]), [[row[0], *row[2:]] for row in rows]
    annex = {"title": ["Daftar instruktur", name], "groups": [{"table": table(columns, rows)}]}
    return {"decider": f"Kepala {agency}", "about": f"Instruktur {name}", "copies": copies, "annexes": [annex]}


SAMPLE_DAY = date(2024, 7, 1)
SAMPLE_FACTS = [["Kegiatan", SAMPLE_BATCH["kegiatan"]], ["Angkatan", SAMPLE_BATCH["angkatan"]]]
SAMPLE_ROW = ["08.00 s.d. 12.00 WIB", "Roti dan masakan", "5", "Contoh, S.Pd.", "Aula Kelurahan Contoh"]

SCHEDULE_PAPER = PaperKind(
    code="schedule",
    title=gettext_lazy("Schedule"),
    name="Jadwal Pelatihan",
    scope="batch",
    layout="list",
    blocks=SCHEDULE,
    placeholders=BATCH_LABELS,
    find=find_batch,
    subjects=batch_subject,
    build=schedule_of,
    sample={"values": SAMPLE_BATCH, **schedule_body(SAMPLE_FACTS, {SAMPLE_DAY: [SAMPLE_ROW]})},
    numbered=False,
)
INSTRUCTOR_DECREE = PaperKind(
    code="instructor_decree",
    title=gettext_lazy("Decree of the instructors"),
    name="Keputusan tentang Instruktur",
    scope="batch",
    layout="decree",
    blocks=INSTRUCTORS,
    placeholders=BATCH_LABELS,
    find=find_batch,
    subjects=batch_subject,
    build=instructors_of,
    sample={
        "values": SAMPLE_BATCH,
        **instructors_body(None, [["Contoh, S.Pd.", "Lembaga Contoh", "Roti dan masakan", "1 Juli 2024", "9"]]),
    },
)
