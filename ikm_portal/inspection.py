"""The inspector's pages: the state of the chain, the trail as a spreadsheet, and who looked at one person's data."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import note_reading, note_verification
from accounts.chain import verify
from accounts.forms import AuditFilterForm
from accounts.models import Agency, AuditEntry, AuditEntryQuerySet, AuditSeal, User
from accounts.permissions import assignments_with, requires, signed_in
from accounts.queries import visible_entries
from accounts.roles import Permission
from accounts.views.trail import filtered
from ikm_portal.health import seal_lag
from jobs.actions import start, store_file
from jobs.models import Job, StoredFile
from kit.sheets import Column, write_xlsx
from kit.templatetags.kit import moment
from participants.actions.exporting import KEPT_FOR, XLSX
from participants.models import Person, Registration

MOST_ROWS = 100_000
MOST_SHOWN = 500
Progress = Callable[[int, int], None]


def agency_of(user: User) -> Agency:
    """The office in whose name somebody audits; the own one first."""
    given = [one.agency for one in assignments_with(user, Permission.VIEW_AUDIT)]
    if not given:
        raise PermissionDenied
    return next((agency for agency in given if agency.pk == user.agency_id), given[0])


@requires(Permission.VIEW_AUDIT)
@require_safe
def audit_state(request: HttpRequest) -> HttpResponse:
    head = AuditSeal.objects.order_by("-number").defer("entries").first()
    checked = AuditEntry.objects.filter(action="trail.verified").order_by("-pk").first()
    until = AuditEntry.objects.filter(pk=head.last_id).values_list("at", flat=True).first() if head else None
    running = Job.objects.visible_to(request.user).filter(kind="trail_verify", state__in=["queued", "running"]).first()
    context = {
        "head": head,
        "until": until,
        "lag_minutes": int(seal_lag(timezone.now()) // 60),
        "checked": checked,
        "intact": checked is not None and checked.changes.get("result") == "intact",
        "running": running,
    }
    return render(request, "ikm_portal/audit_state.html", context)


@requires(Permission.VIEW_AUDIT)
@require_POST
def audit_verify(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    job = start(kind="trail_verify", params={}, agency=agency_of(user), by=user, title=_("Check of the audit trail"))
    return redirect("jobs:job_detail", pk=job.pk)


@requires(Permission.VIEW_AUDIT)
@require_POST
def audit_export(request: HttpRequest) -> HttpResponse:
    form = AuditFilterForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("These filters cannot be read. Please set them again."))
        return redirect("accounts:audit_list")
    user = signed_in(request)
    params = {"filters": {name: request.POST.get(name, "") for name in form.fields}}
    job = start(kind="trail_export", params=params, agency=agency_of(user), by=user, title=_("Audit trail"))
    return redirect("jobs:job_detail", pk=job.pk)


@requires(Permission.VIEW_AUDIT)
@require_safe
def audit_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Who looked at or changed what is known of one person, for that person's own request (UU PDP, art. 7 and 32)."""
    user = signed_in(request)
    person = get_object_or_404(Person.objects.select_related("agency"), pk=pk)
    entries = about_person(visible_entries(user), person)
    found = list(entries.order_by("-pk")[: MOST_SHOWN + 1])
    if not found:
        return render(request, "404.html", status=404)
    note_reading(action="trail.person_read", agency=person.agency, by=user, subject=person, count=len(found))
    context = {"person": person, "entries": found[:MOST_SHOWN], "more": len(found) > MOST_SHOWN, "now": timezone.now()}
    return render(request, "ikm_portal/audit_person.html", context)


def about_person(entries: AuditEntryQuerySet, person: Person) -> AuditEntryQuerySet:
    """Entries about the file card, and about each registration from before it was known whose it is."""
    keys = [str(key) for key in Registration.objects.filter(person=person).values_list("pk", flat=True)]
    card = Q(subject_type="participants.person", subject_id=str(person.pk))
    entered = Q(subject_type="participants.registration", subject_id__in=keys)
    handled = Q(object_type="participants.registration", object_id__in=keys)
    return entries.filter(card | entered | handled)


def verify_trail(job: Job, progress: Progress) -> None:
    verdict = verify(progress=progress)
    note_verification(verdict=verdict, agency=job.agency, by=job.created_by)
    if verdict.finding is not None:
        raise ValidationError(_("The trail does not fit its chain. The page of the chain tells where."), code="broken")


def export_trail(job: Job, progress: Progress) -> StoredFile:
    """As far as the person may still see it when the work runs."""
    user, form = job.created_by, AuditFilterForm(job.params.get("filters", {}))
    entries = visible_entries(user).select_related("agency").order_by("-pk")
    if form.is_valid():
        entries = filtered(entries, form.cleaned_data)
    found = entries[:MOST_ROWS]
    total = found.count()
    footer = _("Made by %(name)s, %(when)s. Personal data: not to be passed on.") % {
        "name": user.full_name or user.username,
        "when": moment(timezone.now()),
    }
    content = write_xlsx(
        sheet_columns(),
        sheet_rows(found, total, progress),
        title=_("Audit trail"),
        footer=footer,
        time_zone=job.agency.zone,
    )
    note_reading(action="trail.exported", agency=job.agency, by=user, count=total)
    name = f"jejak-audit-{job.agency.today():%Y-%m-%d}.xlsx"
    expires_at = timezone.now() + KEPT_FOR
    return store_file(agency=job.agency, name=name, content=content, content_type=XLSX, expires_at=expires_at, by=user)


def sheet_columns() -> list[Column]:
    return [
        Column(_("Number"), 12, "whole"),
        Column(_("Time"), 20, "datetime"),
        Column(_("Who"), 34),
        Column(_("Role"), 24),
        Column(_("Action"), 30),
        Column(_("Object"), 24),
        Column(_("Purpose"), 30),
        Column(_("Details"), 60),
        Column(_("Region"), 16),
        Column(_("Address"), 16),
        Column(_("Request"), 36),
    ]


def sheet_rows(entries: AuditEntryQuerySet, total: int, progress: Progress) -> Iterator[list[Any]]:
    for number, entry in enumerate(entries.iterator(2000), 1):
        progress(number, total)
        details = "; ".join(f"{name}: {value}" for name, value in entry.changes_shown)
        yield [
            *(entry.pk, entry.at, entry.actor_shown, entry.role_names, entry.action_name, entry.object_name),
            *(entry.purpose, details, entry.region_code, entry.ip or "", entry.request_id),
        ]
