"""Registering, from the blank form to the ticket."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit import watch
from kit.form_keys import new_submission_key, submission_key_of
from participants import actions
from participants.actions.registering import FULL
from participants.forms import RegistrationForm
from participants.models import EvidenceKind, Registration, Seat, initial_pin
from participants.queries import texts_in_force
from participants.views import devices, doors, pages
from programs.models import Batch, Demand, live_batch, live_batch_at


def public_batch(slug: str, batch_slug: str) -> Batch:
    """Times of the page are then those of its office."""
    try:
        batch = live_batch_at(slug, batch_slug)
    except Batch.DoesNotExist:
        raise Http404 from None
    if not batch.is_public:
        raise Http404
    timezone.activate(batch.program.agency.zone)
    return batch


def form_page(
    request: HttpRequest, batch: Batch, form: RegistrationForm, status: int = 200, **more: Any
) -> HttpResponse:
    context = {**_form_context(batch, form), "submission_key": form.refreshed_key(), "status": status, **more}
    if not form.is_bound:
        context["draft"] = devices.draft_of(request, batch)
    response = render(request, "participants/register.html", context, status=status)
    if form.is_bound:  # what was typed comes back: a number that a shared phone must not keep
        response.headers["Cache-Control"] = "no-store"
    return response


def _form_context(batch: Batch, form: RegistrationForm) -> dict[str, Any]:
    context = {"batch": batch, "form": form, "phase": batch.phase(), "portal_agency": batch.program.agency}
    return context | {"proof_bits": watch.proof_bits(f"{batch.program.slug}/{batch.slug}")}


def _blank_page(request: HttpRequest, batch: Batch) -> HttpResponse:
    """The form as everybody gets it whose device keeps no draft; only its key is each visitor's own."""
    if devices.secret_of(request):
        return form_page(request, batch, RegistrationForm(batch=batch))
    words = {"submission_key": new_submission_key()} if batch.phase() in {"open", "waiting"} else {}
    return HttpResponse(_stranger_page(request, batch, partial(RegistrationForm, batch=batch), words))


def _full_page(request: HttpRequest, batch: Batch) -> HttpResponse:
    """Told before anything that was typed is looked at: a rush on a full batch must cost little."""
    refusal = ValidationError(FULL, code="batch_full")
    form = partial(RegistrationForm.refused, refusal, batch=batch)
    page = _stranger_page(request, batch, form, {})
    return HttpResponse(page, status=422, headers={"Cache-Control": "no-store"})


def _stranger_page(
    request: HttpRequest, batch: Batch, form: Callable[[], RegistrationForm], words: Mapping[str, str]
) -> str:
    phase, bits = batch.phase(), watch.proof_bits(f"{batch.program.slug}/{batch.slug}")
    texts = texts_in_force(batch.program.agency)
    seats = () if phase == "open" else (batch.seats_held, batch.seats_offered, batch.waiting_count)
    return pages.draw(
        request,
        "participants/register.html",
        lambda: _form_context(batch, form()),
        words=words,
        depends_on=(batch.version, texts.key, phase, seats, bits, request.method == "POST"),
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, slug: str, batch_slug: str) -> HttpResponse:
    """The form. `prefill` carries over what the eligibility check asked, without registering."""
    batch = public_batch(slug, batch_slug)
    if request.method != "POST":
        return _blank_page(request, batch)
    if "prefill" in request.POST:
        return form_page(request, batch, RegistrationForm(batch=batch, initial=_prefilled(request)))
    if batch.phase() == "full" and not _was_sent(request):
        return _full_page(request, batch)
    form = RegistrationForm(request.POST, batch=batch)
    if form.is_valid():
        try:
            return _to_receipt(_registered(request, batch, form))
        except ValidationError as refusal:
            form.add_refusal(refusal)
    return form_page(request, batch, form, status=422)


def _registered(request: HttpRequest, batch: Batch, form: RegistrationForm) -> Registration:
    return actions.register_from_device(
        device=devices.secret_of(request),
        batch=batch,
        declaration=form.declaration,
        submission_key=form.cleaned_data["submission_key"],
        consents=form.consents,
        by=None,
    )


def _was_sent(request: HttpRequest) -> bool:
    """Whether this very form got a seat before: the last seat's owner may press twice."""
    key = submission_key_of(request.POST.get("submission_key", ""))
    return key is not None and Registration.objects.filter(submission_key=key).exists()


def _to_receipt(registration: Registration) -> HttpResponse:
    response = redirect("participants:receipt")
    doors.hand_receipt(response, registration.submission_key)
    return response


