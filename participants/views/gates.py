"""What stands before the registration form: a trap for programs, and under attack a sum or a line."""

import time
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.signing import BadSignature, b62_decode
from django.http import HttpRequest, HttpResponse

from kit import slow_lane, watch
from kit.proof_of_work import is_solved
from kit.throttle import allow_request, client_address, refuse
from participants.forms import KEYS, ResumedForm
from participants.views import public

TRAP = "website"  # the field that people neither see nor reach
KEY_SECONDS = 12 * 3600
View = Callable[..., HttpResponse]


def guarded(view: View) -> View:
    """Counts what comes in; lets a form pass at once while nothing is wrong."""

    @wraps(view)
    def watched(request: HttpRequest, slug: str, batch_slug: str) -> HttpResponse:
        if request.method != "POST" or "prefill" in request.POST:
            return view(request, slug, batch_slug)
        place = f"{slug}/{batch_slug}"
        trapped, guarded = bool(request.POST.get(TRAP)), is_guarded(request, place, "register")
        if guarded and (trapped or not may_pass(request, place)):
            watch.note(place, "trap" if trapped else "held")
            return _held(request, slug, batch_slug) or view(request, slug, batch_slug)
        if trapped:
            watch.note(place, "trap")
            return _given_back(request, slug, batch_slug)
        response = view(request, slug, batch_slug)
        if response.status_code != 404:
            watch.note(place, *kinds(request, response))
        return response

    return watched


def is_guarded(request: HttpRequest, place: str, throttle: str) -> bool:
    """The form is under attack, or its address sends very many: a village behind one is asked to wait, not refused."""
    return not allow_request(request, throttle) or watch.state().since(place) is not None


def kinds(request: HttpRequest, response: HttpResponse) -> list[str]:
    """How the form that came in weighs: one filled in faster than anybody types, or refused, weighs more."""
    age = key_age(request.POST.get("submission_key", ""))
    hasty = age is None or age < settings.WATCH["hasty_seconds"]
    return ["sent" if response.status_code == 302 else "failed", *["hasty"] * hasty]


def key_age(key: str) -> float | None:
    """Seconds since a form was drawn, by its own signed key; None when the key is not ours."""
    try:
        KEYS.unsign(key)
    except BadSignature:
        return None
    return time.time() - b62_decode(key.rsplit(KEYS.sep, 2)[1])


def may_pass(request: HttpRequest, place: str) -> bool:
    """Under attack: with the sum that the browser did, or a ticket whose time has come."""
    key = request.POST.get("submission_key", "")
    age = key_age(key)
    if age is None:
        return False
    if age < KEY_SECONDS and is_solved(key, place, request.POST.get("proof", "")):
        return True
    ticket = slow_lane.read(request.POST.get("ticket", ""), form=key, place=place)
    return ticket is not None and ticket.admits and ticket.is_ready


def _held(request: HttpRequest, slug: str, batch_slug: str) -> HttpResponse | None:
    """The form as it was typed, with the time to wait before it is sent again; None where waiting leads to no seat."""
    if not allow_request(request, "register_held"):
        return refuse(request, "register_held")
    place = f"{slug}/{batch_slug}"
    typed, batch = request.POST.copy(), public.public_batch(slug, batch_slug)
    if batch.phase() not in {"open", "waiting"}:
        return None
    key = typed["submission_key"] = ResumedForm(typed, batch=batch).refreshed_key()
    ticket = next_ticket(request, key, place)
    asked = {"ticket": ticket, "proof_bits": settings.PROOF_OF_WORK_BITS}
    response = public.form_page(request, batch, ResumedForm(typed, batch=batch), status=429, **asked)
    if ticket is not None:
        response["Retry-After"] = str(ticket.seconds)
    return response


def _given_back(request: HttpRequest, slug: str, batch_slug: str) -> HttpResponse:
    """The form as it was typed with the trap emptied: what filled it may have been the browser of a real person."""
    if not allow_request(request, "register_held"):
        return refuse(request, "register_held")
    return public.register_trapped(request, slug, batch_slug)


def next_ticket(request: HttpRequest, key: str, place: str) -> slow_lane.Ticket | None:
    """The place in line that this form has, or the next one."""
    before = slow_lane.read(request.POST.get("ticket", ""), form=key, place=place)
    if before is None or (before.is_ready and not before.admits):
        return slow_lane.draw(form=key, place=place, address=client_address(request), before=before)
    return before
