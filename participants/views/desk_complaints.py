"""Complaints at the office: the list with its clock, one complaint, and every step with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.pages import counted, keyset_page
from kit.posting import attempt, form_page, posted, require
from notifications.models import Message
from participants import actions, queries
from participants.forms.complaints import (
    ComplaintAnswerForm,
    ComplaintCloseForm,
    ComplaintFilterForm,
    ComplaintNoteForm,
    ComplaintPassForm,
    ContactRevealForm,
    PublishForm,
)
from participants.forms.staff import ConfirmForm
from participants.models import Complaint, ComplaintState, Registration
from participants.permissions import can_handle_complaint

SEES = (
    Permission.MANAGE_COMPLAINTS,
    Permission.MANAGE_CONDUCT_COMPLAINTS,
    Permission.MANAGE_PRIVACY_COMPLAINTS,
)


def _visible(request: HttpRequest, pk: int) -> Complaint:
    return get_object_or_404(Complaint.objects.visible_to(signed_in(request)).with_parts(), pk=pk)


def _after(request: HttpRequest, complaint: Complaint) -> HttpResponse:
    """Back to the complaint, or to the list when it is no longer this officer's to see."""
    if Complaint.objects.visible_to(signed_in(request)).filter(pk=complaint.pk).exists():
        return redirect(complaint)
    return redirect("participants:complaint_list")


