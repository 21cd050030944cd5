"""One batch of a plan: its days, its sessions, who teaches and where."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.posting import attempt, form_page, posted
from kit.templatetags.kit import day_date
from programs import actions
from programs.forms.rollout_rows import MoveForm, RowSheet
from programs.models import Rollout, RolloutRow
from programs.permissions import can_manage_program
from programs.queries.plan_calendar import lines_of
from programs.queries.planning import read_plan
from programs.views.rollouts import carried_out


def managed_row(request: HttpRequest, pk: int) -> RolloutRow:
    user = signed_in(request)
    rows = RolloutRow.objects.filter(rollout__in=Rollout.objects.visible_to(user)).prefetch_related(
        "topics", "sittings"
    )
    parts = ("region", "batch", "rollout__program__agency", "rollout__program__fund_source", "rollout__changed_by")
    row = get_object_or_404(rows.select_related(*parts).prefetch_related("topics", "sittings"), pk=pk)
    if not can_manage_program(user, row.rollout.program):
        raise PermissionDenied
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def rollout_row(request: HttpRequest, pk: int) -> HttpResponse:
    row, user, again = managed_row(request, pk), signed_in(request), "add_row" in request.POST
    sheet = RowSheet(posted(request), row=row, again=again)

    def change() -> None:
        quota, topics = sheet.head.cleaned_data["quota"], list(sheet.head.cleaned_data["topics"])
        if "propose" in request.POST:
            actions.ask_again(row=row, quota=quota, topics=topics, by=user)
            messages.success(request, _("%(region)s is proposed anew.") % {"region": row.region.name})
        else:
            actions.change_row(row=row, quota=quota, topics=topics, sittings=sheet.sittings, by=user)
            messages.success(request, _("%(region)s is saved and pinned.") % {"region": row.region.name})

    if not again and attempt(sheet, change):
        return redirect("programs:rollout_row", pk)
    plan = read_plan(row.rollout)
    line = next(one for one in lines_of(plan, plan.problems()) if one.row.pk == row.pk)
    move = MoveForm(initial={"day": line.days[0] if line.days else row.rollout.first_day})
    context = {"sheet": sheet, "row": row, "rollout": row.rollout, "line": line, "move": move}
    return form_page(request, "programs/rollout_row.html", sheet, **context)


@require_POST
@requires(Permission.MANAGE_BATCHES)
def rollout_row_move(request: HttpRequest, pk: int) -> HttpResponse:
    """From the form of the row, or from dragging it on the calendar."""
    row, user, form = managed_row(request, pk), signed_in(request), MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors["day"]))
        return redirect("programs:rollout_row", pk)
    day = form.cleaned_data["day"]
    done = _("%(region)s begins on %(day)s now.") % {"region": row.region.name, "day": day_date(day)}
    carried_out(request, lambda: actions.move_row(row=row, to=day, by=user), done)
    return redirect(row.rollout)


@require_POST
@requires(Permission.MANAGE_BATCHES)
def rollout_row_free(request: HttpRequest, pk: int) -> HttpResponse:
    row, user = managed_row(request, pk), signed_in(request)
    done = _("The next proposal may move %(region)s again.") % {"region": row.region.name}
    carried_out(request, lambda: actions.free_row(row=row, by=user), done)
    return redirect("programs:rollout_row", pk)


@require_POST
@requires(Permission.MANAGE_BATCHES)
def rollout_row_remove(request: HttpRequest, pk: int) -> HttpResponse:
    row, user = managed_row(request, pk), signed_in(request)
    done = _("%(region)s is no longer in the plan.") % {"region": row.region.name}
    if carried_out(request, lambda: actions.remove_row(row=row, by=user), done):
        return redirect(row.rollout)
    return redirect("programs:rollout_row", pk)
