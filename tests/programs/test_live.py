"""A live batch costs one query and is never older than its rows."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from programs.models import Batch, Topic, Venue, live_batch, live_batch_at
from regions.models import Region
from tests import cast, factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch() -> Batch:
    made = factories.batch(factories.program(cast.home_agency()))
    made.topics.add(Topic.objects.create(agency=made.program.agency, name="Roti"))
    venue = Venue.objects.create(agency=made.program.agency, region=made.region, name="Aula")
    made.sessions.update(venue=venue)
    return made


def seen(pk: int) -> tuple[object, ...]:
    """What pages show of a batch and what belongs to it."""
    live = live_batch(pk)
    return (
        live.program.name,
        live.program.agency.name,
        live.program.fund_source.fiscal_year,
        live.region.name,
        [topic.name for topic in live.topics.all()],
        [(rule.kind, rule.minimum) for rule in live.program.requirements()],
        [(session.during.lower, str(session.venue)) for session in live.planned_sessions()],
        (live.starts_at, live.name, live.state, live.seats_held),
    )


CHANGES: dict[str, Callable[[Batch], object]] = {
    "program": lambda batch: type(batch.program).objects.filter(pk=batch.program_id).update(name="Lain"),
    "agency": lambda batch: type(batch.program.agency).objects.update(name="Lain"),
    "fund": lambda batch: type(batch.program.fund_source).objects.update(fiscal_year=2031),
    "region": lambda batch: Region.objects.filter(pk=batch.region_id).update(name="Lain"),
    "topic renamed": lambda batch: Topic.objects.update(name="Kue"),
    "topic taken away": lambda batch: batch.topics.clear(),
    "rule changed": lambda batch: batch.program.rules.filter(kind="age").update(minimum=30),
    "rule added": lambda batch: batch.program.rules.create(kind="target_group", values=["pelaku_ikm"], position=3),
    "rule taken away": lambda batch: batch.program.rules.all().delete(),
    "session cancelled": lambda batch: batch.sessions.filter(pk=batch.sessions.earliest("pk").pk).update(
        cancelled=True
    ),
    "venue": lambda batch: Venue.objects.update(name="Balai"),
    "own name": lambda batch: Batch.objects.update(name="Lain"),
    "seats": lambda batch: Batch.objects.update(seats_held=3),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_live_batch_sees_every_change_at_once(batch: Batch, change: Callable[[Batch], object]) -> None:
    former, version = seen(batch.pk), live_batch(batch.pk).version
    change(batch)
    assert seen(batch.pk) != former
    assert (live_batch(batch.pk).version != version) == (change is not CHANGES["seats"])


def test_live_batch_costs_one_query(batch: Batch, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    former = seen(batch.pk)
    with django_assert_num_queries(1):
        assert seen(batch.pk) == former


def test_live_batch_belongs_to_one_request(batch: Batch) -> None:
    first, second = live_batch(batch.pk), live_batch(batch.pk)
    first.name, first.registration_closes_at = "lain", first.registration_closes_at + timedelta(days=1)
    assert (second.name, live_batch(batch.pk).name) == (batch.name, batch.name)


def test_live_batch_is_found_by_its_address(batch: Batch) -> None:
    assert live_batch_at(batch.program.slug, batch.slug).pk == batch.pk
    for address in [("entah", batch.slug), (batch.program.slug, "entah")]:
        with pytest.raises(Batch.DoesNotExist):
            live_batch_at(*address)
