"""Signed cookies that prove something of a browser: no session, no account."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def keep(response: HttpResponse, name: str, value: str, seconds: int) -> None:
    response.set_signed_cookie(
        name,
        value,
        salt=name,
        max_age=seconds,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def kept(request: HttpRequest, name: str, seconds: int) -> str | None:
    return request.get_signed_cookie(name, default=None, salt=name, max_age=seconds)
