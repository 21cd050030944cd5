"""The certificate of who took part: a front with the name, a back with what was taught. Never *kompeten*."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.kinds import Snapshot, Subject
from documents.models import Document
from documents.rules.tables import column, table
from kit.words import official_date, official_dates
from participants.models import Registration, RegistrationQuerySet
from participants.papers.sheets import SIGNERS, last_day
from programs.models import Batch, Session
from programs.models.wording import batch_facts, batch_values, counted, material_of, planned_for_papers, region_in_full

CERTIFICATE_CODE = "certificate"
MATERIALS = (column("Materi", fr=5), column("JP", mm=18, side="center"), column("Pengajar", fr=4))
RECEIVERS = (column("Nama", fr=3), column("Nomor sertifikat", fr=3), column("Tanda tangan", mm=66, sign=True))
# People sign on the day on which they are given it.
HANDED_OVER = "................................"


def earners(batch: Batch) -> RegistrationQuerySet:
    found = batch.registrations.earning_certificate().select_related("region__parent", "person", "completion")
    return found.defer("nik", "person__nik", "eligibility").order_by("full_name", "pk")


def certified(batch: Batch) -> Iterable[Subject]:
    """Everybody who took part enough, by name. The name is the one on file today, not the one first declared."""
    agency = batch.program.agency
    for entry in earners(batch):
        entry.batch = batch
        yield Subject(f"entry:{entry.pk}", certified_name(entry), agency, batch.region_id, entry)


def certified_name(entry: Registration) -> str:
    return entry.person.full_name if entry.person else entry.full_name


def certificates_needed(batches: Sequence[int]) -> dict[int, int]:
    over = Registration.objects.filter(batch__in=batches, batch__ends_at__lte=timezone.now())
    return dict(over.earning_certificate().order_by().values_list("batch").annotate(total=Count("pk")))


def certificates_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    shared: dict[int, tuple[dict[str, str], Snapshot]] = {}
    found = []
    for subject in subjects:
        entry: Registration = subject.source
        if entry.batch_id not in shared:
            shared[entry.batch_id] = _shared(entry.batch, timezone.now())
        values, body = shared[entry.batch_id]
        own = {"nama": subject.label, "wilayah_peserta": region_in_full(entry.region)}
        passed = entry.completion.test_passed is True
        found.append({"values": values | own} | body | {"name": subject.label, "assessed": passed, **_of(own)})
    return found


def _of(own: Mapping[str, str]) -> dict[str, str]:
    return {"of": own["wilayah_peserta"]}


def _shared(batch: Batch, now: datetime) -> tuple[dict[str, str], Snapshot]:
    """What all certificates of a batch say; refuses as long as the training goes on."""
    sessions = planned_for_papers(batch)
    ends_at = max(session.during.upper for session in sessions)
    last = ends_at.astimezone(batch.program.agency.zone).date()
    if ends_at > now:
        told = {"batch": batch.name, "date": official_date(last)}
        raise ValidationError(
            _("The training of %(batch)s ends on %(date)s. Certificates follow after it.") % told, code="not_over"
        )
    values = _values(batch, sessions)
    return values, certificate_body(values, materials(sessions), last)


def _values(batch: Batch, sessions: Sequence[Session]) -> dict[str, str]:
    zone = batch.program.agency.zone
    values = batch_values(batch, sessions)
    days = sorted({session.during.lower.astimezone(zone).date() for session in sessions})
    return values | {
        "pelatihan": ": ".join(part for part in (values["kegiatan"], values["topik"]) if part),
        "tanggal_pelatihan": official_dates(days),
        "jam_pelajaran": counted(sum(session.lesson_hours for session in sessions), "jam pelajaran"),
        "di_tempat": f" di {values['tempat']}" if values["tempat"] else "",
    }


def materials(sessions: Sequence[Session]) -> list[list[str]]:
    """Each material with its hours and who taught it, in the order of the first session; without ceremonies."""
    hours: dict[tuple[str, str], int] = {}
    for session in sessions:
        if session.lesson_hours:
            key = material_of(session), str(session.instructor or session.partner or "-")
            hours[key] = hours.get(key, 0) + session.lesson_hours
    return [[material, str(count), teacher] for (material, teacher), count in hours.items()]


def certificate_body(values: Mapping[str, str], taught: list[list[str]], last: date) -> Snapshot:
    total = str(sum(int(row[1]) for row in taught))
    sums = [[2, "Jumlah", "right"], [1, total, "center"], [1, "", "left"]]
    facts = [["Tanggal", values["tanggal_pelatihan"]], ["Tempat", values["tempat"]]]
    return {
        "not_before": last.isoformat(),
        "heading": "Sertifikat",
        "training": values["pelatihan"],
        "hours": total,
        "dates": values["tanggal_pelatihan"],
        "facts": [[label, value] for label, value in facts if value],
        "materials": table(MATERIALS, taught, total=sums),
    }


def told_of_certificate(printed: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """All that a stranger with the sheet in hand may read: what stands on it."""
    body = printed.get("body", {})
    return [
        (gettext_lazy("Name"), str(body.get("name", ""))),
        (gettext_lazy("Training"), str(body.get("training", ""))),
        (gettext_lazy("Lesson hours"), str(body.get("hours", ""))),
        (gettext_lazy("Held on"), str(body.get("dates", ""))),
    ]


def receipts_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    return [_receipt(subject.source) for subject in subjects]


def _receipt(batch: Batch) -> Snapshot:
    issued = Document.objects.in_force().about(f"batch:{batch.pk}").filter(kind=CERTIFICATE_CODE)
    rows = [[label, number] for label, number in issued.order_by("label", "pk").values_list("label", "number")]
    if not rows:
        raise ValidationError(
            _("No certificate has been issued for %(batch)s yet.") % {"batch": batch.name}, code="no_certificates"
        )
    sessions = planned_for_papers(batch)
    body = receipt_body(batch_facts(batch, sessions), rows) | last_day(batch, sessions)
    return {"values": batch_values(batch, sessions), **body, "date": HANDED_OVER}


def receipt_body(facts: list[list[str]], rows: list[list[str]]) -> Snapshot:
    return {
        "heading": ["Tanda terima sertifikat"],
        "facts": facts,
        "groups": [{"table": table(RECEIVERS, rows)}],
        "row": 7.6,
        "signers": SIGNERS,
    }
