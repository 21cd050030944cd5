"""One entry at the office: everything that is known of it, and the decisions about it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import holds, requires, signed_in
from accounts.roles import Permission
from kit.posting import attempt, form_page, posted, require
from notifications.models import Message
from participants import actions, queries
from participants.actions.access import CLAIM_DAYS
from participants.forms.staff import ConfirmForm, LinkIdentityForm, RejectForm, RequestFixForm, RevealForm, VerifyForm
from participants.models import CheckState, EvidenceFile, EvidenceKind, Person, Registration
from participants.permissions import (
    can_answer_requests,
    can_correct,
    can_keep_cards,
    can_move,
    can_reveal,
    can_settle,
    can_take_attendance,
    can_verify,
)
from participants.queries import households
from participants.views.desk import compare, tell_undoable, visible_registration
from participants.views.desk_documents import with_addresses

SEES = Permission.VIEW_REGISTRATIONS
DECIDED = {CheckState.VERIFIED, CheckState.REJECTED}


@require_safe
@never_cache
@requires(SEES)
def registration_detail(request: HttpRequest, pk: int) -> HttpResponse:
    registration, user = visible_registration(request, pk), signed_in(request)
    may = _rights(request, registration)
    comparison = _comparison(registration) if can_settle(user, registration) else None
    documents = queries.documents_of(registration)
    context = {
        "registration": registration,
        "batch": registration.batch,
        "may": may,
        "form": VerifyForm(registration=registration),
        "comparison": comparison,
        "flags": [flag for flag in registration.flags if not (comparison and flag == "contact_differs")],
        "events": registration.events.all(),
        "consents": queries.consents_read(registration),
        "sees_editions": holds(user, Permission.VIEW_PRIVACY, registration.batch.program.agency_id),
        "told": Message.objects.visible_to(user).for_subject("registration", pk).order_by("-pk")[:20],
        "offer": registration.offers.open().first(),
        "now": timezone.now(),
        "next_pending": _next_pending(request, registration),
        "documents": documents,
        "household": households.household_of(registration, user),
        "to_look_at": any(document.photo or document.is_needed for document in documents),
        "can_send": registration.can_be_corrected,
    }
    return render(request, "participants/registration_detail.html", context | _took_part(request, registration))


def _took_part(request: HttpRequest, registration: Registration) -> dict[str, Any]:
    """Attendance and certificates, once the training began. Whoever sees papers opens a certificate from here."""
    batch, user = registration.batch, signed_in(request)
    if batch.starts_at is None or batch.starts_at > timezone.now():
        return {}
    return {
        "attendance": queries.attendance_of(registration),
        "certificates": queries.certificates_of(registration),
        "may_attend": can_take_attendance(user, batch),
        "may_open": holds(user, Permission.VIEW_DOCUMENTS, batch.program.agency_id, batch.region_id),
    }


def _rights(request: HttpRequest, registration: Registration) -> dict[str, bool]:
    """Which buttons the page shows: what the person may do and the entry's state allows."""
    user, state = signed_in(request), registration.check_state
    verifies, active, is_open = can_verify(user, registration), registration.is_active, state not in DECIDED
    return {
        "verify": verifies,
        "decide": verifies and active and is_open,
        "reject": verifies and active,
        "undo": verifies and not is_open,
        "link": can_settle(user, registration) and active and registration.is_doubtful,
        "correct": can_correct(user, registration) and registration.can_be_corrected,
        "cards": registration.person_id is not None and can_keep_cards(user, registration.batch),
        "claim": can_correct(user, registration),
        "withdraw": can_correct(user, registration) and active,
        "move": can_move(user, registration) and active,
        "reveal": can_reveal(user, registration),
        "answer": can_answer_requests(user, registration),
    }


def _comparison(registration: Registration) -> dict[str, Any] | None:
    """A doubtful entry beside the person whose identity number it names."""
    people = Person.objects.select_related("region__parent").defer("nik")
    on_file = people.on_file(registration.batch.program.agency, registration.nik_hash)
    if on_file is None or not registration.is_doubtful:
        return None
    return {"person": on_file, "lines": compare(registration, on_file)}


def _next_pending(request: HttpRequest, registration: Registration) -> Registration | None:
    waiting = Registration.objects.visible_to(signed_in(request)).active().exclude(pk=registration.pk)
    pending = waiting.filter(batch=registration.batch_id, check_state=CheckState.PENDING).defer("nik").order_by("pk")
    return pending.filter(pk__gt=registration.pk).first() or pending.first()


