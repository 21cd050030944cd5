"""How full something is, as a bar and figures in words, and whether one can register."""

from html import escape

from django import template
from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kit.templatetags.pictures import badge

register = template.Library()


@register.simple_tag
def draw_seats(taken: int, quota: int, waiting: int) -> SafeString:
    """All HTML of the component <c-seats>, for rows that repeat."""
    bar = (
        f'<svg viewBox="0 0 {int(quota)} 1" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="fill" width="{int(taken)}" height="1"/></svg>'
    )
    full = taken >= quota
    if full:
        seats = ngettext("%(quota)s seat", "%(quota)s seats", quota) % {"quota": localize(quota)}
        told = f"<b>{escape(_('Full'))}</b> · {escape(seats)}"
    else:
        free = ngettext("%(free)s seat free", "%(free)s seats free", quota - taken) % {"free": localize(quota - taken)}
        of_all = _("of %(quota)s") % {"quota": localize(quota)}
        told = f"<b>{escape(free)}</b> {escape(of_all)}"
    if waiting:
        in_line = _("%(waiting)s waiting") % {"waiting": localize(waiting)}
        told += f" · {escape(in_line)}"
    return SafeString(f'<div class="seats{" is-full" if full else ""}">{bar} {told}</div>')


@register.simple_tag
def phase_badge(phase: str) -> SafeString:
    """As visitors read it; what is only planned they never see."""
    if phase == "open":
        return badge(_("Registration is open"), "success", "circle-check")
    if phase == "waiting":
        return badge(_("Waiting list only"), "warning", "hourglass")
    if phase == "full":
        return badge(_("Full"), "accent", "users-group")
    if phase == "upcoming":
        return badge(_("Opens soon"), "info", "clock")
    if phase == "closed":
        return badge(_("Registration has closed"), icon="lock")
    if phase == "finished":
        return badge(_("Finished"), icon="certificate")
    if phase == "cancelled":
        return badge(_("Cancelled"), "danger", "ban")
    return badge(_("Planned, not public yet"), icon="pencil")
