"""Signs of life of processes that answer no requests; `/readyz` reads them."""

import logging

from django.db import DatabaseError, InterfaceError, connection
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

SECONDS = 15.0


def show_life(part: str, name: str, queues: str = "") -> None:
    """Never fails: a database that is away is told by itself. Keeps no connection, which a forked child would share."""
    try:
        import_string("jobs.actions.note_alive")(part=part, name=name, queues=queues)
    except (DatabaseError, InterfaceError) as error:
        logger.warning("A sign of life could not be noted: %s", type(error).__name__)
    finally:
        connection.close()
