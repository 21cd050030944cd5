"""The order of the day: drawn or by hand, with hours, told to everybody, on paper."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from incentives import actions, queries
from incentives.forms.entries import OrderForm, PlaceForm
from incentives.models import Competition, Entry
from incentives.permissions import can_manage_competition
from incentives.queries import lists
from incentives.queries.lists import Slot
from incentives.rules import order_mark
from incentives.views.entries import SEES, seen_competition, seen_entry
from kit.posting import attempt, form_page, posted, require, tell_refusal

RUNS = Permission.MANAGE_COMPETITIONS


def _run_competition(request: HttpRequest, pk: int) -> Competition:
    competition = seen_competition(request, pk)
    require(can_manage_competition(signed_in(request), competition))
    timezone.activate(competition.program.agency.zone)
    return competition


def _day(request: HttpRequest, competition: Competition) -> list[Slot]:
    return lists.day_of(lists.entries_seen(signed_in(request), competition), competition)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(RUNS)
def entry_order(request: HttpRequest, pk: int) -> HttpResponse:
    """The day, and the breaks by which its hours are planned."""
    competition = _run_competition(request, pk)
    slots = _day(request, competition)
    form = OrderForm(posted(request), breaks=lists.breaks_of(slots, competition), until=competition.ends_before)
    left: list[int] = []

    def plan() -> None:
        breaks, until = form.cleaned_data["breaks"], form.cleaned_data["until"]
        left.append(actions.plan_times(competition=competition, breaks=breaks, until=until, by=signed_in(request)))

    if attempt(form, plan):
        _tell_planned(request, left[0])
        return redirect("incentives:entry_order", pk)
    is_begun = any(slot.entry.pitch_began_at for slot in slots)
    context = {
        "competition": competition,
        "edition": competition.edition,
        "slots": slots,
        "is_begun": is_begun,
        "seen": order_mark([slot.entry.pk for slot in slots]),
    }
    return form_page(request, "incentives/entry_order.html", form, **context)


def _tell_planned(request: HttpRequest, left: int) -> None:
    if not left:
        messages.success(request, _("Everybody has an hour."))
        return
    sentence = ngettext(
        "%(count)d pitch has no room on that day. Begin earlier, or shorten the minutes of the method.",
        "%(count)d pitches have no room on that day. Begin earlier, or shorten the minutes of the method.",
        left,
    )
    messages.warning(request, sentence % {"count": left})


@require_POST
@requires(RUNS)
def entry_draw(request: HttpRequest, pk: int) -> HttpResponse:
    competition = _run_competition(request, pk)
    if tell_refusal(request, lambda: actions.draw_order(competition=competition, by=signed_in(request))):
        messages.success(
            request, _("The order is drawn. The audit trail keeps the seed by which it can be recomputed.")
        )
    return redirect("incentives:entry_order", pk)


@require_POST
@requires(RUNS)
def entry_move(request: HttpRequest, pk: int) -> HttpResponse:
    entry: Entry = seen_entry(request, pk)
    require(can_manage_competition(signed_in(request), entry.competition))
    form = PlaceForm(request.POST)
    page = reverse("incentives:entry_order", args=[entry.competition_id])
    if not form.is_valid():
        messages.error(request, _("Which place?"))
        return redirect(page)
    move = partial(actions.move_entry, entry=entry, by=signed_in(request), **form.cleaned_data)
    return redirect(f"{page}#usaha-{entry.pk}" if tell_refusal(request, move) else page)


@require_POST
@requires(RUNS)
def entry_tell(request: HttpRequest, pk: int) -> HttpResponse:
    competition, told = _run_competition(request, pk), []

    def tell() -> None:
        told.append(actions.tell_order(competition=competition, by=signed_in(request)))

    if tell_refusal(request, tell):
        sentence = ngettext("%(count)d message is on its way.", "%(count)d messages are on their way.", told[0])
        messages.success(request, sentence % {"count": told[0]})
    return redirect("incentives:entry_order", pk)


@require_safe
@requires(SEES)
def entry_run_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """For the desk and the moderator, on paper."""
    competition = seen_competition(request, pk)
    timezone.activate(competition.program.agency.zone)
    context = {
        "competition": competition,
        "edition": competition.edition,
        "slots": _day(request, competition),
        "categories": queries.category_names(competition),
    }
    return render(request, "incentives/entry_run_sheet.html", context)
