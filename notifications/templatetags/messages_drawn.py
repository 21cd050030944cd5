"""Messages in a list, drawn without a template: a page has fifty of them."""

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kit.addresses import addresses
from kit.templatetags.kit import clock, short_date
from kit.templatetags.pictures import badge
from notifications.models import Channel, Message, State

register = template.Library()
BADGES = {
    State.SENT: ("success", "check"),
    State.DELIVERED: ("success", "check"),
    State.FAILED: ("danger", "alert-triangle"),
    State.CANCELLED: ("neutral", "ban"),
}


@register.simple_tag
def message_badge(message: Message) -> SafeString:
    state = State(message.state)
    if message.waits_for_hand:
        return badge(_("To be sent by hand"), "warning", "brand-whatsapp")
    return badge(str(state.label), *BADGES.get(state, ("info", "clock")))


@register.simple_tag
def message_rows(messages: Sequence[Message]) -> SafeString:
    names = (_("Recipient"), _("Channel"), _("Written"), _("State"))
    recipient, channel, written, state = (escape(name) for name in names)
    channels = {value: escape(str(label)) for value, label in Channel.choices}
    address, pieces = addresses("notifications:message_detail"), []
    for message in messages:
        about = message.kind_label if message.secret or not message.subject else message.subject
        when = f"{short_date(message.created_at)}, {clock(message.created_at)}"
        pieces.append(
            f'<tr><th scope="row"><a href="{address(message.pk)}">{escape(about)}</a></th>'
            f'<td data-label="{recipient}"><span>{escape(message.recipient_name)}<br>'
            f'<span class="muted">{escape(message.masked_address)}</span></span></td>'
            f'<td data-label="{channel}">{channels[message.channel]}</td>'
            f'<td data-label="{written}"><span>{when}</span></td>'
            f'<td data-label="{state}"><span>{message_badge(message)}</span></td></tr>'
        )
    return SafeString("\n".join(pieces))
