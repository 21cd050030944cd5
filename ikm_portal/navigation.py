"""The workspace's navigation: what a person may open, in the order of a working day."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import holds
from accounts.roles import Permission


@dataclass(frozen=True)
class NavEntry:
    url: str
    label: str
    icon: str
    active: bool


def staff_nav(request: HttpRequest) -> list[NavEntry]:
    user = request.user
    wanted = [
        (reverse("workspace"), _("Today"), "home", True),
        (reverse("participants:batch_list"), _("Batches"), "calendar-event", holds(user, Permission.VIEW_BATCHES)),
        (
            reverse("participants:registration_search"),
            _("Find an entry"),
            "search",
            holds(user, Permission.VIEW_REGISTRATIONS),
        ),
        (reverse("notifications:message_list"), _("Messages"), "message", holds(user, Permission.VIEW_MESSAGES)),
        (
            reverse("notifications:chat_list"),
            _("Send by hand"),
            "brand-whatsapp",
            holds(user, Permission.SEND_MESSAGES),
        ),
        (reverse("notifications:text_list"), _("Texts of messages"), "pencil", holds(user, Permission.MANAGE_TEXTS)),
        (reverse("jobs:job_list"), _("Downloads"), "download", holds(user, Permission.EXPORT_REGISTRATIONS)),
        (reverse("accounts:audit_list"), _("Audit trail"), "history", holds(user, Permission.VIEW_AUDIT)),
        (reverse("participants:form_guard"), _("Form guard"), "shield-check", holds(user, Permission.MANAGE_USERS)),
        (reverse("system_state"), _("State of the system"), "info-circle", holds(user, Permission.MANAGE_USERS)),
        (reverse("accounts:user_list"), _("Users"), "users", holds(user, Permission.MANAGE_USERS)),
        (reverse("admin:index"), _("Administration"), "settings", holds(user, Permission.MANAGE_USERS)),
    ]
    return [
        NavEntry(
            url, label, icon, request.path == url or (url != reverse("workspace") and request.path.startswith(url))
        )
        for url, label, icon, allowed in wanted
        if allowed
    ]
