"""Who approves or pays instead of whom, and until when."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from budgets import actions
from budgets.forms.stand_ins import StandInForm, own_duties
from budgets.models import StandIn
from kit.pages import keyset_page
from kit.posting import attempt, form_page, posted, require, tell_refusal

PAGE_SIZE = 25


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_BUDGETS)
def stand_in_list(request: HttpRequest) -> HttpResponse:
    """All periods of the office, and a form for those who have a duty to hand over."""
    user = signed_in(request)
    may = bool(own_duties(user))
    require(may or request.method != "POST")
    form = StandInForm(posted(request), user=user)

    def name() -> None:
        try:
            actions.name_stand_in(period=form.period, by=user)
        except ValidationError as refusal:
            beside = {"stand_in_days_in_order": "valid_to", "stand_in_somebody_else": "substitute"}
            code = "" if hasattr(refusal, "error_dict") else str(refusal.error_list[0].code)
            raise ValidationError({beside[code]: refusal}) if code in beside else refusal from refusal

    if attempt(form, name):
        messages.success(request, _("The stand-in is named. What is done for you names you both."))
        return redirect("budgets:stand_in_list")
    found = StandIn.objects.visible_to(user).select_related("agency", "absent", "substitute")
    page = keyset_page(found, request.GET, size=PAGE_SIZE)
    return form_page(request, "budgets/stand_in_list.html", form, page=page, rows=_told(page.rows), may=may)


def _told(rows: list[StandIn]) -> list[tuple[StandIn, str]]:
    """Each period with where it stands today."""
    found = []
    for row in rows:
        today = row.agency.today()
        over = "over" if row.valid_to < today else "ahead" if row.valid_from > today else "now"
        found.append((row, "ended" if row.ended_at else over))
    return found


@require_POST
@requires(Permission.VIEW_BUDGETS)
def stand_in_end(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    row = get_object_or_404(StandIn.objects.visible_to(user), pk=pk)
    require(row.absent_id == user.pk)
    if tell_refusal(request, lambda: actions.end_stand_in(period=row, by=user)):
        messages.success(request, _("The period is ended. What was done until now stays."))
    return redirect("budgets:stand_in_list")
