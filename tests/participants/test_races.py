"""Everything that is scarce, taken by many at once on connections of their own."""

import random
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from notifications.models import Message
from participants import actions
from participants.models import Declaration, Offer, Person, Registration, initial_pin
from programs.models import Batch
from tests import cast, factories
from tests.participants.crowd import at_once, outcomes
from tests.participants.lines import counters, fresh, let_offers_expire, open_offer, people, seats, small_batch

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)
ACTIVE = ("held", "offered", "waiting")


def registering(batch: Batch, declared: Declaration, key: uuid.UUID | None = None) -> Callable[[], Registration]:
    return partial(
        actions.register,
        batch=batch,
        declaration=declared,
        submission_key=key or uuid.uuid4(),
        consents={"notice": True},
        notice_version="1",
        by=None,
    )


def withdrawing(registration: Registration) -> Callable[[], Any]:
    return partial(actions.withdraw, registration=registration, reason="", by=None)


def assert_line_is_whole(batch: Batch) -> None:
    """Counters are the rows, nothing above the quota, nobody twice, and nobody passed who came before."""
    held, offered, waiting = counters(batch)
    assert held + offered <= batch.quota
    assert waiting <= batch.waiting_quota
    numbers = list(batch.registrations.values_list("queue_number", flat=True))
    assert len(numbers) == len(set(numbers))
    active = batch.registrations.filter(seat__in=ACTIVE)
    assert len({row.person_id for row in active}) == active.count()
    assert (
        batch.registrations.filter(seat="offered").count()
        == Offer.objects.open().filter(registration__batch=batch).count()
    )
    served = [row.queue_number for row in active.filter(seat__in=["held", "offered"])]
    line = [row.queue_number for row in active.filter(seat="waiting")]
    assert not served or not line or max(served) < min(line)
    if waiting:
        assert held + offered == batch.quota


def test_two_hundred_register_for_forty_seats_and_ten_waiting_places() -> None:
    batch = small_batch(quota=40, waiting_quota=10)
    declared = [factories.declaration() for _ in range(200)]
    answers = outcomes(at_once([registering(batch, each) for each in declared], threads=40))
    assert Counter(answers) == {"done": 50, "batch_full": 150}
    assert counters(batch) == (40, 0, 10)
    assert seats(batch) == " ".join(["held"] * 40 + ["waiting"] * 10)
    assert list(batch.registrations.order_by("queue_number").values_list("queue_number", flat=True)) == list(
        range(1, 51)
    )
    assert (Person.objects.count(), batch.registrations.values("person").distinct().count()) == (50, 50)
    assert Message.objects.count() == 50
    assert Message.objects.values("subject_id").distinct().count() == 50


def test_the_same_form_twenty_times_is_one_registration() -> None:
    batch, declared, key = small_batch(quota=40), factories.declaration(), uuid.uuid4()
    answers = at_once([registering(batch, declared, key)] * 20)
    assert outcomes(answers) == ["done"] * 20
    assert {answer.code for answer in answers} == {Registration.objects.get().code}
    assert (counters(batch), Message.objects.count(), Person.objects.count()) == ((1, 0, 0), 1, 1)


def test_the_same_person_with_twenty_forms_is_one_registration() -> None:
    batch, declared = small_batch(quota=40), factories.declaration()
    answers = outcomes(at_once([registering(batch, declared) for _ in range(20)]))
    assert Counter(answers) == {"done": 1, "registration_contact_once_per_batch": 19}
    assert (counters(batch), Message.objects.count(), Person.objects.count()) == ((1, 0, 0), 1, 1)


def test_the_same_doubtful_entry_with_twenty_forms_is_one_registration() -> None:
    batch, declared = small_batch(quota=40), factories.declaration()
    factories.registration(small_batch(), declaration=declared)
    doubtful = factories.declaration(nik=declared.nik)
    answers = outcomes(at_once([registering(batch, doubtful) for _ in range(20)]))
    assert Counter(answers) == {"done": 1, "registration_contact_once_per_batch": 19}
    assert counters(batch) == (1, 0, 0)


def test_the_same_number_with_twenty_contacts_makes_one_card() -> None:
    batch = small_batch(quota=40)
    niks = factories.declaration().nik
    answers = at_once([registering(batch, factories.declaration(nik=niks)) for _ in range(20)])
    assert outcomes(answers) == ["done"] * 20
    assert (Person.objects.count(), Registration.objects.filter(person__isnull=False).count()) == (1, 1)


def test_the_same_person_in_two_batches_of_one_year_gets_one_seat() -> None:
    program = factories.program(cast.home_agency())
    batches = [factories.batch(program) for _ in range(4)]
    for _ in range(5):
        declared = factories.declaration()
        answers = outcomes(at_once([registering(batch, declared) for batch in batches]))
        assert Counter(answers) == {"done": 1, "not_eligible:not_twice": 3}
    assert sum(counters(batch)[0] for batch in batches) == Registration.objects.count() == 5


