"""What apps show on the resident's own page: each answers `own_cards`, and settings.OWN_PAGE_MODULES names these."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class OwnCard:
    """`title` and `text` as read, a state with its colour, and the page behind the button."""

    title: str
    text: Any
    url: str
    button: Any
    state: Any = ""
    tone: str = "neutral"
    is_due: bool = False


def own_cards(registrations: Sequence[int]) -> list[OwnCard]:
    """The cards for whoever may see these entries for trainings; what waits for the resident comes first."""
    found: list[OwnCard] = []
    for name in settings.OWN_PAGE_MODULES:
        found += import_module(name).own_cards(registrations)
    return sorted(found, key=lambda card: not card.is_due)
