"""Texts of the office about people's data: paragraphs, points and headings, nothing else, always escaped."""

from collections.abc import Mapping
from datetime import timedelta

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def prose(words: str) -> SafeString:
    """`## ` begins a heading, `- ` a point, an empty line a new paragraph."""
    blocks = [block for block in words.replace("\r\n", "\n").split("\n\n") if block.strip()]
    return SafeString("\n".join(_block(block.strip()) for block in blocks))


def _block(block: str) -> str:
    lines = [line.strip() for line in block.split("\n") if line.strip()]
    if lines[0].startswith("## "):
        heading = f"<h2>{escape(lines[0][3:])}</h2>"
        return f"{heading}\n{_block(chr(10).join(lines[1:]))}" if lines[1:] else heading
    if all(line.startswith("- ") for line in lines):
        points = "".join(f"<li>{escape(line[2:])}</li>" for line in lines)
        return f"<ul>{points}</ul>"
    return f"<p>{'<br>'.join(escape(line) for line in lines)}</p>"


@register.filter
def untold_in(told: Mapping[str, int]) -> int:
    """Of the counts by way, those who were told in none."""
    return told.get("", 0)


@register.filter
def by_letter_in(told: Mapping[str, int]) -> int:
    """Those whom no message reached: not told yet, or told by letter."""
    return told.get("", 0) + told.get("letter", 0)


@register.filter
def hours_left(left: timedelta) -> str:
    """`2 days 5 hours`, as far as a person counts."""
    hours = max(int(left.total_seconds() // 3600), 0)
    days, rest = divmod(hours, 24)
    spoken = ngettext("%(count)d hour", "%(count)d hours", rest) % {"count": rest}
    if not days:
        return spoken
    return " ".join([ngettext("%(count)d day", "%(count)d days", days) % {"count": days}, spoken])
