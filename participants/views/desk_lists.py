"""The entries of one batch: searched, decided in one go, printed, exported."""

from collections.abc import Sequence

from django.contrib import messages
from django.db.models.functions import Upper
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from jobs.actions import start
from kit.pages import counted, keyset_page
from kit.posting import form_page, posted, require
from kit.replica import reads_replica
from participants import actions, queries
from participants.actions.checking import Decided, NotAllDecidedError
from participants.forms.staff import DecisionForm, ExportForm, RegistrationFilterForm, RegistrationFindForm
from participants.models import Registration, RegistrationQuerySet, Seat
from participants.permissions import can_export, can_reveal_in, can_verify_in
from participants.queries import households
from participants.views.desk import batch_rights, visible_batch
from programs.models import Batch

MOST_AT_ONCE = 500
DECISIONS = {"verify", "reject", "undo"}
RESULTS = "decided_together"
TABS: dict[str, dict[str, str]] = {
    "all": {},
    "pending": {"check": "pending", "seat": "active"},
    "needs_fix": {"check": "needs_fix", "seat": "active"},
    "verified": {"check": "verified", "seat": "active"},
    "waiting": {"seat": "waiting"},
    "ended": {"seat": "ended"},
}
SEES = Permission.VIEW_REGISTRATIONS


def _entries(request: HttpRequest, batch: Batch) -> RegistrationQuerySet:
    return Registration.objects.visible_to(signed_in(request)).filter(batch=batch)


def _list_address(batch: Batch, wanted: dict[str, str]) -> str:
    query = QueryDict(mutable=True)
    query.update(wanted)
    address = reverse("participants:registration_list", args=[batch.pk])
    return f"{address}?{query.urlencode()}" if wanted else address


@require_safe
@never_cache
@requires(SEES)
@reads_replica
def registration_list(request: HttpRequest, pk: int) -> HttpResponse:
    batch = visible_batch(request, pk, SEES)
    form = RegistrationFilterForm(request.GET)
    found = form.narrow(Registration.objects.filter(batch=batch))  # who sees the batch sees who registered for it
    page = keyset_page(found.listed(), request.GET, newest_first=False, by=["queue_number"])
    queries.tell_places(page.rows)
    households.tell_households(page.rows)
    on_tab, counts = {tab: filters == form.wanted for tab, filters in TABS.items()}, queries.list_counts(batch)
    context = {
        "batch": batch,
        "form": form,
        "wanted": form.wanted,
        "on_tab": on_tab,
        "page": page,
        "today": batch.program.agency.today(),
        "total": next((counts[tab] for tab, chosen in on_tab.items() if chosen), None) or counted(found),
        "counts": counts,
        "may": batch_rights(request, batch),
    }
    return render(request, "participants/registration_list.html", context)


