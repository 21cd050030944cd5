"""Doors of the clock: offers that nobody answered, and counters that must always agree with the rows."""

import logging

from celery import shared_task
from django.utils import timezone

from accounts.models import Agency
from participants import actions, queries
from participants.actions.offers import batches_with_overdue_offers

logger = logging.getLogger(__name__)


@shared_task(name="participants.tasks.expire_offers")
def expire_offers() -> int:
    """Moves every waiting list on whose offers have passed. How many offers were closed."""
    closed = 0
    for batch_id in batches_with_overdue_offers():
        try:
            closed += actions.expire_offers(batch_id=batch_id)
        except Exception:  # one batch in trouble must not stop the lists of the others
            logger.exception("The overdue offers of batch %s could not be closed.", batch_id)
    return closed


@shared_task(name="participants.tasks.purge_drafts")
def purge_drafts() -> int:
    """Drafts of visitors whose seven days are over. How many went."""
    return actions.purge_drafts()


@shared_task(name="participants.tasks.sweep_evidence")
def sweep_evidence() -> int:
    """Photos of documents that nobody needs any more. How many went."""
    return actions.sweep_evidence()


@shared_task(name="participants.tasks.forget_complaint_contacts")
def forget_complaint_contacts() -> int:
    """Name and contact of complaints that ended long ago. How many were cleared."""
    return actions.forget_complaint_contacts()


@shared_task(name="participants.tasks.wipe_imports")
def wipe_imports() -> int:
    """What people wrote in lists that nobody touched for some days. How many lists were emptied."""
    return actions.wipe_imports()


@shared_task(name="participants.tasks.propose_retention")
def propose_retention() -> int:
    """What is due by the retention rules, as proposals. How many were made."""
    return actions.propose_all_retention()


@shared_task(name="participants.tasks.check_counters")
def check_counters() -> list[int]:
    """Batches whose counters of seats differ from the rows: always none. Each difference is told to the operators."""
    wrong = queries.batches_with_wrong_counters()
    if wrong:
        logger.error("The seat counters of these batches differ from their registrations: %s", wrong)
        actions.note_wrong_counters(batch_ids=wrong, by=None)
    return wrong


@shared_task(name="participants.tasks.recompute_completions")
def recompute_completions() -> int:
    """Every night, whatever went wrong by day: what was computed of the trainings that run. How many entries."""
    entries = 0
    for batch in queries.batches_to_recompute(timezone.now()):
        try:
            entries += actions.recompute_completions(batch=batch)
        except Exception:  # one batch in trouble must not stop the others
            logger.exception("The attendance of batch %s could not be computed anew.", batch.pk)
    return entries


@shared_task(name="participants.tasks.remind_card_reports")
def remind_card_reports() -> int:
    """Holders of a job seeker card whose report is due soon. How many messages were new."""
    return actions.remind_reports()


@shared_task(name="participants.tasks.forget_card_sheets")
def forget_card_sheets() -> int:
    """Answers for data sheets that nobody touched for long. How many went."""
    return actions.forget_card_sheets()


@shared_task(name="participants.tasks.find_doubles")
def find_doubles() -> int:
    """Every night, at every office: who is on file twice. How many pairs wait to be looked at."""
    waiting = 0
    for agency in Agency.objects.order_by("pk"):
        try:
            waiting += actions.find_doubles(agency=agency, by=None)
        except Exception:  # one office in trouble must not stop the others
            logger.exception("The search for people on file twice failed at office %s.", agency.pk)
    return waiting


@shared_task(name="participants.tasks.seal_merges")
def seal_merges() -> int:
    """Merges of persons that can no longer be undone: what was put aside goes. How many."""
    return actions.seal_merges()


@shared_task(name="participants.tasks.sweep_requests")
def sweep_requests() -> int:
    """Requests about data that wait: officers are reminded. How many reminders were written."""
    return actions.sweep_requests()


@shared_task(name="participants.tasks.sweep_incidents")
def sweep_incidents() -> int:
    """Open incidents whose letters are not out: whoever keeps them is reminded. How many reminders were written."""
    return actions.sweep_incidents()
