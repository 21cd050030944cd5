"""The delivery board: what arrived, what did not, why, and what to do about it."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import holds, requires, signed_in
from accounts.roles import Permission
from notifications import actions, queries
from notifications.actions.resending import MOST_AT_ONCE
from notifications.forms import BoardForm
from notifications.models import Message, MessageQuerySet, State


@require_safe
@never_cache
@requires(Permission.VIEW_MESSAGES)
def message_board(request: HttpRequest) -> HttpResponse:
    form, now = BoardForm(request.GET), timezone.now()
    visible = Message.objects.visible_to(request.user)
    period = visible.filter(created_at__gte=form.since(now))
    context = {
        "days": form.days,
        "periods": [(value, label, value == form.days) for value, label in BoardForm.PERIODS],
        "lines": queries.channel_lines(period),
        "failures": queries.failure_groups(period),
        "stuck": queries.stuck_channels(visible, now),
        "stopped": queries.stopped_gateways(request.user),
        "may_send": holds(request.user, Permission.SEND_MESSAGES),
        "states": [(state.value, state.label) for state in State],
    }
    return render(request, "notifications/message_board.html", context)


def _failed(request: HttpRequest, form: BoardForm, now: dt.datetime) -> MessageQuerySet:
    """What failed for this reason and nobody followed up; what was secret cannot be sent again."""
    chosen: dict[str, Any] = {"channel": form.cleaned_data["channel"], "failure_code": form.cleaned_data["code"]}
    sendable = Message.objects.sendable_by(signed_in(request)).filter(**chosen, created_at__gte=form.since(now))
    return sendable.filter(state=State.FAILED, next_attempts__isnull=True).exclude(secret=True, body="")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.SEND_MESSAGES)
def failure_resend(request: HttpRequest) -> HttpResponse:
    """First shows who is meant, then writes a new attempt for each."""
    form = BoardForm(request.POST if request.method == "POST" else request.GET)
    board = f"{reverse('notifications:message_board')}?period={form.days}"
    if not form.is_valid() or not form.cleaned_data["channel"]:
        return redirect(board)
    found = _failed(request, form, timezone.now()).select_related("agency").order_by("pk")
    chosen = list(found[:MOST_AT_ONCE])
    if request.method == "POST":
        _resend(request, chosen)
        return redirect(board)
    group = next(iter(queries.failure_groups(found.order_by())), None)
    context = {"form": form, "messages_found": chosen[:5], "count": len(chosen), "group": group, "board": board}
    return render(request, "notifications/failure_resend.html", context)


def _resend(request: HttpRequest, chosen: list[Message]) -> None:
    try:
        count = actions.resend_many(messages=chosen, by=signed_in(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return
    sentence = ngettext("%(count)d message will be sent again.", "%(count)d messages will be sent again.", count)
    messages.success(request, sentence % {"count": count})
