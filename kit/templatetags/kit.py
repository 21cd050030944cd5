"""What the templates of every app share: icons, Indonesian dates and amounts, and the cheap form fields."""

import datetime
from typing import Any

from django import template
from django.utils import dateformat, timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, pgettext

from kit.context import current_request
from kit.phones import show_phone
from kit.templatetags import chrome, fields, pictures, seats

register = template.Library()
for library in (chrome.register, fields.register, pictures.register, seats.register):
    register.filters.update(library.filters)
    register.tags.update(library.tags)

Moment = datetime.datetime | datetime.time


@register.simple_tag
def request_id() -> str:
    """What a person quotes and the operator looks for in the log; error pages know no other context."""
    return current_request.get().request_id


@register.filter
def rupiah(value: Any) -> str:
    """Whole rupiah as the state writes them: Rp2.400.000, without a space."""
    if value is None or value == "":
        return ""
    sign = "-" if value < 0 else ""
    return f"{sign}Rp{number_format(abs(value), decimal_pos=0, force_grouping=True)}"


def _local(value: Any) -> Any:
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _written(value: Any, pattern: str) -> str:
    return dateformat.format(_local(value), pattern) if value else ""


@register.filter
def long_date(value: datetime.date | None) -> str:
    return _written(value, "l, j F Y")


@register.filter
def day_date(value: datetime.date | None) -> str:
    return _written(value, "j F Y")


@register.filter
def short_date(value: datetime.date | None) -> str:
    return _local(value).strftime("%d/%m/%Y") if value else ""


def _to() -> str:
    return pgettext("range", "to")


@register.simple_tag
def date_range(start: datetime.date, end: datetime.date | None = None) -> str:
    """1 s.d. 2 Juli 2024; what the two dates share is written once."""
    start, end = _local(start), _local(end or start)
    if (start.year, start.month, start.day) == (end.year, end.month, end.day):
        return day_date(start)
    pattern = "j F Y"
    if start.year == end.year:
        pattern = "j" if start.month == end.month else "j F"
    return f"{_written(start, pattern)} {_to()} {day_date(end)}"


def _zone() -> str:
    return timezone.localtime().tzname() or ""


@register.filter
def bare_clock(value: Moment) -> str:
    """08.00, where the zone stands elsewhere or is the office's own."""
    return _local(value).strftime("%H:%M" if get_language() == "en" else "%H.%M")


@register.filter
def clock(value: Moment | None) -> str:
    """08.00 WIB; the zone is the active one (WIB, WITA, WIT)."""
    return f"{bare_clock(value)} {_zone()}" if value is not None else ""


@register.filter
def moment(value: datetime.datetime | None) -> str:
    return f"{day_date(value)}, {clock(value)}" if value else ""


@register.simple_tag
def time_range(start: Moment, end: Moment | None = None) -> str:
    """pukul 08.00 s.d. 12.00 WIB; with both dates when the end is on another day."""
    if end is None:
        return pgettext("clock", "at %(start)s") % {"start": clock(start)}
    first, last = _local(start), _local(end)
    if isinstance(first, datetime.datetime) and isinstance(last, datetime.datetime) and first.date() != last.date():
        return f"{day_date(first)}, {bare_clock(first)} {_to()} {day_date(last)}, {clock(last)}"
    return pgettext("clock", "%(start)s to %(end)s") % {"start": bare_clock(start), "end": clock(end)}


@register.filter
def phone(e164: str | None) -> str:
    return show_phone(e164) if e164 else ""


@register.filter
def parts(text: str | list) -> list:
    """Cut "one|two|three"; a list stays a list."""
    return text.split("|") if isinstance(text, str) else text


@register.filter
def minus(value: int, other: int) -> int:
    return value - other


@register.filter
def plain(value: int) -> str:
    """A number for an attribute: 1080, never 1.080."""
    return str(int(value))
