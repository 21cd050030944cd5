"""Figures for Prometheus: requests from every web process, tasks from every worker, the rest from the database.

Labels are routes, codes and channels; never anything that somebody typed.
"""

import ipaddress
import logging
import os
import threading
import time
from collections.abc import Iterator
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

logger = logging.getLogger(__name__)

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
REQUESTS = Histogram(
    "portal_request_seconds", "Answered requests.", ["route", "method", "status"], buckets=BUCKETS, registry=REGISTRY
)
REGISTRATIONS = Counter("portal_registrations", "Sent registration forms by what became of them.", ["result"])
THROTTLED = Counter("portal_throttled", "Requests refused because there were too many.", ["route"])
RESULTS = {302: "taken", 303: "taken", 422: "refused", 429: "throttled", 403: "expired"}
METHODS = {"GET", "POST", "HEAD"}


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    told = method if method in METHODS else "other"
    REQUESTS.labels(route, told, f"{status // 100}xx").observe(seconds)
    if status == 429:
        THROTTLED.labels(route).inc()
    if route == "participants:register" and method == "POST":
        REGISTRATIONS.labels(RESULTS.get(status, "failed" if status >= 500 else "shown again")).inc()


_redis: Any = None


def redis_client() -> Any:
    global _redis
    if _redis is None:
        times = {"socket_connect_timeout": 1, "socket_timeout": 1}
        _redis = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"], **times)
    return _redis


def tasks_key() -> str:
    return f"{settings.CACHES['default']['KEY_PREFIX']}:metrics:tasks"


def count_task(name: str, result: str, seconds: float) -> None:
    """In Redis, because workers answer no scrape and may run on other machines. Lost figures harm nobody."""
    try:
        with redis_client().pipeline(transaction=False) as pipe:
            pipe.hincrby(tasks_key(), f"{name}|{result}|count", 1)
            pipe.hincrbyfloat(tasks_key(), f"{name}|{result}|sum", seconds)
            pipe.execute()
    except (redis.RedisError, OSError) as error:
        logger.info("A task was not counted: %s", type(error).__name__)


def task_metrics() -> Iterator[Metric]:
    runs = CounterMetricFamily("portal_tasks", "Tasks by what became of them.", labels=["task", "result"])
    spent = CounterMetricFamily("portal_tasks_seconds", "Time spent in tasks.", labels=["task", "result"])
    try:
        found = redis_client().hgetall(tasks_key())
    except (redis.RedisError, OSError):
        return
    for key, value in sorted(found.items()):
        name, result, what = key.decode().split("|")
        (runs if what == "count" else spent).add_metric([name, result], float(value))
    yield from (runs, spent)


# name -> (help, labels, statement). Each reads an index or a small table; together they are asked every few seconds.
GAUGES: dict[str, tuple[str, list[str], str]] = {
    "portal_seats": (
        "Seats of batches that have not ended.",
        ["state"],
        "SELECT s.state, coalesce(sum(s.number), 0) FROM programs_batch b CROSS JOIN LATERAL (VALUES"
        " ('quota', b.quota), ('held', b.seats_held), ('offered', b.seats_offered), ('waiting', b.waiting_count)"
        ") s(state, number) WHERE b.state = 'published' GROUP BY s.state",
    ),
    "portal_outbox": (
        "Messages that are not sent yet.",
        ["channel", "state"],
        "SELECT channel, state, count(*) FROM notifications_message WHERE state = 'queued' GROUP BY 1, 2"
        " UNION ALL SELECT channel, state, count(*) FROM notifications_message WHERE state = 'sending' GROUP BY 1, 2",
    ),
    "portal_outbox_oldest_seconds": (
        "Age of the oldest message that is due and not sent.",
        ["channel"],
        "SELECT channel, extract(epoch FROM clock_timestamp() - min(not_before)) FROM notifications_message"
        " WHERE state = 'queued' AND not_before <= clock_timestamp() GROUP BY channel",
    ),
    "portal_sent_last_hour": (
        "Messages handed over in the last hour, by what became of them.",
        ["channel", "state"],
        "SELECT channel, state, count(*) FROM notifications_message WHERE sent_at > now() - interval '1 hour'"
        " GROUP BY 1, 2",
    ),
    "portal_jobs": (
        "Long work that waits or runs.",
        ["state"],
        "SELECT state, count(*) FROM jobs_job WHERE state IN ('queued', 'running') GROUP BY state",
    ),
    "portal_jobs_failed_last_day": (
        "Long work that failed.",
        ["kind"],
        "SELECT kind, count(*) FROM jobs_job WHERE state = 'failed' AND finished_at > now() - interval '1 day'"
        " GROUP BY kind",
    ),
    "portal_heartbeat_age_seconds": (
        "Since the last sign of life.",
        ["part", "name"],
        "SELECT part, name, extract(epoch FROM clock_timestamp() - at) FROM jobs_heartbeat",
    ),
    "portal_seal_lag_seconds": (
        "Age of the oldest entry of the trail without a seal.",
        [],
        "SELECT coalesce((SELECT extract(epoch FROM clock_timestamp() - at) FROM accounts_auditentry"
        " WHERE id > coalesce((SELECT last_id FROM accounts_auditseal ORDER BY number DESC LIMIT 1), 0)"
        " ORDER BY id LIMIT 1), 0)",
    ),
    "portal_database_connections": (
        "Connections to the portal's database.",
        ["state"],
        "SELECT coalesce(state, 'none'), count(*) FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1",
    ),
}


def database_metrics() -> Iterator[Metric]:
    up = GaugeMetricFamily("portal_database_up", "1 while the database answers.")
    try:
        with connection.cursor() as cursor:
            for name, (told, labels, statement) in GAUGES.items():
                family = GaugeMetricFamily(name, told, labels=labels)
                cursor.execute(statement)
                for row in cursor.fetchall():
                    family.add_metric([str(part) for part in row[:-1]], float(row[-1]))
                yield family
        up.add_metric([], 1)
    except (DatabaseError, InterfaceError):
        connection.close()
        up.add_metric([], 0)
    yield up


class Kept:
    """What is asked of servers, at most once in METRICS_SECONDS."""

    def __init__(self) -> None:
        self.lock, self.at, self.metrics = threading.Lock(), float("-inf"), list[Metric]()

    def collect(self) -> Iterator[Metric]:
        with self.lock:
            if time.monotonic() - self.at >= settings.METRICS_SECONDS:
                self.metrics, self.at = [*database_metrics(), *task_metrics()], time.monotonic()
            yield from self.metrics


_kept = Kept()


def exposition() -> bytes:
    registry = CollectorRegistry()
    registry.register(_kept)
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY) + generate_latest(registry)
    MultiProcessCollector(registry)
    return generate_latest(registry)


def may_read(request: HttpRequest) -> bool:
    """By the token, or from an address that the installation names; the peer itself, not what a header says."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and constant_time_compare(given, settings.METRICS_TOKEN):
        return True
    try:
        peer = ipaddress.ip_address(request.META.get("REMOTE_ADDR") or "")
    except ValueError:
        return False
    behind_proxy = "X-Forwarded-For" in request.headers
    return not behind_proxy and any(peer in ipaddress.ip_network(net) for net in settings.METRICS_ALLOWED)


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    if not may_read(request):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
