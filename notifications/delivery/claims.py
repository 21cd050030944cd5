"""Taking messages out of the queue and noting what became of each. A claim that was taken over changes nothing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications import rules
from notifications.delivery.fallback import next_attempt
from notifications.delivery.outcome import OUTAGE_PAUSE, Outcome, Scope
from notifications.models import WIPED, Message, MessageQuerySet, State

PATIENCE = dt.timedelta(minutes=3)  # after this a claim is taken from a deliverer that died; longer than HOLD + a send
CLAIM_LOCK = 0x4F55_5442  # any number of our own, for pg_advisory_xact_lock

MARK_SENT = """
UPDATE notifications_message m
SET state = 'sent', sent_at = now(), claimed_at = NULL, attempts = attempts + 1, failure = '', failure_code = '',
    provider_id = done.provider_id
FROM unnest(%s::bigint[], %s::text[]) AS done (id, provider_id)
WHERE m.id = done.id AND m.state = 'sending' AND m.claimed_at = %s
"""


def claim(scope: Scope, now: dt.datetime) -> list[Message]:
    """Takes what is due, as much as the provider's limit per minute leaves. Others skip rows that are locked."""
    with transaction.atomic():
        room = min(scope.batch, room_left(scope, now))
        due = Message.objects.claimable(now).filter(channel=scope.channel, **scope.only).select_related("agency")
        messages = list(due.select_for_update(skip_locked=True, of=("self",), no_key=True)[: max(room, 0)])
        Message.objects.filter(pk__in=[message.pk for message in messages]).update(state=State.SENDING, claimed_at=now)
    for message in messages:
        message.state, message.claimed_at = State.SENDING, now
    return messages


def room_left(scope: Scope, now: dt.datetime) -> int:
    """How many more may go out in this minute. Claims of a limited sender wait for each other, so the count holds."""
    if not scope.per_minute:
        return scope.batch
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CLAIM_LOCK, scope.lock])
    # One statement, one snapshot: a message that turns from sending to sent meanwhile is counted, and once.
    lately = Q(state=State.SENDING) | Q(sent_at__gt=now - dt.timedelta(minutes=1))
    return scope.per_minute - Message.objects.filter(lately, channel=scope.channel, **scope.only).count()


def settle_many(group: Sequence[tuple[Message, Outcome]]) -> None:
    """Notes what became of messages of one claim: what was sent in one statement, the others one by one."""
    sent = [(message, outcome) for message, outcome in group if outcome.state == State.SENT and not _wipes(message)]
    others = [(message, outcome) for message, outcome in group if outcome.state != State.SENT or _wipes(message)]
    if sent:
        try:
            _mark_sent(sent)
        except IntegrityError:  # the provider gave one number twice
            others += [(message, replace(outcome, provider_id="")) for message, outcome in sent]
    for message, outcome in others:
        settle(message, outcome)


def _mark_sent(sent: Sequence[tuple[Message, Outcome]]) -> None:
    keys = [message.pk for message, _outcome in sent]
    numbers = [outcome.provider_id for _message, outcome in sent]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MARK_SENT, [keys, numbers, sent[0][0].claimed_at])


def _wipes(message: Message) -> bool:
    return message.secret and not settings.DEMONSTRATION  # the demonstration's mailbox still shows it


def settle(message: Message, outcome: Outcome) -> None:
    """Notes the outcome at once, unless the claim was meanwhile taken over by the sweep."""
    fields = _fields_after(message, outcome, timezone.now())
    if _wipes(message) and fields["state"] != State.QUEUED:
        fields |= WIPED
    if fields["state"] != State.FAILED:
        ours(message).update(**fields)
        return
    with transaction.atomic():
        if ours(message).update(**fields) and not outcome.is_final:
            next_attempt(message, without=outcome.without)


def _fields_after(message: Message, outcome: Outcome, now: dt.datetime) -> dict[str, Any]:
    attempts = message.attempts + 1
    fields: dict[str, Any] = {"claimed_at": None, "attempts": attempts, "state": outcome.state}
    fields |= {"failure": outcome.failure, "failure_code": outcome.code, "provider_id": outcome.provider_id}
    if outcome.state == State.QUEUED and rules.is_exhausted(attempts):
        fields["state"] = State.FAILED
    if fields["state"] == State.QUEUED:
        fields["not_before"] = now + rules.wait_after(attempts)
    if fields["state"] == State.SENT:
        fields["sent_at"] = now
    return fields


def give_back(messages: Sequence[Message]) -> None:
    for message in messages:
        ours(message).update(state=State.QUEUED, claimed_at=None)


def postpone(messages: Sequence[Message], sentence: str, pause: dt.timedelta = OUTAGE_PAUSE) -> None:
    """The provider is away: no attempt is counted, but a message that waited for days is given up."""
    now = timezone.now()
    for message in messages:
        if now - message.created_at > rules.GIVE_UP_AFTER:
            settle(message, Outcome(State.FAILED, sentence, "unreachable"))
        else:
            ours(message).update(state=State.QUEUED, claimed_at=None, not_before=now + pause, failure=sentence)


def ours(message: Message) -> MessageQuerySet:
    """The row, as long as this deliverer's claim on it stands."""
    return Message.objects.filter(pk=message.pk, state=State.SENDING, claimed_at=message.claimed_at)


def take_back(now: dt.datetime | None = None) -> int:
    """Returns to the queue what a dead deliverer held. What was held by one death after another is failed."""
    stuck = Message.objects.stuck(now or timezone.now(), PATIENCE)
    last = rules.MOST_ATTEMPTS - 1
    given_up = 0
    for message in stuck.filter(attempts__gte=last).select_related("agency"):
        settle(message, Outcome(State.FAILED, _("The delivery was interrupted too many times."), "interrupted"))
        given_up += 1
    return given_up + stuck.filter(attempts__lt=last).update(
        state=State.QUEUED, claimed_at=None, attempts=F("attempts") + 1
    )
