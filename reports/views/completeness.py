"""The board of papers: what each batch has and what is missing."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Agency
from accounts.permissions import holds, requires, scope_q, signed_in
from accounts.roles import Permission
from kit.pages import counted, keyset_page
from kit.posting import posted
from programs.models import Batch, Program, Session
from reports import queries
from reports.forms import BoardFilterForm, MakeForm
from reports.permissions import can_issue_for, can_issue_in

PAGE_SIZE = 30


def visible_batch(request: HttpRequest, pk: int) -> Batch:
    batches = Batch.objects.visible_to(signed_in(request), Permission.VIEW_DOCUMENTS).with_parts()
    return get_object_or_404(batches, pk=pk)


def visible_programs(request: HttpRequest) -> "QuerySet[Program]":
    reach = scope_q(signed_in(request), Permission.VIEW_DOCUMENTS, agency="agency", region=None)
    return Program.objects.filter(reach).select_related("agency__region", "fund_source")


def visible_program(request: HttpRequest, pk: int) -> Program:
    return get_object_or_404(visible_programs(request), pk=pk)


@require_safe
@requires(Permission.VIEW_DOCUMENTS)
def completeness_list(request: HttpRequest) -> HttpResponse:
    form = BoardFilterForm(request.GET, programs=visible_programs(request))
    visible = Batch.objects.visible_to(signed_in(request), Permission.VIEW_DOCUMENTS)
    found = form.narrow(visible.exclude(state=Batch.State.CANCELLED))
    page = keyset_page(found.with_office().with_moment(), request.GET, size=PAGE_SIZE, by=["moment", "pk"])
    chosen = form.cleaned_data.get("program") if form.is_valid() else None
    context = {"form": form, "page": page, "boards": queries.boards(page.rows), "total": counted(found)}
    return render(request, "reports/completeness_list.html", {**context, "chosen": chosen, "narrowed": request.GET})


@require_safe
@requires(Permission.VIEW_DOCUMENTS)
def completeness_batch(request: HttpRequest, pk: int) -> HttpResponse:
    batch = visible_batch(request, pk)
    form = make_form(request, batch.program.agency)
    return render(request, "reports/completeness_batch.html", {"form": form, **batch_context(request, batch)})


def batch_context(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    user = signed_in(request)
    timezone.activate(batch.program.agency.zone)
    seen = Session.objects.visible_to(user, Permission.TAKE_ATTENDANCE).filter(batch=batch)
    return {
        "batch": batch,
        "board": queries.board_in_full(batch),
        "may_issue": can_issue_in(user, batch),
        "past": queries.past_sessions([batch.pk]).in_order(),
        "may_attend": holds(user, Permission.TAKE_ATTENDANCE) and seen.exists(),
    }


def make_form(request: HttpRequest, agency: Agency) -> MakeForm:
    return MakeForm(posted(request), kinds=queries.kinds_of_boards(), initial={"date": agency.today()})


@require_safe
@requires(Permission.VIEW_DOCUMENTS)
def completeness_program(request: HttpRequest, pk: int) -> HttpResponse:
    """A programme in figures, and the buttons for all its batches."""
    program = visible_program(request, pk)
    form = make_form(request, program.agency)
    return render(request, "reports/completeness_program.html", {"form": form, **program_context(request, program)})


def program_context(request: HttpRequest, program: Program) -> dict[str, Any]:
    user = signed_in(request)
    may_issue = can_issue_for(user, program)
    return {"program": program, "summary": queries.program_summary(program, user), "may_issue": may_issue}
