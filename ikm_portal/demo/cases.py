"""The entries that somebody who looks at the demonstration wants to find, made by the very actions of the portal."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ikm_portal.demo.accounts import BENDAN_KERGON, MEDONO
from ikm_portal.demo.days import pairs_from
from ikm_portal.demo.editions import (
    BANDENGAN,
    KAUMAN,
    PANJANG_BARU,
    PRINGREJO,
    SAPURO_KEBULEN,
    SETONO,
    Edition,
    Staff,
    said_before,
)
from ikm_portal.demo.enrolment import NAMESPACE
from participants import actions
from participants.models import Consent, Declaration, Offer, Person, Registration, RejectReason, Source
from participants.queries import PORTAL_EDITION
from programs.models import Batch


@dataclass(frozen=True)
class Guest:
    """A resident whose number and PIN are printed, so that everybody may look at the resident's own page."""

    name: str
    shows: str

    @property
    def submission_key(self) -> uuid.UUID:
        return uuid.uuid5(NAMESPACE, f"guest {self.name}")


HOLDER = Guest("Dewi Contoh Lestari", "holds a seat in Bendan Kergon")
CHOOSER = Guest("Rina Contoh Wulandari", "is offered a seat in Medono")
WAITER = Guest("Joko Contoh Susanto", "waits in Medono")
MENDER = Guest("Umi Contoh Khasanah", "has to correct an entry in Sapuro Kebulen")
SENDER = Guest("Wa Contoh Salma", "is asked for photos of documents in Kendari")
GUESTS = (HOLDER, CHOOSER, WAITER, MENDER, SENDER)


@dataclass(frozen=True)
class Scene:
    edition: Edition
    staff: Staff
    known: Mapping[str, list[Person]]

    def person(self, village: str, **declared: Any) -> Declaration:
        return self.edition.people.next(self.edition.batches[village].region, **declared)

    def register(
        self, village: str, said: Declaration | None = None, *, guest: Guest | None = None, assisted: bool = False
    ) -> Registration:
        said = said or self.person(village)
        helper = self.staff.helpers.get(village, self.staff.officer) if assisted else None
        return actions.register(
            batch=self.edition.batches[village],
            declaration=replace(said, full_name=guest.name) if guest else said,
            submission_key=guest.submission_key if guest else uuid.uuid5(NAMESPACE, f"case {said.nik}"),
            consents={Consent.Purpose.NOTICE: True, Consent.Purpose.BROADCAST: guest is not None},
            notice_version=PORTAL_EDITION,
            by=helper,
            source=Source.ASSISTED if helper else Source.ONLINE,
        )

    def open_offer(self, village: str) -> Offer:
        return (
            Offer.objects.open().select_related("registration").get(registration__batch=self.edition.batches[village])
        )

    def written(self, village: str, seat: str) -> list[Registration]:
        return list(self.edition.batches[village].registrations.filter(seat=seat).order_by("queue_number"))


def play(scene: Scene) -> None:
    """What tells many people comes first, so that the mailbox opens with the others."""
    cancel(scene)
    reschedule(scene)
    moves(scene)
    decisions(scene)
    doubts(scene)
    free_seats(scene)
    waiting_list(scene)


def free_seats(scene: Scene) -> None:
    """Bendan Kergon: a few seats are left."""
    scene.register(
        BENDAN_KERGON, scene.person(BENDAN_KERGON, woman=True, email="dewi.lestari@contoh.example"), guest=HOLDER
    )
    scene.register(BENDAN_KERGON, scene.person(BENDAN_KERGON, language="en", email="visitor@contoh.example"))
    scene.register(BENDAN_KERGON, assisted=True)


def waiting_list(scene: Scene) -> None:
    """Medono: full. One freed seat was taken; another was declined and offered on to who has not answered yet."""
    decliner = scene.register(MEDONO)
    scene.register(MEDONO, scene.person(MEDONO, woman=True, email="rina.wulandari@contoh.example"), guest=CHOOSER)
    for _ in range(3):
        scene.register(MEDONO)
    scene.register(MEDONO, scene.person(MEDONO, woman=False, email="joko.susanto@contoh.example"), guest=WAITER)
    first, second = scene.written(MEDONO, "held")[5:7]
    actions.withdraw(registration=first, reason="Mendapat pekerjaan di luar kota.", by=None)
    actions.accept_offer(offer=scene.open_offer(MEDONO), by=None)
    actions.withdraw(registration=second, reason="Merawat anggota keluarga yang sakit.", by=None)
    offered = scene.open_offer(MEDONO)
    if offered.registration_id == decliner.pk:
        actions.decline_offer(offer=offered, by=None)


