"""The minutes of a jury, as domain.md 11.2 asks for them: everything that the result rests on, and its hash."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from documents.kinds import Snapshot, Subject
from documents.rules.tables import column, table
from incentives.models import Conflict, Edition, Juror
from incentives.papers.telling import AGGREGATIONS, TIE_BREAKS, Told, figure, short, told_of
from incentives.queries.results import Line, decided_ties
from kit.words import official_rupiah
from programs.models.wording import counted

CONFLICTS = {
    Conflict.Kind.SELF: "peserta adalah juri sendiri",
    Conflict.Kind.FAMILY: "hubungan keluarga",
    Conflict.Kind.HOUSEHOLD: "satu keluarga",
    Conflict.Kind.BUSINESS: "hubungan usaha",
    Conflict.Kind.MENTOR: "pembimbing atau pengajar",
    Conflict.Kind.REGION: "satu kelurahan",
    Conflict.Kind.OTHER: "alasan lain",
}
VERDICTS = {
    "reserve": "cadangan",
    "below_minimum": "di bawah nilai terendah",
    "second_person": "orang yang sama sudah menang",
    "second_household": "keluarga yang sama sudah menang",
    "second_business": "usaha yang sama sudah menang",
    "excluded": "pernah menang",
    "not_scored": "tidak dinilai",
    "withdrawn": "mengundurkan diri",
    "disqualified": "didiskualifikasi",
}
STEPS = {"more_jurors": "lebih banyak juri", "median": "median", "chair": "musyawarah juri", "lot": "undian"}


def minutes_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    return [_minutes(told_of(subject.source)) for subject in subjects]


def _minutes(told: Told) -> Snapshot:
    body = minutes_body(told.competition.name, _sections(told), _annex_groups(told))
    return {"values": told.values, **body, "team": _team(told), "not_before": told.result.locked_at.date().isoformat()}


def minutes_body(name: str, sections: list[dict[str, Any]], groups: list[dict[str, Any]]) -> dict[str, Any]:
    annex = {"title": ["Lembar penilaian juri", name], "groups": groups}
    return {"about": f"Penjurian {name}", "sections": sections, "annexes": [annex] if groups else []}


def _team(told: Told) -> list[dict[str, str]]:
    ordered = sorted(told.board.jurors, key=lambda juror: (not juror.is_chair, juror.position, juror.pk))
    return [{"name": one.name, "role": "Ketua juri" if one.is_chair else "Anggota juri"} for one in ordered]


def _sections(told: Told) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"title": "Pelaksanaan", "facts": _held(told)},
        {"title": "Tata cara penilaian", "facts": _method(told)},
        {"title": "Kriteria dan bobot", "table": _criteria(told)},
        {"title": "Rekapitulasi nilai dan peringkat", "table": _ranking(told)},
        {"title": "Nilai sama", "text": _ties(told)},
        {"title": "Benturan kepentingan", "text": _conflicts(told)},
        {"title": "Pemenang", "table": _winners(told)},
        {"title": "Pengaman hasil", "facts": _locked(told)},
    ]
    return [one for one in found if one.get("text") != ""]


def _held(told: Told) -> list[list[str]]:
    of = told.competition
    absent = of.entries.real().filter(absent_at__isnull=False)
    names = ", ".join(str(entry) for entry in absent.order_by("position", "pk"))
    return [
        ["Kegiatan", of.program.name],
        ["Hari, tanggal", told.values["hari_tanggal"] or "-"],
        ["Tempat", told.values["tempat"] or "-"],
        ["Peserta yang dinilai", told.values["jumlah_peserta"]],
        ["Peserta yang tidak hadir", names or "tidak ada"],
        ["Juri", told.values["jumlah_juri"]],
    ]


def _method(told: Told) -> list[list[str]]:
    edition, method = told.result.edition, told.board.facts.method
    rows = [
        ["Nilai akhir", AGGREGATIONS[Edition.Aggregation(edition.aggregation)]],
        ["Nilai sama diputuskan dengan", "; lalu ".join(TIE_BREAKS[name] for name in edition.tie_breaks)],
        ["Nilai terendah penerima", figure(method.minimum) if method.minimum is not None else "tidak ditentukan"],
        ["Tata cara", f"edisi ke-{edition.version}, diumumkan sebelum penilaian"],
    ]
    ways = [("satu penghargaan per keluarga", edition.one_per_household)]
    ways.append(("satu penghargaan per usaha", edition.one_per_business))
    if limits := [words for words, is_so in ways if is_so]:
        rows.append(["Pembatasan", ", ".join(limits)])
    return rows


def _criteria(told: Told) -> dict[str, Any]:
    columns = (
        column("Kriteria", fr=3),
        column("Bobot (%)", mm=24, side="right"),
        column("Skala", mm=28, side="center"),
    )
    rows = [
        [one.name, short(one.weight), f"{short(one.lowest)} – {short(one.highest)}"]
        for one in told.result.edition.criteria.all()
    ]
    return table(columns, rows)


def _ranking(told: Told) -> dict[str, Any]:
    """With many jurors their totals stand in the annex alone."""
    jurors = told.board.jurors if len(told.board.jurors) <= 5 else []
    totals = [column(f"Juri {number}", mm=15, side="right") for number in range(1, len(jurors) + 1)]
    columns = (
        column("Usaha", fr=2),
        *totals,
        column("Nilai", mm=15, side="right"),
        column("Peringkat", mm=19, side="center"),
        column("Keterangan", fr=1.6),
    )
    rows = [
        [
            str(line.entry),
            *[figure(cell.total) for cell in line.cells[: len(jurors)]],
            figure(line.figures["final"]),
            str(line.result.place or "-"),
            _remark(line),
        ]
        for line in told.board.lines
    ]
    return table(columns, rows)


def _remark(line: Line) -> str:
    told = line.tier or VERDICTS.get(line.result.verdict, "")
    step = line.result.broken_by
    if not step:
        return told
    way = f"kriteria {step.removeprefix('criteria:')}" if step.startswith("criteria:") else STEPS.get(step, step)
    return f"{told} (nilai sama: {way})"


def _ties(told: Told) -> str:
    lines = []
    for tie in decided_ties(told.competition):
        row, names = tie["row"], ", ".join(str(entry) for entry in tie["entries"])
        seed = f" Benih undian: {row.seed}." if row.seed else ""
        way = "musyawarah" if row.way == "chair" else "undian"
        lines.append(f"Urutan {names} diputuskan dengan {way}: {row.reason}.{seed}".replace("..", "."))
    if not lines and not any(line.result.broken_by for line in told.board.lines):
        return "Tidak ada nilai sama yang memengaruhi penghargaan."
    return "\n".join(lines) or "Nilai sama diputuskan menurut tata cara; lihat kolom keterangan."


def _conflicts(told: Told) -> str:
    rows = Conflict.objects.filter(juror__competition=told.competition, state=Conflict.State.HOLDS)
    found: dict[Juror, list[str]] = defaultdict(list)
    for row in rows.select_related("juror", "entry").order_by("juror__position", "pk"):
        found[row.juror].append(f"{row.entry} ({CONFLICTS[Conflict.Kind(row.kind)]})")
    lines = [f"{juror.name} tidak menilai {', '.join(told)}." for juror, told in found.items()]
    return "\n".join(lines) or "Tidak ada juri yang menyatakan benturan kepentingan."


def _winners(told: Told) -> dict[str, Any]:
    columns = (
        column("Penghargaan", fr=1.4),
        column("Nama", fr=2),
        column("Usaha", fr=2),
        column("Nilai", mm=16, side="right"),
        column("Jumlah (Rp)", mm=26, side="right"),
    )
    finals = {line.entry.pk: line.figures["final"] for line in told.board.lines}
    rows = [
        [
            row.award.tier.label,
            row.name,
            row.award.entry.business_name or "-",
            figure(finals.get(row.award.entry_id)),
            official_rupiah(row.award.gross).removeprefix("Rp"),
        ]
        for row in told.awards.rows
    ]
    return table(columns, rows)


def _locked(told: Told) -> list[list[str]]:
    sha256 = told.result.sha256
    groups = " ".join(sha256[place : place + 8] for place in range(0, 64, 8))
    rows = [["Versi hasil", counted(told.result.version)], ["Sidik SHA-256", groups]]
    return rows + ([["Alasan versi ini", told.result.reason]] if told.result.reason else [])


def _annex_groups(told: Told) -> list[dict[str, Any]]:
    """The sheet of each juror: every score as it counts."""
    criteria = list(told.result.edition.criteria.all())
    columns = (
        column("Usaha", fr=2.4),
        *[column(one.name, fr=1.2, side="right") for one in criteria],
        column("Nilai", mm=16, side="right"),
    )
    given = {(sheet.juror, sheet.entry): sheet for sheet in told.board.facts.sheets if sheet.state == "submitted"}
    groups = []
    for place, juror in enumerate(told.board.jurors):
        rows = [
            [
                str(line.entry),
                *[short(given[juror.pk, line.entry.pk].scores[one.code]) for one in criteria],
                figure(line.cells[place].total),
            ]
            for line in sorted(told.board.lines, key=lambda line: (line.entry.position or 0, line.entry.pk))
            if (juror.pk, line.entry.pk) in given
        ]
        groups.append({"label": f"Juri {place + 1}: {juror.name}", "table": table(columns, rows)})
    return groups
