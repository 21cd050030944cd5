"""Who is told what. Each notice is one row of the outbox with a key of its own, so nothing is told twice."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from documents.models import Document
from notifications.actions import FAREWELL, Draft, prepare, queue, queue_many
from notifications.models import Message
from participants import queries
from participants.models import (
    AccessCode,
    Broadcast,
    CardReport,
    Complaint,
    ComplaintEvent,
    DataRequest,
    Incident,
    Offer,
    Person,
    PersonMerge,
    Registration,
    RegistrationEvent,
)
from programs.models import Batch, Session

MOST_OTHERS_TOLD = 5
# The outcome of a check goes only to contact data on file while it is not settled whose identity number it is.
OUTCOMES = {"registration_verified", "registration_rejected", "registration_fix_requested"}


def batch_group(batch_id: int) -> str:
    return f"batch:{batch_id}"


def tell(registration: Registration, kind: str, event: RegistrationEvent, **context: Any) -> None:
    """Nothing about an entry whose data is restricted: it is kept and not used."""
    if registration.restricted_at is None:
        queue(**_draft(registration, kind, f"{kind}:{event.pk}", context))


def prepared(registration: Registration, kind: str, event: RegistrationEvent, **context: Any) -> Message:
    """The notice as a row that the caller writes in this transaction; the worker hears of it after the commit."""
    return prepare(Draft(**_draft(registration, kind, f"{kind}:{event.pk}", context)))


def tell_many(kind: str, events: Sequence[RegistrationEvent], batch: Batch, **context: Any) -> int:
    """The same notice to many entries of one batch; each event carries its registration."""
    shared = {"sessions": planned_sessions(batch), **context}
    drafts = []
    for event in events:
        if event.registration.restricted_at is not None:
            continue
        event.registration.batch = batch
        drafts.append(Draft(**_draft(event.registration, kind, f"{kind}:{event.pk}", {**shared, "event": event})))
    return queue_many(drafts=drafts)


def tell_received(told: Sequence[tuple[RegistrationEvent, int | None]]) -> int:
    """To many at once what each newcomer hears; beside each event the place in line."""
    sessions: dict[int, list[Session]] = {}
    drafts = []
    for event, position in told:
        entry, key = event.registration, f"registration_received:{event.pk}"
        if entry.batch_id not in sessions:
            sessions[entry.batch_id] = planned_sessions(entry.batch)
        context = {"position": position, "sessions": sessions[entry.batch_id]}
        drafts.append(Draft(**_draft(entry, "registration_received", key, context)))
    return queue_many(drafts=drafts)


def tell_offer(offer: Offer, event: RegistrationEvent, token: str, **context: Any) -> None:
    link = reverse("participants:offer_answer", args=[token])
    tell(offer.registration, "seat_offered", event, expires_at=offer.expires_at, link=link, **context)


def tell_others_with_number(registration: Registration, event: RegistrationEvent) -> None:
    """An identity number came with contact data that is not on file: everybody who used it before hears of it.

    Not only the person on file: who tried a number first would learn from a later warning whether it was known.
    """
    agency = registration.batch.program.agency
    entries = Registration.objects.filter(nik_hash=registration.nik_hash, batch__program__agency=agency)
    others: list[Person | Registration] = [
        *Person.objects.filter(agency=agency, nik_hash=registration.nik_hash),
        *entries.exclude(pk=registration.pk).order_by("-pk")[:MOST_OTHERS_TOLD],
    ]
    told = {registration.email.lower(), registration.phone}
    for number, other in enumerate(others):
        contact = {other.email.lower(), other.phone} - {""}
        if not contact & told:
            told |= contact
            draft = _draft(registration, "identity_used", f"identity_used:{event.pk}:{number}", {})
            queue(**(draft | {"recipient_name": other.full_name, "email": other.email, "phone": other.phone}))


def tell_recovery_code(access: AccessCode, code: str) -> None:
    draft = _draft(access.registration, "recovery_code", f"recovery_code:{access.pk}", {"code": code})
    queue(**(draft | {"secret": True, "expires_at": access.expires_at}))


def tell_merged(merge: PersonMerge, kept: Person, others: Sequence[str]) -> None:
    """Both addresses that were on file hear of it: whose data is joined with a stranger's may say so in time."""
    _tell_cards("persons_merged", merge, kept, [(kept.phone, kept.email), (others[0], others[1])])


def tell_parted(merge: PersonMerge, kept: Person, gone: Person) -> None:
    _tell_cards("persons_parted", merge, kept, [(kept.phone, kept.email), (gone.phone, gone.email)])


def _tell_cards(kind: str, merge: PersonMerge, kept: Person, contacts: Sequence[tuple[str, str]]) -> None:
    for number, (phone, email) in enumerate(dict.fromkeys(contacts)):
        queue(
            agency=merge.agency,
            kind=kind,
            key=f"{kind}:{merge.pk}:{number}",
            language="id",
            recipient_name=kept.full_name,
            email=email,
            phone=phone,
            region=kept.region,
            subject=("person", kept.pk),
            context={"agency": merge.agency, "undo_until": merge.undo_until},
        )


