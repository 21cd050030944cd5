"""The trail for those who audit."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.forms import AuditFilterForm
from accounts.models import AuditEntryQuerySet
from accounts.permissions import requires
from accounts.queries import visible_entries
from accounts.roles import Permission
from kit.pages import keyset_page


@requires(Permission.VIEW_AUDIT)
def audit_list(request: HttpRequest) -> HttpResponse:
    form = AuditFilterForm(request.GET or None)
    entries = visible_entries(request.user).select_related("agency")
    if form.is_valid():
        entries = filtered(entries, form.cleaned_data)
    page = keyset_page(entries, request.GET)
    return render(request, "accounts/audit_list.html", {"form": form, "page": page})


def filtered(entries: AuditEntryQuerySet, wanted: dict) -> AuditEntryQuerySet:
    """Whole days of the office's calendar; an action by its beginning (`registration.`), a person by a part."""
    if wanted["action"]:
        entries = entries.filter(action__startswith=wanted["action"])
    if wanted["actor"]:
        entries = entries.filter(actor_label__icontains=wanted["actor"])
    if wanted["object_type"]:
        entries = entries.filter(object_type=wanted["object_type"])
    if wanted["object_id"]:
        entries = entries.filter(object_id=wanted["object_id"])
    if wanted["since"]:
        entries = entries.filter(at__gte=midnight(wanted["since"]))
    if wanted["until"] and wanted["until"] < dt.date.max:
        entries = entries.filter(at__lt=midnight(wanted["until"] + dt.timedelta(days=1)))
    return entries


def midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
