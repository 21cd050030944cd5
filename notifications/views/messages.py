from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import requires
from accounts.roles import Permission
from kit.pages import find, keyset_page
from kit.replica import reads_replica
from notifications import actions, queries
from notifications.forms import MessageFilterForm
from notifications.models import Message

# What a row of the list shows.
LISTED = ("kind", "subject", "secret", "recipient_name", "recipient_address", "channel", "created_at", "state")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_MESSAGES)
@reads_replica
def message_list(request: HttpRequest) -> HttpResponse:
    """The filter is sent by POST and comes back in an address without names."""
    if request.method == "POST":
        return redirect(f"{reverse('notifications:message_list')}?{MessageFilterForm(request.POST).address_query}")
    form = MessageFilterForm(request.GET)
    seen = Message.objects.visible_to(request.user).only(*LISTED)
    if not form.is_search:
        page = keyset_page(form.narrow(seen), request.GET)
        return render(request, "notifications/message_list.html", {"form": form, "page": page})
    found = find(Message.objects.all(), seen, form.narrow)
    return render(request, "notifications/message_list.html", {"form": form, "page": found, "more": found.more})


@require_GET
@requires(Permission.VIEW_MESSAGES)
def message_detail(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Message.objects.visible_to(request.user).select_related("agency", "region")
    message = get_object_or_404(visible, pk=pk)
    may_send = Message.objects.sendable_by(request.user).filter(pk=pk).exists()
    context = {"message": message, "may_send": may_send, "attempts": queries.attempts_of(message)}
    return render(request, "notifications/message_detail.html", context)


@require_POST
@requires(Permission.SEND_MESSAGES)
def message_resend(request: HttpRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(Message.objects.sendable_by(request.user).select_related("agency"), pk=pk)
    try:
        message = actions.resend(message=message, by=cast(User, request.user))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The message was written again and will be sent."))
    return redirect("notifications:message_detail", pk=message.pk)


@require_POST
@requires(Permission.SEND_MESSAGES)
def message_mark_sent(request: HttpRequest, pk: int) -> HttpResponse:
    message = get_object_or_404(Message.objects.sendable_by(request.user).select_related("agency"), pk=pk)
    try:
        actions.mark_sent_by_hand(message=message, by=cast(User, request.user))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Noted as sent."))
    return redirect("notifications:message_detail", pk=pk)


@require_GET
@login_not_required
def mailbox(request: HttpRequest) -> HttpResponse:
    """Everybody's messages: only where all people are made up."""
    _demonstration_only()
    query = request.GET.get("q", "").replace("\0", "").strip()[:100]  # PostgreSQL knows no NUL
    found = Message.objects.search(query) if query else Message.objects.all()
    page = keyset_page(found, request.GET, size=30)
    return render(request, "notifications/mailbox.html", {"page": page, "query": query})


@require_GET
@login_not_required
def mailbox_message(request: HttpRequest, pk: int) -> HttpResponse:
    _demonstration_only()
    message = get_object_or_404(Message.objects.select_related("agency"), pk=pk)
    return render(request, "notifications/mailbox_message.html", {"message": message})


def _demonstration_only() -> None:
    if not settings.DEMONSTRATION:
        raise Http404
