"""Papers about a whole programme: the announcement, and the decree of its committee."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import scope_q
from accounts.roles import Permission
from documents.kinds import PaperKind, Snapshot, Subject
from documents.rules.tables import column, table
from kit.words import official_dates
from programs.models import Batch, CommitteeMember, EligibilityRule, Program, Session, TargetGroup
from programs.models.wording import counted, listed, places
from programs.papers.texts import ANNOUNCEMENT, COMMITTEE, PROGRAM_LABELS

SAMPLE_VALUES = {
    "kegiatan": "Pelatihan Keterampilan Kerja DBHCHT 2024",
    "jumlah_angkatan": "27 (dua puluh tujuh)",
    "kuota": "1080 (seribu delapan puluh)",
    "pendaftaran": "10 s.d. 21 Juni 2024",
    "sumber_dana": "DBHCHT",
    "tahun_anggaran": "2024",
    "dasar_hukum": "PMK 215/PMK.07/2021",
    "alamat_portal": "portal.contoh.go.id",
}
BATCH_COLUMNS = (
    column("Kelurahan", fr=2),
    column("Materi", fr=2.4),
    column("Tanggal", fr=2.2),
    column("Tempat", fr=3),
    column("Kursi", mm=13, side="center"),
)
MEMBER_COLUMNS = (
    column("Nama", fr=2.6),
    column("NIP", mm=42, side="center"),
    column("Jabatan dalam Dinas", fr=2.6),
    column("Kedudukan", fr=2),
)
# In the words of an announcement: who may come.
GROUPS = {
    TargetGroup.GENERAL: "masyarakat umum",
    TargetGroup.JOB_SEEKER: "pencari kerja",
    TargetGroup.BUSINESS_OWNER: "pelaku industri kecil dan menengah",
    TargetGroup.TOBACCO_FARM_WORKER: "buruh tani tembakau",
    TargetGroup.CIGARETTE_WORKER: "buruh pabrik rokok",
    TargetGroup.LAID_OFF_WORKER: "buruh yang terkena pemutusan hubungan kerja",
    TargetGroup.WORKER_FAMILY: "keluarga buruh pabrik rokok",
    TargetGroup.TOBACCO_FARMER: "petani tembakau",
    TargetGroup.DISABLED: "penyandang disabilitas",
}


def find_program(user: User, pk: int) -> Program | None:
    reach = scope_q(user, Permission.VIEW_DOCUMENTS, agency="agency", region=None)
    parts = Program.objects.filter(reach).select_related("agency__region", "fund_source")
    return parts.filter(pk=pk).first()


def program_subject(program: Program) -> Iterable[Subject]:
    yield Subject(f"program:{program.pk}", program.name, program.agency, program.agency.region_id, program)


def announcement_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    return [_announcement(subject.source) for subject in subjects]


def _announcement(program: Program) -> Snapshot:
    batches = list(
        program.batches.exclude(state=Batch.State.CANCELLED)
        .select_related("region")
        .prefetch_related("topics", "sessions__venue")
        .order_by("region__code", "pk")
    )
    if not batches:
        raise ValidationError(_("%(program)s has no batch yet that could be announced.") % {"program": program.name})
    rules = [requirement_in_words(rule) for rule in program.rules.all()]
    return {
        "values": program_values(program, batches),
        **announcement_body(program.name, [words for words in rules if words], [_row(batch) for batch in batches]),
    }


def program_values(program: Program, batches: Sequence[Batch]) -> dict[str, str]:
    zone, fund = program.agency.zone, program.fund_source
    opens = [batch.registration_opens_at.astimezone(zone).date() for batch in batches]
    closes = [batch.registration_closes_at.astimezone(zone).date() for batch in batches]
    first, last = (official_dates([min(opens)]), official_dates([max(closes)])) if batches else ("", "")
    return {
        "kegiatan": program.name,
        "jumlah_angkatan": counted(len(batches)),
        "kuota": counted(sum(batch.quota for batch in batches)),
        "pendaftaran": f"{first} s.d. {last}" if batches else "",
        "sumber_dana": fund.name,
        "tahun_anggaran": str(fund.fiscal_year),
        "dasar_hukum": fund.legal_basis,
        "alamat_portal": settings.SITE_URL.removeprefix("https://").removeprefix("http://"),
    }


def _row(batch: Batch) -> list[str]:
    zone = batch.program.agency.zone
    sessions: list[Session] = sorted(
        (session for session in batch.sessions.all() if not session.cancelled), key=lambda one: one.during.lower
    )
    days = [session.during.lower.astimezone(zone).date() for session in sessions]
    topics = listed(topic.name for topic in batch.topics.all())
    dates = official_dates(days) if days else "menyusul"
    return [batch.region.name, topics or "-", dates, places(sessions) or "menyusul", str(batch.quota)]


def requirement_in_words(rule: EligibilityRule) -> str:
    if rule.kind == EligibilityRule.Kind.AGE:
        if rule.minimum is not None and rule.maximum is not None:
            return f"berusia {rule.minimum} sampai dengan {rule.maximum} tahun pada hari pertama pelatihan"
        if rule.minimum is not None:
            return f"berusia paling rendah {rule.minimum} tahun pada hari pertama pelatihan"
        return f"berusia paling tinggi {rule.maximum} tahun pada hari pertama pelatihan" if rule.maximum else ""
    if rule.kind == EligibilityRule.Kind.DOMICILE:
        letter = " atau surat keterangan domisili" if "letter" in rule.values else ""
        return f"memiliki KTP-el{letter} dengan alamat di wilayah tempat pelatihan"
    named = [GROUPS[TargetGroup(value)] for value in rule.values if value in TargetGroup.values]
    return f"termasuk kelompok sasaran: {listed(named)}" if named else ""


def announcement_body(name: str, requirements: list[str], rows: list[list[str]]) -> dict[str, Any]:
    """The layout takes the texts of registering, costs and data from the office's blocks."""
    closing = [f"{words};" for words in requirements[:-1]] + [f"{words}." for words in requirements[-1:]]
    sections: list[dict[str, Any]] = [{"title": "Persyaratan", "items": closing}] if closing else []
    sections += [
        {"title": "Tata cara pendaftaran", "block": "register"},
        {"title": "Jadwal, tempat, dan jumlah kursi", "table": table(BATCH_COLUMNS, rows)},
        {"title": "Biaya", "block": "fee"},
        {"title": "Pelindungan data pribadi", "block": "privacy"},
    ]
    return {"about": f"Pendaftaran Peserta {name}", "sections": sections}


