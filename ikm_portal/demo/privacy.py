"""The rules of the house in Pekalongan: own words, two incidents with invented facts, the register, a proposal."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Agency, User
from participants import actions, queries
from participants.models import Incident, IncidentEvent, IncidentState, ProcessingActivity, Processor, RetentionKind
from participants.queries import Criteria
from participants.rules import PORTAL_LINES
from programs.models import Batch

PURPOSE = "notice"
OWN_ID = (
    "## Loket dan kelurahan\n\nBila Anda mendaftar lewat petugas kelurahan, petugas membacakan pemberitahuan ini dan "
    "mencatat persetujuan Anda di atas kertas yang disimpan kantor kami."
)
OWN_EN = (
    "## At the counter and in your urban village\n\nWhen an officer registers you, the officer reads this notice to "
    "you and writes your consent on paper, which our office keeps."
)
RETENTION = (
    (RetentionKind.NEVER_TOOK_PART, 12, "Jadwal retensi arsip daerah: pendaftaran yang tidak berlanjut"),
    (RetentionKind.TOOK_PART, 24, "Jadwal retensi arsip daerah (contoh): dua tahun setelah pelatihan"),
)
LEFT_BEHIND: dict[str, Any] = {
    "title": "Daftar hadir kertas tertinggal di angkutan umum",
    "kind": "loss",
    "data_items": ["name", "address", "attendance"],
    "happening": "Map berisi daftar hadir satu angkatan tertinggal di angkutan umum saat dibawa ke gudang arsip.",
    "effect": "Orang lain dapat mengetahui nama, kelurahan, dan pelatihan yang Anda ikuti.",
    "handling": "Map ditemukan kembali keesokan harinya dalam keadaan tertutup.",
}
SENT_ASTRAY: dict[str, Any] = {
    "title": "Daftar peserta terkirim ke alamat surel yang salah",
    "kind": "disclosure",
    "data_items": ["name", "contact"],
    "happening": "Lampiran berisi nama dan nomor telepon peserta satu angkatan terkirim ke alamat yang salah ketik.",
    "effect": "Penerima dapat menghubungi Anda dengan mengaku sebagai petugas.",
    "handling": "Pemilik alamat diminta menghapus lampiran; jawabannya masih ditunggu.",
}


def keep_house(*, agency: Agency, finished: Batch, opened: Batch, by: User, now: datetime) -> None:
    actions.save_privacy_contact(
        agency=agency, name=by.full_name, email="pdp.pekalongan@contoh.example", phone="+62285000000", by=by
    )
    _speak_own_words(agency, by)
    _fill_the_register(agency, by)
    for kind, months, basis in RETENTION:
        rule = actions.save_retention_rule(
            agency=agency, kind=kind, months=months, legal_basis=basis, is_active=True, by=by
        )
        actions.propose_retention(rule=rule, by=None)
    _closed(agency, finished, by, now - timedelta(days=40))
    _open(agency, opened, by, now - timedelta(hours=30))


def _speak_own_words(agency: Agency, by: User) -> None:
    """The notice of the portal with a paragraph of the office."""
    portal = queries.portal_words(PURPOSE)
    if portal is None:
        return
    words = {"words_id": f"{portal.words_id}\n\n{OWN_ID}", "words_en": f"{portal.words_en}\n\n{OWN_EN}"}
    note = "Cara persetujuan dicatat di kelurahan"
    text = actions.save_consent_text(agency=agency, purpose=PURPOSE, note=note, revision=0, by=by, **words)
    actions.publish_consent_text(text=text, revision=text.revision, begins_at=None, by=by)


def _fill_the_register(agency: Agency, by: User) -> None:
    actions.take_over_activities(agency=agency, lines=PORTAL_LINES, by=by)
    service, name = "Server dan cadangan data terenkripsi", "Pusat Data Pemerintah Kota (contoh)"
    made = actions.save_processor(agency=agency, name=name, service=service, place="Pekalongan", by=by)
    processor = Processor.objects.get(pk=made.pk)
    for activity in ProcessingActivity.objects.filter(agency=agency):
        activity.processors.add(processor)


def _closed(agency: Agency, batch: Batch, by: User, at: datetime) -> None:
    """Told by letter within two days, and closed."""
    incident = _reported(agency, batch, LEFT_BEHIND, by, at)
    actions.note_letters(incident=incident, expected=incident.people.count(), by=by)
    sent = at + timedelta(hours=26)
    actions.note_authority(incident=incident, told_at=sent, reference="500/117/DPK/CONTOH", by=by)
    note = "Daftar hadir kini dibawa dalam tas terkunci."
    actions.close_incident(incident=incident, outcome=IncidentState.CLOSED, note=note, by=by)
    people_told, closed = at + timedelta(hours=47), at + timedelta(days=6)
    Incident.objects.filter(pk=incident.pk).update(people_told_at=people_told, closed_at=closed)
    incident.people.update(told_at=people_told)
    when = {"people_told": people_told, "authority_told": sent, "closed": closed}
    for event in incident.events.filter(kind__in=when):
        IncidentEvent.objects.filter(pk=event.pk).update(at=when[event.kind])


def _open(agency: Agency, batch: Batch, by: User, at: datetime) -> None:
    """The clock runs: the list is there, nobody was told yet."""
    incident = _reported(agency, batch, SENT_ASTRAY, by, at)
    actions.note_incident(incident=incident, text="Penyedia surel dihubungi lewat telepon.", by=by)


def _reported(agency: Agency, batch: Batch, facts: dict[str, Any], by: User, at: datetime) -> Incident:
    happened = {"discovered_at": at, "happened_from": at - timedelta(hours=3)}
    incident = actions.report_incident(agency=agency, by=by, **facts, **happened)
    actions.list_people(incident=incident, criteria=Criteria(batches=[batch.pk]), by=by)
    reported, listed = at + timedelta(minutes=40), at + timedelta(hours=2)
    Incident.objects.filter(pk=incident.pk).update(reported_at=reported, people_frozen_at=listed)
    for kind, moment in (("reported", reported), ("listed", listed)):
        IncidentEvent.objects.filter(incident=incident, kind=kind).update(at=moment)
    return Incident.objects.get(pk=incident.pk)
