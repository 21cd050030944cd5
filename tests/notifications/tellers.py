"""How each kind of message to residents comes to be: by the notices themselves, from rows."""

from collections.abc import Callable
from copy import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from documents.models import Document
from incentives.models import Award, Competition, Entry, ReceiptCheck, UseReport
from incentives.notices import remind_of_reports, tell_pitch, tell_receipt, tell_report_decided, tell_schedule
from notifications.actions import queue, queue_many
from participants import notices
from participants.models import (
    AccessCode,
    Broadcast,
    DataRequest,
    Incident,
    Offer,
    Registration,
    RegistrationEvent,
)

NOTE = "Tanggal lahir belum sesuai dengan KTP."
Kinds = dict[str, Callable[[Registration, RegistrationEvent], None]]


def _offer(registration: Registration) -> Offer:
    begin = datetime(2026, 11, 22, 7, tzinfo=UTC)
    return Offer(registration=registration, offered_at=begin - timedelta(days=1), expires_at=begin)


def _cancelled(registration: Registration, event: RegistrationEvent) -> None:
    event.registration = registration
    notices.tell_many("batch_cancelled", [event], registration.batch, reason="Aula sedang diperbaiki.")


def _rescheduled(registration: Registration, event: RegistrationEvent) -> None:
    event.registration = registration
    notices.tell_many("batch_rescheduled", [event], registration.batch)


def _identity_used(registration: Registration, event: RegistrationEvent) -> None:
    stranger = copy(registration)
    stranger.phone, stranger.email = "+6281200009999", "lain@contoh.example"
    notices.tell_others_with_number(stranger, event)


def _teaching(kind: str, language: str, registration: Registration, **context: Any) -> None:
    """As the notices of programmes queue it: to an instructor, who is called like the resident here."""
    batch = registration.batch
    sessions = notices.planned_sessions(batch)
    queue(
        agency=batch.program.agency,
        kind=kind,
        key=f"{kind}:1",
        language=language,
        recipient_name=registration.full_name,
        email="guru@contoh.example",
        context={"batch": batch, "sessions": sessions, **context},
    )


def _broadcast(registration: Registration, event: RegistrationEvent) -> None:
    letter = Broadcast(
        pk=7,
        batch=registration.batch,
        subject_id="Bawa celemek ke aula",
        body_id="Mohon {nama} membawa celemek.",
        subject_en="Bring an apron along",
        body_en="Please bring an apron, {nama}.",
    )
    notices.tell_broadcast(letter, [registration], registration.batch, not_before=timezone.now(), at_once=1)


def _pitch(kind: str) -> Callable[[Registration, RegistrationEvent], None]:
    """About a pitch that was admitted and has its hour."""

    def tell(registration: Registration, event: RegistrationEvent) -> None:
        batch = registration.batch
        venue = batch.sessions.order_by("pk")[0].venue
        competition = Competition(pk=7, name="Lomba Rencana Usaha", program=batch.program, venue=venue)
        at = datetime(2026, 12, 21, 1, tzinfo=UTC)
        entry = Entry(pk=7, competition=competition, registration=registration, state="admitted", planned_at=at)
        if kind == "pitch_scheduled":
            tell_schedule(competition, [entry])
        else:
            tell_pitch(entry, kind, key="1", note=NOTE, reason="Aula sedang diperbaiki.")

    return tell


def _winner(kind: str) -> Callable[[Registration, RegistrationEvent], None]:
    """About an award that was paid."""

    def tell(registration: Registration, event: RegistrationEvent) -> None:
        competition = Competition(pk=7, name="Lomba Rencana Usaha", program=registration.batch.program)
        entry = Entry(pk=7, competition=competition, registration=registration, state="admitted")
        award = Award(pk=7, competition=competition, entry=entry)
        report = UseReport(pk=7, award=award, due_on=CARD_DAYS[0], state="returned")
        if kind == "award_receipt_asked":
            tell_receipt(ReceiptCheck(pk=7, award=award))
        elif kind == "use_report_due":
            remind_of_reports([report], report.due_on)
        else:
            tell_report_decided(report)

    return tell


