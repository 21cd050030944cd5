"""The public side of complaints: what it is for, the board, the form, and the way back by number and word."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Agency
from kit import gates, watch
from kit.pages import keyset_page
from kit.throttle import allow_request, limited, refuse
from participants import actions, queries
from participants.forms.complaints import BoardFilterForm, ComplaintForm, ComplaintStatusForm, ReopenForm
from participants.models import Complaint, ComplaintEvent, initial_word
from participants.views import doors

PLACE = "pengaduan"
ON_A_PAGE = 10


def _agencies() -> list[Agency]:
    return list(Agency.objects.active().order_by("name")[:50])


@login_not_required
@require_safe
def complaint_board(request: HttpRequest) -> HttpResponse:
    """What may be complained of and how, and the answers that their authors allowed to be shown."""
    form = BoardFilterForm(request.GET, agencies=_agencies())
    listed = form.narrow(Complaint.objects.published()).without_words().select_related("agency")
    context = {
        "form": form,
        "page": keyset_page(listed, request.GET, size=ON_A_PAGE),
        "narrowed": bool(form.wanted),
        "figures": queries.complaint_figures(),
        "several": "office" in form.fields,
        "days": settings.COMPLAINT_DAYS,
        "lapor_url": settings.LAPOR_URL,
    }
    return render(request, "participants/complaint_board.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_send(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        chosen = {"category": request.GET.get("about", ""), "registration_number": request.GET.get("nomor", "")[:12]}
        return _form_page(request, ComplaintForm(agencies=_agencies(), initial=chosen))
    form = ComplaintForm(request.POST, agencies=_agencies())
    trapped = bool(request.POST.get(gates.TRAP))
    if gates.is_guarded(request, PLACE, "complaint") and (trapped or not gates.may_pass(request, PLACE)):
        watch.note(PLACE, "trap" if trapped else "held")
        return _held(request, form)
    if trapped:
        watch.note(PLACE, "trap")
        return _given_back(request, form)
    response = _sent(request, form) or _form_page(request, form, status=422)
    watch.note(PLACE, *gates.kinds(request, response))
    return response


def _held(request: HttpRequest, form: ComplaintForm) -> HttpResponse:
    """The form as it was typed, with the time to wait before it is sent again."""
    if not allow_request(request, "complaint_held"):
        return refuse(request, "complaint_held")
    key = form.refreshed_key()
    ticket = gates.next_ticket(request, key, PLACE)
    asked = {"submission_key": key, "ticket": ticket, "proof_bits": settings.PROOF_OF_WORK_BITS}
    response = _form_page(request, form, status=429, **asked)
    if ticket is not None:
        response["Retry-After"] = str(ticket.seconds)
    return response


def _sent(request: HttpRequest, form: ComplaintForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    key = form.cleaned_data["submission_key"]
    try:
        actions.send_complaint(agency=form.chosen_agency, said=form.said, submission_key=key)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None
    response = redirect("participants:complaint_receipt")
    doors.hand_receipt(response, key, doors.COMPLAINT_RECEIPT)
    return response


def _form_page(request: HttpRequest, form: ComplaintForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "status": status,
        "submission_key": more.get("submission_key") or form.refreshed_key(),
        "proof_bits": watch.proof_bits(PLACE),
        "place": PLACE,
        "contact_days": settings.COMPLAINT_CONTACT_DAYS,
        **more,
    }
    response = render(request, "participants/complaint_send.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _given_back(request: HttpRequest, form: ComplaintForm) -> HttpResponse:
    """As it was typed with the trap emptied: what filled it may have been the browser of a real person."""
    if not allow_request(request, "complaint_held"):
        return refuse(request, "complaint_held")
    form.add_error(
        None, _("Your browser filled in a hidden field. It is empty again: please press the button once more.")
    )
    return _form_page(request, form, status=422)


def complaint_expired(request: HttpRequest) -> HttpResponse:
    """A form whose protection had expired is shown again as it was typed; one more press sends it."""
    form = ComplaintForm(request.POST, agencies=_agencies())
    form.add_error(None, _("This form had expired. Nothing is lost: please press the button again."))
    return _form_page(request, form, status=403)


@login_not_required
@require_safe
def complaint_receipt(request: HttpRequest) -> HttpResponse:
    """Number and word, for half an hour in the browser that sent it and until they have been noted."""
    key = doors.receipt_key(request, doors.COMPLAINT_RECEIPT)
    complaint = Complaint.objects.of_form(key) if key else None
    if complaint is None:
        return redirect("participants:complaint_status")
    context = {
        "complaint": complaint,
        "word": initial_word(complaint.submission_key),
        "portal_agency": complaint.agency,
        "days": settings.COMPLAINT_DAYS,
    }
    response = render(request, "participants/complaint_receipt.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@login_not_required
@require_POST
def complaint_noted(request: HttpRequest) -> HttpResponse:
    key = doors.receipt_key(request, doors.COMPLAINT_RECEIPT)
    complaint = Complaint.objects.of_form(key) if key else None
    if complaint is None:
        return redirect("participants:complaint_status")
    response = redirect("participants:complaint_own")
    doors.close(response)
    doors.open_complaint(response, complaint)
    return response


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("complaint_status")
def complaint_status(request: HttpRequest) -> HttpResponse:
    form = ComplaintStatusForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        number, word = form.cleaned_data["number"], form.cleaned_data["word"]
        try:
            complaint = actions.open_with_word(code=number, word=word)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            response = redirect("participants:complaint_own")
            doors.open_complaint(response, complaint)
            return response
    status = 422 if form.is_bound else 200
    return render(request, "participants/complaint_status.html", {"form": form}, status=status)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("complaint_status")
def complaint_own(request: HttpRequest) -> HttpResponse:
    """What became of it; while it has ended, the form to say that this does not satisfy."""
    complaint = doors.complaint_of(request)
    if complaint is None:
        return redirect("participants:complaint_status")
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.reopen_complaint(complaint=complaint, comment=form.cleaned_data["comment"])
            messages.success(request, _("Thank you. An officer looks at it again."))
            return redirect("participants:complaint_own")
        except ValidationError as refusal:
            form.add_error(None, refusal)
    context = {
        "complaint": complaint,
        "portal_agency": complaint.agency,
        "form": form,
        "events": complaint.events.filter(kind__in=ComplaintEvent.PUBLIC),
        "lapor_url": settings.LAPOR_URL,
    }
    response = render(request, "participants/complaint_own.html", context, status=422 if form.errors else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


@login_not_required
@require_POST
def complaint_leave(request: HttpRequest) -> HttpResponse:
    """For phones that are shared: closes the page on this device."""
    response = redirect("participants:complaint_board")
    doors.close(response)
    return response
