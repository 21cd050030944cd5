"""Who won, told to the public within the time for objections, and decreed when it is over."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from documents.kinds import Snapshot, Subject
from documents.rules.tables import column, table
from incentives.papers.telling import Told, figure, region_of, told_of
from incentives.queries.awards import AwardBoard
from kit.words import official_rupiah

PUBLIC = (column("Penghargaan", fr=1.4), column("Nama", fr=2), column("Usaha", fr=2), column("Kelurahan", fr=2.4))
DECREED = (
    column("Peringkat", fr=1.3),
    column("Nama", fr=1.9),
    column("Usaha", fr=1.9),
    column("Kelurahan", fr=2),
    column("Nilai", mm=15, side="right"),
    column("Penghargaan (Rp)", mm=27, side="right"),
)


def announcements_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    return [_announcement(told_of(subject.source)) for subject in subjects]


def _announcement(told: Told) -> Snapshot:
    return {
        "values": told.values,
        **announcement_body(told.competition.name, _public(told), may_object=bool(told.values["masa_sanggah"])),
    }


def _public(told: Told) -> list[list[str]]:
    return [
        [row.award.tier.label, row.name, row.award.entry.business_name or "-", region_of(row.award.entry)]
        for row in told.awards.rows
    ]


def announcement_body(name: str, rows: list[list[str]], *, may_object: bool = True) -> dict[str, Any]:
    sections: list[dict[str, Any]] = [
        {"title": "Pemenang", "table": table(PUBLIC, rows)},
        {"title": "Cara penilaian", "block": "method"},
    ]
    if may_object:
        sections.append({"title": "Masa sanggah", "block": "objections"})
    return {"about": f"Hasil {name}", "sections": sections}


def decrees_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    return [_decree(told_of(subject.source)) for subject in subjects]


def check_final(board: AwardBoard) -> None:
    """Nobody is paid, and no decree is made, while somebody may still object or waits for an answer."""
    if not board.is_period_over:
        raise ValidationError(_("Objections may still come in."), code="objections_run")
    if board.open_objections:
        raise ValidationError(_("An objection waits for its answer."), code="objections_open")


def _decree(told: Told) -> Snapshot:
    check_final(told.awards)
    finals = {line.entry.pk: line.figures["final"] for line in told.board.lines}
    rows = [
        [
            row.award.tier.label,
            row.name,
            row.award.entry.business_name or "-",
            region_of(row.award.entry),
            figure(finals.get(row.award.entry_id)),
            official_rupiah(row.award.gross).removeprefix("Rp"),
        ]
        for row in told.awards.rows
    ]
    total = [[6, "Jumlah", "center"], [1, official_rupiah(told.awards.gross).removeprefix("Rp"), "right"]]
    agency = told.competition.program.agency
    return {"values": told.values, **decree_body(f"Kepala {agency.name}", told.competition.name, rows, total)}


def decree_body(decider: str, name: str, rows: list[list[str]], total: list[list[Any]]) -> dict[str, Any]:
    annex = {"title": ["Daftar pemenang", name], "groups": [{"table": table(DECREED, rows, total=total)}]}
    copies = ["Wali Kota;", "Inspektur;", "yang bersangkutan."]
    return {"decider": decider, "about": f"Penetapan Pemenang {name}", "copies": copies, "annexes": [annex]}
