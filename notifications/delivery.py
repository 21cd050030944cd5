"""Claims waiting messages in batches, sends each, and marks each right after it was sent.

At least once: a message that was in flight when the process died may go out a second time, with the same Message-ID.
"""

import datetime as dt
import logging
import smtplib
import time
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications import rules
from notifications.models import WIPED, Channel, Message, MessageQuerySet, State

logger = logging.getLogger(__name__)

BATCH = 50
HOLD = 60.0  # seconds; after this a deliverer gives back what it has not begun
PATIENCE = dt.timedelta(minutes=3)  # after this a claim is taken from a deliverer that died; longer than HOLD + a send
OUTAGE_PAUSE = dt.timedelta(seconds=60)
CLAIM_LOCK = 0x4F55_5442  # any number of our own, for pg_advisory_xact_lock


@dataclass(frozen=True)
class Outcome:
    """What became of one try: sent, to be tried again later, or refused for good, with a sentence for the office."""

    state: State
    failure: str = ""


def deliver_batch(now: dt.datetime | None = None) -> int:
    """One claim, one SMTP connection. How many messages were claimed; 0 when nothing is due or the server is away."""
    claimed = claim(now or timezone.now())
    if not claimed:
        return 0
    mailer, began = get_connection(), time.monotonic()
    try:
        for position, message in enumerate(claimed):
            if time.monotonic() - began > HOLD:
                give_back(claimed[position:])
                break
            if not is_open(mailer):
                postpone(claimed[position:], _("The mail server could not be reached."))
                return 0
            settle(message, send(mailer, message))
    finally:
        close(mailer)
    return len(claimed)


def claim(now: dt.datetime, channel: Channel = Channel.EMAIL) -> list[Message]:
    """Takes what is due, as much as the provider's limit per minute leaves. Others skip rows that are locked."""
    with transaction.atomic():
        room = min(BATCH, room_left(now, channel))
        due = Message.objects.claimable(now).filter(channel=channel).select_related("agency")
        messages = list(due.select_for_update(skip_locked=True, of=("self",), no_key=True)[: max(room, 0)])
        Message.objects.filter(pk__in=[message.pk for message in messages]).update(state=State.SENDING, claimed_at=now)
    for message in messages:
        message.state, message.claimed_at = State.SENDING, now
    return messages


def room_left(now: dt.datetime, channel: Channel) -> int:
    """How many more may go out in this minute. Claims of a limited channel wait for each other, so the count holds."""
    limit = settings.NOTIFICATIONS_PER_MINUTE.get(channel.value, 0)
    if not limit:
        return BATCH
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIM_LOCK])
    # One statement, one snapshot: a message that turns from sending to sent meanwhile is counted, and once.
    lately = Q(state=State.SENDING) | Q(sent_at__gt=now - dt.timedelta(minutes=1))
    return limit - Message.objects.filter(lately, channel=channel).count()


def send(mailer: BaseEmailBackend, message: Message) -> Outcome:
    """One message over the open connection. A message that cannot be sent harms no other."""
    try:
        mailer.send_messages([as_email(message)])
    except smtplib.SMTPRecipientsRefused as error:
        code, _reply = next(iter(error.recipients.values()))
        return refused(
            mailer, code, _("The recipient's mail server refused the address (code %(code)s).") % {"code": code}
        )
    except smtplib.SMTPDataError as error:
        code = error.smtp_code
        return refused(
            mailer, code, _("The recipient's mail server refused the message (code %(code)s).") % {"code": code}
        )
    except (smtplib.SMTPException, OSError) as error:
        close(mailer)
        logger.warning("Message %s was not sent: %s", message.pk, type(error).__name__)
        return Outcome(State.QUEUED, _("The mail server broke off or refused to send."))
    except ValueError:
        return Outcome(State.FAILED, _("The message could not be composed. Please check the address."))
    except Exception as error:  # whatever one message does, the others go on
        logger.error("Message %s was not sent: %s", message.pk, type(error).__name__)
        return Outcome(State.QUEUED, _("Sending failed for a technical reason."))
    return Outcome(State.SENT)


def refused(mailer: BaseEmailBackend, code: int, sentence: str) -> Outcome:
    if rules.is_permanent(code):
        return Outcome(State.FAILED, sentence)
    close(mailer)  # after 421 the server hangs up, which must not be the next message's fault
    return Outcome(State.QUEUED, sentence)


def as_email(message: Message) -> EmailMessage:
    """Plain text in the name of the office. The visitor's name stays out of the headers."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return EmailMessage(
        subject=message.subject,
        body=message.body,
        from_email=formataddr((message.agency.name, sender)),
        to=[message.recipient_address],
        reply_to=[message.agency.email] if message.agency.email else None,
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )


def settle(message: Message, outcome: Outcome) -> None:
    """Notes the outcome at once, unless the claim was meanwhile taken over by the sweep."""
    now = timezone.now()
    attempts = message.attempts + 1
    fields: dict[str, Any] = {"claimed_at": None, "attempts": attempts}
    fields |= {"state": outcome.state, "failure": outcome.failure}
    if outcome.state == State.QUEUED and rules.is_exhausted(attempts):
        fields["state"] = State.FAILED
    if fields["state"] == State.QUEUED:
        fields["not_before"] = now + rules.wait_after(attempts)
    elif message.secret and not settings.DEMONSTRATION:
        fields |= WIPED  # the demonstration's mailbox still shows it
    if fields["state"] == State.SENT:
        fields["sent_at"] = now
    ours(message).update(**fields)


def give_back(messages: list[Message]) -> None:
    for message in messages:
        ours(message).update(state=State.QUEUED, claimed_at=None)


def postpone(messages: list[Message], sentence: str) -> None:
    """The server is away: no attempt is counted, but a message that waited for days is given up."""
    now = timezone.now()
    for message in messages:
        if now - message.created_at > rules.GIVE_UP_AFTER:
            settle(message, Outcome(State.FAILED, sentence))
        else:
            later = now + OUTAGE_PAUSE
            ours(message).update(state=State.QUEUED, claimed_at=None, not_before=later, failure=sentence)


def ours(message: Message) -> MessageQuerySet:
    """The row, as long as this deliverer's claim on it stands."""
    return Message.objects.filter(pk=message.pk, state=State.SENDING, claimed_at=message.claimed_at)


def take_back(now: dt.datetime | None = None) -> int:
    """Returns to the queue what a dead deliverer held. What was held by one death after another is failed."""
    stuck = Message.objects.stuck(now or timezone.now(), PATIENCE)
    last = rules.MOST_ATTEMPTS - 1
    given_up = stuck.filter(attempts__gte=last).update(
        state=State.FAILED,
        claimed_at=None,
        attempts=F("attempts") + 1,
        failure=_("The delivery was interrupted too many times."),
    )
    return given_up + stuck.update(state=State.QUEUED, claimed_at=None, attempts=F("attempts") + 1)


def is_open(mailer: BaseEmailBackend) -> bool:
    """Opens the connection when it is not open yet."""
    try:
        mailer.open()
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("The mail server could not be reached: %s", type(error).__name__)
        return False
    return True


def close(mailer: BaseEmailBackend) -> None:
    try:
        mailer.close()
    except (smtplib.SMTPException, OSError) as error:
        logger.info("Closing the mail connection failed: %s", type(error).__name__)
