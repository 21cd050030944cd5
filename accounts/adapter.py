"""Where the sign-in library meets the rules of this portal. The roof adds how its mails are sent."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.models import User
from kit.throttle import client_address


def wrong_credentials() -> ValidationError:
    return ValidationError(_("The user name or the password is not right."), code="wrong_credentials")


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say what happened; a greeting at every sign-in is noise."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        login = credentials.get("username") or credentials.get("email") or ""
        attempt = self._take_attempt(request, login)
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

    def _take_attempt(self, request: HttpRequest, login: str) -> actions.Attempt:
        try:
            return actions.take_attempt(login=login, address=client_address(request))
        except ValidationError as refusal:
            if refusal.code == "address_locked":
                context = {"wait_minutes": (refusal.params or {})["minutes"]}
                raise ImmediateHttpResponse(render(request, "429.html", context, status=429)) from refusal
            raise

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """The library counts in the cache; this portal has counted in the database already."""

    def _rollback_login_failed_rl_usage(self) -> None:
        """Belongs to the count in the cache."""

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
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
        actions.change_password(user=user, password=password, forgotten=forgotten)

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
