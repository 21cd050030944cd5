"""What the apps keep of a person: each tells it in its `privacy`, and settings.PRIVACY_MODULES names these.

A module has RELATIONS (each foreign key that leads to a person, and what becomes of it), `export(person)`, which
answers a list of `Section`, `merge(kept=, gone=, by=)`, which answers what moved as JSON can keep it,
`built_on(kept=, moved=)`, which tells why that can no longer be taken back, `unmerge(kept=, gone=, moved=, by=)`, and
`erase(person=, by=)`. Whoever calls them holds one transaction around all. A module whose rows hang on entries also has
`forget_entries(entries)`: it takes out what tells of a person, whenever entries lose their names. And a module that
keeps people who never register for anything has `AGING`: by kind of retention rule, what grows old and how it goes.
"""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

EDITION = 1


@dataclass(frozen=True)
class Fact:
    """One thing that is kept: `code` for machines, `label` for people, `value` as JSON knows it, `shown` as read."""

    code: str
    label: Any
    value: Any
    shown: Any = None

    @property
    def words(self) -> str:
        told = self.value if self.shown is None else self.shown
        return "" if told is None else str(told)


@dataclass(frozen=True)
class Section:
    """What `export` answers a list of: records of one sort (one entry, one message), each a list of facts."""

    code: str
    title: Any
    records: Sequence[Sequence[Fact]]


def as_json(sections: Sequence[Section], controller: str, now: datetime) -> bytes:
    """The copy for machines that somebody takes along."""
    told = {
        "format": "portal-person-extract",
        "edition": EDITION,
        "made_at": now.isoformat(),
        "controller": controller,
        "data": {section.code: [_by_code(record) for record in section.records] for section in sections},
    }
    return json.dumps(told, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder).encode()


def _by_code(record: Sequence[Fact]) -> dict[str, Any]:
    """What stands there several times, as the files of a pitch, is a list: nothing that is kept is left out."""
    found: dict[str, list[Any]] = {}
    for fact in record:
        found.setdefault(fact.code, []).append(fact.value)
    return {code: values if len(values) > 1 else values[0] for code, values in found.items()}


@dataclass(frozen=True)
class Grown:
    """One row that is due: who it is about, where it hangs, and the last thing that happened to it."""

    name: str
    place: str
    last_at: datetime


@dataclass(frozen=True)
class Aging:
    """`due(agency, cutoff)` are the rows (a QuerySet), `told(rows)` the oldest as an approver reads them.

    `forget(keys)` makes them anonymous, so that they are due no more, and answers how many went.
    """

    due: Callable[[int, datetime], Any]
    told: Callable[[Any], Sequence[Grown]]
    forget: Callable[[Collection[int]], int]


def aging_of(kind: str) -> Aging | None:
    return next((found[kind] for one in privacy_modules() if kind in (found := getattr(one, "AGING", {}))), None)


@lru_cache(maxsize=1)
def privacy_modules() -> tuple[ModuleType, ...]:
    return tuple(import_module(name) for name in settings.PRIVACY_MODULES)


def forget_entries(entries: Collection[int]) -> None:
    """In the rows of every app that hang on these entries; the caller holds the transaction."""
    for module in privacy_modules():
        forget = getattr(module, "forget_entries", None)
        if forget is not None:
            forget(entries)
