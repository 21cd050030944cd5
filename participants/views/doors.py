"""How a browser proves that an entry or a complaint is its own: signed cookies, no session, no account."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from participants.models import Complaint, Registration

RECEIPT, ENTRY = "portal_receipt", "portal_entry"
COMPLAINT_RECEIPT, COMPLAINT = "portal_complaint_receipt", "portal_complaint"
MINUTES_30 = 1800
View = Callable[..., HttpResponse]


def _set(response: HttpResponse, name: str, value: str) -> None:
    response.set_signed_cookie(
        name,
        value,
        salt=name,
        max_age=MINUTES_30,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _read(request: HttpRequest, name: str) -> str | None:
    return request.get_signed_cookie(name, default=None, salt=name, max_age=MINUTES_30)


def hand_receipt(response: HttpResponse, submission_key: uuid.UUID, name: str = RECEIPT) -> None:
    """Lets this browser see the confirmation, also after a reload on a weak line."""
    _set(response, name, submission_key.hex)


def receipt_of(request: HttpRequest) -> Registration | None:
    key = receipt_key(request)
    return Registration.objects.with_parts().filter(submission_key=key).first() if key else None


def receipt_key(request: HttpRequest, name: str = RECEIPT) -> uuid.UUID | None:
    key = _read(request, name)
    return uuid.UUID(key) if key else None


def open_entry(response: HttpResponse, registration: Registration) -> None:
    """Half an hour on the own page; a new PIN closes every door that the old one opened."""
    _set(response, ENTRY, f"{registration.pk}:{registration.pin_hash[:16]}")


def entry_of(request: HttpRequest) -> Registration | None:
    value = _read(request, ENTRY)
    if not value:
        return None
    pk, _colon, mark = value.partition(":")
    entry = Registration.objects.with_parts().with_position().filter(pk=pk).first()
    return entry if entry is not None and entry.pin_hash[:16] == mark else None


def open_complaint(response: HttpResponse, complaint: Complaint) -> None:
    """Half an hour on the page of one complaint."""
    _set(response, COMPLAINT, f"{complaint.pk}:{complaint.word_hash[:16]}")


def complaint_of(request: HttpRequest) -> Complaint | None:
    value = _read(request, COMPLAINT)
    if not value:
        return None
    pk, _colon, mark = value.partition(":")
    found = Complaint.objects.select_related("agency").filter(pk=pk).first()
    return found if found is not None and found.word_hash[:16] == mark else None


def close(response: HttpResponse) -> None:
    for name in (RECEIPT, ENTRY, COMPLAINT_RECEIPT, COMPLAINT):
        response.delete_cookie(name)


def own_entry(view: View) -> View:
    """The view gets the resident's registration; without an open door the visitor is asked for number and PIN."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        registration = entry_of(request)
        if registration is None:
            return redirect("participants:status")
        timezone.activate(registration.batch.program.agency.zone)  # a training tells its times where it is held
        response = view(request, registration, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    return opened


def open_doors(request: HttpRequest) -> list[Registration]:
    """The entries that this browser may see: the own page, and the one that was just registered."""
    return [entry for entry in (entry_of(request), receipt_of(request)) if entry is not None]


def home_of(request: HttpRequest, registration: Registration) -> str:
    """Where the resident goes on: the own page, or the receipt while its PIN has not been noted."""
    entry = entry_of(request)
    is_own = entry is not None and entry.pk == registration.pk
    return "participants:status_detail" if is_own else "participants:receipt"


def own_by_code(view: View) -> View:
    """The view gets the resident's registration of this number, by either door."""

    @wraps(view)
    def opened(request: HttpRequest, code: str, *args: Any, **kwargs: Any) -> HttpResponse:
        registration = next((entry for entry in open_doors(request) if entry.code == code), None)
        if registration is None:
            return redirect("participants:status")
        response = view(request, registration, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    return opened