def test_freed_seats_are_offered_exactly_once() -> None:
    batch = small_batch(quota=10, waiting_quota=10)
    registered = people(batch, 20)
    answers = outcomes(at_once([withdrawing(row) for row in registered[:8]]))
    assert answers == ["done"] * 8
    assert (counters(batch), seats(batch)) == (
        (2, 8, 2),
        " ".join(["released"] * 8 + ["held"] * 2 + ["offered"] * 8 + ["waiting"] * 2),
    )
    assert Message.objects.filter(kind="seat_offered").count() == 8
    assert_line_is_whole(batch)


@pytest.mark.parametrize("seed", range(3))
def test_everything_at_once_keeps_the_line_whole(seed: int) -> None:
    """Cancelling, registering, accepting, declining, expiry and a changing quota, in any order."""
    chance = random.Random(seed)
    batch, officer = small_batch(quota=8, waiting_quota=12), cast.program_officer()
    registered = people(batch, 18)
    for row in registered[:4]:
        withdrawing(row)()
    offered = [fresh(row) for row in registered if fresh(row).seat == "offered"]
    expired, open_ones = offered[:1], offered[1:]
    Offer.objects.filter(registration__in=expired).update(
        offered_at=Offer.objects.earliest("offered_at").offered_at - DAY, expires_at=expired[0].created_at
    )
    jobs: list[Callable[[], Any]] = [
        *(withdrawing(row) for row in registered[4:10]),
        *(registering(batch, factories.declaration()) for _ in range(10)),
        *(partial(actions.accept_offer, offer=open_offer(row), by=None) for row in offered),
        *(partial(actions.decline_offer, offer=open_offer(row), by=None) for row in open_ones),
        *(partial(actions.expire_offers, batch_id=batch.pk) for _ in range(3)),
        *(
            partial(actions.change_quota, batch=batch, quota=quota, waiting_quota=12, by=officer)
            for quota in (9, 10, 8, 7)
        ),
        *(
            partial(actions.reject, registration=row, reason="not_reachable", note="", by=officer)
            for row in registered[8:12]
        ),
    ]
    chance.shuffle(jobs)
    refused = set(outcomes(at_once(jobs, threads=16))) - {"done"}
    assert refused <= {"batch_full", "offer_ended", "registration_ended", "quota_below_taken"}
    batch.refresh_from_db()
    assert_line_is_whole(batch)
    assert Message.objects.values("key").distinct().count() == Message.objects.count()


@pytest.mark.parametrize("answers", [("accept", "accept"), ("accept", "decline"), ("decline", "decline")])
def test_an_offer_is_answered_once(answers: tuple[str, str]) -> None:
    batch = small_batch(quota=1, waiting_quota=5)
    held, first, second = people(batch, 3)
    withdrawing(held)()
    offer = open_offer(first)
    taking = {"accept": actions.accept_offer, "decline": actions.decline_offer}
    found = outcomes(at_once([partial(taking[answer], offer=offer, by=None) for answer in answers * 3]))
    assert Counter(found)["done"] == 1
    assert set(found) <= {"done", "offer_ended", "registration_ended"}
    is_accepted = fresh(first).seat == "held"
    assert counters(batch) == ((1, 0, 1) if is_accepted else (0, 1, 0))
    assert fresh(second).seat == ("waiting" if is_accepted else "offered")


def test_an_offer_that_expires_while_it_is_answered_ends_once() -> None:
    batch = small_batch(quota=1, waiting_quota=5)
    held, first, second = people(batch, 3)
    withdrawing(held)()
    let_offers_expire(batch)
    expire = partial(actions.expire_offers, batch_id=batch.pk)
    at_once([expire, expire, expire, partial(actions.accept_offer, offer=open_offer(first), by=None)])
    assert (fresh(first).seat, fresh(second).seat, counters(batch)) == ("released", "offered", (0, 1, 0))
    assert Message.objects.filter(kind="offer_expired").count() == 1


def test_two_officers_decide_the_same_entry() -> None:
    batch = small_batch(quota=3)
    officers = [cast.program_officer(), cast.verifier()]
    for registration in people(batch, 3):
        verify = partial(actions.verify, registration=registration, note="", by=officers[0])
        reject = partial(actions.reject, registration=registration, reason="wrong_data", note="", by=officers[1])
        found = outcomes(at_once([verify, reject, verify, reject]))
        assert set(found) <= {"done", "already_decided", "registration_ended"}
        assert (fresh(registration).check_state, fresh(registration).seat) == ("rejected", "released")
        assert Message.objects.filter(kind="registration_rejected", subject_id=str(registration.pk)).count() == 1
    assert counters(batch) == (0, 0, 0)