@require_POST
@never_cache
@requires(SEES)
def registration_find(request: HttpRequest, pk: int) -> HttpResponse:
    """The search box sends here, so that a full identity number never stands in an address or a log."""
    batch = visible_batch(request, pk, SEES)
    form = RegistrationFindForm(request.POST)
    if not form.is_valid():
        messages.warning(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("participants:registration_list", pk)
    return redirect(_list_address(batch, form.address_query))


def _chosen(request: HttpRequest, batch: Batch) -> list[Registration]:
    """The ticked rows, or all that match the filter; of entries that are not visible none."""
    entries = _entries(request, batch).select_related("region").defer("nik").order_by("pk")
    if "all" in request.POST:
        return list(RegistrationFilterForm(request.POST).narrow(entries)[: MOST_AT_ONCE + 1])
    keys = [key for key in request.POST.getlist("row") if key.isascii() and key.isdigit() and len(key) < 19]
    return list(entries.filter(pk__in=keys)[: MOST_AT_ONCE + 1])


def chosen_entries(request: HttpRequest, batch: Batch, most: int) -> list[int]:
    """The same by number only, and only those whose entry is alive."""
    entries = _entries(request, batch).active().order_by("pk")
    if "all" in request.POST:
        entries = RegistrationFilterForm(request.POST).narrow(entries)
    else:
        keys = [key for key in request.POST.getlist("row") if key.isascii() and key.isdigit() and len(key) < 19]
        entries = entries.filter(pk__in=keys)
    return list(entries.values_list("pk", flat=True)[: most + 1])


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(SEES)
def registration_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """First shows who is meant and asks for note and reason, then decides about all of them or none."""
    batch = visible_batch(request, pk, SEES)
    require(can_verify_in(signed_in(request), batch))
    chosen, decision = _chosen(request, batch), request.POST.get("decision", "")
    if not chosen or decision not in DECISIONS or len(chosen) > MOST_AT_ONCE:
        messages.warning(request, _choice_warning(chosen))
        return redirect("participants:registration_list", pk)
    sent = request.POST if "confirmed" in request.POST else None
    form = DecisionForm(sent, decision=decision, registrations=chosen)
    if form.is_bound and form.is_valid():
        _decide(request, batch, chosen, decision, form)
        return redirect("participants:registration_decided", pk)
    context = {"batch": batch, "registrations": chosen, "decision": decision}
    return form_page(request, "participants/registration_decide.html", form, **context)


def _choice_warning(chosen: Sequence[Registration]) -> str:
    if len(chosen) > MOST_AT_ONCE:
        return _("At most %(limit)d entries at once. Please narrow the list first.") % {"limit": MOST_AT_ONCE}
    return _("Please tick at least one entry first.")


def _decide(request: HttpRequest, batch: Batch, chosen: list[Registration], decision: str, form: DecisionForm) -> None:
    given = {name: form.cleaned_data.get(name, "") for name in ("note", "reason")}
    try:
        results = actions.decide_many(registrations=chosen, decision=decision, by=signed_in(request), **given)
        done = True
    except NotAllDecidedError as refusal:
        results, done = refusal.results, False
    lines = [[result.registration.pk, str(result.refusal)] for result in results]
    request.session[RESULTS] = {"batch": batch.pk, "decision": decision, "done": done, "lines": lines}


@require_safe
@never_cache
@requires(SEES)
def registration_decided(request: HttpRequest, pk: int) -> HttpResponse:
    """The result list of the last decision over many entries: done for all, or why it was not."""
    batch = visible_batch(request, pk, SEES)
    kept = request.session.get(RESULTS, {})
    if kept.get("batch") != batch.pk:
        return redirect("participants:registration_list", pk)
    found = _entries(request, batch).defer("nik").in_bulk([key for key, _refusal in kept["lines"]])
    results = [Decided(found[key], refusal) for key, refusal in kept["lines"] if key in found]
    context = {
        "batch": batch,
        "results": results,
        "refused": [result for result in results if result.refusal],
        "possible": [result for result in results if not result.refusal],
        "done": kept["done"],
        "decision": kept["decision"],
    }
    return render(request, "participants/registration_decided.html", context)


@require_safe
@never_cache
@requires(SEES)
@reads_replica
def registration_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet for the wall and the folder: seats by name, the waiting list in its order."""
    batch = visible_batch(request, pk, SEES)
    entries = _entries(request, batch).select_related("region").defer("nik")
    sessions = batch.sessions.planned().in_order().select_related("topic", "venue", "instructor")
    context = {
        "batch": batch,
        "agency": batch.program.agency,
        "sessions": sessions,
        "held": entries.filter(seat=Seat.HELD).order_by(Upper("full_name"), "pk"),
        "waiting": entries.filter(seat__in=[Seat.OFFERED, Seat.WAITING]).order_by("seat", "queue_number"),
        "today": batch.program.agency.today(),
    }
    return render(request, "participants/registration_print.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.EXPORT_REGISTRATIONS)
def registration_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks what the sheet shall hold and starts the work; the filter of the list comes along."""
    batch, user = visible_batch(request, pk, SEES), signed_in(request)
    require(can_export(user, batch))
    filters = RegistrationFilterForm(request.POST or request.GET).wanted
    form = ExportForm(posted(request), may_reveal=can_reveal_in(user, batch))
    if form.is_bound and form.is_valid():
        params = {"batch": batch.pk, "filters": filters, **form.cleaned_data}
        title = _("Registrations of %(batch)s") % {"batch": batch.name}
        job = start(kind="registrations_export", params=params, agency=batch.program.agency, by=user, title=title)
        return redirect("jobs:job_detail", job.pk)
    count = counted(RegistrationFilterForm(filters).narrow(_entries(request, batch)))
    context = {"batch": batch, "filters": filters, "count": count}
    return form_page(request, "participants/registration_export.html", form, **context)
