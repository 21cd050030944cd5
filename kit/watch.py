"""Whether public forms are under attack: a count of the last minute in Redis, on and off by itself.

Each form that comes in weighs something, a suspicious one more. Over a limit, for one place (a form) or for all, the
alarm is on; it ends when for a while nothing has come near the limit. Without Redis there is no alarm.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

import redis
from django.conf import settings
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
T = TypeVar("T")

ALL = "*"
MANUAL_SECONDS = 24 * 3600
LOOK_SECONDS = 1.0
PAUSE_SECONDS = 15.0
_quiet_until = 0.0
_looked: "tuple[float, State] | None" = None


@dataclass(frozen=True)
class State:
    """Alarms by place with their first and last moment, and what an administrator ordered instead."""

    alarms: dict[str, tuple[float, float]] = field(default_factory=dict)
    ordered: str = ""
    ordered_at: float = 0.0

    def since(self, place: str) -> datetime | None:
        """Since when forms of this place are guarded; None when they are not."""
        if self.ordered:
            return _moment(self.ordered_at) if self.ordered == "on" else None
        now = time.time()
        began = [self.alarms[name][0] for name in (ALL, place) if name in self.alarms and self.alarms[name][1] > now]
        return _moment(min(began)) if began else None

    def places(self) -> dict[str, datetime]:
        """Every place with an alarm now, `*` for all of them."""
        names = {ALL} if self.ordered else set(self.alarms)
        found = {name: self.since(name) for name in names}
        return {name: since for name, since in found.items() if since is not None}


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def named(key: str) -> str:
    return f"{settings.CACHES['default'].get('KEY_PREFIX', '')}:watch:{key}"


@lru_cache(maxsize=4)
def connected(location: str) -> redis.Redis:
    return redis.Redis.from_url(location, decode_responses=True, socket_connect_timeout=1, socket_timeout=1)


def ask_redis(question: Callable[[redis.Redis], T], otherwise: T) -> T:
    """The answer, or `otherwise` while Redis is away; after a failure it is left alone for a quarter of a minute."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return otherwise
    try:
        return question(connected(settings.CACHES["default"]["LOCATION"]))
    except (RedisError, OSError) as error:
        _quiet_until = time.monotonic() + PAUSE_SECONDS
        logger.warning("The watch over forms is off: Redis does not answer (%s).", type(error).__name__)
        return otherwise


def look_again() -> None:
    """Forgets what was seen and that Redis was away."""
    global _quiet_until, _looked
    _quiet_until, _looked = 0.0, None


def state() -> State:
    """What this process saw at most a second ago."""
    global _looked
    now = time.monotonic()
    if _looked is None or _looked[0] < now:
        _looked = (now + LOOK_SECONDS, ask_redis(_read_state, State()))
    return _looked[1]


def proof_bits(place: str) -> int:
    """How hard a sum the forms of this place ask of browsers now; 0 while nothing is wrong."""
    return settings.PROOF_OF_WORK_BITS if state().since(place) is not None else 0


def _read_state(link: redis.Redis) -> State:
    pipe = link.pipeline(transaction=False)
    pipe.hgetall(named("alarms"))
    pipe.get(named("ordered"))
    alarms, ordered = pipe.execute()
    mode, at = json.loads(ordered) if ordered else ("", 0.0)
    return State({place: _span(text) for place, text in alarms.items()}, mode, at)


def _span(text: str) -> tuple[float, float]:
    began, _colon, ends = text.partition(":")
    return float(began), float(ends)


def note(place: str, *kinds: str) -> None:
    """Counts one form that came in, and raises or prolongs the alarm where it is too many."""
    weight = sum(settings.WATCH["weights"][kind] for kind in kinds)
    if weight:
        ask_redis(lambda link: _count(link, place, weight), None)


def _count(link: redis.Redis, place: str, weight: int) -> None:
    scores = _scores(link, place, weight)
    for name, score in scores.items():
        limit = settings.WATCH["all_per_minute" if name == ALL else "place_per_minute"]
        if limit and score >= limit * settings.WATCH["calm_share"]:
            _alarm(link, name, raised=score >= limit)


def _scores(link: redis.Redis, place: str, weight: int) -> dict[str, float]:
    """The weight of the last sixty seconds: this minute, and of the one before what is not yet sixty seconds old."""
    now = time.time()
    minute, gone = divmod(now, 60)
    pipe = link.pipeline(transaction=False)
    for name in (ALL, place):
        key = named(f"count:{name}:{int(minute)}")
        pipe.incrby(key, weight)
        pipe.expire(key, 150)
        pipe.get(named(f"count:{name}:{int(minute) - 1}"))
    answers: list[Any] = pipe.execute()
    left = 1 - gone / 60
    return {ALL: answers[0] + int(answers[2] or 0) * left, place: answers[3] + int(answers[5] or 0) * left}


def _alarm(link: redis.Redis, name: str, *, raised: bool) -> None:
    """Raised over the limit; once it is on, half of the limit keeps it on."""
    now = time.time()
    text = link.hget(named("alarms"), name)
    began, ends = _span(str(text)) if text else (0.0, 0.0)
    if ends <= now:
        if not raised:
            return
        began = now
        logger.warning("Public forms are under attack: %s", "all of them" if name == ALL else name)
    link.hset(named("alarms"), name, f"{began}:{now + settings.WATCH['hold_seconds']}")
    look_again()


def order(mode: str) -> bool:
    """`on` or `off` for a day, whatever is counted; anything else leaves it to the count. False without Redis."""

    def write(link: redis.Redis) -> bool:
        if mode in {"on", "off"}:
            link.set(named("ordered"), json.dumps([mode, time.time()]), ex=MANUAL_SECONDS)
        else:
            link.delete(named("ordered"))
        return True

    done = ask_redis(write, False)
    if done:
        look_again()
    return done


def score_now() -> int | None:
    """The weight of the last minute over all forms; None without Redis."""
    return ask_redis(lambda link: int(_scores(link, ALL, 0)[ALL]), None)
