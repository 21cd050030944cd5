"""The office's batches: which need work, one batch at a glance, and the changes that its people hear of."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AuditEntry
from accounts.permissions import assignments_with, holds, requires, signed_in
from accounts.roles import Permission
from kit.pages import counted, keyset_page
from kit.posting import attempt, form_page, posted, require
from kit.replica import reads_replica
from participants import actions, queries
from participants.forms.staff import (
    BatchFilterForm,
    CancelBatchForm,
    ConfirmForm,
    ExtendForm,
    QuotaForm,
    RescheduleSheet,
)
from participants.models import Seat
from participants.views.desk import batch_rights, visible_batch
from programs.models import Batch, Program
from programs.permissions import can_manage_batch

PAGE_SIZE = 30
HISTORY_SIZE = 20


@require_safe
@requires(Permission.VIEW_BATCHES)
@reads_replica
def batch_list(request: HttpRequest) -> HttpResponse:
    user, now = signed_in(request), timezone.now()
    form = BatchFilterForm(request.GET, programs=Program.objects.filter(agency__in=_agencies(request)))
    found = form.narrow(Batch.objects.visible_to(user), now)
    by = queries.BY_URGENCY if form.is_current else ["pk"]
    keys = queries.with_urgency(found) if form.is_current else found
    page = keyset_page(keys.only("pk"), request.GET, size=PAGE_SIZE, newest_first=not form.is_current, by=by)
    rows = queries.batch_rows([batch.pk for batch in page.rows], now)
    may_create = holds(user, Permission.MANAGE_BATCHES)
    context = {"form": form, "page": page, "rows": rows, "may_create": may_create, "narrowed": bool(request.GET)}
    context["total"] = counted(found)
    return render(request, "participants/batch_list.html", context)


def _agencies(request: HttpRequest) -> list[int]:
    return sorted({given.agency_id for given in assignments_with(request.user, Permission.VIEW_BATCHES)})


@require_safe
@requires(Permission.VIEW_BATCHES)
def batch_desk(request: HttpRequest, pk: int) -> HttpResponse:
    batch, now = visible_batch(request, pk), timezone.now()
    history = AuditEntry.objects.filter(object_type="programs.batch", object_id=str(batch.pk)).order_by("-pk")
    context = {
        "batch": batch,
        "phase": batch.phase(now),
        "next": queries.next_date(batch, now),
        "figures": queries.batch_figures([batch.pk], now)[batch.pk],
        "sessions": batch.sessions.planned().in_order().select_related("topic", "venue", "instructor", "partner"),
        "may": batch_rights(request, batch),
        "history": history[:HISTORY_SIZE],
    }
    return render(request, "participants/batch_desk.html", context)


def _managed_batch(request: HttpRequest, pk: int) -> Batch:
    batch = visible_batch(request, pk)
    require(can_manage_batch(signed_in(request), batch))
    return batch


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def batch_quota(request: HttpRequest, pk: int) -> HttpResponse:
    batch, offered = _managed_batch(request, pk), 0
    form = QuotaForm(posted(request), initial={"quota": batch.quota, "waiting_quota": batch.waiting_quota})

    def change() -> None:
        nonlocal offered
        offered = actions.change_quota(batch=batch, by=signed_in(request), **form.cleaned_data)

    if attempt(form, change):
        text = _("The quota was changed.")
        if offered:
            told = ngettext("%(count)d seat was offered.", "%(count)d seats were offered.", offered)
            text = f"{text} {told % {'count': offered}}"
        messages.success(request, text)
        return redirect("participants:batch_desk", pk)
    return form_page(request, "participants/batch_quota.html", form, batch=batch)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def batch_extend(request: HttpRequest, pk: int) -> HttpResponse:
    batch = _managed_batch(request, pk)
    form = ExtendForm(posted(request), batch=batch)
    by = signed_in(request)
    if attempt(form, lambda: actions.extend_registration(batch=batch, closes_at=form.closes_at, by=by)):
        messages.success(request, _("The end of registration was changed."))
        return redirect("participants:batch_desk", pk)
    return form_page(request, "participants/batch_extend.html", form, batch=batch)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def batch_reschedule(request: HttpRequest, pk: int) -> HttpResponse:
    """All sessions on one page, so that they can change places."""
    batch, told = _managed_batch(request, pk), 0
    sheet = RescheduleSheet(posted(request), batch=batch)

    def change() -> None:
        nonlocal told
        told = actions.reschedule_batch(batch=batch, sessions=sheet.changed, by=signed_in(request))

    if attempt(sheet, change):
        text = ngettext(
            "The schedule was changed. %(count)d person is told.",
            "The schedule was changed. %(count)d people are told.",
            told,
        )
        messages.success(request, text % {"count": told})
        return redirect("participants:batch_desk", pk)
    context = {"batch": batch, "people": batch.registrations.active().count()}
    return form_page(request, "participants/batch_reschedule.html", sheet, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def batch_finish(request: HttpRequest, pk: int) -> HttpResponse:
    batch, user = _managed_batch(request, pk), signed_in(request)
    form = ConfirmForm(posted(request))
    if attempt(form, lambda: actions.finish_batch(batch=batch, by=user)):
        messages.success(request, _("The batch is finished."))
        return redirect("participants:batch_desk", pk)
    waiting = batch.registrations.active().exclude(seat=Seat.HELD).count()
    return form_page(request, "participants/batch_finish.html", form, batch=batch, waiting=waiting)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def batch_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    batch, told = _managed_batch(request, pk), 0
    form = CancelBatchForm(posted(request))

    def cancel() -> None:
        nonlocal told
        told = actions.cancel_batch(batch=batch, reason=form.cleaned_data["reason"], by=signed_in(request))

    if attempt(form, cancel):
        text = ngettext(
            "The batch was cancelled. %(count)d person is told.",
            "The batch was cancelled. %(count)d people are told.",
            told,
        )
        messages.success(request, text % {"count": told})
        return redirect("participants:batch_desk", pk)
    context = {"batch": batch, "people": batch.registrations.active().count()}
    return form_page(request, "participants/batch_cancel.html", form, **context)
