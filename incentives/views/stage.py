"""The day of the pitches: the run of show for the office, and the big screen in the hall."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from incentives import actions, queries
from incentives.models import Competition, Entry
from kit.posting import tell_refusal

STEPS = {
    "start": actions.start_pitch,
    "end": actions.end_pitch,
    "absent": actions.mark_absent,
    "back": actions.take_back_pitch,
}


@require_safe
@requires(Permission.VIEW_COMPETITIONS)
def pitch_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is on, who is next, who waits; how many sheets are in, and never a score."""
    user = signed_in(request)
    competition = get_object_or_404(Competition.objects.visible_to(user).with_parts(), pk=pk)
    context = {
        "competition": competition,
        "stage": queries.stage_of(competition),
        "board": queries.board_of(competition),
        "may": Competition.objects.visible_to(user, Permission.MANAGE_COMPETITIONS).filter(pk=pk).exists(),
        "wall": reverse("incentives:wall", args=[pk, queries.wall_key(pk)]),
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "incentives/parts/stage.html" if is_part else "incentives/pitch_day.html", context)


@require_POST
@requires(Permission.MANAGE_COMPETITIONS)
def pitch_step(request: HttpRequest, pk: int) -> HttpResponse:
    entries = Entry.objects.visible_to(signed_in(request), Permission.MANAGE_COMPETITIONS)
    entry = get_object_or_404(entries, pk=pk)
    step = STEPS.get(request.POST.get("step", ""))
    if step is None:
        messages.error(request, _("This cannot be read. Load the page again."))
    else:
        tell_refusal(request, partial(step, entry=entry, by=signed_in(request)))
    return redirect("incentives:pitch_day", entry.competition_id)


def shown_on_wall(pk: int, key: str) -> Competition:
    if not constant_time_compare(key, queries.wall_key(pk)):
        raise Http404
    return get_object_or_404(Competition.objects.public().with_parts(), pk=pk)


@login_not_required
@require_safe
@never_cache
def wall(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """For a big screen, opened by the address that the office has: timer and progress, never a score."""
    competition = shown_on_wall(pk, key)
    now_url = reverse("incentives:wall_now", args=[pk, key])
    context = {"competition": competition, "said": wall_state(competition), "now_url": now_url}
    return render(request, "incentives/wall.html", context)


@login_not_required
@require_safe
@never_cache
def wall_now(request: HttpRequest, pk: int, key: str) -> JsonResponse:
    return JsonResponse(wall_state(shown_on_wall(pk, key)))


def wall_state(competition: Competition) -> dict[str, Any]:
    stage, edition, now = queries.stage_of(competition), competition.edition, timezone.now()
    done, due = queries.sheet_counts(competition)
    began = stage.now.pitch_began_at if stage.now else None
    named = [queries.entry_names(one, edition) if one else ("", "") for one in (stage.now, stage.next)]
    return {
        "name": named[0][0],
        "sub": named[0][1],
        "next": named[1][0],
        "seconds": int((now - began).total_seconds()) if began else None,
        "pitch": (edition.pitch_minutes if edition else 0) * 60,
        "questions": (edition.question_minutes if edition else 0) * 60,
        "held": len(stage.held),
        "of": stage.number,
        "sheets": done,
        "sheets_due": due,
    }
