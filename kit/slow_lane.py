"""Under attack, a way for a browser that cannot do the sum: a place in a line that moves at a steady pace.

Each form draws one ticket. The line of a place moves so many a minute, whoever draws; before it stands a line of each
address, so that one address with a thousand tickets waits behind itself and not before everybody else.
"""

import math
import time
from dataclasses import dataclass
from typing import Any

import redis
from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner

from kit.crypto import keyed_hash
from kit.watch import ask_redis, named

TICKET_SECONDS = 2 * 3600
# The next free moment of a line, and the moment after it for the next who asks: one step, whoever else asks at once.
NEXT_IN_LINE = """
local head = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), tonumber(ARGV[1]))
redis.call('SET', KEYS[1], string.format('%.3f', head + ARGV[2]), 'EX', ARGV[3])
return string.format('%.3f', head)
"""
_signer = TimestampSigner(salt="slow lane")


@dataclass(frozen=True)
class Ticket:
    """From when the form may be sent again. One that does not admit yet is a place in the line of the own address."""

    text: str
    ready_at: float
    admits: bool
    position: int

    @property
    def seconds(self) -> int:
        return max(0, int(self.ready_at - time.time() + 0.999))

    @property
    def is_ready(self) -> bool:
        return self.ready_at <= time.time()


def read(text: str, *, form: str, place: str) -> Ticket | None:
    """The ticket of this form for this place; None for a foreign, forged or expired one."""
    try:
        body = _signer.unsign(text, max_age=TICKET_SECONDS)
        owner, ready, admits, position = body.rsplit("|", 3)
    except (BadSignature, ValueError):
        return None
    if owner != _owner(form, place):
        return None
    return Ticket(text, float(ready), admits == "1", int(position))


def draw(*, form: str, place: str, address: str, before: Ticket | None = None) -> Ticket | None:
    """A ticket; the one drawn before when the form was sent again without it. None without Redis."""
    return ask_redis(lambda link: _draw(link, form, place, address, before), None)


def _draw(link: redis.Redis, form: str, place: str, address: str, before: Ticket | None) -> Ticket:
    memory = named(f"ticket:{keyed_hash('slow lane', _owner(form, place))[:32]}")
    known = link.get(memory)
    kept = read(str(known), form=form, place=place) if known else None
    if kept is not None and (kept.admits or not kept.is_ready):
        return kept
    now = time.time()
    own = now if (before or kept) is not None else _step(link, f"address:{address}", settings.SLOW_LANE["per_address"])
    if own - now > settings.SLOW_LANE["patience"]:
        ahead = (own - now) * settings.SLOW_LANE["per_address"] / 60
        ticket = _ticket(form, place, own, admits=False, ahead=ahead)
    else:
        ready = max(own, _step(link, f"place:{place}", settings.SLOW_LANE["per_minute"]))
        ahead = max(0.0, ready - now) * settings.SLOW_LANE["per_minute"] / 60
        ready = max(ready, now + settings.SLOW_LANE["least_seconds"])
        ticket = _ticket(form, place, ready, admits=True, ahead=ahead)
    link.set(memory, ticket.text, ex=TICKET_SECONDS)
    return ticket


def _step(link: redis.Redis, line: str, per_minute: int) -> float:
    key = named(f"line:{keyed_hash('slow lane', line)[:32]}")
    moment: Any = link.eval(NEXT_IN_LINE, 1, key, str(time.time()), str(60 / per_minute), str(TICKET_SECONDS))
    return float(moment)


def _ticket(form: str, place: str, ready_at: float, *, admits: bool, ahead: float) -> Ticket:
    position = math.ceil(ahead - 0.1) + 1  # a tenth of a place has passed since the line was asked
    text = _signer.sign(f"{_owner(form, place)}|{ready_at:.3f}|{int(admits)}|{position}")
    return Ticket(text, ready_at, admits, position)


def _owner(form: str, place: str) -> str:
    return f"{form}@{place}"
