"""Icons out of the one sprite."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@lru_cache(maxsize=4)
def _sprite(_static_url: str) -> str:
    return static("img/icons.svg")


@lru_cache(maxsize=512)
def _drawn(name: str, label: str, css: str, sprite: str) -> SafeString:
    voice = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    classes = f"icon {css}" if css else "icon"
    return format_html('<svg class="{}" {} focusable="false"><use href="{}#{}"/></svg>', classes, voice, sprite, name)


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A picture of static/img/icons.svg; decoration unless a label says what it means."""
    return _drawn(str(name), str(label), str(css), _sprite(settings.STATIC_URL))


@lru_cache(maxsize=1024)
def _badge(text: str, tone: str, picture: SafeString) -> SafeString:
    return format_html('<span class="badge tone-{}">{}{}</span>', tone, picture, text)


@register.simple_tag
def badge(text: str, tone: str = "neutral", icon: str = "") -> SafeString:
    """A state in a word, as the component of the same name draws it, for rows that repeat."""
    picture = _drawn(icon, "", "", _sprite(settings.STATIC_URL)) if icon else SafeString("")
    return _badge(str(text), tone, picture)
