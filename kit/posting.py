"""What every view with a form does: read what was sent, try the action, show the form again with what it refused."""

from collections.abc import Callable
from typing import Any, Protocol

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class Sent(Protocol):
    """A form, or a sheet of several forms that answers like one."""

    @property
    def is_bound(self) -> bool: ...

    @property
    def errors(self) -> Any: ...

    def is_valid(self) -> bool: ...

    def add_error(self, field: Any, error: Any) -> None: ...


def require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def key_in(text: str) -> int:
    """The key of a row that an address or a form names; 0, which no row has, when it names none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def posted(request: HttpRequest) -> Any:
    """The data of a form that was sent; None leaves the form blank."""
    return request.POST if request.method == "POST" else None


def attempt(form: Sent, act: Callable[[], Any]) -> bool:
    """Whether the form was valid and the action done. What the action refuses goes onto the form."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        act()
    except ValidationError as refusal:
        place = getattr(form, "add_refusal", None)
        if place is not None:
            place(refusal)
        else:
            form.add_error(None, refusal)
        return False
    return True


def form_page(request: HttpRequest, template: str, form: Sent, **context: Any) -> HttpResponse:
    """The page of a form, as it was typed; 422 when it was sent and refused."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


def tell_refusal(request: HttpRequest, act: Callable[[], Any]) -> bool:
    """Whether a button's action was done; what it refuses is said on the next page."""
    try:
        act()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return False
    return True
