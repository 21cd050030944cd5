"""The device on which a draft was typed: a random secret in a cookie, set only when a draft is kept."""

import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from participants.models import RegistrationDraft
from participants.models.draft import KEPT_FOR
from participants.views import doors
from programs.models import Batch

SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def cookie_name() -> str:
    """Bound to this host alone where the line is encrypted; browsers refuse the prefix elsewhere."""
    return "__Host-portal_device" if settings.SESSION_COOKIE_SECURE else "portal_device"


def secret_of(request: HttpRequest) -> str:
    """The device's secret, nothing when it keeps no draft."""
    secret = request.COOKIES.get(cookie_name(), "")
    return secret if SECRET.fullmatch(secret) else ""


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def remember(response: HttpResponse, secret: str) -> None:
    response.set_cookie(
        cookie_name(),
        secret,
        max_age=KEPT_FOR,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def draft_of(request: HttpRequest, batch: Batch) -> RegistrationDraft | None:
    """The draft of this form on this device; asks the database only on behalf of a device that keeps one."""
    secret = secret_of(request)
    if not secret:
        return None
    return RegistrationDraft.objects.of_device(secret).in_time(timezone.now()).filter(batch=batch).first()


def clear(request: HttpRequest, response: HttpResponse) -> None:
    """Nothing of a visitor stays in this browser. Officers at work on it stay signed in."""
    doors.close(response)
    response.delete_cookie(cookie_name(), samesite="Lax")
    if settings.SESSION_COOKIE_SECURE:  # a browser takes nothing back of this name without the mark
        response.cookies[cookie_name()]["secure"] = True
    kinds = '"cache", "storage"' if request.user.is_authenticated else '"cache", "cookies", "storage"'
    response.headers["Clear-Site-Data"] = kinds
