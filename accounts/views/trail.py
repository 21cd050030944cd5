"""The trail for those who audit."""

import datetime as dt

from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.forms import AuditFilterForm
from accounts.models import AuditEntry, AuditEntryQuerySet, User
from accounts.models.trail import without_account
from accounts.permissions import requires
from accounts.queries import visible_entries
from accounts.roles import Permission
from kit.pages import keyset_page

MOST_NAMED = 200
SKEW = dt.timedelta(hours=1)  # between the clocks of several machines, and of a row made long before it is written


@requires(Permission.VIEW_AUDIT)
def audit_list(request: HttpRequest) -> HttpResponse:
    form = AuditFilterForm(request.GET or None)
    entries = visible_entries(request.user).select_related("agency")
    if form.is_valid():
        entries = filtered(entries, form.cleaned_data)
    page = keyset_page(entries, request.GET)
    return render(request, "accounts/audit_list.html", {"form": form, "page": page})


def filtered(entries: AuditEntryQuerySet, wanted: dict) -> AuditEntryQuerySet:
    """Whole days of the office's calendar; an action by its code or beginning (`registration.`), a person by a part."""
    if action := wanted["action"]:
        entries = entries.filter(action__startswith=action) if action.endswith(".") else entries.filter(action=action)
    if wanted["actor"]:
        entries = entries.filter(done_by(wanted["actor"]))
    if wanted["object_type"]:
        entries = entries.filter(object_type=wanted["object_type"])
    if wanted["object_id"]:
        entries = entries.filter(object_id=wanted["object_id"])
    if wanted["since"]:
        entries = since(entries, midnight(wanted["since"]))
    if wanted["until"] and wanted["until"] < dt.date.max:
        entries = until(entries, midnight(wanted["until"] + dt.timedelta(days=1)))
    return entries


def since(entries: AuditEntryQuerySet, begin: dt.datetime) -> AuditEntryQuerySet:
    """Numbers and times grow together but for SKEW, so a number tells where a page of a period begins."""
    first = (
        AuditEntry.objects.filter(at__gte=begin - SKEW if begin.year > 1 else begin)
        .order_by("at")
        .values_list("pk", flat=True)
        .first()
    )
    return entries.filter(at__gte=begin, pk__gte=first) if first else entries.none()


def until(entries: AuditEntryQuerySet, end: dt.datetime) -> AuditEntryQuerySet:
    last = (
        AuditEntry.objects.filter(at__lt=end + SKEW if end.year < 9999 else end)
        .order_by("-at")
        .values_list("pk", flat=True)
        .first()
    )
    return entries.filter(at__lt=end, pk__lte=last) if last else entries.none()


def done_by(text: str) -> Q:
    """By the name or user name that somebody has now: all that they did, also under a former name.

    And who had no account, as the trail calls them.
    """
    label = Concat("full_name", Value(" ("), "username", Value(")"))  # as the trail writes them
    named = User.objects.alias(label=label).filter(label__icontains=text).order_by("pk")
    users = list(named.values_list("pk", flat=True)[:MOST_NAMED])
    labels = [label for label, words in without_account().items() if text.lower() in f"{label} {words}".lower()]
    nobody = Q(actor__isnull=True) & ~Q(actor_label__in=["resident", "system"])
    found = Q(actor__in=users) | (nobody & Q(actor_label__icontains=text))
    return found | Q(actor__isnull=True, actor_label__in=labels) if labels else found


def midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
