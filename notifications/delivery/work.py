"""The deliverer's round: a batch of each sender in turn, so that a slow one does not hold up the others for long."""

import datetime as dt
import threading
import time
from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.delivery.claims import claim, give_back, postpone, settle, settle_many
from notifications.delivery.line import Line
from notifications.delivery.mail import MailSender
from notifications.delivery.outcome import End, Outcome, Sender
from notifications.delivery.whatsapp import WhatsAppSender
from notifications.models import Message, State, WhatsAppGateway


def deliver_all(seconds: float) -> int:
    """Sends what is due until nothing is or the time is over. How many messages were tried."""
    began, tried = time.monotonic(), 0
    senders = list(senders_in_use())
    used = list(senders)
    try:
        while senders and time.monotonic() - began < seconds:
            counts = {id(sender): deliver_batch(sender) for sender in senders}
            senders = [sender for sender in senders if counts[id(sender)] is not None]
            done = sum(count or 0 for count in counts.values())
            tried += done
            if not done:  # a sender with nothing to do may still get what another could not bring
                break
    finally:
        for sender in used:
            sender.close()
    return tried


def senders_in_use() -> Iterator[Sender]:
    yield MailSender()
    now = timezone.now()
    for gateway in WhatsAppGateway.objects.usable().filter(not_before__lte=now).select_related("agency"):
        yield WhatsAppSender(gateway)


def deliver_batch(sender: Sender, now: dt.datetime | None = None) -> int | None:
    """One claim. How many messages were claimed; None when the provider is away."""
    claimed = claim(sender.scope, now or timezone.now())
    useless = expired(claimed) | (sender.refusals(claimed) if claimed else {})
    for message in claimed:
        if message.pk in useless:
            settle(message, useless[message.pk])
    wanted = [message for message in claimed if message.pk not in useless]
    end = hand_over(sender, wanted) if wanted else End(0)
    left = wanted[end.position :]
    if end.pause is None:
        give_back(left)
        return len(claimed)
    sender.rest(end)
    postpone(left, end.trouble, end.pause)
    return None


def hand_over(sender: Sender, messages: Sequence[Message]) -> End:
    """Sends in a thread beside this one, which notes meanwhile what was sent: a commit takes longer than a hand-over.

    Never more messages than the sender's window are between the two, so a crash repeats no more than these.
    """
    line = Line(sender, messages)
    thread = threading.Thread(target=line.run, name="hand-over", daemon=True)
    thread.start()
    try:
        while (group := line.take()) is not None:
            settle_many(group)
            line.room.release(len(group))
    finally:
        line.stop()
        thread.join()
    if line.fault is not None:
        raise line.fault
    return line.end


def expired(messages: Sequence[Message]) -> dict[int, Outcome]:
    """A code that no longer works, or an offer that has ended, would only mislead."""
    now = timezone.now()
    late = Outcome(State.FAILED, _("It could not be sent before it lost its use."), "expired", is_final=True)
    return {message.pk: late for message in messages if message.expires_at is not None and message.expires_at <= now}
