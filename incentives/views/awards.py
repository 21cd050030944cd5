"""Awards at the desk: who gets how much, on which account, and how far the money is."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import holds, requires, signed_in
from accounts.roles import Permission
from incentives import actions
from incentives.permissions import can_manage_competition
from incentives.queries.awards import AwardBoard, papers_of
from incentives.queries.progress import result_in_force
from incentives.views.results import visible_competition
from kit.posting import tell_refusal


@require_safe
@requires(Permission.VIEW_COMPETITIONS)
def award_list(request: HttpRequest, pk: int) -> HttpResponse:
    user, competition = signed_in(request), visible_competition(request, pk)
    agency = competition.program.agency_id
    context = {
        "competition": competition,
        "board": AwardBoard(competition, result_in_force(competition)),
        "sees_money": holds(user, Permission.VIEW_BUDGETS, agency_id=agency),
        "proposes": holds(user, Permission.PROPOSE_PAYMENTS, agency_id=agency),
        "keeps": holds(user, Permission.PROPOSE_PAYMENTS, agency_id=agency)
        or holds(user, Permission.RECORD_PAYMENTS, agency_id=agency),
        "may": can_manage_competition(user, competition),
        "is_finished": competition.finished_at is not None,
        "papers": papers_of(competition) if holds(user, Permission.VIEW_DOCUMENTS, agency_id=agency) else [],
        "issues": holds(user, Permission.ISSUE_DOCUMENTS, agency_id=agency),
    }
    return render(request, "incentives/award_list.html", context)


@require_POST
@requires(Permission.PROPOSE_PAYMENTS)
def award_propose(request: HttpRequest, pk: int) -> HttpResponse:
    user, competition = signed_in(request), visible_competition(request, pk)
    proposed = 0

    def propose() -> None:
        nonlocal proposed
        proposed = len(actions.propose_awards(competition=competition, by=user))

    if tell_refusal(request, propose):
        told = ngettext("%(count)d award is proposed.", "%(count)d awards are proposed.", proposed)
        messages.success(request, told % {"count": proposed})
    return redirect("incentives:award_list", pk)
