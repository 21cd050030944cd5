"""From one channel to the next. The next attempt is a row of its own, written with the failure of the one before.

Two workers cannot write it twice: its key and the attempt that it follows are unique.
"""

import datetime as dt
from collections.abc import Container

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency
from kit.rows import insert_unless_there
from notifications import routing
from notifications.models import WIPED, Channel, Message, MessageQuerySet, State, WhatsAppChoice, WhatsAppGateway
from notifications.outbox import another_attempt, wake_for

SOME = 200  # rows that a sweep takes at a time


def next_attempt(message: Message, *, without: Container[str] = ()) -> Message | None:
    """The same message by the next channel that can still bring it; nothing when none is left or its time is over."""
    now = timezone.now()
    if message.expires_at is not None and message.expires_at <= now:
        return None
    left = [Channel(code) for code in message.fallbacks if code not in without]
    if Channel.WHATSAPP in left and not may_use_whatsapp(message):
        left.remove(Channel.WHATSAPP)
    if not left:
        return None
    channel, *others = left
    address = message.recipient_email if channel == Channel.EMAIL else message.recipient_phone
    opening = routing.opening(message.agency, message.kind, channel, now)
    again = another_attempt(message, channel=channel, recipient_address=address, fallbacks=others, not_before=opening)
    if not insert_unless_there(again):
        return None
    wake_for(again)
    return again


def may_use_whatsapp(message: Message) -> bool:
    known = routing.rules_of(message.agency)
    return (message.kind, message.language) in known.templates and WhatsAppChoice.objects.allows(
        message.agency_id, message.recipient_phone
    )


@transaction.atomic
def fail_over(message: Message, failure: str, code: str, *, without: Container[str] = ()) -> Message | None:
    """Fails a message that the caller has locked, and hands it to the next channel."""
    fields = {"state": State.FAILED, "failure": failure, "failure_code": code, "claimed_at": None}
    if message.secret:
        fields |= WIPED
    Message.objects.filter(pk=message.pk).update(**fields)
    return next_attempt(message, without=without)


def fall_back_unreported(now: dt.datetime | None = None) -> int:
    """What the platform took but no telephone has reported goes the next way, after the hours that the office set."""
    now, count = now or timezone.now(), 0
    for gateway in WhatsAppGateway.objects.select_related("agency"):
        before = now - routing.rules_of(gateway.agency).delivery_patience
        late = Message.objects.undelivered(before).filter(agency=gateway.agency)
        sentence = _("WhatsApp took the message, but no telephone reported its arrival.")
        count += _fail_over_some(late.order_by("sent_at"), sentence, "no_report")
    return count


def end_useless(now: dt.datetime | None = None) -> int:
    """What officers did not come to send before it lost its use stands among the failures."""
    late = Message.objects.to_send_by_hand().filter(expires_at__lte=now or timezone.now())
    told = {"state": State.FAILED, "failure": _("It could not be sent before it lost its use.")}
    count = late.filter(secret=True).update(**told, failure_code="expired", **WIPED)
    return count + late.filter(secret=False).update(**told, failure_code="expired")


def leave_stopped_gateways(now: dt.datetime | None = None) -> int:
    """What waits for a gateway that is gone goes the next way; for a stopped one it waits as long as it can."""
    now, count = now or timezone.now(), 0
    waiting = Message.objects.filter(channel=Channel.WHATSAPP, state=State.QUEUED)
    usable = WhatsAppGateway.objects.usable()
    sentence = _("The WhatsApp gateway of the office is stopped.")
    left = waiting.exclude(agency__in=usable.values("agency")).values("agency")
    for agency in Agency.objects.filter(pk__in=left):
        known, hurried = routing.rules_of(agency), Q()
        if WhatsAppGateway.objects.paused().filter(agency=agency).exists():
            too_old = Q(created_at__lt=now - known.delivery_patience)
            hurried = too_old | Q(kind__in=known.at_any_hour) | Q(expires_at__isnull=False)
        rows = waiting.filter(hurried, agency=agency).order_by("pk")
        count += _fail_over_some(rows, sentence, "gateway_stopped")
    return count


def _fail_over_some(rows: MessageQuerySet, sentence: str, code: str) -> int:
    count = 0
    while True:
        with transaction.atomic():
            locked = rows.select_related("agency").select_for_update(skip_locked=True, of=("self",), no_key=True)
            some = list(locked[:SOME])
            for message in some:
                fail_over(message, sentence, code)
        count += len(some)
        if len(some) < SOME:
            return count
