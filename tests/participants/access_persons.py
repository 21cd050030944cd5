"""Who may open the pages about persons and pairs: a part of tests/ikm_portal/test_access.py."""

from collections.abc import Callable
from typing import Any

from kit.identity import new_temporary
from participants.models import Person
from tests import cast, factories
from tests.participants.merging import proposed, two_cards

# Anonymous, nobody, village officers here and next door, programme officer, verifier, head of division, treasurer,
# officer of another office, auditor, data protection officer, administrator.
SEES = "LFIIIIIFIIIF"
SEES_HERE = "LFINIIIFNIIF"
NUMBERS = "LFFFIIFFNFFF"
MERGES = "LFFFIIIFIFFF"
MERGES_HERE = "LFFFIIIFNFFF"
SEARCHES = "LFFFIIFFIFFF"

PERSONS: dict[str, tuple[str, str]] = {
    "participants:person_search": ("get", SEES),
    "participants:person_detail": ("get", SEES_HERE),
    "participants:person_number": ("get", NUMBERS),
    "participants:pair_list": ("get", MERGES),
    "participants:pair_search": ("post", SEARCHES),
    "participants:pair_detail": ("get", MERGES_HERE),
    "participants:merge_detail": ("get", MERGES_HERE),
}

PERSON_ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "participants:person_search": lambda _world: [],
    "participants:person_": lambda world: [world["nameless"].pk],
    "participants:pair_detail": lambda world: [world["merge"].kept_id, world["merge"].gone_number],
    "participants:pair_": lambda _world: [],
    "participants:merge_detail": lambda world: [world["merge"].pk],
}


def person_rows() -> dict[str, Any]:
    """A proposal of two cards, and somebody without a NIK."""
    nameless = Person.objects.create(agency=cast.home_agency(), **factories.declaration(nik=new_temporary()).columns())
    return {"merge": proposed(*two_cards()), "nameless": nameless}
