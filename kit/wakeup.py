"""Telling the worker after a commit that there is something to do, so that a broker that is down fails nobody.

A wake-up carries no data and may be lost: rows hold the work, and a periodic sweep finds what nobody was woken for.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError
from kombu.pools import producers

from kit.context import current_request

logger = logging.getLogger(__name__)

# After a failure this process leaves the broker alone for a while: a rush must not pay a time-out per request.
PAUSE_SECONDS = 15.0
ONE_TRY = {
    "socket_connect_timeout": 1,
    "socket_timeout": 1,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "connect_retries_timeout": 1,
}
_quiet_until = 0.0


def wake_after_commit(task: str, *args: Any) -> None:
    """Sends the named task once after the current transaction, however often this is called inside it.

    A wake-up that is already noted cannot be lost alone: the savepoints open when it was noted are still open now.
    """
    connection = transaction.get_connection()
    name = (task, args)
    if any(getattr(noted[1], "wakes", None) == name for noted in connection.run_on_commit):
        return
    transaction.on_commit(_sender(task, args), robust=True)


def send(task: str, args: tuple[Any, ...] = ()) -> bool:
    """Hands the task to the broker, one try of about a second at most. False when it could not or was not tried."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return False
    try:
        connection = current_app.connection_for_write(connect_timeout=1, transport_options=ONE_TRY)
        with producers[connection].acquire(block=True, timeout=1) as producer:
            options = {"producer": producer, "retry": False, "ignore_result": True}
            current_app.send_task(task, args=args, headers=_told(), **options)
    except (KombuError, OSError) as error:
        _quiet_until = time.monotonic() + PAUSE_SECONDS
        logger.warning("Wake-up of %s failed (%s); the sweep will find the work.", task, type(error).__name__)
        return False
    return True


def _told() -> dict[str, str]:
    """The id of the request goes along, so that its tasks can be found in the log and in the trail."""
    request_id = current_request.get().request_id
    return {"portal_request_id": request_id} if request_id else {}


def listen_again() -> None:
    """Ends the pause after a failure."""
    global _quiet_until
    _quiet_until = 0.0


def _sender(task: str, args: tuple[Any, ...]) -> Callable[[], None]:
    def wake() -> None:
        send(task, args)

    wake.wakes = (task, args)  # type: ignore[attr-defined]  # a mark by which it is found again
    return wake
