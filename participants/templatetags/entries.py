"""The badges of an entry, drawn without a template: a list has a hundred of them on one page."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kit.templatetags.pictures import badge
from participants.models import CheckState, Registration, Seat

register = template.Library()


@register.simple_tag
def seat_badge(entry: Registration) -> SafeString:
    if entry.seat == Seat.WAITING:
        return badge(_("No. %(position)s in line") % {"position": entry.position}, "warning", "hourglass")
    if entry.seat == Seat.HELD:
        return badge(_("Seat held"), "success", "check")
    if entry.seat == Seat.OFFERED:
        return badge(_("Seat offered"), "info", "bell")
    if entry.check_state == CheckState.REJECTED:
        return badge(_("Without seat"), icon="ban")
    return badge(_("Withdrawn") if entry.withdrawn_at else _("Ended"), icon="ban")


@register.simple_tag
def check_badge(entry: Registration) -> SafeString:
    shown = {
        CheckState.VERIFIED: ("success", "shield-check"),
        CheckState.REJECTED: ("danger", "circle-x"),
        CheckState.NEEDS_FIX: ("warning", "pencil"),
    }.get(CheckState(entry.check_state))
    if shown is not None:
        return badge(entry.get_check_state_display(), *shown)
    if entry.is_active:
        return badge(_("To check"), "accent", "list-check")
    return SafeString('<span class="muted">–</span>')
