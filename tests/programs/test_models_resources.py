"""What PostgreSQL refuses about instructors, partners, venues and rates."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from jobs.actions import keep_file
from programs.models import (
    Batch,
    HonorariumRate,
    Instructor,
    InstructorAbsence,
    InstructorDocument,
    InstructorRecord,
    Partner,
    TeachingInvitation,
    Topic,
    Venue,
    VenueClosure,
)
from tests import cast, factories
from tests.support.constraints import broken_by

pytestmark = pytest.mark.django_db

MONDAY = date(2030, 7, 1)
Write = Callable[[Batch], Any]


@pytest.fixture
def batch() -> Batch:
    return factories.batch(factories.program(cast.home_agency()))


def teacher(batch: Batch, **values: Any) -> Instructor:
    return Instructor.objects.create(agency=batch.program.agency, **{"full_name": "Sri", **values})


def identified(batch: Batch, name: str = "Sri", **values: Any) -> Instructor:
    known = {"nik": "9971015207990001", "nik_hash": "a" * 64, "nik_last4": "0001"}
    return teacher(batch, full_name=name, **known | values)


def hall(batch: Batch, **values: Any) -> Venue:
    return Venue.objects.create(agency=batch.program.agency, region=batch.region, **{"name": "Aula", **values})


def partner(batch: Batch, **values: Any) -> Partner:
    return Partner.objects.create(
        agency=batch.program.agency, **{"name": "Universitas Contoh", "kind": "academia", **values}
    )


def agreement(batch: Batch, **values: Any) -> Any:
    given = {"number": "1/PKS/2030", "subject": "Materi", "signed_on": MONDAY, "valid_from": MONDAY}
    found = Partner.objects.first() or partner(batch)
    return found.agreements.create(**given | values)


def rate(batch: Batch, **values: Any) -> HonorariumRate:
    given: dict[str, Any] = {
        "valid": (MONDAY, None),
        "minutes_per_unit": 45,
        "legal_basis": "Perwal",
        "max_amount": 100_000,
        "local_amount": 75_000,
    }
    return HonorariumRate.objects.create(agency=batch.program.agency, **given | values)


def competence(batch: Batch, **values: Any) -> Any:
    who = Instructor.objects.first() or teacher(batch)
    topic = Topic.objects.get_or_create(agency=batch.program.agency, name="Roti")[0]
    return who.competences.create(topic=topic, **values)


def paper(batch: Batch, kind: str) -> InstructorDocument:
    by = cast.program_officer()
    stored = keep_file(agency=batch.program.agency, name="a", content=b"a", content_type="application/pdf", by=by)
    return InstructorDocument.objects.create(
        instructor=teacher(batch), kind=kind, stored=stored, key="k", uploaded_at=timezone.now(), uploaded_by=by
    )


def record(batch: Batch, **values: Any) -> InstructorRecord:
    who = Instructor.objects.first() or teacher(batch)
    return InstructorRecord.objects.create(instructor=who, batch=batch, recorded_at=timezone.now(), **values)


def invitation(batch: Batch, **values: Any) -> TeachingInvitation:
    now = timezone.now()
    given = {"invited_at": now, "expires_at": now + timedelta(days=3), "token_hash": TeachingInvitation.new_token()}
    who = Instructor.objects.first() or teacher(batch)
    return batch.teaching_invitations.create(instructor=who, invited_by=cast.program_officer(), **given | values)


def invited_twice(batch: Batch) -> None:
    asked, session = invitation(batch), batch.sessions.earliest("during")
    asked.asked.create(session=session, during=session.during)
    asked.asked.create(session=session, during=session.during)


def twice(write: Write) -> Write:
    return lambda batch: (write(batch), write(batch))


def given(write: Callable[..., Any], **values: Any) -> Write:
    return lambda batch: write(batch, **values)


def absent(batch: Batch, days: Any) -> InstructorAbsence:
    return teacher(batch).absences.create(days=days)


def closed(batch: Batch, days: Any) -> VenueClosure:
    return hall(batch).closures.create(days=days)


BREAKING: list[tuple[str, Write]] = [
    ("instructor_once", lambda batch: (teacher(batch, phone="+6281"), teacher(batch, full_name="SRI", phone="+6281"))),
    ("instructor_identity_once", lambda batch: (identified(batch), identified(batch, "Tri"))),
    ("instructor_identity_whole", given(identified, nik_last4="1")),
    ("instructor_identity_whole", given(identified, nik=None)),
    ("instructor_identity_whole", given(identified, nik_hash="")),
    ("instructor_state_known", given(teacher, state="asleep")),
    ("instructor_weekdays_known", given(teacher, weekdays=[7])),
    ("instructor_document_kind_known", given(paper, kind="photo")),
    ("competence_once_per_topic", twice(competence)),
    ("competence_level_known", given(competence, level=4)),
    ("absence_has_first_and_last_day", given(absent, days=(MONDAY, MONDAY))),
    ("absence_has_first_and_last_day", given(absent, days=(MONDAY, None))),
    ("closure_has_first_and_last_day", given(closed, days=(None, MONDAY))),
    ("teaching_record_once_per_batch", twice(record)),
    ("teaching_record_in_scale", given(record, gain="1.001")),
    ("teaching_record_in_scale", given(record, rating="0.99")),
    ("venue_closes_after_opening", given(hall, opens_at=time(8))),
    ("venue_closes_after_opening", given(hall, opens_at=time(8), closes_at=time(8))),
    ("venue_weekdays_known", given(hall, weekdays=[0, 9])),
    ("partner_once", lambda batch: (partner(batch), partner(batch, name="universitas contoh"))),
    ("partner_kind_known", given(partner, kind="family")),
    ("agreement_number_once", twice(agreement)),
    ("agreement_ends_after_it_begins", given(agreement, valid_to=MONDAY - timedelta(days=1))),
    ("rate_one_at_a_time", lambda batch: (rate(batch), rate(batch, valid=(date(2031, 1, 1), None)))),
    ("rate_has_first_day", given(rate, valid=(None, MONDAY))),
    ("rate_has_first_day", given(rate, valid=(MONDAY, MONDAY))),
    ("rate_within_ceiling", given(rate, local_amount=100_001)),
    ("rate_within_ceiling", given(rate, local_amount=0)),
    ("rate_minutes_fit_unit", given(rate, unit="person_hour", minutes_per_unit=45)),
    ("rate_minutes_fit_unit", given(rate, minutes_per_unit=None)),
    ("rate_minutes_fit_unit", given(rate, unit="occasion")),
    ("rate_minutes_fit_unit", given(rate, unit="day")),
    ("rate_role_and_grade_known", given(rate, role="singer")),
    ("teaching_invitation_once", twice(invitation)),
    ("teaching_invitation_state_known", given(invitation, state="lost", answered_at=timezone.now())),
    ("teaching_invitation_needs_time", given(invitation, expires_at=timezone.now() - timedelta(days=1))),
    ("teaching_invitation_ended_has_time", given(invitation, state="accepted")),
    ("invited_session_once", invited_twice),
]


@pytest.mark.parametrize(("constraint", "write"), BREAKING)
def test_constraint_is_kept(batch: Batch, constraint: str, write: Write) -> None:
    assert broken_by(lambda: write(batch)) == constraint


def test_rates_of_other_ranks_and_later_years_stand_beside_each_other(batch: Batch) -> None:
    rate(batch, valid=(MONDAY, date(2031, 1, 1)))
    rate(batch, valid=(date(2031, 1, 1), None))
    rate(batch, grade="echelon_3")
    assert [row.last_day for row in HonorariumRate.objects.filter(grade="any")] == [date(2030, 12, 31), None]


def test_venue_is_open_within_its_hours_of_its_days_by_its_own_clock(batch: Batch) -> None:
    place = hall(batch, weekdays=[0, 1], opens_at=time(8), closes_at=time(16))
    zone = batch.program.agency.zone
    eight, hour = datetime(2030, 7, 1, 1, tzinfo=UTC), timedelta(hours=1)  # 08.00 WIB on a Monday
    assert place.is_open(eight, eight + 8 * hour, zone)
    assert not place.is_open(eight, eight + 8 * hour + timedelta(minutes=1), zone)
    assert not place.is_open(eight - hour, eight + hour, zone)
    assert not place.is_open(eight + timedelta(days=2), eight + timedelta(days=2) + hour, zone)


def test_topics_of_an_instructor_are_competences(batch: Batch) -> None:
    competence(batch, level=3)
    assert [topic.name for topic in Instructor.objects.get().topics.all()] == ["Roti"]
