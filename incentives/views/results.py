"""The result of a jury at the desk: how far it is, and once it is locked every figure of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.permissions import holds, requires, signed_in
from accounts.roles import Permission
from incentives import actions
from incentives.forms.results import RemoveForm
from incentives.models import Competition, Entry
from incentives.permissions import can_manage_competition
from incentives.queries.progress import Progress, result_in_force
from incentives.queries.results import board_of_result, decided_ties
from kit.posting import attempt, form_page, posted, require


def visible_competition(request: HttpRequest, pk: int) -> Competition:
    rows = Competition.objects.visible_to(signed_in(request)).select_related("program__agency", "edition")
    return get_object_or_404(rows.filter(edition__isnull=False), pk=pk)


def sees_scores(user: User, competition: Competition) -> bool:
    """Before the lock nobody does at the desk, whatever role they have."""
    agency = competition.program.agency_id
    return competition.locked_at is not None and holds(user, Permission.VIEW_SCORES, agency_id=agency)


def result_context(competition: Competition, *, sees: bool) -> dict[str, Any]:
    """For the desk and for the chair's door alike."""
    result = result_in_force(competition)
    context: dict[str, Any] = {"competition": competition, "result": result}
    if competition.locked_at is None or result is None:
        return context | {"progress": Progress(competition)}
    versions = competition.results.order_by("-version").select_related("chair", "locked_by")
    context |= {"versions": versions, "ties": decided_ties(competition)}
    return context | ({"board": board_of_result(result)} if sees else {})


@require_safe
@requires(Permission.VIEW_COMPETITIONS)
def result_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user, competition = signed_in(request), visible_competition(request, pk)
    context = result_context(competition, sees=sees_scores(user, competition))
    may = can_manage_competition(user, competition)
    return render(request, "incentives/result_detail.html", {**context, "may": may})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_COMPETITIONS)
def result_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody withdrew or is disqualified after the lock: a new version, and the reserve moves up."""
    user, competition = signed_in(request), visible_competition(request, pk)
    require(can_manage_competition(user, competition))
    form = RemoveForm(posted(request), entries=Entry.objects.filter(competition=competition).real().admitted())

    def remove() -> None:
        actions.remove_entry(by=user, **form.cleaned_data)

    if attempt(form, remove):
        messages.success(request, _("The result has a new version."))
        return redirect("incentives:result_detail", pk)
    return form_page(request, "incentives/result_remove.html", form, competition=competition)
