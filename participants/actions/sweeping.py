"""What the clock does for requests: reminds the office, ends restrictions of use, and forgets the last letter."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from notifications.actions import forget_farewells
from participants import notices, queries
from participants.actions.restricting import restrict_what_ended
from participants.models import DataRequest, Registration

logger = logging.getLogger(__name__)
STAGES = (24, 48, 66, 72)


def sweep_requests(*, by: None = None) -> int:
    """How many reminders were written. Each officer hears of each stage once, of the latest one when several passed."""
    now, told = timezone.now(), 0
    late = DataRequest.objects.open().filter(received_at__lte=now - timedelta(hours=STAGES[0]))
    for request in late.without_words().select_related("agency").order_by("pk"):
        stage = max(hours for hours in STAGES if request.received_at <= now - timedelta(hours=hours))
        with transaction.atomic():
            told += notices.remind_of_request(request, stage, queries.request_staff(request, stage))
    restrict_what_ended(now)
    forget_farewells(by=None)
    _part_from_anonymous_cards()
    return told


def _part_from_anonymous_cards() -> None:
    """An entry that was on its way while its card was made anonymous belongs to nobody yet: a verifier settles it."""
    late = Registration.objects.filter(person__anonymised_at__isnull=False, anonymised_at__isnull=True)
    if keys := list(late.values_list("pk", flat=True)):
        Registration.objects.filter(pk__in=keys).update(person=None)
        logger.warning("Entries came in while their card was made anonymous: %s", keys)
