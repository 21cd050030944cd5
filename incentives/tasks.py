"""Doors of the clock: what follows the payment of awards."""

import logging

from celery import shared_task

from accounts.models import Agency
from incentives import actions
from incentives.queries.after import competitions_paid

logger = logging.getLogger(__name__)


@shared_task(name="incentives.tasks.follow_payments")
def follow_payments() -> int:
    """Awards that were paid since: their reports are opened, and a sample is asked whether the money came. How many."""
    asked = 0
    for competition in competitions_paid():
        try:
            asked += actions.follow_payments(competition=competition)
        except Exception:  # one competition in trouble must not stop the others
            logger.exception("The awards that were paid in competition %s could not be followed.", competition.pk)
    return asked


@shared_task(name="incentives.tasks.remind_winners")
def remind_winners() -> int:
    """Who did not say whether the money came, and whose report is due. How many messages were new."""
    told = 0
    for competition in competitions_paid():
        try:
            told += actions.remind_receipts(competition=competition)
        except Exception:  # one competition in trouble must not stop the others
            logger.exception("The winners of competition %s could not be reminded.", competition.pk)
    for agency in Agency.objects.order_by("pk"):
        try:
            told += actions.remind_reports(agency=agency)
        except Exception:  # one office in trouble must not stop the others
            logger.exception("Winners of office %s could not be reminded of their reports.", agency.pk)
    return told
