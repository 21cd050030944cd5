"""Doors of the clock: sums of budget lines that must always agree with the rows."""

import logging

from celery import shared_task

from budgets import actions, queries

logger = logging.getLogger(__name__)


@shared_task(name="budgets.tasks.check_budgets")
def check_budgets() -> list[int]:
    """Budget lines whose sums differ from their rows: always none. Each difference is told to the operators."""
    wrong = [line["pk"] for line in queries.differing_lines()]
    if wrong:
        logger.error("The sums of these budget lines differ from their payments and reservations: %s", wrong)
        actions.note_wrong_sums(line_ids=wrong, by=None)
    return wrong
