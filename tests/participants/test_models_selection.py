from typing import Any

import pytest
from django.utils import timezone

from participants.models import SeatTransfer, Selection, SelectionRow
from tests import cast, factories
from tests.participants.lines import small_batch
from tests.participants.selecting import close, freeze, selecting_batch, verified
from tests.support.constraints import broken_by

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("selection_draw_has_seed", {"method": "draw"}),
        ("selection_draw_has_seed", {"method": "first_come"}),
        ("selection_draw_has_seed", {"seed": "0" * 64}),
        ("selection_list_hash_formed", {"list_hash": "none"}),
    ],
)
def test_selection_is_refused(constraint: str, values: dict[str, Any]) -> None:
    made: dict[str, Any] = {
        "batch": small_batch(),
        "method": "points",
        "seats": 1,
        "waiting_places": 0,
        "list_hash": "0" * 64,
        "frozen_at": timezone.now(),
        "frozen_by": cast.program_officer(),
    }
    assert broken_by(lambda: Selection.objects.create(**made | values)) == constraint


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("selection_row_once_per_entry", {}),
        ("selection_row_rank_once", {"other": True, "rank": 1}),
        ("selection_row_outcome_has_reason", {"other": True, "outcome": "held", "reason": "seats"}),
        ("selection_row_outcome_has_reason", {"other": True, "rank": None}),
        ("selection_row_outcome_has_reason", {"other": True, "outcome": "out", "reason": "rejected"}),
    ],
)
def test_selection_row_is_refused(constraint: str, values: dict[str, Any]) -> None:
    batch = selecting_batch()
    [entry] = verified(batch)
    close(batch)
    selection = freeze(batch)
    other = factories.registration(small_batch())
    made: dict[str, Any] = {"selection": selection, "rank": 2, "outcome": "waiting", "reason": "seats"} | values
    made["registration"] = other if made.pop("other", False) else entry
    assert broken_by(lambda: SelectionRow.objects.create(**made)) == constraint


@pytest.mark.parametrize("seats", [0, 1])
def test_seat_transfer_is_refused(seats: int) -> None:
    batch = small_batch()
    made = {"program": batch.program, "source": batch, "target": batch, "seats": seats, "note": "x"}
    made |= {"at": timezone.now(), "by": cast.program_officer()}
    assert broken_by(lambda: SeatTransfer.objects.create(**made)) == "seat_transfer_moves_something"