def test_bulk_decisions_over_the_same_entries_never_deadlock() -> None:
    batch, officer = small_batch(quota=6, waiting_quota=6), cast.program_officer()
    registered = people(batch, 12)
    forth = partial(actions.decide_many, registrations=registered, decision="verify", note="", by=officer)
    back = partial(
        actions.decide_many, registrations=registered[::-1], decision="reject", reason="duplicate", note="", by=officer
    )
    answers = at_once([forth, back, forth, back])
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert [type(answer).__name__ for answer in refused] == ["NotAllDecidedError"] * 3
    [decided] = set(Registration.objects.values_list("check_state", flat=True))
    assert counters(batch) == {"verified": (6, 0, 6), "rejected": (0, 0, 0)}[decided]


def test_moves_there_and_back_at_once_never_deadlock() -> None:
    here, there = small_batch(quota=10), small_batch(quota=10)
    officer = cast.program_officer()
    jobs = [
        partial(actions.move, registration=row, to=target, reason="", by=officer)
        for source, target in ((here, there), (there, here))
        for row in people(source, 8)
    ]
    found = outcomes(at_once(jobs))
    assert set(found) <= {"done", "batch_full"}
    assert Registration.objects.filter(seat__in=ACTIVE).count() == 16
    for batch in (here, there):
        assert_line_is_whole(batch)


def test_one_entry_is_moved_once() -> None:
    here, officer = small_batch(), cast.program_officer()
    [registration] = people(here, 1)
    targets = [small_batch() for _ in range(4)]
    found = outcomes(
        at_once([partial(actions.move, registration=registration, to=to, reason="", by=officer) for to in targets])
    )
    assert Counter(found) == {"done": 1, "moved_meanwhile": 3}
    assert sum(counters(batch)[0] for batch in (here, *targets)) == 1


def test_cancelled_and_moved_at_once_is_counted_once() -> None:
    here, there, officer = small_batch(quota=9), small_batch(quota=9), cast.program_officer()
    for registration in people(here, 5):
        at_once(
            [
                partial(actions.move, registration=registration, to=there, reason="", by=officer),
                withdrawing(registration),
            ]
        )
        assert fresh(registration).seat == "released"
    assert (counters(here), counters(there)) == ((0, 0, 0), (0, 0, 0))


def test_lowered_quota_while_people_register_is_never_exceeded() -> None:
    batch, officer = small_batch(quota=20, waiting_quota=0), cast.program_officer()
    lower = partial(actions.change_quota, batch=batch, quota=10, waiting_quota=0, by=officer)
    jobs = [registering(batch, factories.declaration()) for _ in range(20)]
    found = outcomes(at_once([*jobs[:5], lower, *jobs[5:]]))
    held, _offered, _waiting = counters(batch)
    assert held == Counter(found[:5] + found[6:])["done"]
    assert held == (10 if found[5] == "done" else 20)
    assert batch.quota == held


def test_a_batch_cancelled_while_people_register_keeps_nobody() -> None:
    batch, officer = small_batch(quota=20), cast.program_officer()
    cancel = partial(actions.cancel_batch, batch=batch, reason="Hujan", by=officer)
    jobs = [registering(batch, factories.declaration()) for _ in range(12)]
    found = outcomes(at_once([*jobs[:6], cancel, *jobs[6:]]))
    assert found[6] == "done"
    assert set(found) <= {"done", "batch_not_open"}
    assert (counters(batch), Registration.objects.filter(seat__in=ACTIVE).count()) == ((0, 0, 0), 0)
    told = Message.objects.filter(kind="batch_cancelled").count()
    assert told == Registration.objects.count() == Counter(found)["done"] - 1
    assert set(Message.objects.exclude(kind="batch_cancelled").values_list("state", flat=True)) <= {"cancelled"}


def test_pin_guesses_sent_at_once_are_counted_one_by_one() -> None:
    key = uuid.uuid4()
    registration = registering(small_batch(), factories.declaration(), key)()
    right = initial_pin(key)
    wrong = [str(number).zfill(6) for number in range(20) if str(number).zfill(6) != right]
    guesses = [partial(actions.open_with_pin, code=registration.code, pin=pin) for pin in wrong]
    found = outcomes(at_once(guesses, threads=16))
    assert Counter(found) == {"pin_wrong": 5, "pin_locked": len(wrong) - 5}
    assert fresh(registration).pin_failures == 5


def test_a_one_time_code_is_used_once() -> None:
    [registration] = people(small_batch(), 1)
    code = actions.issue_claim_code(registration=registration, by=cast.program_officer())
    renew = partial(actions.renew_pin, code=registration.code, one_time_code=code)
    assert Counter(outcomes(at_once([renew] * 8))) == {"done": 1, "code_wrong": 7}


def test_recovery_asked_twenty_times_at_once_sends_one_message() -> None:
    [registration] = people(small_batch(), 1)
    at_once([partial(actions.send_recovery_code, code=registration.code)] * 20, threads=10)
    assert Message.objects.filter(kind="recovery_code").count() == 1
