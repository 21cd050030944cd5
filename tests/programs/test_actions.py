from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import AuditEntry, User
from programs import actions
from programs.actions import SessionPlan
from programs.models import Batch, Instructor, Session, Venue
from regions.models import Region
from tests import cast, factories

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def officer() -> User:
    return cast.program_officer()


@pytest.fixture
def batch() -> Batch:
    return factories.batch(factories.program(cast.home_agency()))


def refused(action: Any, **arguments: Any) -> str:
    before = list(Batch.objects.values()) + list(Session.objects.values())
    with pytest.raises(ValidationError) as refusal:
        action(**arguments)
    assert list(Batch.objects.values()) + list(Session.objects.values()) == before
    return str(refusal.value.code)


def created(officer: User, **values: Any) -> Batch:
    now = timezone.now()
    defaults: dict[str, Any] = {
        "program": values.pop("program", None) or factories.program(cast.home_agency()),
        "name": "Bendan Kergon",
        "slug": "bendan-kergon",
        "quota": 40,
        "waiting_quota": 10,
        "opens_at": now,
        "closes_at": now + timedelta(days=5),
        "by": officer,
    }
    region = Region.objects.get(code=factories.BENDAN_KERGON)
    return actions.create_batch(**{"region": region, **defaults, **values})


def plan(days: int = 7, hours: int = 8, **values: Any) -> SessionPlan:
    """A day in working hours, whatever the hour of the test."""
    begin = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return SessionPlan(begin=begin, end=begin + timedelta(hours=hours), **values)


def test_create_batch_makes_a_plan_with_its_sessions(officer: User) -> None:
    topic = factories.agency().topics.create(name="Roti")
    batch = created(officer, topics=[topic], sessions=[plan(7, lesson_hours=8), plan(8, topic=topic)])
    assert (batch.state, list(batch.topics.all())) == ("planned", [topic])
    assert list(batch.sessions.in_order().values_list("lesson_hours", "topic")) == [(8, None), (0, topic.pk)]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.agency) == ("batch.created", officer, batch.program.agency)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"quota": 0}, "batch_quota_between_1_and_10000"),
        ({"quota": 10_001}, "batch_quota_between_1_and_10000"),
        ({"sessions": [plan(), plan()]}, "session_batch_not_in_two_places"),
        ({"sessions": [plan(hours=0)]}, "session_has_begin_and_end"),
        ({"sessions": [plan(hours=-1)]}, "session_has_begin_and_end"),
        (
            {"closes_at": datetime(2020, 1, 1, tzinfo=timezone.get_default_timezone())},
            "batch_registration_closes_after_opening",
        ),
    ],
)
def test_create_batch_refuses_in_the_words_of_the_constraint(officer: User, values: dict[str, Any], code: str) -> None:
    assert refused(created, officer=officer, **values) == code


def test_create_batch_refuses_what_is_booked(officer: User) -> None:
    program = factories.program(cast.home_agency())
    venue = Venue.objects.create(agency=program.agency, region_id="33.75", name="Balai")
    instructor = Instructor.objects.create(agency=program.agency, full_name="Sri")
    created(officer, program=program, sessions=[plan(7, venue=venue), plan(8, instructor=instructor)])
    for session, code in (
        (plan(7, venue=venue), "session_venue_not_booked_twice"),
        (plan(8, instructor=instructor), "session_instructor_not_booked_twice"),
    ):
        assert refused(created, officer=officer, program=program, slug="dua", sessions=[session]) == code
    assert refused(created, officer=officer, program=program) == "batch_slug_once_per_program"


def test_publish_batch_needs_a_plan_with_sessions_after_registration(officer: User) -> None:
    empty = created(officer)
    assert refused(actions.publish_batch, batch=empty, by=officer) == "batch_without_session"
    late = created(officer, sessions=[plan(3)])
    assert refused(actions.publish_batch, batch=late, by=officer) == "closes_after_start"
    ready = created(officer, sessions=[plan(7)])
    assert actions.publish_batch(batch=ready, by=officer).state == "published"
    assert refused(actions.publish_batch, batch=ready, by=officer) == "batch_not_planned"
    assert AuditEntry.objects.filter(action="batch.published").count() == 1


