"""Who may open the pages of the rules of the house: a part of tests/ikm_portal/test_access.py."""

from collections.abc import Callable
from typing import Any

PUBLIC = "IIIIIIIIIIII"

PRIVACY: dict[str, tuple[str, str]] = {
    "privacy": ("get", PUBLIC),
    "privacy_of": ("get", PUBLIC),
}

PRIVACY_ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "privacy_of": lambda world: [world["program"].agency.slug],
}
