"""Who may open the pages about selections, and their arguments: a part of tests/ikm_portal/test_access.py."""

from collections.abc import Callable
from typing import Any

from programs.models import Batch
from tests.participants.selecting import close, freeze, selecting_batch, verified

PUBLIC = "IIIIIIIIIIII"
# Anonymous, nobody, village officers here and next door, programme officer, verifier, head of division, treasurer,
# officer of another office, auditor, data protection officer, administrator.
SEES_RESULT = "LFINIIIFNIIF"
SELECTS = "LFFFIFFFNFFF"

SELECTING: dict[str, tuple[str, str]] = {
    "participants:selection_public": ("get", PUBLIC),
    "participants:selection_csv": ("get", PUBLIC),
    "participants:selection_list": ("get", "LFIIIIIFIIIF"),
    "participants:selection_desk": ("get", SEES_RESULT),
    "participants:selection_freeze": ("get", SELECTS),
    "participants:selection_print": ("get", SEES_RESULT),
    "participants:selection_terms": ("get", SELECTS),
    "participants:selection_share": ("get", SELECTS),
}

SELECTING_ARGUMENTS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "participants:selection_terms": lambda world: [world["selected"].program_id],
    "participants:selection_share": lambda world: [world["selected"].program_id],
    "participants:selection_public": lambda world: [world["selected"].program.slug, world["selected"].slug],
    "participants:selection_csv": lambda world: [world["selected"].program.slug, world["selected"].slug],
    "participants:selection_list": lambda _world: [],
    "participants:selection_": lambda world: [world["selected"].pk],
}


def selected_batch() -> Batch:
    """A draw with its result."""
    batch = selecting_batch(program_values={"slug": "pelatihan-undian"})
    verified(batch)
    close(batch)
    freeze(batch)
    return batch
