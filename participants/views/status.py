"""The resident's own page: status, correction, cancelling, offers, and the way back in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit.own_page import own_cards
from kit.throttle import limited
from participants import actions, queries
from participants.forms import CorrectionForm, RecoveryForm, RenewPinForm, StatusForm, WithdrawForm
from participants.models import Offer, Registration
from participants.views import documents, doors


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("status")
def status(request: HttpRequest) -> HttpResponse:
    """Asks for number and PIN; `?nomor=` comes from the QR code of a ticket."""
    if request.method != "POST":
        form = StatusForm(initial={"code": request.GET.get("nomor", "")[:12]})
        return render(request, "participants/status.html", {"form": form, "entry": doors.entry_of(request)})
    form = StatusForm(request.POST)
    if form.is_valid():
        try:
            registration = actions.open_with_pin(code=form.cleaned_data["code"], pin=form.cleaned_data["pin"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            response = redirect("participants:status_detail")
            doors.open_entry(response, registration)
            return response
    return render(request, "participants/status.html", {"form": form}, status=422)


@login_not_required
@require_safe
@doors.own_entry
def status_detail(request: HttpRequest, registration: Registration) -> HttpResponse:
    batch = registration.batch
    context = {
        "registration": registration,
        "batch": batch,
        "portal_agency": batch.program.agency,
        "sessions": batch.sessions.planned().in_order().select_related("venue", "topic"),
        "offer": registration.offers.open().filter(expires_at__gt=timezone.now()).first(),
        "events": registration.events.all(),
        "result": queries.result_of(registration),
        "documents": documents.with_addresses(registration, queries.documents_of(registration)),
        "can_send": registration.can_be_corrected,
        "certificates": queries.own_certificates(registration),
        "cards": own_cards([registration.pk]),
    }
    return render(request, "participants/status_detail.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@doors.own_entry
def correct(request: HttpRequest, registration: Registration) -> HttpResponse:
    form = CorrectionForm(request.POST or None, registration=registration)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct(registration=registration, declaration=form.declaration, by=None)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Your entry has been corrected."))
            return redirect("participants:status_detail")
    context = {"form": form, "registration": registration, "batch": registration.batch}
    return render(request, "participants/correct.html", context, status=422 if form.errors else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@doors.own_entry
def withdraw(request: HttpRequest, registration: Registration) -> HttpResponse:
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(registration=registration, reason=form.cleaned_data["reason"], by=None)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Your registration has been cancelled."))
            return redirect("participants:status_detail")
    context = {"form": form, "registration": registration, "batch": registration.batch}
    return render(request, "participants/withdraw.html", context, status=422 if form.errors else 200)


@login_not_required
@require_POST
@doors.own_entry
def offer_decide(request: HttpRequest, registration: Registration) -> HttpResponse:
    """The answer to an offer from the own page, where no link is needed."""
    offer = registration.offers.open().first()
    if offer is not None:
        _answer(request, offer)
    return redirect("participants:status_detail")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("offer")
def offer_answer(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the message: shows the offer, and takes the answer by a button, never by merely opening it."""
    offer = Offer.objects.by_token(token)
    if offer is None:
        raise Http404
    if request.method == "POST":
        _answer(request, offer)
        return redirect("participants:offer_answer", token=token)
    registration = Registration.objects.with_parts().get(pk=offer.registration_id)
    timezone.activate(registration.batch.program.agency.zone)
    sessions = registration.batch.sessions.planned().in_order().select_related("venue", "topic")
    context = {
        "offer": offer,
        "is_open": offer.is_open_at(timezone.now()),
        "batch": registration.batch,
        "sessions": sessions,
        "registration": registration,
    }
    response = render(request, "participants/offer_answer.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer(request: HttpRequest, offer: Offer) -> None:
    try:
        if request.POST.get("answer") == "accept":
            actions.accept_offer(offer=offer, by=None)
            messages.success(request, _("The seat is yours. See you at the training."))
        elif request.POST.get("answer") == "decline":
            actions.decline_offer(offer=offer, by=None)
            messages.success(request, _("Thank you for telling us. The seat goes to the next in line."))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("recover")
def recover(request: HttpRequest) -> HttpResponse:
    """Sends a one-time code to the contact on file. The answer is the same whether the number exists or not."""
    form = RecoveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.send_recovery_code(code=form.cleaned_data["code"])
        messages.info(request, _("If this number exists, a code is on its way to the contact on file."))
        return redirect("participants:renew_pin")
    return render(request, "participants/recover.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("status")
def renew_pin(request: HttpRequest) -> HttpResponse:
    """Takes the code of a message or of the office's slip once, and shows a new PIN once."""
    form = RenewPinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            registration, pin = actions.renew_pin(**form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            context = {"registration": registration, "pin": pin}
            response = render(request, "participants/renew_pin_done.html", context)
            doors.open_entry(response, registration)
            response.headers["Cache-Control"] = "no-store"
            return response
    return render(request, "participants/renew_pin.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_POST
def status_leave(request: HttpRequest) -> HttpResponse:
    """For phones that are shared: closes the own page on this device."""
    response = redirect("home")
    doors.close(response)
    return response