@pytest.mark.parametrize(
    ("quota", "waiting_quota", "code"),
    [
        (4, 3, "quota_below_taken"),
        (5, 2, "waiting_quota_below_waiting"),
        (10_001, 3, "batch_quota_between_1_and_10000"),
    ],
)
def test_set_quota_never_goes_below_what_people_have(
    batch: Batch, officer: User, quota: int, waiting_quota: int, code: str
) -> None:
    Batch.objects.update(quota=5, waiting_quota=5, seats_held=3, seats_offered=2, waiting_count=3)
    assert refused(actions.set_quota, batch=batch, quota=quota, waiting_quota=waiting_quota, by=officer) == code
    actions.set_quota(batch=batch, quota=5, waiting_quota=3, by=officer)
    assert AuditEntry.objects.get().changes == {"waiting_quota": [5, 3]}


def test_set_registration_end_stays_before_the_first_session(batch: Batch, officer: User) -> None:
    first = batch.sessions.in_order()[0].during.lower
    assert (
        refused(actions.set_registration_end, batch=batch, closes_at=first + HOUR, by=officer) == "closes_after_start"
    )
    opened = batch.registration_opens_at
    code = refused(actions.set_registration_end, batch=batch, closes_at=opened, by=officer)
    assert code == "batch_registration_closes_after_opening"
    assert actions.set_registration_end(batch=batch, closes_at=first, by=officer).registration_closes_at == first


def test_reschedule_ends_registration_with_the_new_beginning(batch: Batch, officer: User) -> None:
    first, second = batch.sessions.in_order()
    begin = timezone.now().replace(microsecond=0) + timedelta(days=2)
    moved = actions.reschedule(batch=batch, sessions={second.pk: (begin, begin + HOUR, None)}, by=officer)
    assert moved.registration_closes_at == begin
    changes = AuditEntry.objects.get().changes
    assert set(changes) == {str(second.pk), "registration_closes_at"}


def test_reschedule_refuses_other_sessions_bookings_and_nothing(batch: Batch, officer: User) -> None:
    first, second = batch.sessions.in_order()
    other = factories.batch(batch.program)
    venue = Venue.objects.create(agency=batch.program.agency, region_id="33.75", name="Balai")
    other.sessions.update(venue=venue)
    strange = other.sessions.in_order()[0]
    span = (strange.during.lower, strange.during.upper)

    def code(sessions: dict[int, tuple[datetime, datetime, Venue | None]]) -> str:
        return refused(actions.reschedule, batch=batch, sessions=sessions, by=officer)

    assert code({strange.pk: (*span, None)}) == "session_unknown"
    assert code({first.pk: (*span, venue)}) == "session_venue_not_booked_twice"
    assert code({first.pk: (second.during.lower, second.during.upper, None)}) == "session_batch_not_in_two_places"
    assert code({first.pk: (span[1], span[0], None)}) == "session_has_begin_and_end"
    assert code({first.pk: (first.during.lower, first.during.upper, None)}) == "nothing_changed"
    jakarta = timezone.get_default_timezone()
    same = (first.during.lower.astimezone(jakarta), first.during.upper.astimezone(jakarta), None)
    assert code({first.pk: same}) == "nothing_changed"
    assert code({}) == "nothing_changed"


def test_cancel_batch_ends_everything_about_it(batch: Batch, officer: User) -> None:
    cancelled = actions.cancel_batch(batch=batch, reason="Instruktur sakit", by=officer)
    assert (cancelled.state, cancelled.cancel_reason, cancelled.cancelled_at is None) == (
        "cancelled",
        "Instruktur sakit",
        False,
    )
    assert not batch.sessions.planned().exists()
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.purpose) == ("batch.cancelled", "Instruktur sakit")
    assert refused(actions.cancel_batch, batch=batch, reason="x", by=officer) == "batch_ended"
    assert refused(actions.set_quota, batch=batch, quota=1, waiting_quota=1, by=officer) == "batch_ended"
    closes_at = timezone.now() + HOUR
    assert refused(actions.set_registration_end, batch=batch, closes_at=closes_at, by=officer) == "batch_ended"
    assert refused(actions.publish_batch, batch=batch, by=officer) == "batch_not_planned"
