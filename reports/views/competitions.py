"""The board of files: what each competition has, what is missing, and the buttons that make and print papers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from documents.kinds import kinds_of_scope
from incentives.models import Competition
from incentives.models.competition import CompetitionQuerySet
from jobs.actions import start
from kit.pages import counted, keyset_page
from kit.posting import form_page, posted, require
from reports import queries
from reports.forms import CompetitionFilterForm, MakeForm
from reports.permissions import can_issue_for
from reports.views.completeness import visible_programs

PAGE_SIZE = 30


def visible_competitions(request: HttpRequest) -> CompetitionQuerySet:
    rows = Competition.objects.visible_to(signed_in(request), Permission.VIEW_DOCUMENTS).with_parts()
    return rows.select_related("program__agency__region", "program__fund_source")


def visible_competition(request: HttpRequest, pk: int) -> Competition:
    return get_object_or_404(visible_competitions(request), pk=pk)


@require_safe
@requires(Permission.VIEW_DOCUMENTS)
def completeness_competitions(request: HttpRequest) -> HttpResponse:
    with_competitions = visible_programs(request).filter(pk__in=Competition.objects.values("program"))
    form = CompetitionFilterForm(request.GET, programs=with_competitions)
    found = form.narrow(visible_competitions(request).exclude(state=Competition.State.CANCELLED))
    page = keyset_page(found, request.GET, size=PAGE_SIZE)
    context = {"form": form, "page": page, "boards": queries.competition_boards(page.rows), "total": counted(found)}
    return render(request, "reports/completeness_competitions.html", {**context, "narrowed": request.GET})


@require_safe
@requires(Permission.VIEW_DOCUMENTS)
def completeness_competition(request: HttpRequest, pk: int) -> HttpResponse:
    competition = visible_competition(request, pk)
    context = _context(request, competition)
    form = _form(request, competition, context["board"])
    return render(request, "reports/completeness_competition.html", {"form": form, **context})


def _context(request: HttpRequest, competition: Competition) -> dict[str, Any]:
    timezone.activate(competition.program.agency.zone)
    may_issue = can_issue_for(signed_in(request), competition.program)
    board = queries.competition_in_full(competition)
    return {"competition": competition, "board": board, "may_issue": may_issue}


def _form(request: HttpRequest, competition: Competition, board: queries.CompetitionBoard) -> MakeForm:
    """Without a kind: what is due now. With one: that kind, whatever the board thinks of it."""
    kinds = kinds_of_scope("competition")
    due = [kind.code for kind in queries.kinds_to_make(board)]
    return MakeForm(posted(request), kinds=kinds, due=due, initial={"date": competition.program.agency.today()})


@require_POST
@requires(Permission.ISSUE_DOCUMENTS)
def completeness_competition_make(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that is missing, or one kind, as work in the background."""
    competition = visible_competition(request, pk)
    require(can_issue_for(signed_in(request), competition.program))
    context = _context(request, competition)
    form = _form(request, competition, context["board"])
    if not form.is_valid():
        return form_page(request, "reports/completeness_competition.html", form, **context)
    title = _("Papers of %(name)s") % {"name": competition.name}
    params: dict[str, Any] = {"competition": competition.pk, "kinds": form.codes, "date": form.day}
    told = {"title": title, "place": reverse("reports:completeness_competition", args=[pk])}
    agency = competition.program.agency
    job = start(kind="papers_make", params=params, agency=agency, by=signed_in(request), **told)
    return redirect("jobs:job_detail", job.pk)


@require_POST
@requires(Permission.VIEW_DOCUMENTS)
def completeness_competition_print(request: HttpRequest, pk: int) -> HttpResponse:
    competition = visible_competition(request, pk)
    title = _("Print: papers of %(name)s") % {"name": competition.name}
    params, agency = {"competition": competition.pk}, competition.program.agency
    job = start(kind="papers_print", params=params, agency=agency, by=signed_in(request), title=title)
    return redirect("jobs:job_detail", job.pk)
