"""Rollout plans at the desk. Putting one into force is a page of participants: people have to hear of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from kit.pages import keyset_page
from kit.posting import attempt, form_page, key_in, posted
from programs import actions
from programs.forms.rollouts import RegionsForm, RolloutSheet
from programs.models import Program, Rollout, Weekday
from programs.permissions import can_manage_program, programming_agencies
from programs.queries.plan_calendar import lines_of, weeks_of
from programs.queries.planning import read_plan
from programs.rules.proposing import fridays_lost

PAGE_SIZE = 25
MOST_LISTED = 40


def visible_rollout(request: HttpRequest, pk: int) -> Rollout:
    return get_object_or_404(Rollout.objects.visible_to(signed_in(request)).with_office(), pk=pk)


def managed_rollout(request: HttpRequest, pk: int) -> Rollout:
    """404 for plans that the person cannot see, 403 where they may only look."""
    rollout = visible_rollout(request, pk)
    if not can_manage_program(signed_in(request), rollout.program):
        raise PermissionDenied
    return rollout


def carried_out(request: HttpRequest, act: Callable[[], Any], done: str) -> bool:
    """Does it and says so, or says why not."""
    try:
        act()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return False
    messages.success(request, done)
    return True


@require_safe
@requires(Permission.VIEW_BATCHES)
def rollout_list(request: HttpRequest) -> HttpResponse:
    user, ended = signed_in(request), request.GET.get("state") == "ended"
    states = (Rollout.State.REPLACED, Rollout.State.DISCARDED)
    found = Rollout.objects.visible_to(user).with_office()
    found = found.filter(state__in=states) if ended else found.exclude(state__in=states)
    page = keyset_page(found.annotate(row_count=Count("rows")), request.GET, size=PAGE_SIZE, newest_first=True)
    context = {"page": page, "ended": ended, "may": bool(programming_agencies(user))}
    return render(request, "programs/rollout_list.html", context)


@require_safe
@requires(Permission.VIEW_BATCHES)
def rollout_detail(request: HttpRequest, pk: int) -> HttpResponse:
    rollout = visible_rollout(request, pk)
    plan = read_plan(rollout)
    lines = lines_of(plan, plan.problems() if rollout.is_draft else [])
    shown, weeks = weeks_of(plan, lines)
    context = {
        "rollout": rollout,
        "program": rollout.program,
        "lines": lines,
        "weeks": weeks,
        "weekdays": [Weekday(number).label for number in shown],
        "clashing": [line for line in lines if line.clashes],
        "open": [line for line in lines if line.points],
        "unplanned": sum(not line.days for line in lines),
        "as_list": request.GET.get("tampilan") == "daftar",
        "fridays_lost": rollout.is_draft and fridays_lost(plan.frame),
        "may": can_manage_program(signed_in(request), rollout.program),
        "most": MOST_LISTED,
        "successor": rollout.successors.filter(state=Rollout.State.DRAFT).first(),
    }
    return render(request, "programs/rollout_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def rollout_create(request: HttpRequest) -> HttpResponse:
    user, again = signed_in(request), "add_row" in request.POST
    if not programming_agencies(user):
        raise PermissionDenied
    program = Program.objects.visible_to(user).filter(pk=key_in(request.GET.get("program", ""))).first()
    sheet, made = RolloutSheet(posted(request), user=user, program=program, again=again), list[Rollout]()

    def create() -> None:
        head: Any = sheet.head
        values = {"regions": head.regions, "pattern": sheet.pattern, "values": head.values}
        made.append(actions.create_rollout(program=head.cleaned_data["program"], by=user, **values))

    if not again and attempt(sheet, create):
        messages.success(request, _("This is the proposal. Look at it, mend it, then create the batches."))
        return redirect(made[0])
    return form_page(request, "programs/rollout_create.html", sheet, sheet=sheet)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def rollout_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, rollout, again = signed_in(request), managed_rollout(request, pk), "add_row" in request.POST
    sheet = RolloutSheet(posted(request), user=user, rollout=rollout, again=again)

    def change() -> None:
        seen = key_in(request.POST["seen"]) if "seen" in request.POST else None
        pattern, values = sheet.pattern, sheet.head.values
        actions.change_rollout(rollout=rollout, pattern=pattern, values=values, seen=seen, by=user)

    if not again and attempt(sheet, change):
        messages.success(request, _("Saved, and proposed again. What is pinned has stayed."))
        return redirect(rollout)
    return form_page(request, "programs/rollout_edit.html", sheet, sheet=sheet, rollout=rollout)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_BATCHES)
def rollout_regions(request: HttpRequest, pk: int) -> HttpResponse:
    user, rollout, added = signed_in(request), managed_rollout(request, pk), list[int]()
    form = RegionsForm(posted(request), rollout=rollout)
    if attempt(form, lambda: added.append(actions.add_regions(rollout=rollout, regions=form.regions, by=user))):
        text = ngettext("%(count)d region was added.", "%(count)d regions were added.", added[0])
        messages.success(request, text % {"count": added[0]})
        return redirect(rollout)
    return form_page(request, "programs/rollout_regions.html", form, rollout=rollout)


@require_POST
@requires(Permission.MANAGE_BATCHES)
def rollout_propose(request: HttpRequest, pk: int) -> HttpResponse:
    rollout, user = managed_rollout(request, pk), signed_in(request)
    done = _("Proposed again. What is pinned has stayed.")
    carried_out(request, lambda: actions.propose_rollout(rollout=rollout, by=user), done)
    return redirect(rollout)


@require_POST
@requires(Permission.MANAGE_BATCHES)
def rollout_discard(request: HttpRequest, pk: int) -> HttpResponse:
    rollout, user = managed_rollout(request, pk), signed_in(request)
    done = _("The draft was discarded. It stays in the list of past plans.")
    if carried_out(request, lambda: actions.discard_rollout(rollout=rollout, by=user), done):
        return redirect("programs:rollout_list")
    return redirect(rollout)


@require_POST
@requires(Permission.MANAGE_BATCHES)
def rollout_again(request: HttpRequest, pk: int) -> HttpResponse:
    rollout, user, drafts = managed_rollout(request, pk), signed_in(request), list[Rollout]()
    done = _("This is a draft of the plan as it stands today. Batches move only when you put it into force.")
    if carried_out(request, lambda: drafts.append(actions.plan_again(rollout=rollout, by=user)), done):
        return redirect(drafts[0])
    return redirect(rollout)
