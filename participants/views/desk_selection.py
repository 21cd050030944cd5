"""The office's selections: which batches wait for a result, one result and its freezing, seats that nobody uses."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.permissions import holds, requires, signed_in
from accounts.roles import Permission
from jobs.actions import start
from jobs.models import Job
from kit.pages import keyset_page
from kit.posting import attempt, form_page, posted, require
from participants import actions, queries
from participants.forms.selection import FreezeForm, ShareForm, TermsSheet
from participants.models import SeatTransfer, Selection, SelectionRow
from participants.permissions import can_select
from participants.views.desk import visible_batch
from programs.actions import declare_selection
from programs.models import Batch, Program

SEES, RUNS = Permission.VIEW_REGISTRATIONS, Permission.RUN_SELECTION
PAGE_SIZE = 50


@require_safe
@requires(SEES)
def selection_list(request: HttpRequest) -> HttpResponse:
    """Batches whose seats follow a result; those without one first."""
    user, now = signed_in(request), timezone.now()
    batches = queries.batches_that_select(Batch.objects.visible_to(user, SEES)).exclude(state=Batch.State.CANCELLED)
    found = queries.with_selection_order(batches.with_office())
    page = keyset_page(found, request.GET, size=PAGE_SIZE, newest_first=False, by=queries.BY_SELECTION)
    rows = [(batch, batch.phase(now)) for batch in page.rows]
    programs = Program.objects.visible_to(user).filter(state__in=[Program.State.DRAFT, Program.State.OPEN])
    may = holds(user, RUNS)
    context = {"page": page, "rows": rows, "may": may, "programs": programs.order_by("name")[:PAGE_SIZE] if may else ()}
    return render(request, "participants/selection_list.html", context)


@require_safe
@never_cache
@requires(SEES)
def selection_desk(request: HttpRequest, pk: int) -> HttpResponse:
    """Before the result who takes part, afterwards every line with its reason."""
    batch, now = visible_batch(request, pk, SEES), timezone.now()
    declared = queries.terms_of(batch)
    selection = Selection.objects.filter(batch=batch.pk).select_related("frozen_by").first()
    context = {
        "batch": batch,
        "phase": batch.phase(now),
        "declared": declared,
        "terms": queries.told_terms(declared.terms) if declared else None,
        "selection": selection,
        "may_run": can_select(signed_in(request), batch),
        "is_ready": batch.is_selecting and now >= batch.registration_closes_at,
    }
    context |= {"gathered": queries.gathered(batch)} if selection is None else _lines(request, selection)
    return render(request, "participants/selection_desk.html", context)


def _lines(request: HttpRequest, selection: Selection) -> dict[str, Any]:
    tab = request.GET.get("hasil", "all")
    rows = SelectionRow.objects.filter(selection=selection).select_related("registration__region")
    narrowed = rows.filter(outcome=tab) if tab in SelectionRow.Outcome.values else rows
    on_tab = {name: name == tab for name in (*SelectionRow.Outcome.values, "all")}
    return {"page": keyset_page(narrowed, request.GET, size=PAGE_SIZE, newest_first=False), "on_tab": on_tab}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RUNS)
def selection_freeze(request: HttpRequest, pk: int) -> HttpResponse:
    batch = visible_batch(request, pk, SEES)
    require(can_select(signed_in(request), batch))
    by_draw = batch.selection_method == Program.SelectionMethod.DRAW
    form = FreezeForm(posted(request), by_draw=by_draw, initial={"expected": queries.fingerprint(batch)})

    if form.is_bound and form.is_valid() and queries.gathered(batch).registered > settings.FREEZE_AT_ONCE:
        return redirect("jobs:job_detail", _freeze_later(batch, form, signed_in(request)).pk)
    if attempt(form, lambda: actions.freeze_selection(batch=batch, by=signed_in(request), **form.values)):
        messages.success(request, _("The result is frozen, and everybody is told."))
        return redirect("participants:selection_desk", pk)
    context = {"batch": batch, "gathered": queries.gathered(batch), "seen": queries.fingerprint(batch)}
    context["is_ready"] = batch.is_selecting and timezone.now() >= batch.registration_closes_at
    return form_page(request, "participants/selection_freeze.html", form, **context)


def _freeze_later(batch: Batch, form: FreezeForm, by: User) -> Job:
    title = _("Result of the selection, %(batch)s") % {"batch": batch}
    params, place = {"batch": batch.pk, **form.values}, reverse("participants:selection_desk", args=[batch.pk])
    return start(kind="selection_freeze", params=params, agency=batch.program.agency, by=by, title=title, place=place)


@require_safe
@never_cache
@requires(SEES)
def selection_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The frozen list with reasons, for the wall and the folder."""
    batch = visible_batch(request, pk, SEES)
    selection = get_object_or_404(Selection, batch=batch.pk)
    declared = queries.terms_of(batch)
    rows = queries.numbered(SelectionRow.objects.filter(selection=selection))
    context = {
        "batch": batch,
        "agency": batch.program.agency,
        "selection": selection,
        "terms": queries.told_terms(declared.terms) if declared else None,
        "parts": [(SelectionRow.Outcome(kind), rows.filter(outcome=kind)) for kind in SelectionRow.Outcome],
    }
    return render(request, "participants/selection_print.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RUNS)
def selection_terms(request: HttpRequest, pk: int) -> HttpResponse:
    """How a programme gives its seats, for the batches that will be published."""
    program = _program(request, pk)
    again = request.method == "POST" and "add_row" in request.POST
    sheet = TermsSheet(request.POST if request.method == "POST" else None, program=program, again=again)
    if sheet.is_bound and _declared(sheet, program, signed_in(request)):
        messages.success(request, _("Saved. Batches that are published from now on give their seats in this way."))
        return redirect("participants:selection_list")
    published = queries.batches_that_select(program.batches.exclude(state=Batch.State.PLANNED)).count()
    context = {"program": program, "sheet": sheet, "form": sheet.head, "published": published}
    return render(request, "participants/selection_terms.html", context, status=422 if sheet.errors else 200)


def _declared(sheet: TermsSheet, program: Program, by: User) -> bool:
    """Whether it was valid and kept. What the action refuses goes onto the sheet."""
    if not sheet.is_valid():
        return False
    try:
        declare_selection(program=program, by=by, **sheet.values)
    except ValidationError as refusal:
        sheet.add_refusal(refusal)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RUNS)
def selection_share(request: HttpRequest, pk: int) -> HttpResponse:
    """Unused seats of a programme to where people wait: the proposal of the rule, taken as a whole."""
    program = _program(request, pk)
    proposal = queries.proposed_transfers(program)
    seen = " ".join(f"{source.pk}-{target.pk}-{seats}" for source, target, seats in proposal)
    form = ShareForm(posted(request), initial={"expected": seen})

    def share() -> None:
        actions.share_out_seats(program=program, by=signed_in(request), **form.cleaned_data)

    if attempt(form, share):
        messages.success(request, _("The seats were given on, and offered in order."))
        return redirect("participants:selection_share", pk)
    done = SeatTransfer.objects.filter(program=program).select_related("source__region", "target__region", "by")
    context = {"program": program, "proposal": proposal, "seen": seen, "done": done[:PAGE_SIZE]}
    return form_page(request, "participants/selection_share.html", form, **context)


def _program(request: HttpRequest, pk: int) -> Program:
    """One that the officer may select for as a whole."""
    program = get_object_or_404(Program.objects.visible_to(signed_in(request)).select_related("agency"), pk=pk)
    require(holds(request.user, RUNS, program.agency_id, program.agency.region_id))
    return program
