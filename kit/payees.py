"""Identity numbers of payees, which the tax system asks for: settings.PAYEE_MODULES names who knows them.

Each module names its keys (PREFIX) and what the trail calls them (SUBJECT), and answers `identity_numbers(keys, whole)`
for the keys of payments that are its own ("person:12"). A number is masked but for its last four digits unless it is
asked for whole; whoever has none is left out.
"""

from collections.abc import Collection, Iterator
from importlib import import_module

from django.conf import settings


def identity_numbers(keys: Collection[str], *, whole: bool = False) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in settings.PAYEE_MODULES:
        found |= import_module(name).identity_numbers(keys, whole=whole)
    return found


def trail_subject(key: str) -> tuple[str, str] | None:
    """Whom the trail names when somebody took this payee's number."""
    for name in settings.PAYEE_MODULES:
        module = import_module(name)
        for number in keys_of([key], module.PREFIX):
            return module.SUBJECT, str(number)
    return None


def keys_of(keys: Collection[str], prefix: str) -> Iterator[int]:
    """12 of "person:12"."""
    for key in set(keys):
        name, _colon, number = key.partition(":")
        if name == prefix and number.isascii() and number.isdigit() and len(number) < 19:
            yield int(number)