def register_expired(request: HttpRequest, slug: str, batch_slug: str) -> HttpResponse:
    """A form whose protection had expired is shown again as it was typed; one more press sends it."""
    sentence = _("This form had expired. Nothing is lost: please press the button again.")
    return _shown_again(request, public_batch(slug, batch_slug), sentence, status=403)


def register_trapped(request: HttpRequest, slug: str, batch_slug: str) -> HttpResponse:
    """A form with a field that people do not see filled in is shown again without it; one more press sends it."""
    sentence = _("Your browser filled in a hidden field. It is empty again: please press the button once more.")
    return _shown_again(request, public_batch(slug, batch_slug), sentence, status=422)


def _shown_again(request: HttpRequest, batch: Batch, sentence: str, *, status: int) -> HttpResponse:
    form = RegistrationForm(request.POST, batch=batch)
    form.is_valid()
    form.add_error(None, sentence)
    return form_page(request, batch, form, status=status)


def _prefilled(request: HttpRequest) -> dict[str, object]:
    try:
        year, month, day = (int(request.POST.get(f"birth_date_{part}", "")) for part in ("year", "month", "day"))
        birth_date = date(year, month, day)
    except (ValueError, OverflowError):
        birth_date = None
    return {"birth_date": birth_date, "region": request.POST.get("region", "")}


class Asked(NamedTuple):
    """A document of which the receipt asks a photo, as far as the page depends on it."""

    kind: EvidenceKind
    is_needed: bool
    is_sent: bool

    def words(self) -> dict[str, object]:
        return {"value": self.kind.value, "label": self.kind.label, "needed": self.is_needed, "sent": self.is_sent}


def _documents(entry: Registration, batch: Batch) -> tuple[Asked, ...]:
    """Nothing is asked of the database where the programme asks nothing."""
    asked = entry.documents_asked(batch.program)
    if not asked:
        return ()
    sent = set(entry.evidence.kept().values_list("kind", flat=True))
    return tuple(
        Asked(kind, asked[kind] == Demand.REQUIRED, kind in sent) for kind in EvidenceKind if kind.value in asked
    )


def _shown_batch(entry: Registration) -> Batch:
    """Times of the page are then those of its office."""
    batch = live_batch(entry.batch_id)
    timezone.activate(batch.program.agency.zone)
    return batch


@login_not_required
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """Number and PIN, for half an hour in the browser that registered and until its owner has noted them."""
    entry = Registration.objects.for_receipt(doors.receipt_key(request))
    if entry is None:
        return redirect("participants:status")
    batch = _shown_batch(entry)
    words = {"shown_code": entry.shown_code}
    if entry.pin_changed_at is None:
        words["pin"] = initial_pin(entry.submission_key)
    if entry.seat == Seat.APPLIED:
        words["number"] = str(entry.number)
    if entry.seat == Seat.WAITING:
        words["position"] = localize(Registration.objects.position_of(entry))
    documents = _documents(entry, batch)
    if documents:
        words["documents_path"] = reverse("participants:document_send", args=[entry.code, "x"]).removesuffix("x/")
    shown = {"seat": entry.seat, "check_state": entry.check_state}
    page = pages.draw(
        request,
        "participants/receipt.html",
        lambda: {"registration": shown, "documents": [asked.words() for asked in documents], **_place(batch)},
        words=words,
        depends_on=(batch.version, documents, *shown.values()),
    )
    return HttpResponse(page, headers={"Cache-Control": "no-store"})


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
    timezone.activate(registration.batch.program.agency.zone)
    address = f"{settings.SITE_URL}{reverse('participants:status')}?nomor={registration.code}"
    context = {
        "registration": registration,
        "qr": qr_svg(address),
        "printed_at": timezone.now(),
        **_place(live_batch(registration.batch_id)),
    }
    response = render(request, "participants/ticket.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _place(batch: Batch) -> dict[str, object]:
    agency = batch.program.agency
    return {"batch": batch, "sessions": batch.planned_sessions(), "agency": agency, "portal_agency": agency}


def qr_svg(text: str) -> SafeString:
    """A QR code as SVG without styles, so that the content security policy lets it stand in the page.

    It has its size and a `viewBox`: without one a style that makes it smaller would cut it off.
    """
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(
        scale=4, border=2, dark="#17234f", light="#ffffff", svgclass="qr", lineclass=None, omitsize=True
    )
    width, height = code.symbol_size(scale=4, border=2)
    return SafeString(drawn.replace("<svg ", f'<svg width="{width}" height="{height}" ', 1))
