from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from programs.models import Batch, EligibilityRule, Instructor, Program, SeatAnswer, Session, Topic, Venue
from tests import cast, factories
from tests.support.constraints import broken_by

pytestmark = pytest.mark.django_db

NINE = datetime(2030, 7, 1, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def batch() -> Batch:
    return factories.batch(factories.program(cast.home_agency()), days=0)


def meet(batch: Batch, begin: datetime = NINE, hours: int = 2, **values: Any) -> Session:
    return batch.sessions.create(during=(begin, begin + hours * HOUR), **values)


def other_batch(batch: Batch) -> Batch:
    return factories.batch(batch.program, days=0)


def venue(batch: Batch, name: str = "Balai Kelurahan") -> Venue:
    return Venue.objects.create(agency=batch.program.agency, region=batch.region, name=name)


def changed(**values: Any) -> Callable[[Batch], Any]:
    return lambda batch: Batch.objects.filter(pk=batch.pk).update(**values)


def twice(write: Callable[[Batch], Any]) -> Callable[[Batch], Any]:
    return lambda batch: (write(batch), write(batch))


BREAKING: list[tuple[str, Callable[[Batch], Any]]] = [
    ("topic_name_once", twice(lambda batch: Topic.objects.create(agency=batch.program.agency, name="Roti"))),
    ("program_offer_hours_between_1_and_168", lambda batch: Program.objects.update(offer_hours=0)),
    ("program_offer_hours_between_1_and_168", lambda batch: Program.objects.update(offer_hours=169)),
    ("program_demands_known", lambda batch: Program.objects.update(identity_card="perhaps")),
    ("program_attendance_rule_known", lambda batch: Program.objects.update(attendance_share=101)),
    ("program_attendance_rule_known", lambda batch: Program.objects.update(attendance_share=0)),
    ("program_attendance_rule_known", lambda batch: Program.objects.update(late_minutes=241)),
    ("program_attendance_rule_known", lambda batch: Program.objects.update(partial_presence="a bit")),
    ("eligibility_rule_once_per_program", lambda batch: batch.program.rules.create(kind="age")),
    ("eligibility_rule_bounds_ordered", lambda batch: EligibilityRule.objects.update(minimum=40, maximum=39)),
    ("batch_slug_once_per_program", lambda batch: factories.batch(batch.program, slug=batch.slug)),
    ("batch_seats_within_quota", changed(seats_held=41)),
    ("batch_seats_within_quota", changed(seats_held=20, seats_offered=21)),
    ("batch_seats_within_quota", changed(seats_held=1, quota=1, seats_offered=1)),
    ("batch_waiting_within_limit", changed(waiting_count=11)),
    ("batch_quota_between_1_and_10000", changed(quota=0)),
    ("batch_quota_between_1_and_10000", changed(quota=10_001)),
    (
        "batch_registration_closes_after_opening",
        lambda batch: Batch.objects.filter(pk=batch.pk).update(registration_closes_at=batch.registration_opens_at),
    ),
    ("batch_state_known", changed(state="asleep")),
    ("batch_cancelled_has_time", changed(state="cancelled")),
    ("batch_cancelled_has_time", changed(cancelled_at=NINE)),
    ("venue_name_once_per_region", twice(venue)),
    ("session_has_begin_and_end", lambda batch: batch.sessions.create(during=(NINE, NINE))),
    ("session_has_begin_and_end", lambda batch: batch.sessions.create(during=(NINE, None))),
    ("session_has_begin_and_end", lambda batch: batch.sessions.create(during=(None, NINE))),
    ("session_batch_not_in_two_places", lambda batch: (meet(batch), meet(batch, NINE + HOUR))),
]


@pytest.mark.parametrize(("constraint", "write"), BREAKING)
def test_constraint_is_kept(batch: Batch, constraint: str, write: Callable[[Batch], Any]) -> None:
    assert broken_by(lambda: write(batch)) == constraint


@pytest.mark.parametrize(
    ("constraint", "field"),
    [("session_venue_not_booked_twice", "venue"), ("session_instructor_not_booked_twice", "instructor")],
)
def test_nobody_and_no_place_is_booked_twice_at_once(batch: Batch, constraint: str, field: str) -> None:
    instructor = Instructor.objects.create(agency=batch.program.agency, full_name="Sri")
    booked: Any = {"venue": venue(batch), "instructor": instructor}[field]
    other = other_batch(batch)
    meet(batch, **{field: booked})
    assert broken_by(lambda: meet(other, NINE + HOUR, **{field: booked})) == constraint
    meet(other, NINE + 2 * HOUR, **{field: booked})
    meet(other, NINE + HOUR, hours=1, cancelled=True, **{field: booked})


def test_take_seat_holds_then_waits_then_ends() -> None:
    batch = factories.batch(factories.program(cast.home_agency()), quota=2, waiting_quota=1)
    answers = [Batch.objects.take_seat(batch.pk) for _ in range(4)]
    assert answers == [SeatAnswer(1, 0), SeatAnswer(2, 0), SeatAnswer(3, 1), None]
    assert [answer.is_held for answer in answers if answer] == [True, True, False]


@pytest.mark.parametrize("state", ["planned", "finished"])
def test_take_seat_takes_nobody_where_the_batch_is_not_published(batch: Batch, state: str) -> None:
    Batch.objects.filter(pk=batch.pk).update(state=state)
    assert Batch.objects.take_seat(batch.pk) is None


def test_take_seat_is_one_query(batch: Batch, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        Batch.objects.take_seat(batch.pk)


@pytest.mark.parametrize(
    ("values", "phase"),
    [
        ({}, "open"),
        ({"seats_held": 40}, "waiting"),
        ({"seats_held": 30, "seats_offered": 10}, "waiting"),
        ({"seats_held": 39, "waiting_count": 1}, "waiting"),
        ({"seats_held": 40, "waiting_count": 10}, "full"),
        ({"seats_held": 40, "waiting_quota": 0}, "full"),
        ({"seats_held": 39, "waiting_count": 10}, "full"),
        ({"state": "planned"}, "planned"),
        ({"state": "finished"}, "finished"),
        ({"state": "cancelled"}, "cancelled"),
        ({"registration_opens_at": HOUR}, "upcoming"),
        ({"registration_closes_at": timedelta(0)}, "closed"),
        ({"registration_closes_at": HOUR}, "open"),
    ],
)
def test_phase_is_what_a_visitor_sees(batch: Batch, values: dict[str, Any], phase: str) -> None:
    now = timezone.now()
    for name, value in values.items():
        setattr(batch, name, now + value if isinstance(value, timedelta) else value)
    assert batch.phase(now) == phase


@pytest.mark.parametrize("state", ["draft", "finished", "cancelled"])
def test_phase_is_closed_where_the_programme_is_not_open(batch: Batch, state: str) -> None:
    batch.program.state = state
    assert batch.phase() == "closed"


def test_batch_has_the_dates_of_its_planned_sessions(batch: Batch) -> None:
    first, last = meet(batch), meet(batch, NINE + timedelta(days=3))
    meet(batch, NINE - timedelta(days=3), cancelled=True)
    meet(batch, NINE + timedelta(days=9), cancelled=True)
    dated = Batch.objects.get(pk=batch.pk)
    assert (dated.starts_at, dated.ends_at) == (first.during[0], last.during[1])
    undated = Batch.objects.get(pk=other_batch(batch).pk)
    assert (undated.starts_at, undated.ends_at) == (None, None)


def test_in_regions_finds_below_and_above() -> None:
    program = factories.program(cast.home_agency())
    city, district, here, next_door = (
        factories.batch(program, code) for code in ("33.75", "33.75.01", factories.BENDAN_KERGON, factories.MEDONO)
    )

    def found(*codes: str) -> set[Batch]:
        return set(Batch.objects.in_regions(codes))

    assert found(factories.BENDAN_KERGON) == {city, district, here}
    assert found("33.75.01") == {city, district, here, next_door}
    assert found("33.75") == {city, district, here, next_door}
    assert found("33.75.02.1002") == {city}
    assert found("33.74") == set()
    assert found() == set()


def test_accepting_asks_window_state_and_programme(batch: Batch) -> None:
    now = timezone.now()
    assert list(Batch.objects.accepting(now)) == [batch]
    assert list(Batch.objects.accepting(batch.registration_closes_at)) == []
    assert list(Batch.objects.accepting(batch.registration_opens_at)) == [batch]
    Program.objects.update(state="finished")
    assert list(Batch.objects.accepting(now)) == []


def test_public_hides_drafts_and_plans(batch: Batch) -> None:
    factories.batch(batch.program, state="planned")
    factories.batch(factories.program(batch.program.agency, state="draft"))
    assert list(Batch.objects.public()) == [batch]


def test_visible_to_stays_in_agency_and_region(batch: Batch) -> None:
    next_door = factories.batch(batch.program, factories.MEDONO)
    semarang = factories.batch(factories.program(cast.next_agency()), "33.74")

    def seen(user: Any) -> set[Batch]:
        return set(Batch.objects.visible_to(user))

    assert seen(cast.program_officer()) == {batch, next_door}
    assert seen(cast.village_officer_here()) == {batch}
    assert seen(cast.village_officer_next_door()) == {next_door}
    assert seen(cast.other_agency_officer()) == {semarang}
    assert seen(cast.administrator()) == seen(cast.nobody()) == set()


def test_locked_takes_one_row(batch: Batch, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert Batch.objects.locked(batch.pk) == batch


@pytest.mark.parametrize(("hours", "begins", "expected"), [(24, None, 24), (24, 72, 24), (24, 5, 5), (24, 0, None)])
def test_offer_expires_at_the_first_session_at_the_latest(
    batch: Batch, hours: int, begins: int | None, expected: int | None
) -> None:
    batch.program.offer_hours = hours
    starts_at = None if begins is None else NINE + begins * HOUR
    assert batch.offer_expires_at(NINE, starts_at) == (None if expected is None else NINE + expected * HOUR)


def test_names_are_shown_in_the_language_of_the_reader(batch: Batch) -> None:
    topic = Topic(agency=batch.program.agency, name="Roti", name_en="Bread")
    bare = Topic(agency=batch.program.agency, name="Buket")
    with translation.override("en"):
        assert [str(topic), str(bare)] == ["Bread", "Buket"]
    with translation.override("id"):
        assert [str(topic), str(bare)] == ["Roti", "Buket"]


def test_requirements_end_with_the_duplicate_rule(batch: Batch) -> None:
    assert [each.kind for each in batch.program.requirements()] == ["age", "domicile", "not_twice"]
    batch.program.duplicate_rule = "never"
    assert [each.kind for each in batch.program.requirements()] == ["age", "domicile"]