def _about_data(kind: str) -> Callable[[Registration, RegistrationEvent], None]:
    def tell(registration: Registration, event: RegistrationEvent) -> None:
        agency = registration.batch.program.agency
        request = DataRequest(pk=1, agency=agency, registration=registration, code="ABCD2345")
        if kind == "data_erased":
            notices.farewell(request, [])()
        else:
            notices.tell_request(request, kind)

    return tell


def _incident(registration: Registration, event: RegistrationEvent) -> None:
    incident = Incident(
        pk=1,
        agency=registration.batch.program.agency,
        happening="Daftar terkirim ke alamat yang salah." if registration.language == "id" else "A list went astray.",
        discovered_at=datetime(2026, 11, 22, 7, tzinfo=UTC),
    )
    queue_many(drafts=[notices.incident_draft(incident, registration)])


def _own_code(registration: Registration, event: RegistrationEvent) -> None:
    assert registration.person is not None
    person = registration.person
    access = AccessCode(pk=1, registration=registration, expires_at=timezone.now() + timedelta(minutes=15))
    notices.tell_own_page_code(access, person, "ABCD-2345")


def _certificate(registration: Registration, event: RegistrationEvent) -> None:
    document = Document(pk=1, token="A" * 22, number="500.15/001/DPK/VII/2024")
    notices.tell_certificates(registration.batch, [(document, registration)])


# One way in which each kind comes to be; what is absent here is told by `notices.tell` with nothing besides.
CARD_DAYS = (date(2027, 4, 5), date(2028, 10, 5))
TELLERS: Kinds = {
    "registration_received": lambda registration, event: notices.tell(
        registration, "registration_received", event, position=0
    ),
    "registration_fix_requested": lambda registration, event: notices.tell(
        registration, "registration_fix_requested", event, note=NOTE
    ),
    "registration_rejected": lambda registration, event: notices.tell(
        registration, "registration_rejected", event, note=NOTE
    ),
    "registration_moved": lambda registration, event: notices.tell(
        registration, "registration_moved", event, left="Angkatan Medono", position=3
    ),
    "seat_offered": lambda registration, event: notices.tell_offer(_offer(registration), event, "aBc-123"),
    "identity_used": _identity_used,
    "job_card_report_due": lambda registration, event: notices.tell(
        registration, "job_card_report_due", event, due_on=CARD_DAYS[0], expires_on=CARD_DAYS[1]
    ),
    "job_card_expiring": lambda registration, event: notices.tell(
        registration, "job_card_expiring", event, due_on=CARD_DAYS[1], expires_on=CARD_DAYS[1]
    ),
    "recovery_code": lambda registration, event: notices.tell_recovery_code(
        AccessCode(pk=1, registration=registration), "ABCD-2345"
    ),
    "registration_corrected": lambda registration, event: notices.tell_former_contact(
        registration, event, {"email": "lama@contoh.example", "phone": ""}
    ),
    **{kind: _about_data(kind) for kind in ("data_request_received", "data_request_answered", "data_erased")},
    "incident_notice": _incident,
    "own_page_code": _own_code,
    "batch_cancelled": _cancelled,
    "broadcast": _broadcast,
    "certificate_ready": _certificate,
    "teaching_invited": lambda registration, event: _teaching(
        "teaching_invited",
        registration.language,
        registration,
        link="/mengajar/aBc-123/",
        expires_at=datetime(2026, 11, 25, 7, tzinfo=UTC),
    ),
    "teaching_changed": lambda registration, event: _teaching("teaching_changed", registration.language, registration),
    "batch_rescheduled": _rescheduled,
    **{kind: _winner(kind) for kind in ("award_receipt_asked", "use_report_due", "use_report_decided")},
    **{
        kind: _pitch(kind)
        for kind in ("pitch_received", "pitch_fix_requested", "pitch_decided", "pitch_scheduled", "pitch_called_off")
    },
}
