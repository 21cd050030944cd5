"""What the chair sees and may do: progress, spread, corrections. Nobody else sees a score before the lock."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incentives import actions, queries
from incentives.forms.jury import SheetForm
from incentives.models import Entry, Juror, ScoreSheet
from incentives.views.jury_doors import as_chair
from kit.posting import attempt, form_page, posted


@login_not_required
@require_safe
@as_chair
def jury_board(request: HttpRequest, juror: Juror) -> HttpResponse:
    """Who has submitted what, what is missing, where the jurors are far apart."""
    board = queries.board_of(juror.competition, chair=juror)
    # Asked once instead of for each of several hundred lines.
    entries_url = reverse("incentives:jury_entry", args=[0]).removesuffix("0/")
    context = {"juror": juror, "competition": juror.competition, "board": board, "entries_url": entries_url}
    return render(request, "incentives/jury_board.html", context)


@login_not_required
@require_safe
@as_chair
def jury_entry(request: HttpRequest, juror: Juror, pk: int) -> HttpResponse:
    """All sheets of one entry side by side, once the chair's own is submitted."""
    rows = Entry.objects.filter(competition=juror.competition)
    entry = get_object_or_404(rows.admitted(), pk=pk)
    if ScoreSheet.objects.filter(juror=juror, entry=entry).missing().exists():
        messages.info(request, _("You see the others' scores after you have submitted your own."))
        return redirect("incentives:jury_board")
    name, sub = queries.entry_names(entry, juror.competition.edition)
    context = {"juror": juror, "entry": entry, "name": name, "sub": sub, "sheets": queries.sheets_side_by_side(entry)}
    return render(request, "incentives/jury_entry.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@as_chair
def jury_correct(request: HttpRequest, juror: Juror, pk: int) -> HttpResponse:
    """Another juror's submitted scores, or the own ones, with the reason."""
    rows = ScoreSheet.objects.filter(competition=juror.competition, state=ScoreSheet.State.SUBMITTED)
    sheet = get_object_or_404(rows.select_related("entry", "juror", "edition"), pk=pk)
    if ScoreSheet.objects.filter(juror=juror, entry=sheet.entry).missing().exists():
        raise Http404
    form = SheetForm(posted(request), criteria=list(sheet.edition.criteria.all()), is_correction=True)

    def correct() -> None:
        given = form.cleaned_data
        actions.correct_sheet(
            sheet=sheet, given=form.told, reason=given["reason"], chair=juror, client_id=given["client_id"]
        )

    if attempt(form, correct):
        messages.success(request, _("Corrected. The scores before are kept with the reason."))
        return redirect("incentives:jury_entry", sheet.entry_id)
    lines = queries.lines_of(sheet, sheet.edition, form.typed)
    name, _sub = queries.entry_names(sheet.entry, juror.competition.edition)
    context = {"juror": juror, "sheet": sheet, "lines": lines, "name": name, "client_id": uuid.uuid4()}
    return form_page(request, "incentives/jury_correct.html", form, **context)
