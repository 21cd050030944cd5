"""What the clock does for requests and incidents: reminds the office, ends restrictions, forgets the last letter."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.roles import Permission
from notifications.actions import forget_farewells
from participants import notices, queries
from participants.actions.restricting import restrict_what_ended
from participants.models import DataRequest, Incident, Registration

logger = logging.getLogger(__name__)
STAGES = (24, 48, 66, 72)


def sweep_requests(*, by: None = None) -> int:
    """How many reminders were written. Each officer hears of each stage once, of the latest one when several passed."""
    now, told = timezone.now(), 0
    late = DataRequest.objects.open().filter(received_at__lte=now - timedelta(hours=STAGES[0]))
    for request in late.without_words().select_related("agency").order_by("pk"):
        stage = _stage(request.received_at, now)
        with transaction.atomic():
            told += notices.remind_of_request(request, stage, queries.request_staff(request, stage))
    restrict_what_ended(now)
    forget_farewells(by=None)
    _part_from_anonymous_cards()
    return told


def sweep_incidents(*, by: None = None) -> int:
    """The same for open incidents of which the people or the authority have not been told. How many reminders."""
    now, told = timezone.now(), 0
    late = Incident.objects.untold().filter(discovered_at__lte=now - timedelta(hours=STAGES[0]))
    for incident in late.defer("happening", "effect", "handling").select_related("agency").order_by("pk"):
        staff = queries.staff_holding(incident.agency, None, Permission.MANAGE_PRIVACY)
        with transaction.atomic():
            told += notices.remind_of_incident(incident, _stage(incident.discovered_at, now), staff)
    return told


def _stage(since: datetime, now: datetime) -> int:
    """The latest that has passed: after a night without the clock nobody hears of the earlier ones too."""
    return max(hours for hours in STAGES if since <= now - timedelta(hours=hours))


def _part_from_anonymous_cards() -> None:
    """An entry that was on its way while its card was made anonymous belongs to nobody yet: a verifier settles it."""
    late = Registration.objects.filter(person__anonymised_at__isnull=False, anonymised_at__isnull=True)
    if keys := list(late.values_list("pk", flat=True)):
        Registration.objects.filter(pk__in=keys).update(person=None)
        logger.warning("Entries came in while their card was made anonymous: %s", keys)
