"""Registering, from the blank form to the ticket."""

from datetime import date
from typing import Any

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit import watch
from kit.throttle import limited
from participants import actions
from participants.forms import RegistrationForm
from participants.models import NOTICE_VERSION, Registration, initial_pin
from participants.views import devices, doors
from programs.models import Batch


def public_batch(slug: str, batch_slug: str) -> Batch:
    batches = Batch.objects.public().with_parts().with_dates().prefetch_related("program__rules")
    return get_object_or_404(batches, program__slug=slug, slug=batch_slug)


def form_page(
    request: HttpRequest, batch: Batch, form: RegistrationForm, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"batch": batch, "form": form, "phase": batch.phase(), "portal_agency": batch.program.agency, **more}
    context |= {"status": status, "proof_bits": watch.proof_bits(f"{batch.program.slug}/{batch.slug}")}
    if not form.is_bound:
        context["draft"] = devices.draft_of(request, batch)
    response = render(request, "participants/register.html", context, status=status)
    if form.is_bound:  # what was typed comes back: a number that a shared phone must not keep
        response.headers["Cache-Control"] = "no-store"
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("register")
def register(request: HttpRequest, slug: str, batch_slug: str) -> HttpResponse:
    """The form. `prefill` carries over what the eligibility check asked, without registering."""
    batch = public_batch(slug, batch_slug)
    if request.method != "POST":
        return form_page(request, batch, RegistrationForm(batch=batch))
    if "prefill" in request.POST:
        return form_page(request, batch, RegistrationForm(batch=batch, initial=_prefilled(request)))
    form = RegistrationForm(request.POST, batch=batch)
    if form.is_valid():
        try:
            registration = actions.register_from_device(
                device=devices.secret_of(request),
                batch=batch,
                declaration=form.declaration,
                submission_key=form.cleaned_data["submission_key"],
                consents=form.consents,
                notice_version=NOTICE_VERSION,
                by=None,
            )
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            return _to_receipt(registration)
    return form_page(request, batch, form, status=422)


def _to_receipt(registration: Registration) -> HttpResponse:
    response = redirect("participants:receipt")
    doors.hand_receipt(response, registration.submission_key)
    return response


def register_expired(request: HttpRequest, slug: str, batch_slug: str) -> HttpResponse:
    """A form whose protection had expired is shown again as it was typed; one more press sends it."""
    batch = public_batch(slug, batch_slug)
    form = RegistrationForm(request.POST, batch=batch)
    form.is_valid()
    form.add_error(None, _("This form had expired. Nothing is lost: please press the button again."))
    return form_page(request, batch, form, status=403)


def _prefilled(request: HttpRequest) -> dict[str, object]:
    try:
        year, month, day = (int(request.POST.get(f"birth_date_{part}", "")) for part in ("year", "month", "day"))
        birth_date = date(year, month, day)
    except (ValueError, OverflowError):
        birth_date = None
    return {"birth_date": birth_date, "region": request.POST.get("region", "")}


@login_not_required
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """Number and PIN, for half an hour in the browser that registered and until its owner has noted them."""
    registration = doors.receipt_of(request)
    if registration is None:
        return redirect("participants:status")
    shown = Registration.objects.with_parts().with_position().get(pk=registration.pk)
    pin = initial_pin(shown.submission_key) if shown.pin_changed_at is None else ""
    response = render(request, "participants/receipt.html", {"registration": shown, "pin": pin, **_place(shown)})
    response.headers["Cache-Control"] = "no-store"
    return response


@login_not_required
@require_POST
def receipt_noted(request: HttpRequest) -> HttpResponse:
    """The PIN has been noted: it is not shown again, and the own page opens."""
    registration = doors.receipt_of(request)
    if registration is None:
        return redirect("participants:status")
    response = redirect("participants:status_detail")
    doors.close(response)
    doors.open_entry(response, registration)
    return response


@login_not_required
@require_safe
def ticket(request: HttpRequest) -> HttpResponse:
    """A sheet to print or keep as a picture; it bears the number and a QR code, never the PIN."""
    found = doors.entry_of(request) or doors.receipt_of(request)
    if found is None:
        return redirect("participants:status")
    registration = Registration.objects.with_parts().with_position().get(pk=found.pk)
    address = f"{settings.SITE_URL}{reverse('participants:status')}?nomor={registration.code}"
    context = {
        "registration": registration,
        "qr": qr_svg(address),
        "printed_at": timezone.now(),
        **_place(registration),
    }
    response = render(request, "participants/ticket.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _place(registration: Registration) -> dict[str, object]:
    batch = registration.batch
    sessions = batch.sessions.planned().in_order().select_related("venue", "topic")
    agency = batch.program.agency
    return {"batch": batch, "sessions": sessions, "agency": agency, "portal_agency": agency}


def qr_svg(text: str) -> SafeString:
    """A QR code as SVG without styles, so that the content security policy lets it stand in the page."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(scale=4, border=2, dark="#17234f", light="#ffffff", svgclass="qr", lineclass=None)
    return SafeString(drawn)
