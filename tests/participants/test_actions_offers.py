from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEntry
from notifications.models import Message
from participants import actions
from participants.actions.offers import batches_with_overdue_offers
from participants.models import Offer, Registration
from programs.models import Batch
from tests import cast, factories
from tests.participants.lines import (
    begin,
    counters,
    events,
    fresh,
    let_offers_expire,
    open_offer,
    people,
    refusal,
    seats,
    small_batch,
    told,
)

pytestmark = pytest.mark.django_db


def withdraw(registration: Registration) -> None:
    actions.withdraw(registration=registration, reason="", by=None)


def test_freed_seat_is_offered_to_the_next_in_line() -> None:
    batch = small_batch(quota=2)
    held, _other, first, second = people(batch, 4)
    withdraw(held)
    assert seats(batch) == "released held offered waiting"
    assert counters(batch) == (1, 1, 1)
    assert (told(first), told(second)) == (["registration_received", "seat_offered"], ["registration_received"])
    assert (events(first), events(second)) == (["queued", "offered"], ["queued"])


def test_leaving_the_line_frees_no_seat() -> None:
    batch = small_batch(quota=1)
    _held, first, second = people(batch, 3)
    withdraw(first)
    assert seats(batch) == "held released waiting"
    assert (counters(batch), fresh(second).position) == ((1, 0, 1), 1)
    assert Offer.objects.count() == 0


def test_newcomer_waits_behind_an_open_offer() -> None:
    batch = small_batch(quota=1)
    held, _first = people(batch, 2)
    withdraw(held)
    [newcomer] = people(batch, 1)
    assert (newcomer.seat, seats(batch)) == ("waiting", "released offered waiting")


def test_newcomer_never_passes_the_line() -> None:
    batch = small_batch(quota=2)
    people(batch, 3)
    Batch.objects.filter(pk=batch.pk).update(quota=9)
    [newcomer] = people(batch, 1)
    assert newcomer.seat == "waiting"


def test_offer_is_kept_for_the_hours_of_the_programme() -> None:
    batch = small_batch(program_values={"offer_hours": 5})
    held, first = people(batch, 2)
    withdraw(held)
    offer = open_offer(first)
    assert offer.expires_at - offer.offered_at == timedelta(hours=5)


def test_offer_ends_when_the_training_begins() -> None:
    batch = small_batch(program_values={"offer_hours": 168})
    held, first = people(batch, 2)
    start = timezone.now().replace(microsecond=0) + timedelta(hours=3)
    batch.sessions.all().delete()
    batch.sessions.create(during=(start, start + timedelta(hours=8)))
    batch.sessions.create(during=(start - timedelta(days=9), start - timedelta(days=8)), cancelled=True)
    withdraw(held)
    assert open_offer(first).expires_at == start


def test_nothing_is_offered_once_the_training_has_begun() -> None:
    batch = small_batch()
    held, _first = people(batch, 2)
    begin(batch)
    withdraw(held)
    assert (seats(batch), counters(batch)) == ("released waiting", (0, 0, 1))


def test_accept_takes_the_seat() -> None:
    batch = small_batch()
    held, first, _second = people(batch, 3)
    withdraw(held)
    offer = open_offer(first)
    actions.accept_offer(offer=offer, by=None)
    offer.refresh_from_db()
    assert (offer.state, offer.answered_at is None) == ("accepted", False)
    assert (seats(batch), counters(batch)) == ("released held waiting", (1, 0, 1))
    assert told(first) == ["registration_received", "seat_offered", "offer_accepted"]
    assert events(first) == ["queued", "offered", "accepted"]


def test_decline_ends_the_entry_and_offers_on_at_once() -> None:
    batch = small_batch()
    held, first, second = people(batch, 3)
    withdraw(held)
    actions.decline_offer(offer=open_offer(first), by=None)
    assert (seats(batch), counters(batch)) == ("released released offered", (0, 1, 0))
    assert (events(first)[-1], events(second)[-1]) == ("declined", "offered")
    assert fresh(first).withdrawn_at is not None


def test_expiry_moves_on_down_the_line() -> None:
    batch = small_batch()
    held, first, second = people(batch, 3)
    withdraw(held)
    let_offers_expire(batch)
    assert actions.expire_offers(batch_id=batch.pk) == 1
    assert (seats(batch), counters(batch)) == ("released released offered", (0, 1, 0))
    assert told(first) == ["registration_received", "seat_offered", "offer_expired"]
    assert open_offer(second).state == "open"
    entry = AuditEntry.objects.get(action="registration.offer_expired")
    assert (entry.actor, entry.actor_label) == (None, "system")


def test_expiry_leaves_what_may_still_be_answered() -> None:
    batch = small_batch()
    held, _first = people(batch, 2)
    withdraw(held)
    assert actions.expire_offers(batch_id=batch.pk) == 0
    assert seats(batch) == "released offered"


