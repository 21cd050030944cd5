"""The delivery board: sums of a period, reasons of failure with what to do, and what is stuck right now."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Actor, assignments_with
from accounts.roles import Permission
from notifications.models import BY_HAND, Channel, Message, MessageQuerySet, State, WhatsAppGateway

LATE = dt.timedelta(minutes=10)
DEFAULT_ADVICE = _("Look at one of the messages; if the address is right, send them again.")
# By the code of the failure, or by its beginning up to the underscore.
ADVICE: dict[str, Any] = {
    "opted_out": _("The person does not want WhatsApp. Call, or use the e-mail address."),
    "no_template": _("Have a template for this message approved, and enter its name in the administration."),
    "template_values": _("Compare the values of the template with the placeholders of this message."),
    "smtp_550": _("The address does not exist. Ask the person for the right one and correct the entry."),
    "smtp_552": _("The mailbox is full. Call the person, or send again in some days."),
    "smtp": _("The mail server of the recipient refused. Check the address, then send again."),
    "mail": _("The mail server of the office could not be reached. When it works again, send again."),
    "not_composed": _("The address is not written correctly. Correct the entry, then send again."),
    "gateway_stopped": _("WhatsApp is stopped for the office. Its administrator mends the access first."),
    "no_whatsapp": _("The number has no WhatsApp. Each of them stands on the list of calls."),
    "no_answer": _("Nobody answered several times. Ask the village office to tell the person."),
    "expired": _("Its time is over. Tell the person directly if it still matters."),
    "no_report": _("The telephone is probably off or the number is no longer in use. Call the person."),
    "wa_unreachable": _("WhatsApp could not be reached. Send again later."),
    "wa": _("WhatsApp refused. Read the reason; often the number has no WhatsApp."),
    "technical": _("A technical fault. Send again; if it comes back, tell the operator."),
}

CHAIN = """
WITH RECURSIVE earlier AS (
    SELECT id, former_id FROM notifications_message WHERE id = %s
    UNION ALL SELECT m.id, m.former_id FROM notifications_message m JOIN earlier e ON m.id = e.former_id
), whole AS (
    SELECT id FROM earlier WHERE former_id IS NULL
    UNION ALL SELECT m.id FROM notifications_message m JOIN whole w ON m.former_id = w.id
) SELECT id FROM whole
"""


@dataclass(frozen=True)
class ChannelLine:
    """One channel of the period; the states as the table shows them."""

    channel: str
    counts: dict[str, int]

    @property
    def label(self) -> str:
        return str(Channel(self.channel).label)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class FailureGroup:
    channel: str
    code: str
    sentence: str
    count: int
    open: int  # how many of them were not followed by another attempt

    @property
    def channel_label(self) -> str:
        return str(Channel(self.channel).label)

    @property
    def advice(self) -> str:
        return str(ADVICE.get(self.code) or ADVICE.get(self.code.partition("_")[0], DEFAULT_ADVICE))


@dataclass(frozen=True)
class Stuck:
    channel: str
    count: int

    @property
    def label(self) -> str:
        return str(Channel(self.channel).label)


def channel_lines(messages: MessageQuerySet) -> list[ChannelLine]:
    lines: dict[str, dict[str, int]] = {}
    for row in messages.counted():
        lines.setdefault(row.channel, dict.fromkeys(State.values, 0))[row.state] = row.count
    return [ChannelLine(channel, lines[channel]) for channel in Channel.values if channel in lines]


def failure_groups(messages: MessageQuerySet) -> list[FailureGroup]:
    """Largest first. A message that went on by another channel, or was sent again, needs nobody any more."""
    failed = messages.filter(state=State.FAILED).order_by().values_list("channel", "failure_code")
    groups = failed.annotate(
        sentence=Max("failure"), total=Count("pk"), left=Count("pk", filter=Q(next_attempts__isnull=True))
    )
    found = [FailureGroup(channel, code, sentence, total, left) for channel, code, sentence, total, left in groups]
    return sorted(found, key=lambda group: (-group.open, -group.count, group.code))


def stuck_channels(messages: MessageQuerySet, now: dt.datetime) -> list[Stuck]:
    """What a machine should have sent by now."""
    late = messages.filter(state=State.QUEUED, not_before__lt=now - LATE).exclude(channel__in=BY_HAND)
    rows = late.order_by().values_list("channel").annotate(total=Count("pk"))
    return [Stuck(channel, total) for channel, total in sorted(rows)]


def stopped_gateways(user: Actor) -> Sequence[WhatsAppGateway]:
    agencies = {given.agency_id for given in assignments_with(user, Permission.VIEW_MESSAGES)}
    return list(WhatsAppGateway.objects.paused().filter(agency__in=agencies).select_related("agency"))


def attempts_of(message: Message) -> list[Message]:
    """Every attempt to tell the same thing to the same person, first to last, in two queries."""
    with connection.cursor() as cursor:
        cursor.execute(CHAIN, [message.pk])
        keys = [row[0] for row in cursor.fetchall()]
    return list(Message.objects.filter(pk__in=keys).defer("body", "facts").order_by("pk"))
