"""How often one visitor may do a thing. Counters live in Redis; when Redis is down the visitor is let through."""

import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError

from kit.crypto import keyed_hash
from kit.watch import connected

# One more of this window, which the first call opens: one step and one round trip, whoever else calls at once.
COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""
View = Callable[..., HttpResponse]


def allow(key: str, limit: int, seconds: int) -> bool:
    """True for the first `limit` calls with this key in a window of so many seconds. The key is stored hashed."""
    caches = settings.CACHES["default"]
    name = f"{caches.get('KEY_PREFIX', '')}:throttle:{keyed_hash('throttle', key)[:32]}"
    try:
        count: Any = connected(caches["LOCATION"]).eval(COUNT, 1, name, str(seconds))
    except (RedisError, OSError):
        return True
    return int(count) <= limit


def client_address(request: HttpRequest) -> str:
    """The visitor's address: the peer, or the entry that the last trusted proxy wrote into X-Forwarded-For.

    An IPv6 visitor owns at least a /64, so the network counts, not the address.
    """
    peer = request.META.get("REMOTE_ADDR") or "127.0.0.1"
    if settings.TRUSTED_PROXIES:
        chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if len(chain) >= settings.TRUSTED_PROXIES:
            peer = chain[-settings.TRUSTED_PROXIES]
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return "0.0.0.0"  # noqa: S104 - a label for an unreadable address, nothing is bound to it
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:  # as a socket that listens on both kinds names an IPv4 visitor
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def allow_request(request: HttpRequest, name: str) -> bool:
    """Whether the visitor's address may do this once more, by settings.THROTTLES[name]."""
    limit, seconds = settings.THROTTLES[name]
    return allow(f"{name}:{client_address(request)}", limit, seconds)


def refuse(request: HttpRequest, name: str) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(settings.THROTTLES[name][1])
    return response


def limited(name: str, *methods: str) -> Callable[[View], View]:
    """At most so many requests of one address to this view as settings.THROTTLES[name] says; then 429.

    Only POST is counted unless other methods are named.
    """
    counted_methods = methods or ("POST",)

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method in counted_methods and not allow_request(request, name):
                return refuse(request, name)
            return view(request, *args, **kwargs)

        return counted

    return decorate
