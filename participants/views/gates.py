"""The gate before the registration form, which is drawn again as it was typed."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kit import gates, watch
from kit.throttle import allow_request, refuse
from participants.forms import ResumedForm
from participants.views import public

View = Callable[..., HttpResponse]


def guarded(view: View) -> View:
    """Counts what comes in; lets a form pass at once while nothing is wrong."""

    @wraps(view)
    def watched(request: HttpRequest, slug: str, batch_slug: str) -> HttpResponse:
        if request.method != "POST" or "prefill" in request.POST:
            return view(request, slug, batch_slug)
        place = f"{slug}/{batch_slug}"
        trapped, under_attack = bool(request.POST.get(gates.TRAP)), gates.is_guarded(request, place, "register")
        if under_attack and (trapped or not gates.may_pass(request, place)):
            watch.note(place, "trap" if trapped else "held")
            return _held(request, slug, batch_slug) or view(request, slug, batch_slug)
        if trapped:
            watch.note(place, "trap")
            return _given_back(request, slug, batch_slug)
        response = view(request, slug, batch_slug)
        if response.status_code != 404:
            watch.note(place, *gates.kinds(request, response))
        return response

    return watched


def _held(request: HttpRequest, slug: str, batch_slug: str) -> HttpResponse | None:
    """The form as it was typed, with the time to wait before it is sent again; None where waiting leads to no seat."""
    if not allow_request(request, "register_held"):
        return refuse(request, "register_held")
    place = f"{slug}/{batch_slug}"
    typed, batch = request.POST.copy(), public.public_batch(slug, batch_slug)
    if batch.phase() not in {"open", "waiting"}:
        return None
    key = typed["submission_key"] = ResumedForm(typed, batch=batch).refreshed_key()
    ticket = gates.next_ticket(request, key, place)
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
