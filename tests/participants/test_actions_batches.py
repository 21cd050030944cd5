from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEntry, User
from notifications.models import Message
from participants import actions
from participants.models import Offer
from programs.models import Batch, Venue
from tests import cast, factories
from tests.participants.lines import (
    counters,
    events,
    fresh,
    open_offer,
    people,
    refusal,
    seats,
    small_batch,
    told,
)

pytestmark = pytest.mark.django_db
Plan = dict[int, tuple[datetime, datetime, Venue | None]]


@pytest.fixture
def officer() -> User:
    return cast.program_officer()


def later(batch: Batch, by: timedelta) -> Plan:
    return {row.pk: (row.during.lower + by, row.during.upper + by, row.venue) for row in batch.sessions.planned()}


def test_cancel_batch_releases_and_tells_everybody_once(officer: User) -> None:
    batch = small_batch(quota=2, waiting_quota=3)
    gone, held, offered, waiting = people(batch, 4)
    actions.withdraw(registration=gone, reason="", by=None)
    assert actions.cancel_batch(batch=batch, reason="Instruktur sakit", by=officer) == 3
    assert (seats(batch), counters(batch)) == ("released released released released", (0, 0, 0))
    for registration in (held, offered, waiting):
        assert (told(registration)[-1], events(registration)[-1]) == ("batch_cancelled", "batch_cancelled")
    assert "batch_cancelled" not in told(gone)
    assert set(Message.objects.filter(kind="batch_cancelled").values_list("state", flat=True)) == {"queued"}
    assert "Instruktur sakit" in Message.objects.filter(kind="batch_cancelled")[0].body
    assert set(Offer.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_cancel_batch_takes_queued_messages_back_and_leaves_sent_ones(officer: User) -> None:
    batch, other = small_batch(quota=3), small_batch()
    people(batch, 3)
    people(other, 1)
    sent = Message.objects.earliest("pk")
    Message.objects.filter(pk=sent.pk).update(state="sent", sent_at=timezone.now())
    actions.cancel_batch(batch=batch, reason="x", by=officer)
    states = Message.objects.filter(kind="registration_received").order_by("pk").values_list("state", flat=True)
    assert list(states) == ["sent", "cancelled", "cancelled", "queued"]


def test_cancel_batch_gives_venue_and_instructor_back(officer: User) -> None:
    batch = small_batch()
    venue = Venue.objects.create(agency=batch.program.agency, region=batch.region, name="Balai")
    batch.sessions.update(venue=venue)
    actions.cancel_batch(batch=batch, reason="x", by=officer)
    other = small_batch()
    other.sessions.update(venue=venue)
    assert other.sessions.planned().count() == 2


def test_cancel_batch_writes_whom_it_released_into_the_trail(officer: User) -> None:
    batch = small_batch(quota=2)
    registered = people(batch, 2)
    actions.cancel_batch(batch=batch, reason="x", by=officer)
    entry = AuditEntry.objects.get(action="batch.registrations_released")
    assert (entry.actor, entry.changes) == (officer, {"registrations": [row.pk for row in registered]})


def test_cancel_batch_twice_is_refused_and_nothing_can_be_done_with_it(officer: User) -> None:
    batch = small_batch(quota=1)
    held, waiting = people(batch, 2)
    actions.cancel_batch(batch=batch, reason="x", by=officer)
    closes_at = timezone.now() + timedelta(days=1)
    refusal("batch_ended", actions.cancel_batch, batch=batch, reason="x", by=officer)
    refusal("batch_ended", actions.change_quota, batch=batch, quota=9, waiting_quota=9, by=officer)
    refusal("batch_ended", actions.extend_registration, batch=batch, closes_at=closes_at, by=officer)
    refusal("batch_ended", actions.reschedule_batch, batch=batch, sessions={}, by=officer)
    refusal("registration_ended", actions.withdraw, registration=held, reason="", by=None)
    refusal("registration_ended", actions.move, registration=waiting, to=small_batch(), reason="", by=officer)


def test_cancelled_batch_frees_people_for_another_of_the_year(officer: User) -> None:
    program = factories.program(cast.home_agency())
    here, there = factories.batch(program), factories.batch(program)
    declared = factories.declaration()
    factories.registration(here, declaration=declared)
    actions.cancel_batch(batch=here, reason="x", by=officer)
    assert factories.registration(there, declaration=declared).seat == "held"


def test_reschedule_tells_everybody_who_is_in_the_line(officer: User) -> None:
    batch = small_batch(quota=2, waiting_quota=3)
    gone, held, offered, waiting = people(batch, 4)
    actions.withdraw(registration=gone, reason="", by=None)
    plan = later(batch, timedelta(days=7))
    assert actions.reschedule_batch(batch=batch, sessions=plan, by=officer) == 3
    assert {row.pk: (row.during.lower, row.during.upper, row.venue) for row in batch.sessions.planned()} == plan
    for registration in (held, offered, waiting):
        assert (told(registration)[-1], events(registration)[-1]) == ("batch_rescheduled", "rescheduled")
    assert told(gone)[-1] == "registration_cancelled"
    assert counters(batch) == (1, 1, 1)


def test_reschedule_twice_tells_twice(officer: User) -> None:
    batch = small_batch()
    [registration] = people(batch, 1)
    for days in (7, 9):
        actions.reschedule_batch(batch=batch, sessions=later(batch, timedelta(days=days)), by=officer)
    assert told(registration).count("batch_rescheduled") == 2


def test_reschedule_ends_offers_when_the_training_begins(officer: User) -> None:
    batch = small_batch(program_values={"offer_hours": 168})
    held, first = people(batch, 2)
    actions.withdraw(registration=held, reason="", by=None)
    start = timezone.now() + timedelta(hours=5)
    moved: Plan = {
        row.pk: (start + timedelta(days=day), start + timedelta(days=day, hours=8), None)
        for day, row in enumerate(batch.sessions.in_order())
    }
    actions.reschedule_batch(batch=batch, sessions=moved, by=officer)
    assert open_offer(first).expires_at == start
    assert fresh(first).batch.registration_closes_at == start


def test_reschedule_without_a_change_tells_nobody(officer: User) -> None:
    batch = small_batch()
    people(batch, 1)
    same = later(batch, timedelta(0))
    refusal("nothing_changed", actions.reschedule_batch, batch=batch, sessions=same, by=officer)
    refusal("nothing_changed", actions.reschedule_batch, batch=batch, sessions={}, by=officer)


def test_reschedule_changes_places_of_two_sessions(officer: User) -> None:
    batch = small_batch()
    first, second = batch.sessions.in_order()
    swapped: Plan = {
        first.pk: (second.during.lower, second.during.upper, None),
        second.pk: (first.during.lower, first.during.upper, None),
    }
    actions.reschedule_batch(batch=batch, sessions=swapped, by=officer)
    assert list(batch.sessions.in_order()) == [second, first]


def test_extend_registration_lets_people_in_again_and_tells_nobody(officer: User) -> None:
    batch = small_batch(quota=3)
    people(batch, 1)
    Batch.objects.filter(pk=batch.pk).update(registration_closes_at=timezone.now())
    before = Message.objects.count()
    until = timezone.now() + timedelta(days=3)
    actions.extend_registration(batch=batch, closes_at=until, by=officer)
    assert Message.objects.count() == before
    people(batch, 1)
    assert counters(batch) == (2, 0, 0)


def test_change_quota_is_written_into_the_trail(officer: User) -> None:
    batch = small_batch(quota=1, waiting_quota=5)
    actions.change_quota(batch=batch, quota=2, waiting_quota=5, by=officer)
    entry = AuditEntry.objects.get(action="batch.quota_changed")
    assert (entry.actor, entry.changes) == (officer, {"quota": [1, 2]})


@pytest.mark.parametrize("count", [1, 6])
def test_cancelling_costs_the_same_for_few_and_many(
    django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    batch, officer = small_batch(quota=9), cast.program_officer()
    people(batch, count)
    with django_assert_num_queries(34):
        actions.cancel_batch(batch=batch, reason="x", by=officer)
