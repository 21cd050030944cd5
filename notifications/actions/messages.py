"""What may be done with messages: write, cancel, send again, note as sent."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import Agency, User
from kit.rows import insert_unless_there
from notifications.models import WIPED, Channel, Message, State
from notifications.outbox import Draft, another_attempt, enqueue, enqueue_one, wake_for
from regions.models import Region

# What the last letter to somebody who was erased is about: nobody any more.
FAREWELL = "farewell"


@transaction.atomic(savepoint=False)
def queue(
    *,
    agency: Agency,
    kind: str,
    key: str,
    language: str,
    recipient_name: str,
    email: str = "",
    phone: str = "",
    context: Mapping[str, Any] | None = None,
    group: str = "",
    region: Region | None = None,
    subject: tuple[str, str | int] | None = None,
    secret: bool = False,
    not_before: dt.datetime | None = None,
    expires_at: dt.datetime | None = None,
) -> Message | None:
    """Writes one message in the caller's transaction; None when one of this key was written before."""
    draft = Draft(
        agency=agency,
        kind=kind,
        key=key,
        language=language,
        recipient_name=recipient_name,
        email=email,
        phone=phone,
        context=context or {},
        group=group,
        region=region,
        subject=subject,
        secret=secret,
        not_before=not_before,
        expires_at=expires_at,
    )
    return enqueue_one(draft)


@transaction.atomic
def queue_many(*, drafts: Sequence[Draft]) -> int:
    """Writes many messages at once, with one wake-up; how many were new."""
    return Message.objects.filter(message_id__in=enqueue(drafts)).count()


@transaction.atomic
def cancel_queued(*, group: str, by: User | None) -> int:
    """Takes back what waits in this group; what a deliverer holds already goes out. How many were taken back."""
    # What is under way or not yet reported must not come back by another channel.
    under_way = Q(state=State.SENDING) | Q(state=State.SENT, channel=Channel.WHATSAPP)
    Message.objects.filter(under_way, group=group).exclude(fallbacks=[]).update(fallbacks=[])
    waiting = Message.objects.filter(group=group, state=State.QUEUED)
    first = waiting.select_related("agency").first()
    if first is None:
        return 0
    count = waiting.filter(secret=False).update(state=State.CANCELLED)
    count += waiting.filter(secret=True).update(state=State.CANCELLED, **WIPED)
    record(
        action="messages.cancelled",
        by=by,
        agency=first.agency,
        target=first.agency,
        changes={"group": group, "count": count},
    )
    return count


@transaction.atomic
def cancel_messages_about(*, subject_type: str, subjects: QuerySet[Any], by: User | None) -> int:
    """Takes back what waits about these rows (a query of keys), which are gone. How many were taken back."""
    keys = subjects.annotate(as_text=Cast("pk", CharField())).values("as_text")
    waiting = Message.objects.filter(subject_type=subject_type, subject_id__in=keys, state=State.QUEUED)
    first = waiting.select_related("agency").first()
    if first is None:
        return 0
    count = waiting.filter(secret=False).update(state=State.CANCELLED)
    count += waiting.filter(secret=True).update(state=State.CANCELLED, **WIPED)
    changes = {"count": count}
    record(action="messages.cancelled", by=by, agency=first.agency, target=first.agency, changes=changes)
    return count


@transaction.atomic
def delete_messages(*, group: str, by: User | None) -> int:
    """Erases what was written to somebody whose data is erased. How many messages went."""
    rows = list(Message.objects.filter(group=group).select_related("agency").order_by("-pk"))
    for message in rows:  # the newest first: each attempt is held by the next one
        message.delete()
    if rows:
        record(
            action="messages.deleted",
            by=by,
            agency=rows[0].agency,
            target=rows[0].agency,
            changes={"group": group, "count": len(rows)},
            actor_label="" if by else "system",
        )
    return len(rows)