SAMPLE_ROWS = [["Contoh", "Roti dan masakan", "1 dan 2 Juli 2024", "Aula Kelurahan Contoh", "40"]]
ANNOUNCEMENT_PAPER = PaperKind(
    code="announcement",
    title=gettext_lazy("Announcement of registration"),
    name="Pengumuman Pendaftaran",
    scope="program",
    layout="announcement",
    blocks=ANNOUNCEMENT,
    placeholders=PROGRAM_LABELS,
    find=find_program,
    subjects=program_subject,
    build=announcement_of,
    sample={
        "values": SAMPLE_VALUES,
        **announcement_body(SAMPLE_VALUES["kegiatan"], ["berusia 17 sampai dengan 64 tahun"], SAMPLE_ROWS),
    },
)


def committees_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    return [_committee(subject.source) for subject in subjects]


def _committee(program: Program) -> Snapshot:
    """Committee and selection team in one decree, each with its own list."""
    groups = []
    for team, label in ((CommitteeMember.Team.COMMITTEE, "Panitia"), (CommitteeMember.Team.SELECTION, "Tim Seleksi")):
        members = [one for one in program.members.all() if one.team == team]
        rows = [[one.name, one.written_nip or "-", one.office or "-", one.duty] for one in members]
        groups += [(label, rows)] if rows else []
    if not groups:
        raise ValidationError(
            _("Name the committee of %(program)s first.") % {"program": program.name}, code="no_committee"
        )
    batches = list(program.batches.exclude(state=Batch.State.CANCELLED))
    values = program_values(program, batches)
    return {"values": values, **committee_body(f"Kepala {program.agency.name}", program.name, groups)}


def committee_body(decider: str, name: str, groups: list[tuple[str, list[list[str]]]]) -> dict[str, Any]:
    told = [{"label": label if len(groups) > 1 else "", "table": table(MEMBER_COLUMNS, rows)} for label, rows in groups]
    annex = {"title": ["Susunan panitia pelaksana", name], "groups": told}
    copies = ["Wali Kota;", "Inspektur;", "yang bersangkutan."]
    return {"decider": decider, "about": f"Panitia Pelaksana {name}", "copies": copies, "annexes": [annex]}


SAMPLE_MEMBER = ["Agus Contoh, S.E.", "19800101 200501 1 001", "Pengawas Ketenagakerjaan", "Ketua"]
COMMITTEE_DECREE = PaperKind(
    code="committee_decree",
    title=gettext_lazy("Decree of the committee"),
    name="Keputusan tentang Panitia Pelaksana",
    scope="program",
    layout="decree",
    blocks=COMMITTEE,
    placeholders=PROGRAM_LABELS,
    find=find_program,
    subjects=program_subject,
    build=committees_of,
    sample={
        "values": SAMPLE_VALUES,
        **committee_body("Kepala Dinas Contoh", SAMPLE_VALUES["kegiatan"], [("Panitia", [SAMPLE_MEMBER])]),
    },
)
