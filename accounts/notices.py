"""What people are told about their accounts. The roof names the adapter that sends it."""

from allauth.account.adapter import get_adapter

from accounts.models import User


def second_factor_changed(*, user: User, what: str) -> None:
    """`added`, `removed`, `codes`, `sheet` or `reset`; to whom no way is known it is told in person."""
    if user.email or user.phone:
        get_adapter().send_mail("accounts/second_factor_changed", user.email, {"user": user, "what": what})