@require_safe
@never_cache
@requires(*SEES)
def complaint_list(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    seen = Complaint.objects.visible_to(user)
    form = ComplaintFilterForm(request.GET, user=user)
    found = form.narrow(seen)
    listed = found.without_words().with_due_number().select_related("agency", "region", "assigned_to")
    in_order = {"by": ["due_number", "pk"], "newest_first": False} if form.by_due_day else {"by": ["pk"]}
    today = user.agency.today() if user.agency else None
    context = {
        "form": form,
        "narrowed": bool(form.wanted),
        "page": keyset_page(listed, request.GET, size=25, **in_order),
        "total": counted(found),
        "overdue": counted(seen.overdue(today)) if today else None,
        "several": len({given.agency_id for given in user.role_assignments.all()}) > 1,
    }
    return render(request, "participants/complaint_list.html", context)


@require_safe
@never_cache
@requires(*SEES)
def complaint_detail(request: HttpRequest, pk: int) -> HttpResponse:
    complaint, user = _visible(request, pk), signed_in(request)
    named = complaint.registration
    sees_entry = named is not None and Registration.objects.visible_to(user).filter(pk=named.pk).exists()
    context = {
        "complaint": complaint,
        "events": complaint.events.select_related("by"),
        "sees_entry": sees_entry,
        "told": Message.objects.visible_to(user).for_subject("complaint", pk).order_by("-pk")[:10],
        "can_publish": complaint.state == ComplaintState.ANSWERED and complaint.may_publish,
    }
    return render(request, "participants/complaint_detail.html", context)


def _press(request: HttpRequest, pk: int, act: Callable[[Complaint], Any], done: str) -> HttpResponse:
    """A button without a form: what the action refuses is told on the page."""
    complaint = _visible(request, pk)
    try:
        act(complaint)
        messages.success(request, done)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    return _after(request, complaint)


@require_POST
@never_cache
@requires(*SEES)
def complaint_take(request: HttpRequest, pk: int) -> HttpResponse:
    by = signed_in(request)
    done = _("This complaint is yours now.")
    return _press(request, pk, lambda complaint: actions.take_complaint(complaint=complaint, by=by), done)


@require_POST
@never_cache
@requires(*SEES)
def complaint_unpublish(request: HttpRequest, pk: int) -> HttpResponse:
    by = signed_in(request)
    done = _("It no longer stands on the board.")
    return _press(request, pk, lambda complaint: actions.unpublish_complaint(complaint=complaint, by=by), done)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(*SEES)
def complaint_pass(request: HttpRequest, pk: int) -> HttpResponse:
    complaint, by = _visible(request, pk), signed_in(request)
    staff = queries.complaint_staff(complaint)
    officers = [person for person in staff if _may_take(person, complaint, request)]
    first = {"category": complaint.category, "to": complaint.assigned_to_id, "concerns": complaint.concerns_id}
    form = ComplaintPassForm(posted(request), officers=officers, staff=staff, initial=first)
    if attempt(form, lambda: actions.pass_complaint(complaint=complaint, by=by, **form.cleaned_data)):
        messages.success(request, _("The complaint is passed on."))
        return _after(request, complaint)
    return form_page(request, "participants/complaint_pass.html", form, complaint=complaint)


def _may_take(person: Any, complaint: Complaint, request: HttpRequest) -> bool:
    """Under the category that it has or that is being chosen."""
    wanted = {complaint.category, request.POST.get("category", "")} - {""}
    return any(can_handle_complaint(person, complaint, category) for category in wanted)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(*SEES)
def complaint_note(request: HttpRequest, pk: int) -> HttpResponse:
    complaint, by = _visible(request, pk), signed_in(request)
    form = ComplaintNoteForm(posted(request))
    if attempt(form, lambda: actions.note_complaint(complaint=complaint, text=form.cleaned_data["text"], by=by)):
        messages.success(request, _("The note is kept."))
        return redirect(complaint)
    return form_page(request, "participants/complaint_note.html", form, complaint=complaint)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(*SEES)
def complaint_answer(request: HttpRequest, pk: int) -> HttpResponse:
    complaint, by = _visible(request, pk), signed_in(request)
    form = ComplaintAnswerForm(posted(request))
    if attempt(form, lambda: actions.answer_complaint(complaint=complaint, answer=form.cleaned_data["answer"], by=by)):
        messages.success(request, _("The answer can be read with number and secret word."))
        return redirect(complaint)
    return form_page(request, "participants/complaint_answer.html", form, complaint=complaint)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(*SEES)
def complaint_close(request: HttpRequest, pk: int) -> HttpResponse:
    complaint, by = _visible(request, pk), signed_in(request)
    form = ComplaintCloseForm(posted(request))
    if attempt(form, lambda: actions.close_complaint(complaint=complaint, by=by, **form.cleaned_data)):
        messages.success(request, _("The complaint is closed. Its author can read the reason."))
        return redirect(complaint)
    return form_page(request, "participants/complaint_close.html", form, complaint=complaint)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(*SEES)
def complaint_undo(request: HttpRequest, pk: int) -> HttpResponse:
    complaint, by = _visible(request, pk), signed_in(request)
    form = ConfirmForm(posted(request))
    if attempt(form, lambda: actions.undo_complaint(complaint=complaint, by=by)):
        messages.success(request, _("The complaint is being worked on again, by you."))
        return redirect(complaint)
    return form_page(request, "participants/complaint_undo.html", form, complaint=complaint)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(*SEES)
def complaint_publish(request: HttpRequest, pk: int) -> HttpResponse:
    complaint, by = _visible(request, pk), signed_in(request)
    require(complaint.may_publish and complaint.state == ComplaintState.ANSWERED)
    first = {
        "question": complaint.published_question or complaint.text,
        "answer": complaint.published_answer or complaint.answer,
    }
    form = PublishForm(posted(request), complaint=complaint, initial=first)

    def publish() -> None:
        words = {name: form.cleaned_data[name] for name in ("question", "answer")}
        actions.publish_complaint(complaint=complaint, by=by, **words)

    if attempt(form, publish):
        messages.success(request, _("Question and answer stand on the board."))
        return redirect(complaint)
    return form_page(request, "participants/complaint_publish.html", form, complaint=complaint)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(*SEES)
def complaint_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Name and contact stand in the answer to this one POST and nowhere else."""
    complaint, by = _visible(request, pk), signed_in(request)
    form = ContactRevealForm(posted(request))

    def reveal() -> None:
        actions.reveal_complaint_contact(complaint=complaint, purpose=form.cleaned_data["purpose"], by=by)

    shown = attempt(form, reveal)
    return form_page(request, "participants/complaint_reveal.html", form, complaint=complaint, shown=shown)
