"""For process managers, balancers and administrators: does this process answer, and which part is ill."""

import datetime as dt
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from accounts.models import AuditSeal
from accounts.permissions import requires
from accounts.roles import Permission
from jobs.models import Heartbeat, Part
from notifications.models import Message, WhatsAppGateway

PATIENCE = dt.timedelta(seconds=60)
QUEUES = ("celery", "jobs")
LITTLE_ROOM = 1024**3
NO_ROOM = 200 * 1024**2


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    ILL = "ill"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """`stops`: without this part no visitor can be served, so a balancer should send them elsewhere."""

    name: str
    state: State
    says: str
    stops: bool = False

    @property
    def label(self) -> str:
        return str(LABELS[self.name])


LABELS = {
    "database": gettext_lazy("Database"),
    "migrations": gettext_lazy("Tables of the database"),
    "replica": gettext_lazy("Copy for reading"),
    "redis": gettext_lazy("Queue and cache (Redis)"),
    "worker": gettext_lazy("Workers"),
    "beat": gettext_lazy("Clock"),
    "disk": gettext_lazy("Disk"),
    "channels": gettext_lazy("Channels of messages"),
    "trail": gettext_lazy("Seals of the audit trail"),
}


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. Asks nobody else, so that an ill database does not make a manager restart the web."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """503 only when visitors cannot be served; every other illness is told with 200 and `degraded`."""
    with translation.override("en"):
        findings = examined()
        parts = {found.name: {"state": found.state, "says": found.says} for found in findings}
    status = verdict(findings)
    return JsonResponse({"status": status, "parts": parts}, status=503 if status == "unready" else 200)


@requires(Permission.MANAGE_USERS)
@require_safe
@never_cache
def system_state(request: HttpRequest) -> HttpResponse:
    findings = examine()
    signs = Heartbeat.objects.all() if findings[0].state == State.OK else []
    context = {"findings": findings, "status": verdict(findings), "signs": signs, "now": timezone.now()}
    return render(request, "ikm_portal/system_state.html", context)


def verdict(findings: list[Finding]) -> str:
    if any(found.state == State.ILL and found.stops for found in findings):
        return "unready"
    return "degraded" if any(found.state == State.ILL for found in findings) else "ready"


_lock = threading.Lock()
_kept: tuple[float, list[Finding]] = (float("-inf"), [])


def examined() -> list[Finding]:
    """Asked at most once in HEALTH_SECONDS, because anybody may ask."""
    global _kept
    with _lock:
        if time.monotonic() - _kept[0] >= settings.HEALTH_SECONDS:
            _kept = (time.monotonic(), examine())
        return _kept[1]


def examine() -> list[Finding]:
    database = look_at_database()
    findings = [database, look_at_redis(), look_at_disk()]
    if "replica" in settings.DATABASES:
        findings.append(look_at_replica())
    for name, look in NEED_THE_DATABASE.items():
        findings += [Finding(name, State.UNKNOWN, _("Cannot be told without the database."))] if database.stops else []
        findings += look() if not database.stops else []
    return findings


def look_at_database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        connection.close()
        return Finding("database", State.ILL, _("The database does not answer: nothing can be served."), stops=True)
    return Finding("database", State.OK, _("The database answers."))


def look_at_replica() -> Finding:
    """Reads go to the primary meanwhile."""
    try:
        with connections["replica"].cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_stat_wal_receiver) OR NOT pg_is_in_recovery()")
            follows = cursor.fetchone()[0]
    except (DatabaseError, InterfaceError):
        connections["replica"].close()
        return Finding("replica", State.ILL, _("The copy does not answer; the main database does its work."))
    if not follows:
        return Finding("replica", State.ILL, _("The copy no longer follows the main database, which does its work."))
    return Finding("replica", State.OK, _("The copy answers and follows."))


def look_at_redis() -> Finding:
    try:
        cache.get("readyz")
    except (RedisError, OSError):
        return Finding(
            "redis", State.ILL, _("Redis does not answer: registrations are taken, messages and long work wait.")
        )
    return Finding("redis", State.OK, _("Redis answers."))


def look_at_disk() -> Finding:
    try:
        # The folder is made with the first file; until then the disk under it is asked.
        there = next(folder for folder in (settings.DATA_DIR, *settings.DATA_DIR.parents) if folder.exists())
        free = shutil.disk_usage(there).free
    except OSError:
        return Finding("disk", State.ILL, _("The folder for files cannot be read."))
    left = _("%(size)s are free.") % {"size": filesizeformat(free)}
    if free < NO_ROOM:
        return Finding("disk", State.ILL, _("The disk for files is full: exports and evidence fail.") + " " + left)
    return Finding("disk", State.WARNING if free < LITTLE_ROOM else State.OK, left)


_complete = False


def look_at_migrations() -> Iterator[Finding]:
    """Once complete it stays complete for this process: its own list of steps cannot grow."""
    global _complete
    if not _complete:
        executor = MigrationExecutor(connection)
        _complete = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    if _complete:
        yield Finding("migrations", State.OK, _("The tables fit the programme."))
    else:
        yield Finding("migrations", State.ILL, _("The tables are older than the programme: run migrate."), stops=True)


def look_at_signs_of_life() -> Iterator[Finding]:
    alive = list(Heartbeat.objects.alive(timezone.now(), PATIENCE))
    workers = [sign for sign in alive if sign.part == Part.WORKER]
    served = {queue for sign in workers for queue in sign.queues.split(",")}
    missing = [queue for queue in QUEUES if queue not in served]
    if not workers:
        yield Finding("worker", State.ILL, _("No worker gave a sign of life for a minute: messages wait."))
    elif missing:
        says = _("No worker serves the queue %(queue)s.") % {"queue": ", ".join(missing)}
        yield Finding("worker", State.ILL, says)
    else:
        says = ngettext("%(count)d worker is at work.", "%(count)d workers are at work.", len(workers))
        yield Finding("worker", State.OK, says % {"count": len(workers)})
    if any(sign.part == Part.BEAT for sign in alive):
        yield Finding("beat", State.OK, _("The clock ticks."))
    else:
        yield Finding("beat", State.ILL, _("The clock gave no sign of life for a minute: offers do not expire."))


def look_at_channels() -> Iterator[Finding]:
    waiting = Message.objects.longest_wait(timezone.now())
    if waiting.total_seconds() > settings.MESSAGES_LATE_SECONDS:
        says = _("Messages wait for %(minutes)d minutes: a provider is slow or away.")
        yield Finding("channels", State.WARNING, says % {"minutes": waiting.total_seconds() // 60})
        return
    paused = WhatsAppGateway.objects.paused().count()
    if paused:
        says = ngettext(
            "WhatsApp of %(count)d office has stopped; its messages go another way.",
            "WhatsApp of %(count)d offices has stopped; their messages go another way.",
            paused,
        )
        yield Finding("channels", State.WARNING, says % {"count": paused})
    else:
        yield Finding("channels", State.OK, _("No channel has stopped."))


def look_at_trail() -> Iterator[Finding]:
    lag = seal_lag(timezone.now())
    if lag > 600:
        says = _("Entries of the trail wait for their seal for %(minutes)d minutes.") % {"minutes": lag // 60}
        yield Finding("trail", State.WARNING, says)
    else:
        yield Finding("trail", State.OK, _("The trail is sealed up to the last minutes."))


def seal_lag(now: dt.datetime) -> float:
    """Seconds since the oldest entry that is not sealed was written; 0 when there is none."""
    last = AuditSeal.objects.order_by("-number").values_list("last_id", flat=True).first() or 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT at FROM accounts_auditentry WHERE id > %s ORDER BY id LIMIT 1", [last])
        row = cursor.fetchone()
    return max((now - row[0]).total_seconds(), 0.0) if row else 0.0


NEED_THE_DATABASE: dict[str, Callable[[], Iterator[Finding]]] = {
    "migrations": look_at_migrations,
    "worker": look_at_signs_of_life,
    "channels": look_at_channels,
    "trail": look_at_trail,
}
