"""What people are told about their accounts. The roof names the adapter that sends it."""

import datetime as dt

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.urls import reverse

from accounts.models import Agency, User


def second_factor_changed(*, user: User, what: str) -> None:
    """`added`, `removed`, `codes`, `sheet` or `reset`; to whom no way is known it is told in person."""
    if user.email or user.phone:
        get_adapter().send_mail("accounts/second_factor_changed", user.email, {"user": user, "what": what})


def email_changed(*, user: User, former: str) -> None:
    """To the address that was: at the new one somebody else may be reading."""
    if former:
        get_adapter().send_mail("accounts/email_changed", former, {"user": user})


def invited(*, user: User, agency: Agency, number: int, token: str, until: dt.datetime) -> None:
    """By e-mail alone: whoever reads the link becomes the person."""
    link = settings.SITE_URL + reverse("accounts:invitation_open", args=[token])
    context = {"user": user, "agency": agency, "url": link, "until": until, "key": number}
    get_adapter().send_mail("accounts/invited", user.email, context)
