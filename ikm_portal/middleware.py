"""What every request needs to know: its id, the visitor's language and the office's clock."""

import logging
import re
import time
import uuid
import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.utils import timezone, translation

from ikm_portal.metrics import count_request
from kit.context import acting
from kit.throttle import client_address

GetResponse = Callable[[HttpRequest], HttpResponse]

logger = logging.getLogger("ikm_portal.requests")
# The two forms that proxies write. Anything else could be a number that somebody wants to see in a log.
REQUEST_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What any page may be asked; each says for itself which of them it takes.
METHODS = ["GET", "HEAD", "POST"]
# No page uses a sensor or may be used by another site. Passkeys are ours alone.
ISOLATION = {
    "X-Frame-Options": "DENY",  # also of errors that end before Django's own middleware
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)",
}
# Asked every few seconds by machines.
QUIET_ROUTES = {"healthz", "readyz", "metrics"}


class RequestMiddleware:
    """Gives the request an id, for the trail, the log, its tasks and the answer; tells the log how it went."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id, began = request_id_of(request), time.perf_counter()
        with acting(ip=client_address(request), request_id=request_id, request=request):
            known = request.method in METHODS
            response = self.get_response(request) if known else HttpResponseNotAllowed(METHODS)
            note(request, response.status_code, time.perf_counter() - began)
        response.headers["X-Request-ID"] = request_id
        for name, value in ISOLATION.items():
            response.headers.setdefault(name, value)
        return response


def request_id_of(request: HttpRequest) -> str:
    """The id that a trusted proxy gave, when it looks like one; a new one for everybody else."""
    given = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
    return given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def route_of(request: HttpRequest) -> str:
    """The name of the address, never the address: it may carry the token or the number of somebody."""
    match = request.resolver_match
    return match.view_name if match is not None else "unknown"


def note(request: HttpRequest, status: int, seconds: float) -> None:
    route = route_of(request)
    count_request(route, request.method or "", status, seconds)
    level = logging.DEBUG if route in QUIET_ROUTES else logging.INFO
    if logger.isEnabledFor(level):
        facts = {"method": request.method, "status": status, "ms": round(seconds * 1000, 1)}
        logger.log(level, "request answered", extra=facts)


class ChosenLanguageMiddleware:
    """Indonesian unless the visitor chose otherwise; the browser's own list is not asked.

    Many phones here are set to English by the shop that sold them.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.languages = {code for code, _name in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in self.languages else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class AgencyTimeMiddleware:
    """Times on the screen are the time of the office that the signed-in person works for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = getattr(request.user, "time_zone", None) if request.user.is_authenticated else None
        with timezone.override(zoneinfo.ZoneInfo(name or settings.TIME_ZONE)):
            return self.get_response(request)


class ButtonOnlyMiddleware:
    """An address that only takes a button press, opened by itself: a page in words instead of an empty one.

    It happens after a reload, or when somebody signs in again after pressing the button.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and not response.content:
            response.content = render_to_string("405.html")
        return response
