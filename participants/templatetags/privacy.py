"""Texts of the office about people's data: paragraphs, points and headings, nothing else, always escaped."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

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
