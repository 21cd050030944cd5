"""The result at the chair's door: every figure when all sheets are in, ties, the lock, and opening it again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incentives import actions
from incentives.forms.deciding import LockForm, TieForm
from incentives.forms.results import ReasonForm
from incentives.models import Entry, Juror
from incentives.queries.progress import Progress
from incentives.queries.results import ResultBoard
from incentives.views.jury_doors import as_chair
from incentives.views.results import result_context
from kit.posting import attempt, form_page, posted


def chair_context(juror: Juror) -> dict[str, Any]:
    """Totals of all only when every sheet is in: before, the chair judges as everybody does."""
    competition = juror.competition
    context = result_context(competition, sees=True) | {"juror": juror}
    progress: Progress | None = context.get("progress")
    if progress is not None and not progress.incomplete:
        context["board"] = board_before_lock(progress)
    return context


def board_before_lock(progress: Progress) -> ResultBoard:
    return ResultBoard(progress.facts, progress.entries.values(), progress.jurors)


@login_not_required
@require_safe
@as_chair
def jury_result(request: HttpRequest, juror: Juror) -> HttpResponse:
    return render(request, "incentives/jury_result.html", chair_context(juror))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@as_chair
def result_lock(request: HttpRequest, juror: Juror) -> HttpResponse:
    competition = juror.competition
    form = LockForm(posted(request), is_again=competition.results.exists())

    def lock() -> None:
        reason = form.cleaned_data.get("reason", "")
        actions.lock_result(competition=competition, chair=juror, reason=reason, by=None)

    if attempt(form, lock):
        messages.success(request, _("The result is locked."))
        return redirect("incentives:jury_result")
    progress = Progress(competition)
    winners = [] if progress.obstacles else [line for line in board_before_lock(progress).lines if line.tier]
    context = {"competition": competition, "progress": progress, "winners": winners}
    return form_page(request, "incentives/result_lock.html", form, **context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@as_chair
def tie_decide(request: HttpRequest, juror: Juror, pk: int) -> HttpResponse:
    """The tie that holds this pitch."""
    found = next((tie for tie in Progress(juror.competition).tied() if pk in {one.pk for one in tie["entries"]}), None)
    if found is None:
        raise Http404
    entries: list[Entry] = found["entries"]
    form = TieForm(posted(request), entries=entries, ways=found["by"])

    def decide() -> None:
        told = form.cleaned_data
        call = {"competition": juror.competition, "chair": juror, "reason": told["reason"]}
        actions.decide_tie(entries=form.ordered, way=told["way"], by=None, **call)

    if attempt(form, decide):
        messages.success(request, _("The tie is decided."))
        return redirect("incentives:jury_result")
    return form_page(request, "incentives/tie_decide.html", form, tie=found, competition=juror.competition)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@as_chair
def result_reopen(request: HttpRequest, juror: Juror) -> HttpResponse:
    form = ReasonForm(posted(request))

    def reopen() -> None:
        actions.reopen_result(competition=juror.competition, chair=juror, by=None, **form.cleaned_data)

    if attempt(form, reopen):
        messages.success(request, _("The sheets can be corrected again."))
        return redirect("incentives:jury_result")
    return form_page(request, "incentives/result_reopen.html", form, competition=juror.competition)
