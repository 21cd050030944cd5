from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from programs.models import Batch, Program, SelectionTerms
from tests import cast, factories
from tests.support.constraints import broken_by

pytestmark = pytest.mark.django_db


def program(**values: Any) -> Program:
    return factories.program(cast.home_agency(), **values)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("program_selection_method_known", {"selection_method": "friends"}),
        ("program_own_list_has_kinds", {"business_list": "own"}),
        ("program_own_list_has_kinds", {"business_list": "some"}),
    ],
)
def test_program_is_refused(constraint: str, values: dict[str, Any]) -> None:
    made = program()
    assert broken_by(lambda: Program.objects.filter(pk=made.pk).update(**values)) == constraint


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("batch_selection_method_known", {"selection_method": "friends"}),
        ("batch_seats_follow_the_selection", {"selection_method": "draw", "seats_held": 1}),
        ("batch_seats_follow_the_selection", {"selected_at": timedelta(days=20)}),
        ("batch_seats_follow_the_selection", {"selection_method": "draw", "selected_at": timedelta(0)}),
    ],
)
def test_batch_is_refused(constraint: str, values: dict[str, Any]) -> None:
    made, now = factories.batch(program()), timezone.now()
    moved = {name: now + value if isinstance(value, timedelta) else value for name, value in values.items()}
    assert broken_by(lambda: Batch.objects.filter(pk=made.pk).update(**moved)) == constraint


@pytest.mark.parametrize(("seed", "hashed"), [("aa", ""), (None, "0" * 64), ("aa", "short")])
def test_selection_terms_keep_seed_and_hash_together(seed: str | None, hashed: str) -> None:
    made = factories.batch(program())
    values = {"batch": made, "seed": seed, "seed_hash": hashed, "declared_at": timezone.now()}
    assert broken_by(lambda: SelectionTerms.objects.create(**values)) == "selection_terms_seed_with_hash"


def test_business_choices_are_the_list_that_the_programme_names() -> None:
    assert program().business_choices() == []
    own = program(business_list="own", business_kinds="Abon ikan\nKerupuk")
    assert own.business_choices() == [("Abon ikan", "Abon ikan"), ("Kerupuk", "Kerupuk")]
    divisions = program(business_list="kbli").business_choices()
    assert (divisions[0], len(divisions)) == (("10", "10 Industri makanan"), 24)
