"""What an office can do with its channels."""

from accounts.models import Agency
from notifications import routing


def writes_by_whatsapp(agency: Agency) -> bool:
    """Whether it has a gateway that works and a template for something: only then are people asked to allow it."""
    return bool(routing.rules_of(agency).templates)
