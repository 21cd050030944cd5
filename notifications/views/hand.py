"""The lists that officers work through on their own telephone: chats to send, calls to make."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import requires, signed_in
from accounts.roles import Permission
from notifications import actions
from notifications.actions.hand import MOST_CALLS
from notifications.models import Channel, Message, MessageQuerySet, WhatsAppGateway

AT_ONCE = 20  # cards on a page; what is done leaves the list and the next ones come up
JUST_NOW = dt.timedelta(minutes=15)


@require_GET
@requires(Permission.SEND_MESSAGES)
def chat_list(request: HttpRequest) -> HttpResponse:
    """Messages for people with WhatsApp, to be sent from the officer's own telephone."""
    mine = Message.objects.sendable_by(request.user).select_related("agency")
    now = timezone.now()
    just_sent = mine.sent_by_hand(since=now - JUST_NOW).order_by("-sent_at")[:3]
    context = _work(request, Channel.MANUAL, now) | {"just_sent": just_sent}
    return render(request, "notifications/chat_list.html", context)


@require_GET
@requires(Permission.SEND_MESSAGES)
def call_list(request: HttpRequest) -> HttpResponse:
    """People whom no machine and no chat could reach."""
    context = _work(request, Channel.CALL, timezone.now()) | {"most_calls": MOST_CALLS}
    return render(request, "notifications/call_list.html", context)


@require_POST
@requires(Permission.SEND_MESSAGES)
def chat_sent(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, actions.mark_sent_by_hand, _("Noted as sent."), "chat_list")


@require_POST
@requires(Permission.SEND_MESSAGES)
def chat_undo(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, actions.undo_sent_by_hand, _("Back on the list."), "chat_list")


@require_POST
@requires(Permission.SEND_MESSAGES)
def chat_impossible(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, actions.pass_on_to_call, _("Moved to the call list."), "chat_list")


@require_POST
@requires(Permission.SEND_MESSAGES)
def call_reached(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, actions.note_call, _("Noted as told."), "call_list", reached=True)


@require_POST
@requires(Permission.SEND_MESSAGES)
def call_unanswered(request: HttpRequest, pk: int) -> HttpResponse:
    told = _("Noted. The call comes back on the list in three hours.")
    return _act(request, pk, actions.note_call, told, "call_list", reached=False)


@require_POST
@requires(Permission.SEND_MESSAGES)
def call_give_up(request: HttpRequest, pk: int) -> HttpResponse:
    return _act(request, pk, actions.give_up_call, _("Given up. It stands among the failures now."), "call_list")


def _work(request: HttpRequest, channel: Channel, now: dt.datetime) -> dict[str, Any]:
    mine = Message.objects.sendable_by(request.user).to_send_by_hand().useful(now)
    waiting = mine.filter(channel=channel)
    due = waiting.filter(not_before__lte=now).urgent_first()
    later = waiting.filter(not_before__gt=now).order_by("not_before", "pk")
    return {
        "rows": due.select_related("agency")[:AT_ONCE],
        "count": due.count(),
        "later": later[:AT_ONCE],
        "later_count": later.count(),
        "chats": _count(mine, Channel.MANUAL, now),
        "calls": _count(mine, Channel.CALL, now),
        "stopped": WhatsAppGateway.objects.paused().of(request.user),
    }


def _count(mine: MessageQuerySet, channel: Channel, now: dt.datetime) -> int:
    return mine.filter(channel=channel, not_before__lte=now).count()


def _act(
    request: HttpRequest, pk: int, action: Callable[..., Message], told: str, back: str, **fields: bool
) -> HttpResponse:
    message = get_object_or_404(Message.objects.sendable_by(request.user).select_related("agency"), pk=pk)
    try:
        action(message=message, by=signed_in(request), **fields)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, told)
    return redirect(f"notifications:{back}")
