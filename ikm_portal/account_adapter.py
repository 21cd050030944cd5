"""Mails of the sign-in library go through the outbox like everything that the portal tells somebody."""

from typing import Any

from django.utils import timezone

from accounts.adapter import AccountAdapter
from accounts.models import Agency, User
from notifications.actions import queue

# The library's name of a mail -> the kind of message here; anything else is not sent.
KINDS = {
    "account/email/password_reset_key": "account_password_reset",
    "account/email/password_changed": "account_password_changed",
    "account/email/password_reset": "account_password_changed",
    "accounts/invited": "account_invited",
    "accounts/second_factor_changed": "account_second_factor_changed",
    "accounts/email_changed": "account_email_changed",
}
# Whoever reads these may act as the person: they go to the mailbox alone and are not kept.
SECRET = {"account_password_reset", "account_invited"}
# One link per person in so many seconds, however often the form is sent.
LINK_EVERY_SECONDS = 120


class OutboxAccountAdapter(AccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        user, kind = context.get("user"), KINDS.get(template_prefix)
        if not isinstance(user, User) or kind is None:
            return
        agency = user.agency or Agency.objects.active().order_by("pk").first()
        if agency is None:
            return
        now = int(timezone.now().timestamp())
        slot = now // LINK_EVERY_SECONDS if kind == "account_password_reset" else now
        queue(
            agency=agency,
            kind=kind,
            key=f"{kind}:{user.pk}:{context.get('key', slot)}",
            language=user.language,
            recipient_name=user.full_name,
            email=email,
            phone="" if kind in SECRET else user.phone,
            context={
                "user": user,
                "agency": agency,
                "url": context.get("password_reset_url") or context.get("url", ""),
                "until": context.get("until"),
                "what": context.get("what", ""),
            },
            subject=("accounts.user", user.pk),
            secret=kind in SECRET,
        )
