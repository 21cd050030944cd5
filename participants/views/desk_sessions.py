"""Sessions after planning: a new one, what it is about, its end. The people of the batch hear of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.posting import attempt, form_page, posted, require
from participants import actions
from participants.forms.sessions import CancelSessionForm, NewSessionForm, SessionFactsForm
from participants.views.desk import visible_batch
from programs.models import Batch, Session
from programs.permissions import can_manage_batch


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def session_add(request: HttpRequest, pk: int) -> HttpResponse:
    batch, told = visible_batch(request, pk), 0
    require(can_manage_batch(signed_in(request), batch))
    form = NewSessionForm(posted(request), batch=batch)

    def add() -> None:
        nonlocal told
        told = actions.add_session(batch=batch, plan=form.plan, by=signed_in(request))

    if attempt(form, add):
        return _done(request, batch, told)
    people = batch.registrations.active().count()
    return form_page(request, "participants/session_add.html", form, batch=batch, people=people)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def session_edit(request: HttpRequest, pk: int) -> HttpResponse:
    session, told = _managed_session(request, pk), 0
    form = SessionFactsForm(posted(request), batch=session.batch, session=session)

    def change() -> None:
        nonlocal told
        told = actions.change_session(session=session, facts=form.facts, by=signed_in(request))

    if attempt(form, change):
        return _done(request, session.batch, told)
    return form_page(request, "participants/session_edit.html", form, batch=session.batch, session=session)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def session_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    session, told = _managed_session(request, pk), 0
    form = CancelSessionForm(posted(request))

    def cancel() -> None:
        nonlocal told
        told = actions.cancel_session(session=session, reason=form.cleaned_data["reason"], by=signed_in(request))

    if attempt(form, cancel):
        return _done(request, session.batch, told)
    context = {"batch": session.batch, "session": session, "people": session.batch.registrations.active().count()}
    return form_page(request, "participants/session_cancel.html", form, **context)


def _managed_session(request: HttpRequest, pk: int) -> Session:
    """Of a batch that the person sees, else 404; 403 where they may only look."""
    user = signed_in(request)
    parts = ("batch__program__agency", "batch__region", "topic", "venue", "partner")
    rows = Session.objects.planned().filter(batch__in=Batch.objects.visible_to(user)).select_related(*parts)
    session = get_object_or_404(rows, pk=pk)
    require(can_manage_batch(user, session.batch))
    return session


def _done(request: HttpRequest, batch: Batch, told: int) -> HttpResponse:
    sentence = ngettext("Saved. %(count)d person is told.", "Saved. %(count)d people are told.", told)
    messages.success(request, sentence % {"count": told})
    return redirect("programs:batch_staffing", batch.pk)
