"""One's own second step: an app, passkeys, codes on paper."""

import base64
import ipaddress
import secrets

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as ceremony
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.forms import AppForm, PasskeyForm
from accounts.middleware import SECOND_STEP_LATER, device_key, note_device
from accounts.models import User
from accounts.permissions import (
    grace_ends_at,
    has_second_step,
    needs_second_step,
    proved_second_step,
    requires_recent_proof,
    signed_in,
)
from accounts.queries import second_steps
from kit.sealed import seal, unseal

PENDING_SECRET = "second_step_secret"  # noqa: S105 - where it stands in the session


@require_safe
def second_factor(request: HttpRequest) -> HttpResponseBase:
    user = signed_in(request)
    if has_second_step(user) and not proved_second_step(request) and needs_second_step(user):
        return redirect(f"{resolve_url('mfa_reauthenticate')}?{urlencode({'next': resolve_url('workspace')})}")
    if needs_second_step(user) and user.second_factor_asked_at is None:
        actions.note_second_factor_asked(by=user)
        user.refresh_from_db(fields=["second_factor_asked_at"])
    context = {
        "steps": second_steps(user),
        "is_required": needs_second_step(user),
        "passkeys_work": passkeys_work(request),
        "grace_ends_at": grace_ends_at(user),
    }
    return render(request, "accounts/second_factor.html", context)


@require_POST
def second_factor_later(request: HttpRequest) -> HttpResponse:
    """Only within the days of grace; for this session."""
    if grace_ends_at(signed_in(request)) is None:
        return redirect("accounts:second_factor")
    request.session[SECOND_STEP_LATER] = True
    return redirect(settings.LOGIN_REDIRECT_URL)


@requires_recent_proof
def second_factor_app(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = AppForm(request.POST or None, secret=pending_secret(request, renew=request.method != "POST"))
    if request.method == "POST" and form.is_valid():
        codes = actions.set_app(by=user, secret=form.secret, keep=device_key(request))
        del request.session[PENDING_SECRET]
        return after_adding(request, user, "totp", codes)
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(user, form.secret))
    context = {
        "form": form,
        "picture": f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}",
        "secret": " ".join(form.secret[start : start + 4] for start in range(0, len(form.secret), 4)),
        "steps": second_steps(user),
    }
    return render(request, "accounts/second_factor_app.html", context)


@requires_recent_proof
def second_factor_passkey(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = PasskeyForm(request.POST or None, user=user, initial={"name": ""})
    if request.method == "POST" and form.is_valid():
        codes = actions.add_passkey(
            by=user,
            name=form.cleaned_data["name"],
            credential=form.cleaned_data["credential"],
            keep=device_key(request),
        )
        return after_adding(request, user, "webauthn", codes)
    context = {
        "form": form,
        "js_data": {"creation_options": ceremony.begin_registration(user, passwordless=False)},
        "passkeys_work": passkeys_work(request),
    }
    return render(request, "accounts/second_factor_passkey.html", context)


@require_POST
@requires_recent_proof
def second_factor_codes(request: HttpRequest) -> HttpResponse:
    try:
        codes = actions.renew_codes(by=signed_in(request))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect("accounts:second_factor")
    return show_codes(request, signed_in(request), codes)


@require_POST
@requires_recent_proof
def second_factor_remove(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    authenticator = get_object_or_404(Authenticator, pk=pk, user=user)
    try:
        actions.remove_factor(by=user, authenticator=authenticator)
        messages.success(request, _("It is removed."))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("accounts:second_factor")


def pending_secret(request: HttpRequest, *, renew: bool) -> str:
    """The secret of the app that is being set up, sealed in the session until the first code is right."""
    secret = "" if renew else unseal(request.session.get(PENDING_SECRET, ""))
    if not secret:
        secret = base64.b32encode(secrets.token_bytes(20)).decode()
        request.session[PENDING_SECRET] = seal(secret)
    return secret


def after_adding(request: HttpRequest, user: User, kind: str, codes: list[str]) -> HttpResponse:
    """This session goes on, and has given its second step by setting it up."""
    update_session_auth_hash(request, user)
    record_authentication(request, user, "mfa", type=kind)
    note_device(request, user)
    if codes:
        return show_codes(request, user, codes)
    messages.success(request, _("The second step is set up. From now on it is asked at every sign-in."))
    return redirect("accounts:second_factor")


def show_codes(request: HttpRequest, user: User, codes: list[str], *, is_own: bool = True) -> HttpResponse:
    context = {"codes": codes, "person": user, "agency": user.agency, "is_own": is_own}
    return render(request, "accounts/second_factor_codes.html", context)


def passkeys_work(request: HttpRequest) -> bool:
    """Browsers give passkeys to names only, never to a bare network address."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return True
    return False
