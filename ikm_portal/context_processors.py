"""What every page may show without asking: the office, the mode, the navigation of the workspace."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from ikm_portal.navigation import staff_nav


def portal(request: HttpRequest) -> dict[str, Any]:
    return {
        "DEMONSTRATION": settings.DEMONSTRATION,
        "SITE_URL": settings.SITE_URL,
        "staff_nav": lambda: staff_nav(request),
    }