@transaction.atomic
def forget_messages(*, subjects: Sequence[tuple[str, str]], by: None = None) -> int:
    """All attempts at telling these subjects anything, in one statement; the caller writes the trail. How many."""
    found = 0
    for kind in {kind for kind, _key in subjects}:
        keys = [key for named, key in subjects if named == kind]
        rows = Message.objects.filter(subject_type=kind, subject_id__in=keys)
        found += rows._raw_delete(rows.db)  # every attempt has the same subject as the one before it
    return found


@transaction.atomic
def forget_old_messages(*, keys: Sequence[int], by: None = None) -> int:
    """Messages that are kept no longer; later attempts stay without them. The caller writes the trail. How many."""
    Message.objects.filter(former__in=keys).update(former=None)
    rows = Message.objects.filter(pk__in=keys)
    return int(rows._raw_delete(rows.db))


@transaction.atomic
def resend(*, message: Message, by: User) -> Message:
    """A new attempt is a new row. Each row is sent again once: for a third attempt resend the second."""
    if message.is_open:
        raise ValidationError(_("This message is still waiting to be sent."), code="message_open")
    if message.is_wiped:
        raise ValidationError(
            _("The text of this message was secret and is no longer kept. A new code must be requested."),
            code="message_wiped",
        )
    again = another_attempt(message)
    if not insert_unless_there(again):
        raise ValidationError(_("This message was already sent again."), code="message_resent")
    wake_for(again)
    record(action="message.resent", by=by, target=message, agency=message.agency, changes={"again": again.pk})
    return again


@transaction.atomic
def cancel_about(*, agency: Agency, subjects: Mapping[str, Sequence[int]], by: User | None) -> int:
    """Takes back what waits for these subjects (kind -> numbers). How many were taken back."""
    wanted = Q(pk__in=[])
    for kind, numbers in subjects.items():
        wanted |= Q(subject_type=kind, subject_id__in=[str(number) for number in numbers])
    waiting = Message.objects.filter(wanted, agency=agency, state=State.QUEUED)
    count = waiting.filter(secret=True).update(state=State.CANCELLED, **WIPED)
    count += waiting.filter(secret=False).update(state=State.CANCELLED)
    if count:
        told = {"count": count}
        record(action="messages.cancelled", by=by, agency=agency, target=agency, changes=told, actor_label=_who(by))
    return count


@transaction.atomic
def forget_farewells(*, by: None) -> int:
    """The last letter to somebody who was erased goes as soon as it went out, or after three days. How many went."""
    letters = Message.objects.filter(subject_type=FAREWELL)
    old = Q(created_at__lt=timezone.now() - dt.timedelta(hours=72))
    ended = Q(state__in=[State.SENT, State.DELIVERED, State.CANCELLED]) | Q(state=State.FAILED, fallbacks=[])
    rows = letters.filter(old | ended)
    return rows.delete()[0]


@transaction.atomic
def delete_messages_about(
    *,
    agency: Agency,
    subjects: Mapping[str, Sequence[int]],
    name: str = "",
    addresses: Collection[str] = (),
    by: User | None,
) -> int:
    """Erases what was written about these subjects (kind -> numbers), and what went to this name at these addresses.

    Messages to somebody else at the same telephone stay. How many messages went.
    """
    wanted = Q(pk__in=[])
    for kind, numbers in subjects.items():
        wanted |= Q(subject_type=kind, subject_id__in=[str(number) for number in numbers])
    found = {address for address in addresses if address}
    if name and found:
        wanted |= Q(recipient_name=name, recipient_address__in=found)
        wanted |= Q(recipient_name=name, recipient_phone__in=found) | Q(recipient_name=name, recipient_email__in=found)
    count, _by_model = Message.objects.filter(wanted, agency=agency).delete()
    if count:
        told = {"count": count}
        record(action="messages.deleted", by=by, agency=agency, target=agency, changes=told, actor_label=_who(by))
    return count


def _who(by: User | None) -> str:
    return "" if by else "system"
