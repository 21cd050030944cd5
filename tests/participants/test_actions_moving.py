import pytest

from accounts.models import AuditEntry, User
from participants import actions
from participants.models import Registration
from programs.models import Batch
from tests import cast, factories
from tests.participants.lines import (
    begin,
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


@pytest.fixture
def officer() -> User:
    return cast.program_officer()


def move(registration: Registration, to: Batch, officer: User) -> Registration:
    return actions.move(registration=registration, to=to, reason="Jadwal kerja", by=officer)


def test_withdraw_says_when_and_why() -> None:
    batch = small_batch()
    [registration] = people(batch, 1)
    actions.withdraw(registration=registration, reason="Sakit", by=None)
    entry = fresh(registration)
    assert (entry.seat, entry.withdraw_reason, entry.withdrawn_at is None) == ("released", "Sakit", False)
    assert (events(registration), told(registration)) == (
        ["registered", "cancelled"],
        ["registration_received", "registration_cancelled"],
    )
    assert AuditEntry.objects.get(action="registration.withdrawn").actor_label == "resident"
    assert counters(batch) == (0, 0, 0)


def test_withdraw_twice_is_refused() -> None:
    [registration] = people(small_batch(), 1)
    actions.withdraw(registration=registration, reason="", by=None)
    refusal("registration_ended", actions.withdraw, registration=registration, reason="", by=None)


def test_move_keeps_number_and_history(officer: User) -> None:
    here, there = small_batch(), small_batch()
    first, waiting = people(here, 2)
    moved = move(first, there, officer)
    assert (moved.pk, moved.code, moved.batch, moved.queue_number, moved.seat) == (
        first.pk,
        first.code,
        there,
        1,
        "held",
    )
    assert events(first) == ["registered", "moved"]
    assert first.events.last().data == {"left": str(here), "to": str(there), "reason": "Jadwal kerja"}  # type: ignore[union-attr]  # a move leaves an event
    assert (told(first), fresh(waiting).seat) == (["registration_received", "registration_moved"], "offered")
    assert (counters(here), counters(there)) == ((0, 1, 0), (1, 0, 0))
    assert AuditEntry.objects.get(action="registration.moved").changes == {"batch": [here.pk, there.pk]}


def test_move_goes_to_the_end_of_the_other_line(officer: User) -> None:
    here, there = small_batch(), small_batch()
    people(there, 2)
    [registration] = people(here, 1)
    moved = move(registration, there, officer)
    assert (moved.seat, moved.queue_number, fresh(registration).position) == ("waiting", 3, 2)


def test_move_takes_an_open_offer_back(officer: User) -> None:
    here, there = small_batch(), small_batch()
    held, offered, waiting = people(here, 3)
    actions.withdraw(registration=held, reason="", by=None)
    offer = open_offer(offered)
    move(offered, there, officer)
    offer.refresh_from_db()
    assert (offer.state, fresh(offered).seat, fresh(waiting).seat) == ("withdrawn", "held", "offered")
    refusal("offer_ended", actions.accept_offer, offer=offer, by=None)


def test_move_keeps_the_check_and_answers_the_requirements_of_the_new_batch(officer: User) -> None:
    here = small_batch()
    there = small_batch(program=here.program, region=factories.MEDONO)
    [registration] = people(here, 1)
    actions.verify(registration=registration, note="", by=officer)
    moved = move(registration, there, officer)
    assert moved.check_state == "verified"
    assert [(line["kind"], line["passed"]) for line in fresh(registration).eligibility] == [
        ("age", True),
        ("domicile", False),
    ]


def test_move_inside_of_one_year_is_allowed_and_counts_once(officer: User) -> None:
    program = factories.program(cast.home_agency())
    here, there = factories.batch(program), factories.batch(program)
    registration = factories.registration(here)
    declared = factories.declaration(nik=registration.nik, phone=registration.phone)
    move(registration, there, officer)
    with pytest.raises(Exception, match="tahun ini"):
        factories.registration(here, declaration=declared)


def test_move_is_refused_where_it_cannot_go(officer: User) -> None:
    here, full = small_batch(), small_batch(quota=1, waiting_quota=0)
    people(full, 1)
    [registration] = people(here, 1)
    planned = small_batch(state="planned")
    elsewhere = factories.batch(factories.program(cast.next_agency()), region="33.74")
    begun = small_batch()
    begin(begun)
    for code, target in {
        "batch_full": full,
        "same_batch": here,
        "batch_not_open": planned,
        "other_agency": elsewhere,
    }.items():
        refusal(code, actions.move, registration=registration, to=target, reason="", by=officer)
    refusal("batch_not_open", actions.move, registration=registration, to=begun, reason="", by=officer)


def test_move_onto_oneself_is_refused(officer: User) -> None:
    here, there = small_batch(), small_batch()
    declared = factories.declaration()
    registration = factories.registration(here, declaration=declared)
    factories.registration(there, declaration=declared)
    refusal(
        "registration_person_once_per_batch", actions.move, registration=registration, to=there, reason="", by=officer
    )


def test_move_by_an_outdated_page_is_refused(officer: User) -> None:
    here, there, third = small_batch(), small_batch(), small_batch()
    [stale] = people(here, 1)
    move(fresh(stale), there, officer)
    refusal("moved_meanwhile", actions.move, registration=stale, to=third, reason="", by=officer)


def test_move_of_an_ended_entry_is_refused(officer: User) -> None:
    here, there = small_batch(), small_batch()
    [registration] = people(here, 1)
    actions.withdraw(registration=registration, reason="", by=None)
    refusal("registration_ended", actions.move, registration=registration, to=there, reason="", by=officer)
    assert seats(there) == ""
