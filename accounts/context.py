"""What the audit trail knows about the request that is being answered, without passing it through every action."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestContext:
    ip: str | None = None
    request_id: str = ""


NOWHERE = RequestContext()
current_request: ContextVar[RequestContext] = ContextVar("current_request", default=NOWHERE)


@contextmanager
def acting(ip: str | None = None, request_id: str = "") -> Iterator[RequestContext]:
    """Everything recorded inside carries this address and request; tasks may give their own id."""
    context = RequestContext(ip=ip, request_id=request_id)
    token = current_request.set(context)
    try:
        yield context
    finally:
        current_request.reset(token)
