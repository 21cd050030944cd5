"""What the WhatsApp platform tells us. Only what is signed with the office's app secret is read."""

import datetime as dt
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kit.phones import parse_phone
from notifications import actions
from notifications.models import WhatsAppGateway
from notifications.rules import wish_of

LARGEST = 512 * 1024  # bytes; the platform sends at most some hundred reports at once
CHALLENGE = re.compile(r"[\w.-]{1,100}", re.ASCII)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def whatsapp_webhook(request: HttpRequest, slug: str) -> HttpResponse:
    """One address an office: its reports can touch its own messages only."""
    gateway = get_object_or_404(WhatsAppGateway.objects.select_related("agency"), agency__slug=slug)
    if request.method == "GET":
        return _verification(request, gateway)
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or int(length) > LARGEST:
        return HttpResponse(status=413)
    body = request.body
    if not is_signed(body, request.headers.get("X-Hub-Signature-256", ""), gateway.app_secret):
        return HttpResponse(status=403)
    for value in values_of(body, gateway.phone_number_id):
        for report in entries(value, "statuses"):
            actions.note_report(gateway=gateway, report=report)
        for wish in map(wish_in, entries(value, "messages")):
            if wish is not None:
                actions.note_reply(agency=gateway.agency, phone=wish[0], wants=wish[1], at=wish[2])
    return HttpResponse(status=200)


def _verification(request: HttpRequest, gateway: WhatsAppGateway) -> HttpResponse:
    """The platform asks once whether the address is ours and expects its challenge back."""
    asked = request.GET.get("hub.mode") == "subscribe"
    token, challenge = request.GET.get("hub.verify_token", ""), request.GET.get("hub.challenge", "")
    if not asked or not hmac.compare_digest(token.encode(), gateway.verify_token.encode()):
        raise Http404
    return HttpResponse(challenge if CHALLENGE.fullmatch(challenge) else "", content_type="text/plain; charset=utf-8")


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    expected = f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
    return hmac.compare_digest(signature.encode(), expected.encode())


def values_of(body: bytes, phone_number_id: str) -> Iterator[dict[str, Any]]:
    """What is about this number; one app at the platform may serve several."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return
    for entry in entries(told, "entry"):
        for change in entries(entry, "changes"):
            value = change.get("value")
            about = value.get("metadata") if isinstance(value, dict) else None
            if value and isinstance(about, dict) and str(about.get("phone_number_id")) == phone_number_id:
                yield value


def entries(holder: Any, name: str) -> list[dict[str, Any]]:
    found = holder.get(name) if isinstance(holder, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def wish_in(message: dict[str, Any]) -> tuple[str, bool, dt.datetime] | None:
    """(number, wants messages, when) of a reply that says STOP or START, typed or by a button."""
    text = " ".join(
        str(part.get("body") or part.get("text") or "")
        for part in (message.get("text"), message.get("button"))
        if isinstance(part, dict)
    )
    phone, wants, seconds = parse_phone(f"+{message.get('from')}"), wish_of(text), str(message.get("timestamp"))
    if phone is None or wants is None or not re.fullmatch(r"[0-9]{9,10}", seconds, re.ASCII):
        return None
    return phone, wants, min(dt.datetime.fromtimestamp(int(seconds), dt.UTC), dt.datetime.now(dt.UTC))
