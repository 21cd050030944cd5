"""The messages of registrations that were written at once: composed by the notices, sent at their time."""

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection

from participants import notices
from participants.models import Registration, RegistrationEvent
from programs.models import Batch

Kind = RegistrationEvent.Kind
# The key of a notice names its event. By e-mail it went out at once, by hand (WhatsApp) some hours later.
SENT_LONG_AGO = """
UPDATE notifications_message m SET
    state = 'sent', created_at = e.at, not_before = e.at,
    attempts = CASE WHEN m.channel = 'email' THEN 1 ELSE 0 END,
    sent_at = least(e.at + CASE WHEN m.channel = 'email' THEN interval '20 s' ELSE interval '3 h' END, now())
FROM participants_registrationevent e
WHERE e.registration_id = ANY(%s) AND m.key = m.kind || ':' || e.id
"""


def tell_what_happened(registrations: Sequence[Registration]) -> None:
    """Received and verified, to everybody."""
    known = {registration.pk: registration for registration in registrations}
    events: dict[tuple[Batch, str], list[RegistrationEvent]] = defaultdict(list)
    for event in RegistrationEvent.objects.filter(registration__in=known).order_by("pk"):
        event.registration = known[event.registration_id]
        events[event.registration.batch, event.kind].append(event)
    for (batch, kind), happened in events.items():
        if kind == Kind.REGISTERED:
            notices.tell_many("registration_received", happened, batch, position=0)
        elif kind == Kind.ENTERED:
            notices.tell_many("registration_received", happened, batch, position=None)
        elif kind == Kind.VERIFIED:
            notices.tell_many("registration_verified", happened, batch)
        else:
            for event in happened:
                notices.tell(event.registration, "registration_received", event, position=event.data["position"])
    with connection.cursor() as cursor:
        cursor.execute(SENT_LONG_AGO, [list(known)])
