"""What the WhatsApp platform reports about a message: taken, on the telephone, read, or failed after all.

Reports come late, twice and in any order. Only what is news changes a row, so a repeated or forged-old one is harmless.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from notifications import rules
from notifications.delivery import fail_over
from notifications.delivery.whatsapp import number, outcome_of
from notifications.models import WIPED, Channel, Message, State, WhatsAppGateway
from notifications.rules import Verdict

OPEN = {State.QUEUED, State.SENDING}
LONGEST_ID = 200


@transaction.atomic
def note_report(*, gateway: WhatsAppGateway, report: Mapping[str, Any], by: User | None = None) -> bool:
    """One entry of `statuses`. Whether it was news; numbers that are not ours are passed over."""
    message = _message_of(gateway, report)
    status = report.get("status")
    if message is None:
        return False
    if status == "sent":
        return _note_sent(message, report)
    if status in {"delivered", "read"}:
        return _note_delivered(message, report, read=status == "read")
    if status == "failed":
        return _note_failed(message, report)
    return False


def _message_of(gateway: WhatsAppGateway, report: Mapping[str, Any]) -> Message | None:
    """By the platform's number; by our own callback id where the worker died before it could note that number."""
    given, ours = str(report.get("id") or ""), str(report.get("biz_opaque_callback_data") or "")
    if not 0 < len(given) <= LONGEST_ID or "\0" in given + ours:
        return None
    wanted = Q(provider_id=given) | Q(message_id=ours[:LONGEST_ID], provider_id="")
    found = Message.objects.filter(wanted, agency=gateway.agency_id, channel=Channel.WHATSAPP)
    locked = found.select_related("agency").select_for_update(of=("self",), no_key=True)
    message = locked.order_by("-provider_id").first()
    if message is not None:
        message.provider_id = given
    return message


def _at(report: Mapping[str, Any], message: Message) -> dt.datetime:
    """The platform's time, never before the message was written and never in the future."""
    seconds, now = number(report.get("timestamp")), timezone.now()
    said = now if seconds is None else dt.datetime.fromtimestamp(min(seconds, 4_000_000_000), dt.UTC)
    return min(max(said, message.created_at), now)


def _note_sent(message: Message, report: Mapping[str, Any]) -> bool:
    if message.state not in OPEN:
        return False
    _set(message, state=State.SENT, sent_at=_at(report, message), claimed_at=None, failure="", failure_code="")
    return True


def _note_delivered(message: Message, report: Mapping[str, Any], *, read: bool) -> bool:
    at = _at(report, message)
    if message.state == State.DELIVERED:
        if read and message.read_at is None:
            _set(message, read_at=max(at, message.delivered_at or at))
            return True
        return False
    if message.state == State.CANCELLED:
        return False
    was_given_up = message.state == State.FAILED
    _set(
        message,
        state=State.DELIVERED,
        sent_at=message.sent_at or at,
        delivered_at=at,
        read_at=at if read else None,
        claimed_at=None,
        failure="",
        failure_code="",
    )
    if was_given_up:  # it arrived after all: what another channel has not yet begun is not needed
        waiting = Message.objects.filter(former=message, state=State.QUEUED)
        waiting.update(state=State.CANCELLED, **(WIPED if message.secret else {}))
    return True


def _note_failed(message: Message, report: Mapping[str, Any]) -> bool:
    if message.state not in OPEN | {State.SENT}:
        return False
    errors = report.get("errors")
    error = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    code = number(error.get("code"))
    verdict = Verdict.REFUSED if code is None else rules.verdict_on(400, code)
    outcome = outcome_of(error, verdict, f"wa_{'failed' if code is None else code}")
    _set(message, provider_id=message.provider_id)
    fail_over(message, outcome.failure, outcome.code, without=outcome.without)
    return True


def _set(message: Message, **fields: Any) -> None:
    """`updated` rows keep their number; the text of a secret is gone once it was sent."""
    if message.secret and fields.get("state") in {State.SENT, State.DELIVERED}:
        fields |= WIPED
    Message.objects.filter(pk=message.pk).update(**{"provider_id": message.provider_id} | fields)
