"""Who is told what. Each notice is one row of the outbox with a key of its own, so nothing is told twice."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from notifications.actions import Draft, queue, queue_many
from participants.models import AccessCode, Offer, Person, Registration, RegistrationEvent
from programs.models import Batch, Session

# The outcome of a check goes only to contact data on file while it is not settled whose identity number it is.
OUTCOMES = {"registration_verified", "registration_rejected", "registration_fix_requested"}


def batch_group(batch_id: int) -> str:
    return f"batch:{batch_id}"


def tell(registration: Registration, kind: str, event: RegistrationEvent, **context: Any) -> None:
    queue(**_draft(registration, kind, f"{kind}:{event.pk}", context))


def tell_many(kind: str, events: Sequence[RegistrationEvent], batch: Batch, **context: Any) -> int:
    """The same notice to many entries of one batch; each event carries its registration."""
    shared = {"sessions": _sessions(batch), **context}
    drafts = []
    for event in events:
        event.registration.batch = batch
        drafts.append(Draft(**_draft(event.registration, kind, f"{kind}:{event.pk}", shared)))
    return queue_many(drafts)


def tell_offer(offer: Offer, event: RegistrationEvent, token: str) -> None:
    link = reverse("participants:offer_answer", args=[token])
    tell(offer.registration, "seat_offered", event, expires_at=offer.expires_at, link=link)


def tell_owner_of_number(registration: Registration, person: Person) -> None:
    """Somebody registered with an identity number on file, but with other contact data: its owner hears of it."""
    draft = _draft(registration, "identity_used", f"identity_used:{registration.pk}", {})
    draft |= {"recipient_name": person.full_name, "email": person.email, "phone": person.phone}
    queue(**draft)


def tell_recovery_code(access: AccessCode, code: str) -> None:
    draft = _draft(access.registration, "recovery_code", f"recovery_code:{access.pk}", {"code": code})
    queue(**(draft | {"secret": True}))


def tell_former_contact(registration: Registration, event: RegistrationEvent, former: dict[str, Any]) -> None:
    """When contact data changes, the former address hears of it."""
    draft = _draft(registration, "registration_corrected", f"registration_corrected:{event.pk}", {})
    queue(**(draft | {"email": former["email"], "phone": former["phone"]}))


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
        "context": {
            "registration": registration,
            "batch": batch,
            "agency": agency,
            "status_path": reverse("participants:status"),
            **(context if "sessions" in context else {"sessions": _sessions(batch), **context}),
        },
    }


def _sessions(batch: Batch) -> list[Session]:
    return list(batch.sessions.planned().in_order().select_related("venue"))
