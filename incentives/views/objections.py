"""Objections at the desk: what came in, and the answer to each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from incentives import actions
from incentives.forms.objections import AnswerForm
from incentives.models import Objection
from incentives.permissions import can_manage_competition
from incentives.queries.awards import AwardBoard
from incentives.queries.progress import result_in_force
from incentives.views.results import visible_competition
from kit.posting import attempt, form_page, posted, require


@require_safe
@never_cache
@requires(Permission.MANAGE_COMPETITIONS)
def objection_list(request: HttpRequest, pk: int) -> HttpResponse:
    user, competition = signed_in(request), visible_competition(request, pk)
    require(can_manage_competition(user, competition))
    rows = Objection.objects.visible_to(user).filter(competition=competition).select_related("result")
    board = AwardBoard(competition, result_in_force(competition))
    return render(
        request, "incentives/objection_list.html", {"competition": competition, "objections": rows, "board": board}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.MANAGE_COMPETITIONS)
def objection_answer(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    rows = Objection.objects.visible_to(user).select_related("competition__program__agency", "answered_by")
    objection = get_object_or_404(rows, pk=pk)
    require(can_manage_competition(user, objection.competition))
    form = AnswerForm(posted(request))
    if attempt(form, lambda: actions.answer_objection(objection=objection, by=user, **form.cleaned_data)):
        messages.success(request, _("Answered. Tell it to the person who objected."))
        return redirect("incentives:objection_list", objection.competition_id)
    return form_page(request, "incentives/objection_answer.html", form, objection=objection)
