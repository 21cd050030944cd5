"""Law 27 of 2022, article 46: what the people concerned and the authority are told in writing of a failure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency, User
from documents.kinds import Snapshot, Subject
from kit.phones import show_phone
from kit.words import official_date
from participants.models import Incident, IncidentPerson
from participants.papers.people import address_lines
from programs.models.wording import counted

LETTER_CODE, REPORT_CODE = "incident_letter", "incident_report"
AUTHORITY = ["Lembaga Pelindungan Data Pribadi"]
SUBJECT = "Pemberitahuan kegagalan pelindungan data pribadi"
LABELS = {
    "data": gettext_lazy("which data"),
    "diketahui": gettext_lazy("when it was discovered"),
    "kontak": gettext_lazy("whom to ask at the office"),
}
LETTER_LABELS = LABELS | {"nama": gettext_lazy("name")}
REPORT_LABELS = LABELS | {"jumlah_orang": gettext_lazy("people concerned, in figures and words")}


def find_incident(user: User, pk: int) -> Incident | None:
    return Incident.objects.visible_to(user).select_related("agency__region").filter(pk=pk).first()


def letter_key(incident: int, entry: int) -> str:
    """By the entry, so that the key stays when the list is made anew."""
    return f"incident:{incident}:entry:{entry}"


def people_by_letter(incident: Incident) -> Iterable[Subject]:
    """Whoever was not told by message, each once, by kelurahan; nobody whose data are gone."""
    people = incident.people.exclude(way=IncidentPerson.Way.MESSAGE).filter(registration__anonymised_at=None)
    rows = people.select_related("registration__region__parent").defer("registration__nik", "registration__eligibility")
    for one in rows.order_by("registration__region", "registration__full_name", "pk"):
        entry = one.registration
        yield Subject(letter_key(incident.pk, entry.pk), entry.full_name, incident.agency, None, (incident, entry))


def incident_subject(incident: Incident) -> Iterable[Subject]:
    yield Subject(f"incident:{incident.pk}", incident.title, incident.agency, None, incident)


def letters_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    told: dict[int, tuple[dict[str, str], list[list[str]]]] = {}
    found = []
    for subject in subjects:
        incident, entry = subject.source
        if incident.pk not in told:
            told[incident.pk] = _values(incident), _facts(incident)
        values, facts = told[incident.pk]
        body = letter_body([entry.full_name, *address_lines(entry)], facts)
        found.append({"values": values | {"nama": entry.full_name}, "not_before": _first_day(incident), **body})
    return found


def reports_of(subjects: Sequence[Subject]) -> list[Snapshot]:
    return [_report(subject.source) for subject in subjects]


def _report(incident: Incident) -> Snapshot:
    people = counted(incident.people_count, "orang") if incident.people_frozen_at else "masih dihitung"
    facts = [["Pengendali data", incident.agency.name], *_facts(incident), ["Orang terdampak", people]]
    facts += [["Kepada warga", _people_told(incident)]]
    values = _values(incident) | {"jumlah_orang": people}
    return {"values": values, "not_before": _first_day(incident), **letter_body(AUTHORITY, facts)}


def _people_told(incident: Incident) -> str:
    if incident.people_told_at is None:
        return "pemberitahuan sedang dilakukan"
    return f"diberitahukan sejak {written_moment(incident.people_told_at, incident.agency)}"


def letter_body(to: Sequence[str], facts: list[list[str]]) -> Snapshot:
    return {"nature": "Segera", "enclosed": "-", "subject": SUBJECT, "to": list(to), "in": "tempat", "details": facts}


def _first_day(incident: Incident) -> str:
    return incident.discovered_at.astimezone(incident.agency.zone).date().isoformat()


def _values(incident: Incident) -> dict[str, str]:
    return {
        "data": ", ".join(incident.data_labels),
        "diketahui": written_moment(incident.discovered_at, incident.agency),
        "kontak": written_contact(incident.agency),
    }


def _facts(incident: Incident) -> list[list[str]]:
    """What the law asks for: which data, when and how, what is done about it. A letter without is none."""
    if not incident.handling or not incident.data_items:
        raise ValidationError(
            _("First write which data it was and what is being done about it: the law asks the letter to say so."),
            code="handling_missing",
        )
    facts = [
        ["Data terungkap", ", ".join(incident.data_labels)],
        ["Waktu kejadian", _period(incident)],
        ["Diketahui", written_moment(incident.discovered_at, incident.agency)],
        ["Uraian kejadian", incident.happening],
        ["Dampak", incident.effect or ""],
        ["Penanganan", incident.handling],
    ]
    return [[label, " ".join(words.split())] for label, words in facts if words]


def _period(incident: Incident) -> str:
    if incident.happened_from is None:
        return "masih diselidiki"
    ends = incident.happened_until
    until = f" s.d. {written_moment(ends, incident.agency)}" if ends else ""
    return f"{written_moment(incident.happened_from, incident.agency)}{until}"


def written_moment(moment: datetime, agency: Agency) -> str:
    """2 Juli 2024 pukul 08.15 WIB"""
    local = moment.astimezone(agency.zone)
    return f"{official_date(local.date())} pukul {local:%H.%M} {local:%Z}"


def written_contact(agency: Agency) -> str:
    phone, email = agency.privacy_contact_phone or agency.phone, agency.privacy_contact_email or agency.email
    parts = [
        agency.privacy_contact_name or "Petugas Pelindungan Data Pribadi",
        f"telepon {show_phone(phone)}" if phone else "",
        f"surel {email}" if email else "",
    ]
    return ", ".join(part for part in parts if part)


SAMPLE_VALUES: dict[str, str] = {
    "data": "nama, telepon dan surel",
    "diketahui": "2 Juli 2024 pukul 08.15 WIB",
    "kontak": "Petugas Contoh, surel pdp@contoh.go.id",
}
SAMPLE_FACTS = [
    ["Data terungkap", SAMPLE_VALUES["data"]],
    ["Waktu kejadian", "1 Juli 2024 pukul 15.00 WIB"],
    ["Diketahui", SAMPLE_VALUES["diketahui"]],
    ["Uraian kejadian", "Daftar peserta terkirim ke alamat surel yang salah."],
    ["Dampak", "Penerima dapat menghubungi Saudara dengan mengaku sebagai petugas."],
    ["Penanganan", "Penerima telah menghapus daftar tersebut dan menyatakannya secara tertulis."],
]
