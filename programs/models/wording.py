"""What official papers say of a batch and its sessions: always in Indonesian, from rows that are loaded."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Permission
from documents.kinds import Subject
from kit.words import number_in_words, official_date, official_dates, official_days, official_hours
from programs.models.batch import Batch
from programs.models.session import Session
from regions.models import Region

MATERIAL = {
    Session.Kind.TRAINING: "Praktik keterampilan",
    Session.Kind.MANAGEMENT: "Manajemen kewirausahaan",
    Session.Kind.JOB_SEEKER_CARD: "Pengenalan kartu pencari kerja (AK1)",
    Session.Kind.CEREMONY: "Pembukaan atau penutupan",
}
# The placeholders that `batch_values` fills, and what each stands for.
BATCH_LABELS = {
    "kegiatan": gettext_lazy("name of the programme"),
    "angkatan": gettext_lazy("name of the batch"),
    "wilayah": gettext_lazy("kelurahan and kecamatan, or city"),
    "topik": gettext_lazy("topics"),
    "hari_tanggal": gettext_lazy("days and dates"),
    "waktu": gettext_lazy("hours"),
    "tempat": gettext_lazy("venue"),
    "jumlah_jp": gettext_lazy("number of lesson hours"),
    "kuota": gettext_lazy("seats, in figures and words"),
    "cadangan": gettext_lazy("places on the waiting list, in figures and words"),
    "sumber_dana": gettext_lazy("fund source"),
    "tahun_anggaran": gettext_lazy("fiscal year"),
    "dasar_hukum": gettext_lazy("legal basis of the fund"),
}
SAMPLE_BATCH = {
    "kegiatan": "Pelatihan Keterampilan Kerja DBHCHT 2024",
    "angkatan": "Angkatan Contoh",
    "wilayah": "Kelurahan Contoh, Kecamatan Contoh",
    "topik": "Roti dan masakan",
    "hari_tanggal": "Senin dan Selasa, 1 dan 2 Juli 2024",
    "waktu": "08.00 s.d. 16.00 WIB",
    "tempat": "Aula Kelurahan Contoh, Jalan Contoh Nomor 1",
    "jumlah_jp": "18",
    "kuota": "40 (empat puluh)",
    "cadangan": "10 (sepuluh)",
    "sumber_dana": "DBHCHT",
    "tahun_anggaran": "2024",
    "dasar_hukum": "PMK 215/PMK.07/2021",
}


def planned_for_papers(batch: Batch) -> list[Session]:
    """In order, with what papers say of them; a batch without any has no papers yet."""
    found = list(batch.sessions.planned().in_order().select_related("topic", "venue", "instructor", "partner"))
    if not found:
        raise ValidationError(
            _("%(batch)s has no session yet. Plan its days first.") % {"batch": batch.name}, code="no_sessions"
        )
    return found


def find_batch(user: User, pk: int) -> Batch | None:
    return Batch.objects.visible_to(user, Permission.VIEW_DOCUMENTS).with_parts().filter(pk=pk).first()


def batch_subject(batch: Batch) -> Iterable[Subject]:
    """The one paper about the batch as a whole."""
    yield Subject(f"batch:{batch.pk}", batch.name, batch.program.agency, batch.region_id, batch)


def batch_values(batch: Batch, sessions: Sequence[Session]) -> dict[str, str]:
    """The placeholders of papers about a batch. Dates and places stay empty while no session is planned."""
    program, fund = batch.program, batch.program.fund_source
    zone = program.agency.zone
    days = [session.during.lower.astimezone(zone).date() for session in sessions]
    topics = dict.fromkeys(topic.name for topic in batch.topics.all())
    return {
        "kegiatan": program.name,
        "angkatan": batch.name,
        "wilayah": region_in_full(batch.region),
        "topik": listed(topics),
        "hari_tanggal": official_days(days) if days else "",
        "waktu": hours_of_day(batch, sessions),
        "tempat": places(sessions),
        "jumlah_jp": str(sum(session.lesson_hours for session in sessions)),
        "kuota": counted(batch.quota),
        "cadangan": counted(batch.waiting_quota),
        "sumber_dana": fund.name,
        "tahun_anggaran": str(fund.fiscal_year),
        "dasar_hukum": fund.legal_basis,
    }


def counted(number: int, unit: str = "") -> str:
    """40 (empat puluh) orang"""
    return f"{number} ({number_in_words(number)}) {unit}".strip()


def listed(words: Iterable[str]) -> str:
    """roti, tas, dan rajut"""
    found = list(words)
    if len(found) < 3:
        return " dan ".join(found)
    return f"{', '.join(found[:-1])}, dan {found[-1]}"


def region_in_full(region: Region) -> str:
    """Kelurahan Bendan Kergon, Kecamatan Pekalongan Barat; a city by its name alone."""
    above = region.parent
    return f"{region.full_name}, {above.full_name}" if above is not None and region.level > 3 else region.full_name


def hours_of_day(batch: Batch, sessions: Sequence[Session]) -> str:
    """From the first to the last hour of a day; where the days differ, the schedule tells."""
    zone = batch.program.agency.zone
    by_day: dict[Any, list[Session]] = {}
    for session in sessions:
        by_day.setdefault(session.during.lower.astimezone(zone).date(), []).append(session)
    spans = {
        official_hours(min(one.during.lower for one in day), max(one.during.upper for one in day), zone)
        for day in by_day.values()
    }
    if len(spans) > 1:
        return f"{official_hours(min(one.during.lower for one in sessions), None, zone)}, sesuai jadwal"
    return spans.pop() if spans else ""


def places(sessions: Sequence[Session]) -> str:
    """Each venue once, in the order of the sessions, with its address."""
    return "; ".join(dict.fromkeys(place_of(session) for session in sessions if session.venue is not None))


def place_of(session: Session) -> str:
    venue = session.venue
    return ", ".join(part for part in (venue.name, venue.address) if part) if venue is not None else ""


def material_of(session: Session) -> str:
    return session.topic.name if session.topic is not None else MATERIAL[Session.Kind(session.kind)]


def session_facts(batch: Batch, session: Session, position: int, count: int) -> list[list[str]]:
    """The head of a list that belongs to one session: label and value."""
    zone = batch.program.agency.zone
    begins = session.during.lower.astimezone(zone)
    hours = f" ({session.lesson_hours} JP)" if session.lesson_hours else ""
    return [
        ["Kegiatan", batch.program.name],
        ["Angkatan", f"{batch.name}, {region_in_full(batch.region)}"],
        ["Hari, tanggal", official_date(begins.date(), weekday=True)],
        ["Waktu", f"Pukul {official_hours(session.during.lower, session.during.upper, zone)}"],
        ["Tempat", place_of(session) or "-"],
        ["Sesi", f"{position} dari {count}: {material_of(session)}{hours}"],
        ["Pengajar", str(session.instructor or "-")],
    ]


def batch_facts(batch: Batch, sessions: Sequence[Session]) -> list[list[str]]:
    """The head of a list that belongs to the whole batch."""
    values = batch_values(batch, sessions)
    days = sorted({session.during.lower.astimezone(batch.program.agency.zone).date() for session in sessions})
    told = [
        ["Kegiatan", values["kegiatan"]],
        ["Angkatan", f"{values['angkatan']}, {values['wilayah']}"],
        ["Topik", values["topik"]],
        ["Tanggal", official_dates(days) if days else ""],
        ["Tempat", values["tempat"]],
        ["Sumber dana", f"{values['sumber_dana']} Tahun Anggaran {values['tahun_anggaran']}"],
    ]
    return [[label, value] for label, value in told if value]
