"""Sending again what failed for one reason, once that reason is gone."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import record
from accounts.models import User
from notifications.models import Message, State
from notifications.outbox import another_attempt, wake_for

MOST_AT_ONCE = 500


@transaction.atomic
def resend_many(*, messages: Sequence[Message], by: User) -> int:
    """One new attempt for each failed message; who presses second sends nothing twice. How many were written."""
    wanted = [message for message in messages if message.state == State.FAILED and not message.is_wiped]
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise ValidationError(_("There is nothing left to send again."), code="nothing_to_resend")
    again = [another_attempt(message) for message in wanted]
    Message.objects.bulk_create(again, ignore_conflicts=True)
    written = Message.objects.filter(message_id__in=[message.message_id for message in again]).count()
    if not written:
        raise ValidationError(_("There is nothing left to send again."), code="nothing_to_resend")
    wake_for(*again)
    for agency in {message.agency for message in wanted}:
        count = sum(1 for message in wanted if message.agency_id == agency.pk)
        record(action="messages.resent", by=by, agency=agency, target=agency, changes={"count": count})
    return written
