"""Identity cards and bank books of winners at the desk: marked as seen, not stored."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from incentives import actions
from incentives.forms.copies import CopiesForm
from incentives.models import Award, SeenCopy
from incentives.permissions import can_note_copies
from incentives.queries.copies import copy_rows
from incentives.views.results import visible_competition
from kit.posting import attempt, form_page, posted, require, tell_refusal


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.VIEW_COMPETITIONS)
def award_copies(request: HttpRequest, pk: int) -> HttpResponse:
    user, competition = signed_in(request), visible_competition(request, pk)
    may = can_note_copies(user, competition)
    if request.method == "POST":
        require(may)
    rows = copy_rows(competition)
    form = CopiesForm(posted(request), choices=[one for row in rows for one in row.open])
    if attempt(form, lambda: actions.note_copies(competition=competition, by=user, **form.cleaned_data)):
        messages.success(request, _("Noted what was seen."))
        return redirect("incentives:award_copies", pk)
    context = {"competition": competition, "rows": rows, "may": may, "open": any(row.open for row in rows)}
    return form_page(request, "incentives/award_copies.html", form, **context)


@require_POST
@requires(Permission.VIEW_COMPETITIONS)
def copy_undo(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    seen = SeenCopy.objects.filter(award__in=Award.objects.visible_to(user))
    copy = get_object_or_404(seen.select_related("award__competition__program__agency"), pk=pk)
    require(can_note_copies(user, copy.award.competition))
    if tell_refusal(request, lambda: actions.undo_copy(copy=copy, by=user)):
        messages.success(request, _("The mark is taken back."))
    return redirect("incentives:award_copies", copy.award.competition_id)
