"""What is known of the request or task that is being answered, without passing it through every call."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`request` is there for the log, which asks it for its route and user; a task has none."""

    ip: str | None = None
    request_id: str = ""
    request: HttpRequest | None = None


NOWHERE = RequestContext()
current_request: ContextVar[RequestContext] = ContextVar("current_request", default=NOWHERE)


@contextmanager
def acting(ip: str | None = None, request_id: str = "", request: HttpRequest | None = None) -> Iterator[RequestContext]:
    """Everything recorded or logged inside carries this address and request; a task gives its own id."""
    context = RequestContext(ip=ip, request_id=request_id, request=request)
    token = current_request.set(context)
    try:
        yield context
    finally:
        current_request.reset(token)
