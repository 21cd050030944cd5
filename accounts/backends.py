"""Who somebody is, and what administrators may do in the administration."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.models import User
from accounts.permissions import can_manage_users


class AccountsBackend(AuthenticationBackend):
    """Signs in by user name or e-mail with exactly one look-up and one password hash, whoever is asked for."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        password = credentials.get("password") or ""
        typed = (credentials.get("username") or credentials.get("email") or "").strip().lower()
        if not password or not typed or "\0" in typed:
            return None
        user = User.objects.of_login(typed).first()
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.with_assignments().filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def has_perm(self, user_obj: AbstractBaseUser | AnonymousUser, perm: str, obj: Any = None) -> bool:
        """Administrators work on the models listed in settings; no other role has anything in the administration."""
        app, _dot, verb_and_model = perm.partition(".")
        verb, _underscore, model = verb_and_model.partition("_")
        allowed = verb in settings.ADMINISTERED_MODELS.get(f"{app}.{model}", ())
        return allowed and isinstance(user_obj, User) and can_manage_users(user_obj)

    def has_module_perms(self, user_obj: AbstractBaseUser | AnonymousUser, app_label: str) -> bool:
        listed = any(name.startswith(f"{app_label}.") for name in settings.ADMINISTERED_MODELS)
        return listed and isinstance(user_obj, User) and can_manage_users(user_obj)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not can_manage_users(user_obj):
            return set()
        return {
            f"{app}.{verb}_{model}"
            for name, verbs in settings.ADMINISTERED_MODELS.items()
            for app, model in [name.split(".")]
            for verb in verbs
        }
