"""What every page may show without asking: the office, the mode, the navigation of the workspace."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Agency
from accounts.permissions import roles_of
from ikm_portal.demo import accounts, jury
from ikm_portal.navigation import staff_nav


def portal(request: HttpRequest) -> dict[str, Any]:
    return {
        "DEMONSTRATION": settings.DEMONSTRATION,
        "SITE_URL": settings.SITE_URL,
        "demo_accounts": accounts.listed if settings.DEMONSTRATION else [],
        "demo_jurors": jury.listed if settings.DEMONSTRATION else [],
        "DEMO_JUROR_PIN": settings.DEMO_JUROR_PIN if settings.DEMONSTRATION else "",
        "staff_nav": SimpleLazyObject(lambda: staff_nav(request)),
        "portal_agency": SimpleLazyObject(lambda: _agency(request)),
        "staff_role": SimpleLazyObject(lambda: _role(request)),
    }


def _role(request: HttpRequest) -> str:
    labels = [str(role.label) for role in roles_of(_user(request))]
    return " · ".join(labels[:2])


def _agency(request: HttpRequest) -> Agency | None:
    """The office of the person signed in, else the installation's first; pages of a batch name its own."""
    own = getattr(_user(request), "agency", None)
    return own or Agency.objects.active().order_by("pk").first()


def _user(request: HttpRequest) -> Any:
    """Nobody yet, where a request is refused before it is known who sends it."""
    return getattr(request, "user", None)
