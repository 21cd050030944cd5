"""Sessions after planning, and the questions to instructors."""

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEntry, User
from notifications.models import Message
from programs import actions
from programs.actions import SessionFacts, SessionPlan
from programs.models import Batch, Instructor, Session, TeachingInvitation, Topic, Venue
from programs.queries import candidates_for, staffing_of
from regions.models import Region
from tests import cast, factories

DAY = timedelta(days=1)


@pytest.fixture
def officer(db: None) -> User:
    return cast.program_officer()


@pytest.fixture
def batch(db: None) -> Batch:
    return factories.batch(factories.program(cast.home_agency()))


def teacher(batch: Batch, name: str = "Sri", **values: Any) -> Instructor:
    known = {"phone": f"+62812{len(name):08d}", "email": f"{name.lower()}@contoh.example"}
    return Instructor.objects.create(agency=batch.program.agency, full_name=name, **known | values)


def first(batch: Batch) -> Session:
    return batch.sessions.planned().earliest("during")


def refusal(act: Any, **values: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        act(**values)
    return str(refused.value.code)


def later(batch: Batch, days: int = 20) -> SessionPlan:
    begin = (timezone.now() + days * DAY).replace(hour=1, minute=0, second=0, microsecond=0)
    return SessionPlan(begin=begin, end=begin + timedelta(hours=4), lesson_hours=5)


def invited(batch: Batch, officer: User, name: str = "Sri") -> tuple[TeachingInvitation, str]:
    """The instructor of all sessions, asked; with the secret part of the link."""
    who = teacher(batch, name)
    batch.sessions.update(instructor=who)
    made = actions.invite_instructor(batch=batch, instructor=who, days=3, by=officer)
    body = Message.objects.filter(kind="teaching_invited").latest("pk").body
    return made, body.split("/mengajar/")[1].split("/")[0]


def test_add_session_brings_its_topic_and_a_line_in_the_trail(batch: Batch, officer: User) -> None:
    topic = Topic.objects.create(agency=batch.program.agency, name="Roti")
    plan = later(batch)
    made = actions.add_session(batch=batch, plan=SessionPlan(plan.begin, plan.end, topic=topic), by=officer)
    assert (batch.sessions.planned().count(), list(batch.topics.all())) == (3, [topic])
    assert made.during.lower == plan.begin
    assert AuditEntry.objects.filter(action="session.added", object_id=str(batch.pk)).count() == 1


def test_add_session_before_registration_ends_closes_it_then(batch: Batch, officer: User) -> None:
    plan = later(batch, days=5)
    actions.add_session(batch=batch, plan=plan, by=officer)
    batch.refresh_from_db()
    assert (batch.registration_closes_at, batch.starts_at) == (plan.begin, plan.begin)


def test_add_session_refuses_the_past_an_overlap_and_an_ended_batch(batch: Batch, officer: User) -> None:
    past = SessionPlan(timezone.now() - DAY, timezone.now() - DAY / 2)
    assert refusal(actions.add_session, batch=batch, plan=past, by=officer) == "session_in_past"
    there = first(batch).during
    overlap = SessionPlan(there.lower + timedelta(hours=1), there.upper)
    assert refusal(actions.add_session, batch=batch, plan=overlap, by=officer) == "session_batch_not_in_two_places"
    Batch.objects.update(state=Batch.State.FINISHED)
    assert refusal(actions.add_session, batch=batch, plan=later(batch), by=officer) == "batch_ended"
    assert batch.sessions.count() == 2


def placing_refusal(batch: Batch, officer: User, **plan: Any) -> str:
    when = later(batch)
    whole = SessionPlan(when.begin, when.end, **plan)
    return refusal(actions.add_session, batch=batch, plan=whole, by=officer)


def test_session_is_refused_where_instructor_or_venue_cannot(batch: Batch, officer: User) -> None:
    day = later(batch).begin.astimezone(batch.program.agency.zone).date()
    away, free, gone = (
        teacher(batch, "Sri"),
        teacher(batch, "Tri", weekdays=[]),
        teacher(batch, "Eko", state="inactive"),
    )
    away.absences.create(days=(day, day + DAY))
    hall = Venue.objects.create(agency=batch.program.agency, region=batch.region, name="Aula", weekdays=[])
    other = Venue.objects.create(agency=batch.program.agency, region=batch.region, name="Balai")
    other.closures.create(days=(day, day + DAY))
    strange = Instructor.objects.create(agency=cast.next_agency(), full_name="Asing")
    foreign = Venue.objects.create(agency=cast.next_agency(), region=batch.region, name="Jauh")
    assert placing_refusal(batch, officer, instructor=away) == "instructor_absent"
    assert placing_refusal(batch, officer, instructor=free) == "instructor_weekday"
    assert placing_refusal(batch, officer, instructor=gone) == "instructor_inactive"
    assert placing_refusal(batch, officer, instructor=strange) == "instructor_elsewhere"
    assert placing_refusal(batch, officer, venue=hall) == "venue_not_open"
    assert placing_refusal(batch, officer, venue=other) == "venue_closed"
    assert placing_refusal(batch, officer, venue=foreign) == "venue_elsewhere"


def test_cancel_session_gives_back_venue_and_instructor(batch: Batch, officer: User) -> None:
    hall = Venue.objects.create(agency=batch.program.agency, region=batch.region, name="Aula")
    row = first(batch)
    Session.objects.filter(pk=row.pk).update(venue=hall)
    actions.cancel_session(session=row, reason="Listrik padam", by=officer)
    factories.batch(batch.program, days=0).sessions.create(during=row.during, venue=hall)
    batch.refresh_from_db()
    assert batch.starts_at == first(batch).during.lower
    assert refusal(actions.cancel_session, session=row, reason="x", by=officer) == "session_cancelled"
    assert refusal(actions.cancel_session, session=first(batch), reason="x", by=officer) == "session_is_last"


def test_cancel_and_staff_session_refuse_what_has_begun(batch: Batch, officer: User) -> None:
    row = first(batch)
    Session.objects.filter(pk=row.pk).update(during=(timezone.now() - DAY / 24, timezone.now() + DAY / 24))
    assert refusal(actions.cancel_session, session=row, reason="x", by=officer) == "session_begun"
    assert refusal(actions.staff_session, session=row, instructor=teacher(batch), by=officer) == "session_begun"


def test_change_session_says_what_changed_and_tells_who_teaches(batch: Batch, officer: User) -> None:
    invited(batch, officer)
    topic = Topic.objects.create(agency=batch.program.agency, name="Rajut")
    facts = SessionFacts(kind="training", topic=topic, lesson_hours=6, venue=None)
    actions.change_session(session=first(batch), facts=facts, by=officer)
    entry = AuditEntry.objects.get(action="session.changed")
    assert entry.changes == {"lesson_hours": ["8", "6"], "topic": ["–", "Rajut"]}
    assert Message.objects.filter(kind="teaching_changed").count() == 1
    assert refusal(actions.change_session, session=first(batch), facts=facts, by=officer) == "nothing_changed"


def test_staff_session_refuses_who_is_booked_meanwhile(batch: Batch, officer: User) -> None:
    who, row = teacher(batch), first(batch)
    factories.batch(batch.program, days=0).sessions.create(during=row.during, instructor=who)
    code = refusal(actions.staff_session, session=row, instructor=who, by=officer)
    assert code == "session_instructor_not_booked_twice"


def test_invite_sends_a_link_that_accepts_once(batch: Batch, officer: User) -> None:
    made, token = invited(batch, officer)
    assert TeachingInvitation.objects.by_token(token) == made
    assert TeachingInvitation.objects.by_token(token + "x") is None
    assert made.asked.count() == 2
    assert token not in str(list(TeachingInvitation.objects.values_list()))
    accepted = actions.accept_invitation(invitation=made)
    again = actions.accept_invitation(invitation=made)
    assert (accepted.state, again.answered_at) == ("accepted", accepted.answered_at)
    assert list(AuditEntry.objects.filter(action="teaching.accepted").values_list("actor_label", flat=True)) == [
        "instructor"
    ]


def test_invite_needs_a_session_and_a_way_to_reach(batch: Batch, officer: User) -> None:
    who = teacher(batch, phone="", email="")
    assert refusal(actions.invite_instructor, batch=batch, instructor=who, days=3, by=officer) == "nothing_to_teach"
    batch.sessions.update(instructor=who)
    code = refusal(actions.invite_instructor, batch=batch, instructor=who, days=3, by=officer)
    assert code == "instructor_unreachable"


def test_invite_again_takes_the_former_question_back(batch: Batch, officer: User) -> None:
    former, token = invited(batch, officer)
    actions.invite_instructor(batch=batch, instructor=former.instructor, days=3, by=officer)
    states = list(TeachingInvitation.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["withdrawn", "open"]
    assert refusal(actions.accept_invitation, invitation=former) == "invitation_ended"
    assert refusal(actions.decline_invitation, invitation=former) == "invitation_ended"


def test_decline_frees_the_sessions_also_after_a_yes(batch: Batch, officer: User) -> None:
    made, _token = invited(batch, officer)
    actions.accept_invitation(invitation=made)
    actions.decline_invitation(invitation=made, note="Sakit")
    actions.decline_invitation(invitation=made, note="Sakit")
    assert set(batch.sessions.values_list("instructor", flat=True)) == {None}
    made.refresh_from_db()
    assert (made.state, made.note) == ("declined", "Sakit")
    assert AuditEntry.objects.filter(action="teaching.declined").count() == 1


def test_decline_leaves_what_somebody_else_teaches_by_now(batch: Batch, officer: User) -> None:
    made, _token = invited(batch, officer)
    actions.staff_session(session=first(batch), instructor=teacher(batch, "Eko"), by=officer)
    actions.decline_invitation(invitation=made)
    assert [row.instructor.full_name if row.instructor else None for row in batch.sessions.in_order()] == ["Eko", None]


def test_accept_after_the_deadline_is_refused(batch: Batch, officer: User) -> None:
    made, _token = invited(batch, officer)
    past = timezone.now() - DAY
    TeachingInvitation.objects.update(invited_at=past - DAY, expires_at=past)
    assert refusal(actions.accept_invitation, invitation=made) == "invitation_ended"


def test_whoever_was_asked_hears_of_every_change(batch: Batch, officer: User) -> None:
    made, _token = invited(batch, officer)
    actions.accept_invitation(invitation=made)
    moved: dict[int, Any] = {
        row.pk: (row.during.lower + DAY, row.during.upper + DAY, None) for row in batch.sessions.planned()
    }
    actions.reschedule(batch=batch, sessions=moved, by=officer)
    actions.cancel_session(session=first(batch), reason="x", by=officer)
    actions.staff_session(session=first(batch), instructor=None, by=officer)
    actions.cancel_batch(batch=batch, reason="x", by=officer)
    told = list(Message.objects.filter(kind="teaching_changed").order_by("pk"))
    assert [message.recipient_email for message in told] == [made.instructor.email] * 3
    assert "Anda tidak lagi mengajar" in told[-1].body
    made.refresh_from_db()
    assert made.state == "withdrawn"


def test_question_ends_when_its_last_session_is_given_to_somebody_else(batch: Batch, officer: User) -> None:
    made, _token = invited(batch, officer)
    other = teacher(batch, "Eko")
    rows = list(batch.sessions.planned().in_order())
    for row, state in zip(rows, ("open", "withdrawn"), strict=True):
        actions.staff_session(session=row, instructor=other, by=officer)
        made.refresh_from_db()
        assert made.state == state
    assert refusal(actions.accept_invitation, invitation=made) == "invitation_ended"
    assert Message.objects.get(kind="teaching_invited").state == "cancelled"
    told = Message.objects.filter(kind="teaching_changed").latest("pk")
    assert (told.state, told.recipient_email) == ("queued", made.instructor.email)
    assert "Anda tidak lagi mengajar" in told.body
    assert AuditEntry.objects.filter(action="teaching.withdrawn").count() == 1


@pytest.mark.parametrize(("has_accepted", "state"), [(False, "withdrawn"), (True, "accepted")])
def test_question_for_another_time_ends_unless_it_was_answered(
    batch: Batch, officer: User, has_accepted: bool, state: str
) -> None:
    made, _token = invited(batch, officer)
    if has_accepted:
        actions.accept_invitation(invitation=made)
    row = first(batch)
    moved = {row.pk: (row.during.lower - DAY, row.during.upper - DAY, row.venue)}
    actions.reschedule(batch=batch, sessions=moved, by=officer)
    made.refresh_from_db()
    assert made.state == state
    told = Message.objects.get(kind="teaching_changed")
    assert ("dinas akan menanyakan kembali" in told.body) == (not has_accepted)
    answers = [one.answer for one in staffing_of(batch, timezone.now())]
    assert answers == (["moved", "accepted"] if has_accepted else ["not_asked", "not_asked"])


def test_questions_end_with_their_batch(batch: Batch, officer: User) -> None:
    made, _token = invited(batch, officer)
    actions.cancel_batch(batch=batch, reason="Banjir", by=officer)
    made.refresh_from_db()
    assert made.state == "withdrawn"


def test_withdraw_takes_the_message_back_that_still_waits(batch: Batch, officer: User) -> None:
    made, _token = invited(batch, officer)
    actions.withdraw_invitation(invitation=made, by=officer)
    assert Message.objects.get(kind="teaching_invited").state == "cancelled"
    assert refusal(actions.withdraw_invitation, invitation=made, by=officer) == "invitation_ended"


@pytest.mark.django_db(transaction=True)
def test_two_answers_and_a_restaffing_at_once_leave_one_truth() -> None:
    batch = factories.batch(factories.program(cast.home_agency()))
    officer = cast.program_officer()
    made, _token = invited(batch, officer)
    other, row = teacher(batch, "Eko"), first(batch)
    calls = [
        lambda: actions.accept_invitation(invitation=made),
        lambda: actions.decline_invitation(invitation=made),
        lambda: actions.staff_session(session=row, instructor=other, by=officer),
    ]
    start = threading.Barrier(len(calls))
    failed: list[str] = []

    def run(call: Any) -> None:
        start.wait()
        try:
            call()
        except ValidationError as refused:
            failed.append(str(refused.code))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made.refresh_from_db()
    taught = [session.instructor for session in batch.sessions.in_order().select_related("instructor")]
    assert taught == [other, None]
    assert made.state == "declined"
    assert set(failed) <= {"invitation_ended"}


def test_candidates_are_ranked_with_reasons_and_obstacles(batch: Batch, django_assert_num_queries: Any) -> None:
    topic = Topic.objects.create(agency=batch.program.agency, name="Roti")
    row = first(batch)
    Session.objects.filter(pk=row.pk).update(topic=topic)
    day = row.during.lower.astimezone(batch.program.agency.zone).date()
    near = teacher(batch, "Dekat", region_id=factories.BENDAN_KERGON)
    far = teacher(batch, "Jauh Sekali", region_id=factories.MIROTO)
    busy, away, _other = teacher(batch, "Sibuk"), teacher(batch, "Cuti Dulu"), teacher(batch, "Lain Topik Ini")
    old, choosy = teacher(batch, "Lama Sertifikatnya"), teacher(batch, "Pilih Daerah Sendiri")
    for one in (near, far, busy, away, choosy):
        one.competences.create(topic=topic, level=2)
    old.competences.create(topic=topic, level=3, valid_until=day - DAY)
    choosy.regions.add(Region.objects.get(code=factories.MEDONO))
    away.absences.create(days=(day, day + DAY))
    factories.batch(batch.program, days=0).sessions.create(during=row.during, instructor=busy)
    actions.record_teaching(
        instructor=near, batch=batch, gain=Decimal("0.6"), gain_count=30, rating=None, rating_count=0, by=None
    )
    session = Session.objects.select_related("batch__program__agency", "venue").get(pk=row.pk)
    with django_assert_num_queries(1):
        found = candidates_for(session)
    assert [(match.candidate.name, match.candidate.obstacles) for match in found] == [
        ("Dekat", ()),
        ("Jauh Sekali", ()),
        ("Pilih Daerah Sendiri", ("elsewhere",)),
        ("Lain Topik Ini", ("no_competence",)),
        ("Lama Sertifikatnya", ("expired",)),
        ("Cuti Dulu", ("absent",)),
        ("Sibuk", ("booked",)),
    ]
    reasons = {reason.code: reason.value for reason in found[0].reasons}
    assert {code: str(value) for code, value in reasons.items()} == {
        "level": "2",
        "distance": "village",
        "load": "0",
        "gain": "0.6",
    }


def test_load_counts_lesson_hours_of_the_weeks_around(batch: Batch) -> None:
    who, row = teacher(batch), first(batch)
    other = factories.batch(batch.program, days=0)
    for days, hours in ((1, 8), (10, 6), (40, 8)):
        span = (row.during.lower + days * DAY, row.during.upper + days * DAY)
        other.sessions.create(during=span, instructor=who, lesson_hours=hours)
    session = Session.objects.select_related("batch__program__agency", "venue").get(pk=row.pk)
    assert [match.candidate.hours_near for match in candidates_for(session)] == [14]


def test_planned_time_is_told_by_the_clock_of_the_office(batch: Batch, officer: User) -> None:
    """A hall that opens at 08.00 in Pekalongan takes a session that begins at 01.00 UTC."""
    hall = Venue.objects.create(
        agency=batch.program.agency, region=batch.region, name="Aula", opens_at="08:00", closes_at="16:00"
    )
    hall.refresh_from_db()
    begin = datetime.combine(later(batch).begin.date(), datetime.min.time(), UTC) + timedelta(hours=1)
    plan = SessionPlan(begin, begin + timedelta(hours=8), venue=hall)
    assert actions.add_session(batch=batch, plan=plan, by=officer).venue == hall