def tell_former_contact(registration: Registration, event: RegistrationEvent, former: dict[str, Any]) -> None:
    """When contact data changes, the former address hears of it."""
    draft = _draft(registration, "registration_corrected", f"registration_corrected:{event.pk}", {})
    queue(**(draft | {"email": former["email"], "phone": former["phone"]}))


def broadcast_draft(broadcast: Broadcast, registration: Registration, sessions: Sequence[Session]) -> Draft:
    """One person's copy; its key lets nobody get it twice, whoever presses how often."""
    wordings = broadcast.wordings
    language = registration.language if registration.language in wordings else "id"
    fields = _draft(registration, "broadcast", f"{broadcast.group}:{registration.pk}", {"sessions": sessions})
    return Draft(**fields | {"group": broadcast.group, "language": language, "wording": wordings[language]})


def tell_broadcast(
    broadcast: Broadcast, people: Sequence[Registration], batch: Batch, *, not_before: datetime, at_once: int
) -> int:
    """To all of them, some at a time, in the caller's transaction. How many messages were new."""
    sessions, told = planned_sessions(batch), 0
    for some in batched(people, at_once):
        drafts = []
        for registration in some:
            registration.batch = batch
            drafts.append(replace(broadcast_draft(broadcast, registration, sessions), not_before=not_before))
        told += queue_many(drafts=drafts)
    return told


def tell_complaint(complaint: Complaint, kind: str, event: ComplaintEvent) -> None:
    """That there is something to read, never what. Nothing where only the heads may know who complained."""
    if not complaint.has_contact or complaint.is_sensitive:
        return
    with translation.override(complaint.language):
        somebody = _("Sir or Madam")
    queue(
        agency=complaint.agency,
        kind=kind,
        key=f"{kind}:{event.pk}",
        language=complaint.language,
        recipient_name=complaint.full_name or somebody,
        email=complaint.email or "",
        phone=complaint.phone or "",
        group=complaint.group,
        region=complaint.region,
        subject=("complaint", complaint.pk),
        context={"complaint": complaint, "complaint_path": reverse("participants:complaint_status")},
    )


def report_group(report_id: int) -> str:
    return f"card_report:{report_id}"


def tell_card_reports(reports: Sequence[CardReport]) -> int:
    """That a report of a job seeker card is due, or that the card runs out. How many messages were new."""
    due = [_card_draft(report, "job_card_report_due") for report in reports if not report.is_last]
    ending = [_card_draft(report, "job_card_expiring") for report in reports if report.is_last]
    return queue_many(drafts=due + ending)


def _card_draft(report: CardReport, kind: str) -> Draft:
    person, key = report.card.person, report_group(report.pk)
    agency = person.agency
    return Draft(
        agency=agency,
        kind=kind,
        key=f"{key}:{report.due_on}",
        language=getattr(report, "language", None) or "id",
        recipient_name=person.full_name,
        email=person.email,
        phone=person.phone,
        group=key,
        region=person.region,
        subject=("person", person.pk),
        expires_at=datetime.combine(report.due_on + timedelta(days=1), time(), agency.zone),
        context={"due_on": report.due_on, "expires_on": report.card.expires_on},
    )


def tell_certificates(batch: Batch, issued: Sequence[tuple[Document, Registration]]) -> int:
    """That a certificate can be fetched, and the owner's own address of it. Who was told is not told again."""
    drafts, sessions = [], planned_sessions(batch)
    for document, registration in issued:
        registration.batch = batch
        path = queries.certificate_path(document)
        context = {"sessions": sessions, "certificate_path": path, "certificate_number": document.number}
        key = queries.ready_key(document)
        drafts.append(Draft(**_draft(registration, "certificate_ready", key, context)))
    return queue_many(drafts=drafts)


def tell_own_page_code(access: AccessCode, person: Person, code: str) -> None:
    """To the contact on file of the person, never to that of an entry: whoever made it may be another."""
    queue(
        **_about_data(person.agency, person, access.registration, "own_page_code", f"own_page_code:{access.pk}"),
        context={"code": code, "own_path": reverse("participants:own_code")},
        secret=True,
        expires_at=access.expires_at,
    )


def tell_request(request: DataRequest, kind: str, *, to: str = "", email: str = "", phone: str = "") -> None:
    """That there is something to read, never what. `to` names a second address that hears of it too."""
    key = f"{kind}:{request.pk}:{to}" if to else f"{kind}:{request.pk}"
    draft = _about_data(request.agency, request.subject, request.registration, kind, key)
    if to:
        draft |= {"email": email, "phone": phone}
    draft |= {"group": request.group, "subject": ("data_request", request.pk)}
    queue(**draft, context={"data_request": request, "own_path": reverse("participants:own_page")})


