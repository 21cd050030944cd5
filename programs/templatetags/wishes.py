"""How many residents want something, as everybody may read it."""

from django import template
from django.utils.translation import gettext as _

from programs.rules import Band, public_band

register = template.Library()


@register.filter
def residents(value: "int | Band | None") -> str:
    """`10–14 residents`, or `fewer than 5 residents`; a plain count is put into its step first."""
    band = public_band(value) if isinstance(value, int) else value
    if band is None:
        return _("fewer than 5 residents")
    return _("%(low)d–%(high)d residents") % {"low": band.low, "high": band.high}
