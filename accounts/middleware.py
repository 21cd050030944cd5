"""Around every request of somebody signed in: when a session of the staff has lasted long enough."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts import actions
from accounts.models import User
from accounts.permissions import grace_ends_at, needs_second_step, proved_second_step, signed_in
from accounts.rules import browser_family

GetResponse = Callable[[HttpRequest], HttpResponse]

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
DEVICE = "device"
SECOND_STEP_LATER = "second_step_later"
# A session is written again at most this often, so that reading pages does not mean writing rows.
SEEN_EVERY_SECONDS = 60
ALLOWED_BEFORE_PASSWORD = {"account_change_password", "account_logout"}
ALLOWED_BEFORE_SECOND_STEP = {
    *("second_factor", "second_factor_app", "second_factor_passkey", "second_factor_codes", "second_factor_later"),
    *("account_logout", "account_change_password"),
    *("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
}


class StaffSessionMiddleware:
    """Ends sessions that were idle or are too old, and leads a temporary password to its change.

    Where the work needs a second step, a session without one is led to it. Stands before `LoginRequiredMiddleware`,
    and decides when the view is known.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """What somebody signed in has read stays on no disk: the office's computers are shared."""
        response = self.get_response(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        is_public = not getattr(view, "login_required", True)
        if not request.user.is_authenticated:
            is_part = "HX-Request" in request.headers and not is_public
            return hard_redirect(request, redirect_to_login(page_of(request)).url) if is_part else None
        if has_expired(request):
            return end(request, is_public=is_public)
        name = request.resolver_match.url_name if request.resolver_match else None
        if request.user.must_change_password and not is_public and name not in ALLOWED_BEFORE_PASSWORD:
            return hard_redirect(request, resolve_url("account_change_password"))
        if not is_public and name not in ALLOWED_BEFORE_SECOND_STEP and lacks_second_step(request):
            return hard_redirect(request, resolve_url("accounts:second_factor"))
        return None


def has_expired(request: HttpRequest) -> bool:
    """Idle for longer than STAFF_IDLE_SECONDS, or signed in for longer than SESSION_COOKIE_AGE. Notes the visit."""
    now = int(timezone.now().timestamp())
    session = request.session
    began, seen = session.get(SIGNED_IN_AT), session.get(SEEN_AT)
    if began is None or seen is None:
        session[SIGNED_IN_AT] = session[SEEN_AT] = now
        return False
    if now - seen > settings.STAFF_IDLE_SECONDS or now - began > settings.SESSION_COOKIE_AGE:
        return True
    if now - seen >= min(SEEN_EVERY_SECONDS, settings.STAFF_IDLE_SECONDS // 2):
        session[SEEN_AT] = now
        note_device(request, signed_in(request))
    return False


def lacks_second_step(request: HttpRequest) -> bool:
    """Without a query for whoever gave it or needs none."""
    user = signed_in(request)
    if not needs_second_step(user) or proved_second_step(request):
        return False
    return not (request.session.get(SECOND_STEP_LATER) and grace_ends_at(user))


def device_key(request: HttpRequest) -> uuid.UUID | None:
    """The device of this session, if it was noted."""
    noted = request.session.get(DEVICE)
    return uuid.UUID(noted) if noted else None


def note_device(request: HttpRequest, user: User) -> None:
    """Lists this browser among those in which the person is signed in; its session must be stored already."""
    now = int(timezone.now().timestamp())
    session = request.session
    key = device_key(request) or uuid.uuid4()
    session[DEVICE] = str(key)
    started = session.setdefault(SIGNED_IN_AT, now)
    actions.note_device(
        by=user,
        key=key,
        session_key=session.session_key or "",
        browser=browser_family(request.headers.get("User-Agent", "")),
        started_at=dt.datetime.fromtimestamp(started, dt.UTC),
    )


def end(request: HttpRequest, *, is_public: bool) -> HttpResponseBase | None:
    """Signs out; a public page is shown all the same, any other leads over the sign-in back to where one was."""
    actions.note_sign_out(user=signed_in(request), reason="session expired")
    logout(request)
    if is_public:
        return None
    messages.info(request, _("You were signed out because nothing happened for a while. Please sign in again."))
    return hard_redirect(request, redirect_to_login(page_of(request)).url)


def page_of(request: HttpRequest) -> str:
    """The page to come back to: this one, or for a form and a fragment the page that it stood on."""
    if request.method in {"GET", "HEAD"} and "HX-Request" not in request.headers:
        return request.get_full_path()
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(came_from)
        inside = parts._replace(scheme="", netloc="", fragment="").geturl()
        return escape_leading_slashes(inside) or resolve_url(settings.LOGIN_REDIRECT_URL)
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def hard_redirect(request: HttpRequest, url: str) -> HttpResponse:
    """A fragment asked for by htmx must not receive a whole page: the browser itself goes there."""
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)
