"""Lists, reports and exports read from a copy of the database, when there is one that is good enough.

A read goes to the replica only where the code asks for it (`reads_replica`), only while the replica follows closely
(REPLICA_MAX_LAG seconds), and only when it has what the same visitor wrote. In every other case, and when the replica
fails in the middle, the primary answers: nobody sees an error or misses a change of one's own.
"""

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections, models
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

REPLICA = "replica"
WRITTEN = "written"  # cookie: how far the primary's log reached after the visitor's last write
WRITTEN_SECONDS = 600
POSITION = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}")
BEGINNING = "0/0"
PAUSE_SECONDS = 15.0  # a replica that failed is left alone for so long
SAFE = {"GET", "HEAD"}

# Without a receiver the copy stands still, however equal its two positions look.
GOOD_ENOUGH = """
SELECT pg_is_in_recovery()
   AND EXISTS (SELECT FROM pg_stat_wal_receiver)
   AND (pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()
        OR now() - pg_last_xact_replay_timestamp() < make_interval(secs => %s))
   AND pg_last_wal_replay_lsn() >= %s::pg_lsn
"""

P = ParamSpec("P")
T = TypeVar("T")
GetResponse = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]

_reading: ContextVar[bool] = ContextVar("reading_replica", default=False)
_quiet_until = 0.0


class ReplicaRouter:
    """Writes, transactions and everything that did not ask go to the primary."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        if _reading.get() and not connections[DEFAULT_DB_ALIAS].in_atomic_block:
            return REPLICA
        return DEFAULT_DB_ALIAS

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, first: models.Model, second: models.Model, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db != REPLICA


class WrittenMiddleware:
    """Remembers on the visitor's side how far the log was after a write, so that the next list contains it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if exists() and request.method not in SAFE and settings.SESSION_COOKIE_NAME in request.COOKIES:
            secure = settings.SESSION_COOKIE_SECURE
            with suppress(OperationalError, InterfaceError):  # the answer is ready, whatever became of the database
                response.set_cookie(WRITTEN, position(), WRITTEN_SECONDS, secure=secure, httponly=True, samesite="Lax")
        return response


def reads_replica(view: View) -> View:
    """For views that only list. Stands closest to the function, so that permissions are read from the primary."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in SAFE:
            return view(request, *args, **kwargs)
        written = request.COOKIES.get(WRITTEN, BEGINNING)
        return from_replica(view, written)(request, *args, **kwargs)

    return wrapped


def works_on_replica(work: Callable[P, T]) -> Callable[P, T]:
    """For long work that only reads, such as an export: begins when the replica has all that is written by now."""

    @wraps(work)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        return from_replica(work, position() if exists() else BEGINNING)(*args, **kwargs)

    return wrapped


def from_replica(work: Callable[P, T], written: str) -> Callable[P, T]:
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        if not is_good_enough(written):
            return work(*args, **kwargs)
        try:
            with reading_replica():
                return work(*args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            leave_alone(error)
            return work(*args, **kwargs)

    return wrapped


@contextmanager
def reading_replica() -> Iterator[None]:
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def exists() -> bool:
    return REPLICA in settings.DATABASES


def position() -> str:
    """How far the primary's log reaches now."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn()")
        return str(cursor.fetchone()[0])


def is_good_enough(written: str) -> bool:
    """Does the replica follow closely, and has it everything up to this position?"""
    if not exists() or time.monotonic() < _quiet_until:
        return False
    after = written if POSITION.fullmatch(written) else BEGINNING
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(GOOD_ENOUGH, [settings.REPLICA_MAX_LAG, after])
            return bool(cursor.fetchone()[0])
    except (OperationalError, InterfaceError) as error:
        leave_alone(error)
        return False


def leave_alone(error: Exception) -> None:
    global _quiet_until
    _quiet_until = time.monotonic() + PAUSE_SECONDS
    connections[REPLICA].close()
    logger.warning("The replica failed (%s); the primary answers for %d s.", type(error).__name__, PAUSE_SECONDS)
