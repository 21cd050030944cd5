"""Doors of the worker: nothing is decided here."""

import time

from celery import shared_task

from notifications.delivery import deliver_batch, take_back

LONGEST_RUN = 300.0  # seconds; what is left then waits for the next sweep, and other tasks get their turn


@shared_task(name="notifications.tasks.deliver")
def deliver() -> int:
    """Sends what is due, batch by batch. How many messages were tried."""
    began, tried = time.monotonic(), 0
    while time.monotonic() - began < LONGEST_RUN and (count := deliver_batch()):
        tried += count
    return tried


@shared_task(name="notifications.tasks.sweep")
def sweep() -> int:
    """What a crash or a broker that was down left behind."""
    take_back()
    return deliver()
