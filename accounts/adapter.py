"""Where the sign-in library meets the rules of this portal. The roof adds how its mails are sent."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.middleware import device_key, note_device
from accounts.models import ThrottleKind, User
from kit.crypto import decrypt, encrypt
from kit.throttle import client_address

# Binds the encrypted secret of an app to its place; the rotation of keys uses it too.
SECRET_CONTEXT = "mfa_authenticator.secret"  # noqa: S105 - a name


def wrong_credentials() -> ValidationError:
    return ValidationError(_("The user name or the password is not right."), code="wrong_credentials")


def take_attempt(request: HttpRequest, login: str, kind: str = ThrottleKind.LOGIN) -> actions.Attempt:
    """Counted at the door: for the name, and for the address, whose flood ends in a page of its own."""
    try:
        return actions.take_attempt(login=login, address=client_address(request), kind=kind)
    except ValidationError as refusal:
        if refusal.code == "address_locked":
            page = render(request, "429.html", {"wait_minutes": (refusal.params or {})["minutes"]}, status=429)
            raise ImmediateHttpResponse(page) from refusal
        raise


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """The pages say what happened; a greeting at every sign-in is noise. Errors of a passkey have no page."""
        if level == messages.ERROR and kwargs.get("message"):
            messages.error(request, kwargs["message"])

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        login = credentials.get("username") or credentials.get("email") or ""
        attempt = take_attempt(request, login)
        user: User | None = super().authenticate(request, **credentials)
        if user is None:
            actions.note_failed_sign_in(login=login, attempt=attempt)
            raise wrong_credentials()
        actions.settle_attempt(attempt=attempt)
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        try:
            found = self.authenticate(self.request, username=user.username, password=password)
        except ValidationError as refusal:
            if refusal.code == "wrong_credentials":
                return False
            raise
        return found is not None and found.pk == user.pk

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """The library counts in the cache; this portal has counted in the database already."""

    def _rollback_login_failed_rl_usage(self) -> None:
        """Belongs to the count in the cache."""

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        note_device(request, user)
        actions.note_sign_in(user=user)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """The person's own language, unless another one was chosen on this device."""
        response = super().post_login(request, user, **kwargs)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return response

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            actions.note_sign_out(user=request.user)
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        forgotten = not (self.request and self.request.user.is_authenticated and self.request.user.pk == user.pk)
        keep = device_key(self.request) if not forgotten else None
        actions.change_password(user=user, password=password, forgotten=forgotten, keep=keep)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On the portal's own address, not the one that the visitor's browser claimed."""
        uid, _dash, token = key.partition("-")
        return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """The library would look in its own table of addresses; ours stands with the user."""
        if user.email:
            self.send_mail(template_prefix, user.email, {"user": user, **(context or {})})


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of apps are encrypted; codes are counted in the database and count once, whatever the cache does."""

    def get_totp_issuer(self) -> str:
        return "Portal IKM"

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def encrypt(self, text: str) -> str:
        return base64.b64encode(encrypt(text, context=SECRET_CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(base64.b64decode(encrypted_text), context=SECRET_CONTEXT)

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        """Codes on paper are a second step too: the library only counts them as a spare of another."""
        if types is not None and Authenticator.Type.TOTP in types:
            types = [*types, Authenticator.Type.RECOVERY_CODES]
        return super().is_mfa_enabled(user, types)

    def check_code(self, user: User, code: str) -> Authenticator:
        """The app or sheet that the code belongs to; ValidationError for a wrong one and while the door is shut."""
        attempt = take_attempt(context.request, user.username, ThrottleKind.FACTOR)
        authenticator = actions.use_code(user=user, code=code)
        if authenticator is None:
            actions.note_failed_second_factor(user=user, attempt=attempt)
            raise ValidationError(
                _("This code is not right, or it was used already. Wait for the next one."), code="incorrect_code"
            )
        actions.settle_attempt(attempt=attempt)
        return authenticator

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        return ValidationError(_("That did not work. Please try once more."), code=code)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": "Portal IKM"}

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.username)
