"""How a browser proves that it is a juror's: a signed cookie, no session, no account."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from incentives.models import Juror
from incentives.queries import juror_of_user, serving_juror
from kit.crypto import keyed_hash

COOKIE = "portal_juror"
# Tells a browser that keeps pages whose they are, without telling who it is; "-" is nobody's.
MARK = "X-Jury-Device"
NOBODY = "-"
View = Callable[..., HttpResponse]


def let_in(response: HttpResponse, juror: Juror) -> None:
    """So many days on this device; a new link or a withdrawal shuts every door that was opened before."""
    response.set_signed_cookie(
        COOKIE,
        f"{juror.pk}:{juror.generation}",
        salt=COOKIE,
        max_age=settings.JUROR_DEVICE_DAYS * 86400,
        path="/juri/",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def let_out(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path="/juri/", samesite="Lax")


def device_mark(juror: Juror) -> str:
    return keyed_hash("jury device", f"{juror.pk}:{juror.generation}")[:16]


def marked(response: HttpResponse, juror: Juror | None) -> HttpResponse:
    """A browser that keeps the pages of somebody else, or of nobody any more, drops them when it reads this."""
    response.headers[MARK] = device_mark(juror) if juror is not None else NOBODY
    return response


def juror_of(request: HttpRequest) -> Juror | None:
    """By the cookie of this device; else a colleague who is signed in and judges."""
    value = request.get_signed_cookie(COOKIE, default=None, salt=COOKIE, max_age=settings.JUROR_DEVICE_DAYS * 86400)
    if value:
        pk, _colon, generation = value.partition(":")
        juror = serving_juror(int(pk))
        return juror if juror is not None and str(juror.generation) == generation else None
    if request.user.is_authenticated and request.user.pk:
        return juror_of_user(request.user.pk)
    return None


def as_juror(view: View) -> View:
    """The view gets the juror; anybody else is asked for number and PIN. Other competitions are never in reach."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        juror = juror_of(request)
        if juror is None:
            if "application/json" in request.headers.get("Accept", ""):
                return marked(JsonResponse({"error": "signed_out"}, status=401), None)
            return marked(redirect("incentives:jury_door"), None)
        timezone.activate(juror.competition.program.agency.zone)
        response = view(request, juror, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return marked(response, juror)

    return opened


def as_chair(view: View) -> View:
    """Only who chairs the jury; another juror finds nothing here."""

    @wraps(view)
    def opened(request: HttpRequest, juror: Juror, *args: Any, **kwargs: Any) -> HttpResponse:
        if not juror.is_chair:
            return redirect("incentives:jury_home")
        return view(request, juror, *args, **kwargs)

    return as_juror(opened)
