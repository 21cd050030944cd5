"""The clock of the portal. Several may be started, on several machines: one ticks, the others wait for its end.

Who ticks holds a lease in Redis, without which nobody could hand over a tick anyway. When each was last sent stands
there too, so that a successor neither repeats nor forgets a daily one, and beat needs no file.
"""

import datetime as dt
import os
import secrets
import socket
import time
from typing import Any

import redis
from celery.beat import ScheduleEntry, Scheduler
from celery.utils.log import get_logger
from django.conf import settings

from ikm_portal.heartbeats import SECONDS, show_life

logger = get_logger(__name__)

LEASE_SECONDS = 20.0
EXTEND = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
if holder then return 1 end
return 2
"""
RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
LOST, KEPT, WON = 0, 1, 2


class LoneScheduler(Scheduler):
    lease = LEASE_SECONDS
    shown_at = float("-inf")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        cache = settings.CACHES["default"]
        # Typed loosely: the client's own types allow for answers that are to be awaited.
        self.redis: Any = redis.Redis.from_url(cache["LOCATION"], socket_connect_timeout=1, socket_timeout=2)
        self.leader_key, self.sent_key = (f"{cache['KEY_PREFIX']}:beat:{what}" for what in ("leader", "sent"))
        self.token = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self.leading = False
        super().__init__(*args, **kwargs)
        self.max_interval = min(float(self.max_interval or self.lease), self.lease / 4)  # type: ignore[assignment]  # stubs: int

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if not self.leads():
            return self.lease / 4
        return min(float(super().tick(*args, **kwargs)), self.lease / 4)

    def leads(self) -> bool:
        """Extends the lease, or takes it when nobody holds it."""
        try:
            answer = int(self.redis.eval(EXTEND, 1, self.leader_key, self.token, int(self.lease * 1000)))
            if answer != LOST and not self.leading:
                self.take_over()
        except redis.RedisError as error:
            logger.warning("No tick was sent: Redis cannot be asked (%s).", type(error).__name__)
            return False
        if self.leading != (answer != LOST):
            logger.info("This beat ticks." if answer != LOST else "Another beat ticks; this one waits.")
        self.leading = answer != LOST
        if self.leading and time.monotonic() - self.shown_at >= SECONDS:
            self.shown_at = time.monotonic()
            show_life("beat", f"beat@{socket.gethostname()}")
        return self.leading

    def take_over(self) -> None:
        """Go on from the last ticks that anybody sent."""
        for name, sent in self.redis.hgetall(self.sent_key).items():
            entry = self.schedule.get(name.decode())
            if entry is not None:
                entry.last_run_at = dt.datetime.fromtimestamp(float(sent), tz=self.app.timezone)
        self._heap = None

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        super().apply_entry(entry, producer=producer)
        try:
            self.redis.hset(self.sent_key, entry.name, entry.default_now().timestamp())
        except redis.RedisError as error:
            logger.warning("A tick was sent but not noted (%s).", type(error).__name__)

    def close(self) -> None:
        """The next beat need not wait for the end of the lease."""
        super().close()
        try:
            self.redis.eval(RELEASE, 1, self.leader_key, self.token)
        except redis.RedisError as error:
            logger.warning("The lease could not be given back (%s).", type(error).__name__)