def doubts(scene: Scene) -> None:
    """Sapuro Kebulen: what a verifier has to look at, each in one entry."""
    village = SAPURO_KEBULEN
    region = scene.edition.batches[village].region
    mender = scene.register(
        village, scene.person(village, woman=True, email="umi.khasanah@contoh.example"), guest=MENDER
    )
    note = "RT dan RW belum diisi sesuai KTP. Mohon dilengkapi."
    actions.request_fix(registration=mender, note=note, by=scene.staff.verifier)
    twice = scene.person(village)
    scene.register(village, twice)
    again = scene.edition.people.number(region, twice.birth_date, twice.sex)
    scene.register(village, replace(twice, nik=again, address="Jalan Contoh Melati No. 7"), assisted=True)
    owner = scene.known[village][0]
    scene.register(village, replace(said_before(owner, region), phone="+6281200009501", email=""))
    misread = scene.person(village)
    scene.register(village, replace(misread, birth_date=misread.birth_date + timedelta(days=31)))
    scene.register(village, replace(scene.person(village), full_name="Sit1 Rohmatun"), assisted=True)
    unreachable = scene.register(village)
    actions.reject(
        registration=unreachable,
        reason=RejectReason.NOT_REACHABLE,
        note="Tiga kali dihubungi, nomor tidak aktif.",
        by=scene.staff.verifier,
    )


def decisions(scene: Scene) -> None:
    """Panjang Baru: an entry that was mended, one that was rejected, and a decision that was taken back."""
    village, verifier = PANJANG_BARU, scene.staff.verifier
    said = scene.person(village, email="lama@contoh.example")
    mended = scene.register(village, said)
    actions.request_fix(registration=mended, note="Nomor telepon tidak dapat dihubungi.", by=verifier)
    corrected = replace(said, phone="+6281200009502", email="baru@contoh.example")
    actions.correct(registration=mended, declaration=corrected, by=None)
    wrong = scene.register(village)
    actions.reject(
        registration=wrong,
        reason=RejectReason.WRONG_DATA,
        note="Nama berbeda dengan KTP yang ditunjukkan.",
        by=verifier,
    )
    hasty = scene.register(village, assisted=True)
    actions.reject(registration=hasty, reason=RejectReason.NOT_ELIGIBLE, note="", by=verifier)
    actions.undo_decision(registration=hasty, by=scene.staff.officer)
    sound = scene.register(village, scene.person(village, email="sudah.benar@contoh.example"))
    actions.verify(registration=sound, note="", by=verifier)


def moves(scene: Scene) -> None:
    """Somebody of Setono cannot come on those days and gets a seat in Pringrejo."""
    last = scene.written(SETONO, "held")[-1]
    target = scene.edition.batches[PRINGREJO]
    actions.move(registration=last, to=target, reason="Atas permintaan warga.", by=scene.staff.officer)


def reschedule(scene: Scene) -> None:
    """Kauman: both days a week or more later, at the same hours, when nobody else is booked."""
    batch = scene.edition.batches[KAUMAN]
    zone = batch.program.agency.zone
    last = max(day for one in scene.edition.batches.values() for day in _days(one, zone))
    days = next(pairs_from(last + timedelta(days=1)))
    sessions = {}
    before = _days(batch, zone)
    for session in batch.sessions.planned().select_related("venue"):
        begin, end = session.during.lower.astimezone(zone), session.during.upper.astimezone(zone)
        day = days[before.index(begin.date())]
        sessions[session.pk] = (
            datetime.combine(day, begin.time(), tzinfo=zone),
            datetime.combine(day, end.time(), tzinfo=zone),
            session.venue,
        )
    actions.reschedule_batch(batch=batch, sessions=sessions, by=scene.staff.officer)


def _days(batch: Batch, zone: ZoneInfo) -> list[date]:
    """The days of its sessions, each once, in order."""
    begins = (session.during.lower.astimezone(zone).date() for session in batch.sessions.planned())
    return sorted(set(begins))


def cancel(scene: Scene) -> None:
    """Bandengan: called off, and everybody told."""
    reason = "Aula kelurahan sedang diperbaiki. Warga Bandengan akan mendapat jadwal baru."
    actions.cancel_batch(batch=scene.edition.batches[BANDENGAN], reason=reason, by=scene.staff.officer)
