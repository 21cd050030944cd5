from datetime import UTC, date, datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from participants import queries
from participants.models import Registration
from programs.models import Batch
from tests import factories
from tests.participants.lines import people, small_batch, stranger

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch() -> Batch:
    return small_batch(quota=9)


def pairs(batch: Batch) -> list[tuple[Registration, Registration]]:
    return [(pair.first, pair.second) for pair in queries.suspected_duplicates(batch)]


def test_suspected_duplicates_of_one_number(batch: Batch) -> None:
    [owner] = people(batch, 1)
    assert owner.person is not None
    doubtful = factories.registration(batch, declaration=stranger(owner.person))
    assert pairs(batch) == [(owner, doubtful)]


@pytest.mark.parametrize(
    ("values", "suspected"),
    [
        ({"full_name": "Siti Aminah", "birth_date": date(1999, 7, 12)}, True),
        ({"full_name": "Hj. SITI AMINAH, S.E.", "birth_date": date(1999, 7, 12)}, True),
        ({"full_name": "Siti Aminah", "birth_date": date(1990, 1, 1)}, False),
        ({"full_name": "Siti Aminah", "birth_date": date(1990, 1, 1), "phone": "+6281200000001"}, True),
        ({"full_name": "Orang Lain", "birth_date": date(1999, 7, 12), "phone": "+6281200000001"}, True),
        ({"full_name": "Orang Lain", "birth_date": date(1990, 1, 1), "phone": "+6281200000001"}, False),
        ({"full_name": "Orang Lain", "birth_date": date(1999, 7, 12)}, False),
        ({"full_name": "Siti Aminah", "birth_date": date(1990, 1, 1), "nik": "9971015207980001"}, True),
    ],
)
def test_suspected_duplicates_by_likeness(batch: Batch, values: dict[str, object], suspected: bool) -> None:
    """A shared phone alone says little: families share them."""
    first = factories.registration(batch, number=1, full_name="Siti Aminah", nik="9971015207990001")
    second = factories.registration(batch, **{"nik": "9971010207995555", **values})
    assert pairs(batch) == ([(first, second)] if suspected else [])


def test_suspected_duplicates_stay_inside_of_the_batch_and_among_the_active(batch: Batch) -> None:
    declared = factories.declaration()
    other = factories.registration(small_batch(), declaration=declared)
    first = factories.registration(batch, declaration=declared)
    assert pairs(batch) == []
    assert other.person is not None
    second = factories.registration(batch, declaration=stranger(other.person))
    assert pairs(batch) == [(first, second)]
    Registration.objects.filter(pk=first.pk).update(seat="released")
    assert pairs(batch) == []


def test_suspected_duplicates_cost_the_same_for_many(
    batch: Batch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(4):
        factories.registration(batch, full_name="Siti Aminah")
    with django_assert_num_queries(2):
        assert len(queries.suspected_duplicates(batch)) == 6


@pytest.mark.parametrize("counter", ["seats_held", "seats_offered", "waiting_count"])
def test_wrong_counters_are_found(batch: Batch, counter: str) -> None:
    people(batch, 2)
    assert queries.batches_with_wrong_counters() == []
    Batch.objects.filter(pk=batch.pk).update(**{counter: 3})
    assert queries.batches_with_wrong_counters() == [batch.pk]


def test_first_day_is_the_day_of_the_office() -> None:
    """A session at 00:30 in Kendari is still yesterday in UTC."""
    batch = small_batch()
    batch.program.agency.time_zone = "Asia/Makassar"
    batch.starts_at = datetime(2026, 7, 1, 16, 30, tzinfo=UTC)
    lines = queries.eligibility_lines(batch, queries.facts_of(factories.declaration(), None), now=timezone.now())
    assert lines[0].data["on"] == "2026-07-02"


def test_entries_held_are_those_of_the_person_and_of_the_contact(batch: Batch) -> None:
    declared = factories.declaration(email="siti@example.id")
    mine = factories.registration(batch, declaration=declared)
    assert mine.person is not None
    doubtful = factories.registration(batch, declaration=stranger(mine.person, email="lain@example.id"))
    people(batch, 2)
    assert queries.entries_held(mine.person, declared, batch) == [mine]
    assert queries.entries_held(None, declared, batch) == [mine]
    assert queries.entries_held(None, doubtful, batch) == [doubtful]
    assert queries.entries_held(mine.person, doubtful, batch) == [mine, doubtful]
    assert queries.entries_held(mine.person, declared, batch, apart_from=mine.pk) == []
    assert queries.entries_held(mine.person, declared, small_batch()) == []
