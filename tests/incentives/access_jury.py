"""Who comes in where."""

from collections.abc import Callable
from typing import Any

# One letter for each of the cast of tests/ikm_portal/test_access.py.
TABLE: dict[str, tuple[str, str]] = {}
ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {}