def _decidable(request: HttpRequest, pk: int) -> Registration:
    registration = visible_registration(request, pk)
    require(can_verify(signed_in(request), registration))
    return registration


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(SEES)
def registration_verify(request: HttpRequest, pk: int) -> HttpResponse:
    registration, by = _decidable(request, pk), signed_in(request)
    form = VerifyForm(posted(request), registration=registration)
    if attempt(form, lambda: actions.verify(registration=registration, note=form.cleaned_data["note"], by=by)):
        tell_undoable(request, registration, _("Verified: %(name)s.") % {"name": registration.full_name})
        return redirect(registration)
    context = {
        "registration": registration,
        "documents": with_addresses(request, registration),
        "household": households.household_of(registration, by),
        "can_send": registration.can_be_corrected,
        "may": {"reveal": can_reveal(by, registration)},
    }
    return form_page(request, "participants/registration_verify.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(SEES)
def registration_request_fix(request: HttpRequest, pk: int) -> HttpResponse:
    registration, by = _decidable(request, pk), signed_in(request)
    asked = [kind for kind in EvidenceKind if kind in registration.documents_asked(registration.batch.program)]
    form = RequestFixForm(posted(request), asked=asked)
    if attempt(form, lambda: actions.request_fix(registration=registration, by=by, **form.cleaned_data)):
        messages.success(request, _("The resident is asked to correct the entry."))
        return redirect(registration)
    return form_page(request, "participants/registration_request_fix.html", form, registration=registration)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(SEES)
def registration_reject(request: HttpRequest, pk: int) -> HttpResponse:
    registration, by = _decidable(request, pk), signed_in(request)
    form = RejectForm(posted(request))
    if attempt(form, lambda: actions.reject(registration=registration, by=by, **form.cleaned_data)):
        tell_undoable(request, registration, _("Rejected: %(name)s.") % {"name": registration.full_name})
        return redirect(registration)
    return form_page(request, "participants/registration_reject.html", form, registration=registration)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(SEES)
def registration_undo(request: HttpRequest, pk: int) -> HttpResponse:
    registration, by = _decidable(request, pk), signed_in(request)
    form = ConfirmForm(posted(request))
    if attempt(form, lambda: actions.undo_decision(registration=registration, by=by)):
        messages.success(request, _("The decision was undone. The entry is being checked again."))
        return redirect(registration)
    gone = registration.evidence.filter(deleted_reason=EvidenceFile.Reason.VERIFIED).exists()
    context = {"registration": registration, "photos_gone": gone}
    return form_page(request, "participants/registration_undo.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(SEES)
def registration_link(request: HttpRequest, pk: int) -> HttpResponse:
    """The entry belongs to the person on file, who has new contact data."""
    registration, by = _decidable(request, pk), signed_in(request)
    require(can_settle(by, registration))
    form = LinkIdentityForm(posted(request))
    if attempt(form, lambda: actions.link_identity(registration=registration, note=form.cleaned_data["note"], by=by)):
        messages.success(request, _("The entry now belongs to the person on file. It can be verified."))
        return redirect(registration)
    context = {"registration": registration, "comparison": _comparison(registration)}
    return form_page(request, "participants/registration_link.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.REVEAL_IDENTITY)
def registration_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The full number stands in the answer to this one POST and nowhere else."""
    registration, nik = visible_registration(request, pk), ""
    require(can_reveal(signed_in(request), registration))
    form = RevealForm(posted(request))

    def reveal() -> None:
        nonlocal nik
        purpose = form.cleaned_data["purpose"]
        nik = actions.reveal_nik(registration=registration, purpose=purpose, by=signed_in(request))

    attempt(form, reveal)
    context = {"registration": registration, "nik": nik}
    return form_page(request, "participants/registration_reveal.html", form, **context)


@require_POST
@never_cache
@requires(Permission.REGISTER_ASSISTED, Permission.VERIFY_REGISTRATIONS)
def registration_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """A slip with a code for somebody without a phone; the code stands on this answer and nowhere else."""
    registration = visible_registration(request, pk)
    require(can_correct(signed_in(request), registration))
    code = actions.issue_claim_code(registration=registration, by=signed_in(request))
    context = {
        "registration": registration,
        "batch": registration.batch,
        "agency": registration.batch.program.agency,
        "sessions": registration.batch.sessions.planned().in_order().select_related("venue", "topic"),
        "code": code,
        "days": CLAIM_DAYS,
        "now": timezone.now(),
    }
    return render(request, "participants/registration_claim.html", context)
