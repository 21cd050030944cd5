"""Writing to all of a batch: a draft, a review, and then each person once."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from notifications.actions import cancel_queued
from participants import notices
from participants.models import Broadcast
from programs.models import Batch

MOST_RECIPIENTS = 10_000
MOST_A_DAY = 5
TIME_TO_TAKE_BACK = timedelta(minutes=2)
AT_ONCE = 500
State = Broadcast.State


@transaction.atomic
def start_broadcast(*, batch: Batch, chosen: Sequence[int] | None = None, by: User) -> Broadcast:
    """An empty draft, to the ticked entries or to everybody with a seat."""
    _refuse_over(batch)
    audience: dict[str, Any] = {"chosen": list(chosen)} if chosen is not None else {}
    return Broadcast.objects.create(
        batch=batch, written_by=by, seats=["held"], checks=["pending", "needs_fix", "verified"], **audience
    )


@transaction.atomic
def save_broadcast(*, broadcast: Broadcast, revision: int, by: User, **fields: Any) -> Broadcast:
    """Keeps what is typed. `revision` is what the officer saw: nobody overwrites a colleague unseen."""
    _draft(broadcast, revision)
    Broadcast.objects.filter(pk=broadcast.pk).update(**fields, revision=F("revision") + 1)
    return Broadcast.objects.with_parts().get(pk=broadcast.pk)


@transaction.atomic
def discard_broadcast(*, broadcast: Broadcast, by: User) -> None:
    """A draft that nobody needs; what was sent stays."""
    locked = _draft(broadcast, None)
    record(action="broadcast.discarded", by=by, target=locked, agency=broadcast.batch.program.agency)
    locked.delete()


@transaction.atomic
def send_broadcast(*, broadcast: Broadcast, revision: int, expected: int, by: User) -> int:
    """Writes one message to each person, all or none. Of two officers who press at once one is told it was done.

    `expected` is the number of people on the page of review: when it is another now, the officer looks again.
    """
    locked, now = _draft(broadcast, revision), timezone.now()
    batch = Batch.objects.with_parts().get(pk=locked.batch_id)
    _refuse_over(batch)
    _refuse_too_many(batch)
    people = list(locked.audience())
    if not people or len(people) > MOST_RECIPIENTS or len(people) != expected:
        raise ValidationError(_audience_sentence(len(people), expected), code="audience_changed")
    locked.state, locked.sent_at, locked.sent_by = State.SENT, now, by
    locked.recipients = len(people)
    locked.save(update_fields=["state", "sent_at", "sent_by", "recipients"])
    told = notices.tell_broadcast(locked, people, batch, not_before=now + TIME_TO_TAKE_BACK, at_once=AT_ONCE)
    record(action="broadcast.sent", by=by, target=locked, agency=batch.program.agency, changes={"count": told})
    return told


@transaction.atomic
def take_back_broadcast(*, broadcast: Broadcast, by: User) -> int:
    """Cancels what still waits; what has gone out stays gone. How many were taken back."""
    locked = Broadcast.objects.locked(broadcast.pk)
    if locked.state != State.SENT:
        raise ValidationError(_("This message was not sent, or was taken back already."), code="not_sent")
    count = cancel_queued(group=locked.group, by=by)
    if not count:
        raise ValidationError(_("Nothing waits any more: every message has gone out."), code="all_gone")
    locked.state = State.TAKEN_BACK
    locked.save(update_fields=["state"])
    record(
        action="broadcast.taken_back",
        by=by,
        target=locked,
        agency=broadcast.batch.program.agency,
        changes={"messages": count},
    )
    return count


def end_broadcasts(batch: Batch, by: User) -> None:
    """With its batch: drafts end, and what waits is taken back. A sender under way is waited for."""
    mine = Broadcast.objects.filter(batch=batch)
    mine.filter(state=State.DRAFT).update(state=State.ENDED)
    for sent in mine.filter(state=State.SENT):
        cancel_queued(group=sent.group, by=by)


def _draft(broadcast: Broadcast, revision: int | None) -> Broadcast:
    locked = Broadcast.objects.locked(broadcast.pk)
    if not locked.is_draft:
        raise ValidationError(_("This message was sent already, or ended with its batch."), code="not_a_draft")
    if revision is not None and locked.revision != revision:
        raise ValidationError(
            _("A colleague changed this message in the meantime. Please look at it again."), code="changed_meanwhile"
        )
    return locked


def _refuse_over(batch: Batch) -> None:
    if batch.state != Batch.State.PUBLISHED:
        raise ValidationError(_("Messages can be written while the batch is published."), code="batch_not_published")


def _refuse_too_many(batch: Batch) -> None:
    lately = Broadcast.objects.filter(batch=batch).sent_since(timezone.now() - timedelta(days=1)).count()
    if lately >= MOST_A_DAY:
        raise ValidationError(
            _("This batch was written to %(count)d times within a day. Please spare its people until tomorrow."),
            code="too_often",
            params={"count": lately},
        )


def _audience_sentence(count: int, expected: int) -> str:
    if not count:
        return str(_("Nobody matches: choose somebody else."))
    if count > MOST_RECIPIENTS:
        return str(_("At most %(most)d people at once.") % {"most": MOST_RECIPIENTS})
    return str(
        _("There are %(count)d people now, not %(expected)d. Please look again.")
        % {"count": count, "expected": expected}
    )
