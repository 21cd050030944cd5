"""What the apps keep of a person: each tells it in its `privacy`, and settings.PRIVACY_MODULES names these.

A module has RELATIONS (each foreign key that leads to a person, and what becomes of it), `export(person)`,
`merge(kept=, gone=, by=)`, which answers what moved as JSON can keep it, `built_on(kept=, moved=)`, which tells why
that can no longer be taken back, `unmerge(kept=, gone=, moved=, by=)`, and `erase(person=, by=)`.
Whoever calls them holds one transaction around all.
"""

from functools import lru_cache
from importlib import import_module
from types import ModuleType

from django.conf import settings


@lru_cache(maxsize=1)
def privacy_modules() -> tuple[ModuleType, ...]:
    return tuple(import_module(name) for name in settings.PRIVACY_MODULES)
