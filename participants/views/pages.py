"""Pages that look the same for every stranger but for a few words: drawn once, then only filled."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from kit.skeletons import spliced


def draw(
    request: HttpRequest,
    template: str,
    context: Callable[[], Mapping[str, Any]],
    *,
    words: Mapping[str, str],
    depends_on: Hashable,
) -> str:
    """The page with `words` as further variables of its template. The context holds nothing of this visitor's own.

    Whoever has a session, and with it perhaps a name in the header or a message, gets a page drawn for them alone.
    """

    def page(filled: Mapping[str, str]) -> str:
        return render_to_string(template, {**context(), **filled}, request)

    own = {**words, "csrf_token": get_token(request)}
    if settings.SESSION_COOKIE_NAME in request.COOKIES or request.META.get("QUERY_STRING"):
        return page(own)
    here = (template, request.path, get_language(), timezone.get_current_timezone_name(), timezone.localdate())
    return spliced((here, depends_on), page, own)
