"""Who was chosen and why: the minutes of the selection, and the decree with its public copy."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from documents.kinds import Snapshot, Subject
from documents.models import Document
from documents.rules.tables import Column, column, table
from kit.words import official_date
from participants.papers.frozen import Frozen, frozen_of, how_chosen
from participants.papers.people import PEOPLE, REJECTED, Result, person_row, result_of, snapshot
from programs.models import Batch, CommitteeMember
from programs.models.wording import counted, planned_for_papers, region_in_full

# A line to write on, while the team has not been named.
UNNAMED = {"name": "…………………………………", "role": "……………………"}
MINUTES_CODE, DECREE_CODE = "selection_minutes", "participant_decree"
REASON = column("Keterangan", fr=2.4)
REASONED = (*PEOPLE, REASON)
NUMBERED_PEOPLE = (PEOPLE[0], column("NIK", mm=40, side="center"), *PEOPLE[1:])


def minutes_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    return [_minutes(subject.source) for subject in subjects]


def _minutes(batch: Batch) -> Snapshot:
    result = result_of(batch)
    team = batch.program.members.filter(team=CommitteeMember.Team.SELECTION)
    signing = [{"name": one.name, "role": one.duty} for one in team] or [UNNAMED] * 3
    frozen = frozen_of(batch)
    body = minutes_body(f"{batch.program.name} {batch.name}", result, frozen) | {"team": signing}
    return snapshot(batch, planned_for_papers(batch), body)


def minutes_body(name: str, result: Result, frozen: Frozen | None = None) -> dict[str, Any]:
    """Of the frozen result where there is one: what it decided stays, whatever became of a seat afterwards."""
    if frozen is not None:
        return _frozen_body(name, frozen)
    counts = [
        ["Jumlah pendaftar", counted(result.count, "orang")],
        ["Diterima sebagai peserta", counted(len(result.held), "orang")],
        ["Peserta cadangan", counted(len(result.waiting), "orang")],
        ["Ditolak", counted(len(result.rejected), "orang")],
        ["Mengundurkan diri", counted(len(result.withdrawn), "orang")],
    ]
    if result.open:
        counts.append(["Tidak memperoleh tempat", counted(len(result.open), "orang")])
    sections: list[dict[str, Any]] = [
        {"title": "Rekapitulasi", "facts": counts},
        {"title": "Cara penentuan peserta", "block": "method"},
    ]
    if reasons := result.reasons():
        told = [[words.capitalize(), counted(count, "orang")] for words, count in reasons]
        sections.append({"title": "Alasan penolakan", "facts": told})
    waiting = [[*person_row(entry), f"cadangan ke-{place}"] for place, entry in enumerate(result.waiting, 1)]
    rejected = [[*person_row(entry), REJECTED.get(entry.reject_reason, "")] for entry in result.rejected]
    lists: list[tuple[str, Sequence[Column], list[list[str]]]] = [
        ("A. Diterima", PEOPLE, [person_row(entry) for entry in result.held])
    ]
    lists += [("B. Cadangan, menurut urutan", REASONED, waiting)] if waiting else []
    lists += [("C. Ditolak", REASONED, rejected)] if rejected else []
    return _minutes_of_lists(name, sections, lists)


def _frozen_body(name: str, frozen: Frozen) -> dict[str, Any]:
    sections: list[dict[str, Any]] = [
        {"title": "Rekapitulasi", "facts": frozen.counts()},
        {"title": "Cara penentuan peserta", "text": frozen.method()},
    ]
    if rules := frozen.rules():
        sections.append({"title": "Ketentuan yang diumumkan sebelumnya", "items": rules})
    if opened := frozen.opened():
        sections.append({"title": "Bukti pengundian", "facts": opened})
    if reasons := frozen.reasons():
        sections.append({"title": "Alasan tidak diterima", "facts": reasons})
    columns = (*PEOPLE, *([column("Poin", mm=14, side="center")] if frozen.has_points else []), REASON)
    lists = [(label, columns, rows) for label, rows in frozen.lists()]
    return _minutes_of_lists(name, sections, lists)


def _minutes_of_lists(
    name: str, sections: list[dict[str, Any]], lists: Sequence[tuple[str, Sequence[Column], list[list[str]]]]
) -> dict[str, Any]:
    groups = [{"label": label, "table": table(columns, rows)} for label, columns, rows in lists]
    return {
        "about": f"Seleksi Peserta {name}",
        "sections": sections,
        "annexes": [{"title": ["Daftar hasil seleksi", name], "groups": groups}],
    }


def decrees_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    return [_decree(subject.source, with_numbers=True) for subject in subjects]


def public_decrees_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    return [_decree(subject.source, with_numbers=False) | _original(subject) for subject in subjects]


def issued(code: str, subject: str) -> Document | None:
    return Document.objects.in_force().filter(kind=code, subject=subject).defer("content").first()


def minutes_named(batch: Batch) -> str:
    minutes = issued(MINUTES_CODE, f"batch:{batch.pk}")
    told = f" Nomor {minutes.number} tanggal {official_date(minutes.date)}" if minutes else f" {batch.name}"
    return f"Berita Acara Seleksi Peserta{told}"


def _original(subject: Subject) -> Snapshot:
    """The copy bears number and day of the decree that it copies."""
    decree = issued(DECREE_CODE, subject.key)
    if decree is None:
        raise ValidationError(
            _("Issue the decree of the participants of %(batch)s first; this is its copy.") % {"batch": subject.label},
            code="no_original",
        )
    return {"number": decree.number, "date": official_date(decree.date)}


def _decree(batch: Batch, *, with_numbers: bool) -> Snapshot:
    """The office's own edition shows the last four digits of identity numbers, the public copy none."""
    result = result_of(batch)
    held = sorted(result.held, key=lambda entry: (entry.full_name, entry.pk))
    rows = [person_row(entry) for entry in held]
    if with_numbers:
        rows = [[row[0], entry.masked_nik, *row[1:]] for entry, row in zip(held, rows, strict=True)]
    name, place = f"{batch.program.name} {batch.name}", region_in_full(batch.region)
    copies = [f"Camat dan Lurah di {place};", "Inspektur;", "peserta yang bersangkutan."]
    body = decree_body(f"Kepala {batch.program.agency.name}", name, rows, copies, with_numbers=with_numbers)
    chosen = {"cara_seleksi": how_chosen(frozen_of(batch)), "berita_acara": minutes_named(batch)}
    values = result.values | chosen
    return snapshot(batch, planned_for_papers(batch), body, **values)


def decree_body(
    decider: str, name: str, rows: list[list[str]], copies: list[str], *, with_numbers: bool
) -> dict[str, Any]:
    columns = NUMBERED_PEOPLE if with_numbers else PEOPLE
    annex = {"title": ["Daftar peserta", name], "groups": [{"table": table(columns, rows)}]}
    body = {"decider": decider, "about": f"Penetapan Peserta {name}", "copies": copies, "annexes": [annex]}
    return body if with_numbers else body | {"copy": True}