def farewell(request: DataRequest, kept: Sequence[str]) -> Callable[[], Message | None]:
    """The last letter, made while the address is known and written when everything else is gone."""
    draft = _about_data(request.agency, request.subject, request.registration, "data_erased", f"farewell:{request.pk}")
    draft |= {"subject": (FAREWELL, request.pk), "group": f"farewell:{request.pk}", "region": None}
    return partial(queue, **draft, context={"data_request": request, "kept": list(kept)}, secret=True)


def remind_of_request(request: DataRequest, hours: int, staff: Sequence[User]) -> int:
    """It holds nothing of the person."""
    context = {"data_request": request, "hours": hours, "path": request.get_absolute_url()}
    return _remind(staff, request.agency, "data_request_due", f"{request.pk}:{hours}", request.group, context)


def remind_of_incident(incident: Incident, hours: int, staff: Sequence[User]) -> int:
    """Without the words of the incident: a message may be read over a shoulder."""
    context = {"number": incident.pk, "hours": hours, "path": incident.get_absolute_url()}
    key, group = f"{incident.pk}:{hours}", f"incident_due:{incident.pk}"
    return _remind(staff, incident.agency, "incident_due", key, group, context)


def _remind(staff: Sequence[User], agency: Agency, kind: str, key: str, group: str, context: dict[str, Any]) -> int:
    """One message for each officer and key, however often it is asked for."""
    drafts = [
        Draft(
            agency=agency,
            kind=kind,
            key=f"{kind}:{key}:{user.pk}",
            language=user.language,
            recipient_name=user.full_name,
            email=user.email,
            phone=user.phone,
            group=group,
            subject=("accounts.user", user.pk),
            context=context,
        )
        for user in staff
        if user.email or user.phone
    ]
    return queue_many(drafts=drafts) if drafts else 0


def _about_data(
    agency: Agency, subject: Person | Registration, entry: Registration | None, kind: str, key: str
) -> dict[str, Any]:
    return {
        "agency": agency,
        "kind": kind,
        "key": key,
        "language": entry.language if entry else "id",
        "recipient_name": subject.full_name,
        "email": subject.email,
        "phone": subject.phone,
        "region": entry.batch.region if entry else subject.region,
        "subject": ("person", subject.pk) if isinstance(subject, Person) else ("registration", subject.pk),
    }


def batched(people: Sequence[Registration], size: int) -> Iterator[Sequence[Registration]]:
    for start in range(0, len(people), size):
        yield people[start : start + size]


def _draft(registration: Registration, kind: str, key: str, context: dict[str, Any]) -> dict[str, Any]:
    batch = registration.batch
    agency = batch.program.agency
    recipient: Registration | Person = registration
    if registration.is_doubtful and kind in OUTCOMES:
        recipient = Person.objects.on_file(agency, registration.nik_hash) or registration
    return {
        "agency": agency,
        "kind": kind,
        "key": key,
        "language": registration.language,
        "recipient_name": recipient.full_name,
        "email": recipient.email,
        "phone": recipient.phone,
        "group": batch_group(batch.pk),
        "region": batch.region,
        "subject": ("registration", registration.pk),
        "expires_at": context.get("expires_at"),
        "context": {
            "registration": registration,
            "batch": batch,
            "agency": agency,
            "status_path": reverse("participants:status"),
            **(context if "sessions" in context else {"sessions": planned_sessions(batch), **context}),
        },
    }


def planned_sessions(batch: Batch) -> list[Session]:
    return list(batch.sessions.planned().in_order().select_related("venue"))


def incident_draft(incident: Incident, registration: Registration) -> Draft:
    """Its key lets nobody get it twice. What is told is what the office wrote of the incident."""
    batch = registration.batch
    with translation.override(registration.language), timezone.override(incident.agency.zone):
        data = ", ".join(incident.data_labels)
    return Draft(
        agency=incident.agency,
        kind="incident_notice",
        key=f"incident:{incident.pk}:{registration.pk}",
        language=registration.language,
        recipient_name=registration.full_name,
        email=registration.email,
        phone=registration.phone,
        group=f"incident:{incident.pk}",
        region=batch.region,
        subject=("registration", registration.pk),
        context={
            "incident": incident,
            "agency": incident.agency,
            "data": data,
            "notice_path": reverse("privacy_of", args=[incident.agency.slug]),
        },
    )


def tell_incident(incident: Incident, people: Sequence[Registration]) -> int:
    return queue_many(drafts=[incident_draft(incident, registration) for registration in people])


def incident_preview(incident: Incident) -> Message | None:
    """As the first of the list who is not told yet would read it; nothing is written."""
    first = incident.people.untold().order_by("pk").values("registration")[:1]
    registration = Registration.objects.with_parts().defer("nik").filter(pk__in=first).first()
    return prepare(incident_draft(incident, registration)) if registration is not None else None
