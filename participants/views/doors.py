"""How a browser proves that an entry or a complaint is its own: signed cookies, no session, no account."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from kit.cookies import keep, kept
from participants import queries
from participants.models import Complaint, IdentityProof, Person, Registration
from participants.permissions import (
    BY_CODE,
    OWN_DOOR,
    OWN_DOOR_SECONDS,
    PROOFS,
    PROVEN,
    door_of,
    entry_behind,
    way_of,
)

RECEIPT, ENTRY, ASKED = "portal_receipt", OWN_DOOR, "portal_asked"
COMPLAINT_RECEIPT, COMPLAINT = "portal_complaint_receipt", "portal_complaint"
MINUTES_30 = OWN_DOOR_SECONDS
View = Callable[..., HttpResponse]


def _set(response: HttpResponse, name: str, value: str) -> None:
    keep(response, name, value, MINUTES_30)


def _read(request: HttpRequest, name: str) -> str | None:
    return kept(request, name, MINUTES_30)


def hand_receipt(response: HttpResponse, submission_key: uuid.UUID, name: str = RECEIPT) -> None:
    """Lets this browser see the confirmation, also after a reload on a weak line."""
    _set(response, name, submission_key.hex)


def receipt_of(request: HttpRequest) -> Registration | None:
    key = receipt_key(request)
    return Registration.objects.with_parts().filter(submission_key=key).first() if key else None


def receipt_key(request: HttpRequest, name: str = RECEIPT) -> uuid.UUID | None:
    key = _read(request, name)
    return uuid.UUID(key) if key else None


def open_entry(response: HttpResponse, registration: Registration, way: str = "") -> None:
    """Half an hour on the own page; a new PIN closes every door that the old one opened.

    By `BY_CODE` a code came to the contact on file of the person, and by `PROVEN` who the person is was known before:
    both open all that is theirs.
    """
    _set(response, ENTRY, door_of(registration, way))


def entry_of(request: HttpRequest) -> Registration | None:
    return entry_behind(_read(request, ENTRY))


@dataclass(frozen=True)
class Visitor:
    """Who is on the own page: the entry by which they came, how they proved it, and whose data they may see."""

    registration: Registration
    subject: queries.Subject
    by_code: bool

    @property
    def identity(self) -> str:
        return IdentityProof.CODE if self.by_code else IdentityProof.PIN

    @property
    def way(self) -> str:
        """What a door to another own entry says."""
        return BY_CODE if self.by_code else PROVEN if self.is_whole else ""

    @property
    def is_whole(self) -> bool:
        """Whether the person's whole data is shown, and not this one entry alone."""
        return isinstance(self.subject, Person)


def visitor_of(request: HttpRequest) -> Visitor | None:
    registration = entry_of(request)
    if registration is None:
        return None
    way = way_of(_read(request, ENTRY))
    subject = queries.subject_of(registration, is_proven=way in PROOFS)
    return Visitor(registration, subject, way == BY_CODE)


def own_page(view: View) -> View:
    """The view gets the visitor of the own page; without an open door they are asked who they are."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        visitor = visitor_of(request)
        if visitor is None:
            return redirect("participants:own_sign_in")
        timezone.activate(visitor.registration.batch.program.agency.zone)
        response = view(request, visitor, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    return opened


def note_asked(response: HttpResponse, nik_hash: str) -> None:
    """Whose code this browser waits for: the keyed hash alone, whether anybody bears the number or not."""
    _set(response, ASKED, nik_hash)


def asked_of(request: HttpRequest) -> str:
    return _read(request, ASKED) or ""


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
    for name in (RECEIPT, ENTRY, ASKED, COMPLAINT_RECEIPT, COMPLAINT):
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
