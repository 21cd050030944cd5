"""Doors of the worker: nothing is decided here."""

from celery import shared_task

from notifications.delivery import (
    deliver_all,
    end_useless,
    fall_back_unreported,
    leave_stopped_gateways,
    take_back,
)

LONGEST_RUN = 300.0  # seconds; what is left then waits for the next sweep, and other tasks get their turn


@shared_task(name="notifications.tasks.deliver")
def deliver() -> int:
    """Sends what is due, batch by batch. How many messages were tried."""
    return deliver_all(LONGEST_RUN)


@shared_task(name="notifications.tasks.sweep")
def sweep() -> int:
    """What a crash or a broker that was down left behind."""
    take_back()
    end_useless()
    fall_back_unreported()
    leave_stopped_gateways()
    return deliver()