def test_expiry_at_the_end_of_the_line_leaves_the_seat_free() -> None:
    batch = small_batch()
    held, _first = people(batch, 2)
    withdraw(held)
    let_offers_expire(batch)
    actions.expire_offers(batch_id=batch.pk)
    assert (seats(batch), counters(batch)) == ("released released", (0, 0, 0))
    assert people(batch, 1)[0].seat == "held"


@pytest.mark.parametrize("answer", [actions.accept_offer, actions.decline_offer])
def test_answer_after_the_deadline_is_refused_even_before_it_was_cleared(answer: Callable[..., Registration]) -> None:
    batch = small_batch()
    held, first = people(batch, 2)
    withdraw(held)
    let_offers_expire(batch)
    refusal("offer_ended", answer, offer=open_offer(first), by=None)


def test_answer_twice_is_refused() -> None:
    batch = small_batch()
    held, first = people(batch, 2)
    withdraw(held)
    offer = open_offer(first)
    actions.accept_offer(offer=offer, by=None)
    refusal("offer_ended", actions.accept_offer, offer=offer, by=None)
    refusal("offer_ended", actions.decline_offer, offer=offer, by=None)
    assert counters(batch) == (1, 0, 0)


def test_answer_after_the_entry_was_cancelled_is_refused() -> None:
    batch = small_batch()
    held, first, second = people(batch, 3)
    withdraw(held)
    offer = open_offer(first)
    withdraw(first)
    offer.refresh_from_db()
    assert (offer.state, seats(batch)) == ("withdrawn", "released released offered")
    refusal("registration_ended", actions.accept_offer, offer=offer, by=None)
    assert open_offer(second).state == "open"


def test_raised_quota_offers_exactly_the_new_seats_in_order() -> None:
    batch = small_batch(quota=1, waiting_quota=5)
    people(batch, 5)
    assert actions.change_quota(batch=batch, quota=3, waiting_quota=5, by=cast.program_officer()) == 2
    assert (seats(batch), counters(batch)) == ("held offered offered waiting waiting", (1, 2, 2))
    assert actions.change_quota(batch=batch, quota=9, waiting_quota=5, by=cast.program_officer()) == 2
    assert (seats(batch), counters(batch)) == ("held offered offered offered offered", (1, 4, 0))


def test_lowered_quota_takes_nothing_away_and_freed_seats_disappear_first() -> None:
    batch, officer = small_batch(quota=3), cast.program_officer()
    held, *_others = people(batch, 5)
    refusal("quota_below_taken", actions.change_quota, batch=batch, quota=2, waiting_quota=5, by=officer)
    refusal("waiting_quota_below_waiting", actions.change_quota, batch=batch, quota=3, waiting_quota=1, by=officer)
    withdraw(held)
    refusal("quota_below_taken", actions.change_quota, batch=batch, quota=2, waiting_quota=5, by=officer)


def test_offer_link_is_never_stored_in_clear_and_found_by_its_token() -> None:
    batch = small_batch()
    held, first = people(batch, 2)
    withdraw(held)
    body = Message.objects.get(kind="seat_offered").body
    token = body.partition("/status/tawaran/")[2].partition("/")[0]
    assert Offer.objects.by_token(token) == open_offer(first)
    assert Offer.objects.by_token(token + "x") is None
    assert token not in str(list(Offer.objects.values()))


def test_offer_again_after_an_expired_one_follows_the_line() -> None:
    """Who declined or let it pass is out; the offer never comes back to them."""
    batch = small_batch()
    held, first, second, third = people(batch, 4)
    withdraw(held)
    let_offers_expire(batch)
    actions.expire_offers(batch_id=batch.pk)
    actions.decline_offer(offer=open_offer(second), by=None)
    assert [fresh(row).seat for row in (first, second, third)] == ["released", "released", "offered"]
    assert Offer.objects.filter(registration=first).count() == 1


def test_batches_with_overdue_offers_names_each_once() -> None:
    here, there, quiet = small_batch(quota=2), small_batch(), small_batch()
    for batch in (here, there, quiet):
        for registration in people(batch, 4)[: batch.quota]:
            withdraw(registration)
    let_offers_expire(here)
    let_offers_expire(there)
    assert batches_with_overdue_offers() == sorted([here.pk, there.pk])


@pytest.mark.parametrize("waiting", [1, 4, 8])
def test_registering_costs_the_same_however_long_the_line(
    django_assert_num_queries: DjangoAssertNumQueries, waiting: int
) -> None:
    batch = small_batch(waiting_quota=20)
    people(batch, waiting + 1)
    declared = factories.declaration()
    with django_assert_num_queries(8):
        factories.registration(batch, declaration=declared)


@pytest.mark.parametrize(("freed", "queries"), [(0, 14), (1, 18 + 5), (3, 18 + 3 * 5)])
def test_offers_cost_queries_only_for_each_offer(
    django_assert_num_queries: DjangoAssertNumQueries, freed: int, queries: int
) -> None:
    batch, officer = small_batch(quota=1, waiting_quota=20), cast.program_officer()
    people(batch, 10)
    with django_assert_num_queries(queries):
        actions.change_quota(batch=batch, quota=1 + freed, waiting_quota=21, by=officer)
