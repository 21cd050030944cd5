"""Words of requests about data."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kit.phones import show_phone
from kit.templatetags.kit import day_date
from kit.templatetags.pictures import badge
from participants.forms.rights import CorrectionFields
from participants.models import DataRequest, Sex

register = template.Library()
SOON = 24


@register.simple_tag
def field_name(name: str) -> str:
    field = CorrectionFields.base_fields.get(name)
    return str(field.label) if field else name


@register.simple_tag
def field_value(name: str, value: Any) -> str:
    """As people read it; a wished value comes as text."""
    if name == "sex" and value in Sex.values:
        return str(Sex(value).label)
    if name == "birth_date":
        return day_date(value if isinstance(value, date) else date.fromisoformat(str(value)))
    return show_phone(str(value)) if name == "phone" and value else str(value or "–")


@register.simple_tag
def request_clock(asked: DataRequest, now: datetime) -> SafeString:
    """How long there is left: red when it is over, yellow in the last day."""
    if not asked.is_open:
        return format_html('<span class="muted">{}</span>', "–")
    hours = asked.hours_left(now)
    if hours < 0:
        words = ngettext("%(hours)d hour overdue", "%(hours)d hours overdue", -hours) % {"hours": -hours}
        return badge(words, "danger", "alert-triangle")
    words = ngettext("%(hours)d hour left", "%(hours)d hours left", hours) % {"hours": hours}
    return badge(words if hours else _("less than an hour left"), "warning" if hours < SOON else "info", "clock")
