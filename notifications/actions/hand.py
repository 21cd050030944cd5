"""What officers do themselves: open a chat and send, pass on to the telephone, read aloud and note who was reached."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import record
from accounts.models import User
from notifications.delivery import fail_over
from notifications.models import WIPED, Channel, Message, State

NOT_WAITING = gettext_lazy("This message is not waiting to be sent by hand.")
CALL_AGAIN = dt.timedelta(hours=3)
MOST_CALLS = 3  # after so many calls without an answer it may be given up


@transaction.atomic
def mark_sent_by_hand(*, message: Message, by: User) -> Message:
    """Staff sent it by WhatsApp or told it by phone. Of two people who press the button one is told it was done."""
    now = timezone.now()
    fields: dict[str, Any] = {"state": State.SENT, "sent_at": now, "failure": "", "failure_code": ""}
    if message.secret:
        fields |= WIPED
    waiting = Message.objects.to_send_by_hand().filter(pk=message.pk)
    if waiting.update(**fields) == 0:
        raise ValidationError(NOT_WAITING, code="message_not_waiting")
    record(action="message.sent_by_hand", by=by, target=message, agency=message.agency)
    message.refresh_from_db()
    return message


@transaction.atomic
def undo_sent_by_hand(*, message: Message, by: User) -> Message:
    """Back on the list: the chat was not sent after all."""
    sent = Message.objects.filter(pk=message.pk, channel=Channel.MANUAL, state=State.SENT, secret=False)
    if sent.update(state=State.QUEUED, sent_at=None) == 0:
        raise ValidationError(_("This message cannot be put back on the list."), code="message_not_sent")
    record(action="message.sent_undone", by=by, target=message, agency=message.agency)
    message.refresh_from_db()
    return message


@transaction.atomic
def pass_on_to_call(*, message: Message, by: User) -> Message:
    """The number has no WhatsApp: the message goes to the call list."""
    locked = _locked(message, Channel.MANUAL)
    if Channel.CALL not in locked.fallbacks:
        locked.fallbacks = [*locked.fallbacks, Channel.CALL]
    others = [channel for channel in Channel if channel != Channel.CALL]
    call = fail_over(locked, _("This number has no WhatsApp."), "no_whatsapp", without=others)
    if call is None:
        raise ValidationError(_("This message was already sent again."), code="message_resent")
    record(action="message.passed_to_call", by=by, target=message, agency=message.agency, changes={"call": call.pk})
    return call


@transaction.atomic
def note_call(*, message: Message, reached: bool, by: User) -> Message:
    """Reached: told, and that is its delivery. Not reached: it comes back on the list in some hours."""
    locked, now = _locked(message, Channel.CALL), timezone.now()
    fields: dict[str, Any] = {"attempts": locked.attempts + 1}
    if reached:
        fields |= {"state": State.DELIVERED, "sent_at": now, "delivered_at": now, "failure": "", "failure_code": ""}
        fields |= WIPED if locked.secret else {}
    else:
        fields |= {"not_before": now + CALL_AGAIN, "failure": _("Nobody answered the telephone.")}
        fields |= {"failure_code": "no_answer"}
    Message.objects.filter(pk=locked.pk).update(**fields)
    record(action="message.called", by=by, target=message, agency=message.agency, changes={"reached": reached})
    message.refresh_from_db()
    return message


@transaction.atomic
def give_up_call(*, message: Message, by: User) -> Message:
    """Not reached after several calls: it stands among the failures of the board."""
    locked = _locked(message, Channel.CALL)
    if locked.attempts < MOST_CALLS:
        raise ValidationError(
            _("Please call at least %(count)d times before you give up.") % {"count": MOST_CALLS}, code="call_again"
        )
    fail_over(locked, _("Nobody answered the telephone."), "no_answer")
    record(action="message.call_given_up", by=by, target=message, agency=message.agency)
    message.refresh_from_db()
    return message


def _locked(message: Message, channel: Channel) -> Message:
    waiting = Message.objects.to_send_by_hand().filter(pk=message.pk, channel=channel)
    locked = waiting.select_related("agency").select_for_update(of=("self",), no_key=True).first()
    if locked is None:
        raise ValidationError(NOT_WAITING, code="message_not_waiting")
    return locked
