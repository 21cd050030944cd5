"""Residents say which trainings they want, without account and without name, and everybody reads the tally."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit import gates, watch
from kit.crypto import keyed_hash
from kit.throttle import allow_request, client_address, limited, refuse
from programs import actions, queries
from programs.forms.wishes import WishForm
from programs.models import TopicDecision, TopicMeeting, TopicRequest, TopicRound
from regions.models import Region
from regions.rules import is_code

PLACE = "usulan"
RECEIPT, RECEIPT_SECONDS = "portal_wishes", 1800
ROUNDS_SHOWN, PLACES_SHOWN = 12, 60


@login_not_required
@require_safe
def wish_rounds(request: HttpRequest) -> HttpResponse:
    rounds = list(TopicRound.objects.newest_first()[:ROUNDS_SHOWN])
    context = {
        "open": [one for one in rounds if one.is_open],
        "coming": [one for one in rounds if one.phase(one.agency.today()) == "upcoming"],
        "closed": [one for one in rounds if one.phase(one.agency.today()) == "closed"],
    }
    return render(request, "programs/wish_rounds.html", context)


def _round(pk: int) -> TopicRound:
    return get_object_or_404(TopicRound.objects.select_related("agency__region"), pk=pk)


@login_not_required
@require_safe
@limited("topic_tally", "GET", "HEAD")
def wish_tally(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole round, and its regions with what was chosen there."""
    held = _round(pk)
    page = Paginator(queries.places(held), PLACES_SHOWN).get_page(request.GET.get("page"))
    regions = Region.objects.select_related("parent").in_bulk([place.code for place in page])
    context = {
        "held": held,
        "portal_agency": held.agency,
        "tally": queries.tally_of_all(held),
        "page": page,
        "places": [(regions[place.code], place) for place in page],
    }
    return render(request, "programs/wish_tally.html", context)


@login_not_required
@require_safe
@limited("topic_tally", "GET", "HEAD")
def wish_place(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One region: what its residents want, what its meeting settled, what the office decided and why."""
    held = _round(pk)
    if not is_code(code):
        raise Http404
    regions = Region.objects.under(held.agency.region_id).select_related("parent")
    region = get_object_or_404(regions, code=code)
    context = {
        "held": held,
        "portal_agency": held.agency,
        "region": region,
        "tally": queries.tally_of_place(held, code),
        "meeting": TopicMeeting.objects.in_force().with_parts().filter(round=held, region=region).first(),
        "decisions": TopicDecision.objects.in_force()
        .filter(round=held, region=region)
        .select_related("topic")
        .order_by("position", "pk"),
    }
    return render(request, "programs/wish_place.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def wish_send(request: HttpRequest, pk: int) -> HttpResponse:
    held = _round(pk)
    if not held.is_open:
        return redirect(held)
    if request.method != "POST":
        return _form_page(request, WishForm(topic_round=held, initial={"region": request.GET.get("wilayah", "")}))
    form = WishForm(request.POST, topic_round=held)
    trapped = bool(request.POST.get(gates.TRAP))
    if gates.is_guarded(request, PLACE, "topic_request") and (trapped or not gates.may_pass(request, PLACE)):
        watch.note(PLACE, "trap" if trapped else "held")
        return _held(request, form)
    if trapped:
        watch.note(PLACE, "trap")
        return _given_back(request, form)
    response = _sent(request, form) or _form_page(request, form, status=422)
    watch.note(PLACE, *gates.kinds(request, response))
    return response


def _sent(request: HttpRequest, form: WishForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    key, held = form.cleaned_data["submission_key"], form.topic_round
    origin = keyed_hash("origin of a topic request", f"{held.pk}:{client_address(request)}")
    wanted, region = form.wanted, form.chosen_region
    try:
        actions.ask_for_topics(topic_round=held, region=region, wanted=wanted, submission_key=key, origin=origin)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None
    response = redirect("programs:wish_receipt")
    response.set_signed_cookie(
        RECEIPT,
        key.hex,
        salt=RECEIPT,
        max_age=RECEIPT_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def _held(request: HttpRequest, form: WishForm) -> HttpResponse:
    """The form as it was typed, with the time to wait before it is sent again."""
    if not allow_request(request, "topic_request_held"):
        return refuse(request, "topic_request_held")
    key = form.refreshed_key()
    ticket = gates.next_ticket(request, key, PLACE)
    asked = {"submission_key": key, "ticket": ticket, "proof_bits": settings.PROOF_OF_WORK_BITS}
    response = _form_page(request, form, status=429, **asked)
    if ticket is not None:
        response["Retry-After"] = str(ticket.seconds)
    return response


def _given_back(request: HttpRequest, form: WishForm) -> HttpResponse:
    """As it was typed with the trap emptied: what filled it may have been the browser of a real person."""
    if not allow_request(request, "topic_request_held"):
        return refuse(request, "topic_request_held")
    form.add_error(
        None, _("Your browser filled in a hidden field. It is empty again: please press the button once more.")
    )
    return _form_page(request, form, status=422)


def wish_expired(request: HttpRequest, pk: int) -> HttpResponse:
    """A form whose protection had expired is shown again as it was typed; one more press sends it."""
    form = WishForm(request.POST, topic_round=_round(pk))
    form.add_error(None, _("This form had expired. Nothing is lost: please press the button again."))
    return _form_page(request, form, status=403)


def _form_page(request: HttpRequest, form: WishForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "held": form.topic_round,
        "portal_agency": form.topic_round.agency,
        "status": status,
        "submission_key": form.refreshed_key(),
        "proof_bits": watch.proof_bits(PLACE),
        "place": PLACE,
        **more,
    }
    response = render(request, "programs/wish_send.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _own(request: HttpRequest) -> TopicRequest | None:
    """What this browser sent within the last half hour."""
    key = request.get_signed_cookie(RECEIPT, default=None, salt=RECEIPT, max_age=RECEIPT_SECONDS)
    if key is None:
        return None
    rows = TopicRequest.objects.select_related("round__agency", "region")
    return rows.filter(submission_key=uuid.UUID(key)).first()


@login_not_required
@require_safe
def wish_receipt(request: HttpRequest) -> HttpResponse:
    """What was sent, with the way to take it back, for half an hour in the browser that sent it."""
    own = _own(request)
    if own is None:
        return redirect("programs:wish_rounds")
    wishes = own.wishes.select_related("topic", "phrase")
    context = {"own": own, "held": own.round, "portal_agency": own.round.agency, "wishes": wishes}
    response = render(request, "programs/wish_receipt.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@login_not_required
@require_POST
def wish_withdraw(request: HttpRequest) -> HttpResponse:
    own = _own(request)
    if own is None:
        return redirect("programs:wish_rounds")
    try:
        actions.withdraw_request(sent=own)
        messages.success(request, _("Your wishes are taken back. Nothing of them is kept."))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    response = redirect(own.round)
    response.delete_cookie(RECEIPT, samesite="Lax")
    return response
