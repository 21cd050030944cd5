"""What stands before a public form: a trap for programs, and under attack a sum or a place in line."""

import time

from django.conf import settings
from django.core.signing import BadSignature, b62_decode
from django.http import HttpRequest, HttpResponse

from kit import slow_lane, watch
from kit.form_keys import KEYS
from kit.proof_of_work import is_solved
from kit.throttle import allow_request, client_address

TRAP = "website"  # the field that people neither see nor reach
KEY_SECONDS = 12 * 3600


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


def next_ticket(request: HttpRequest, key: str, place: str) -> slow_lane.Ticket | None:
    """The place in line that this form has, or the next one."""
    before = slow_lane.read(request.POST.get("ticket", ""), form=key, place=place)
    if before is None or (before.is_ready and not before.admits):
        return slow_lane.draw(form=key, place=place, address=client_address(request), before=before)
    return before
