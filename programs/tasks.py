"""Doors of the clock."""

from celery import shared_task

from programs import actions


@shared_task(name="programs.tasks.forget_origins")
def forget_origins() -> int:
    """Which topic requests came from one network, a month after their round. How many were cleared."""
    return actions.forget_origins()
