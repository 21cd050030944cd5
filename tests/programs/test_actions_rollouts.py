"""A plan from its first proposal to its batches, and what two people or a changed world do to it meanwhile."""

import threading
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import translation

from accounts.models import AuditEntry
from notifications.models import Message
from programs import actions
from programs.models import (
    Batch,
    Holiday,
    Instructor,
    Rollout,
    RolloutRow,
    RolloutSitting,
    Session,
    TopicRound,
    Venue,
)
from programs.queries.planning import read_plan
from programs.rules.planning import Sitting
from regions.models import Region
from tests import cast, factories
from tests.programs.rollout import TWO_DAYS, WINDOW, equipped, planned, villages

pytestmark = pytest.mark.django_db


def proposed(**values: Any) -> Rollout:
    rollout = planned(**values)
    return actions.propose_rollout(rollout=rollout, by=cast.program_officer())


def applied(rollout: Rollout, *, publish: bool = False) -> actions.Applied:
    rollout.refresh_from_db()
    by = cast.program_officer()
    return actions.apply_rollout(rollout=rollout, seen=rollout.revision, publish=publish, by=by)


def problems(rollout: Rollout) -> set[str]:
    return {problem.code for problem in read_plan(Rollout.objects.with_office().get(pk=rollout.pk)).problems()}


def row_of(rollout: Rollout, name: str = "Bendan Kergon") -> RolloutRow:
    return rollout.rows.select_related("rollout").get(region__name=name)


def codes(refusal: pytest.ExceptionInfo[ValidationError]) -> set[str]:
    return {str(one.code) for one in refusal.value.error_list}


def test_rollout_p2_becomes_27_published_batches_without_a_clash() -> None:
    rollout = proposed()
    assert problems(rollout) == set()
    found = applied(rollout, publish=True)
    assert len(found.created) == 27
    assert Batch.objects.filter(program=rollout.program, state="published").count() == 27
    assert Session.objects.filter(batch__program=rollout.program).count() == 27 * 5
    batch = Batch.objects.get(program=rollout.program, slug="bendan-kergon")
    zone = rollout.program.agency.zone
    assert batch.name == "Angkatan Bendan Kergon"
    assert date(2024, 7, 1) <= batch.first_day(datetime(2024, 6, 1, tzinfo=zone)) <= date(2024, 8, 26)
    assert batch.starts_at.astimezone(zone).time() == time(8)  # type: ignore[union-attr]  # it has sessions
    assert batch.registration_closes_at.astimezone(zone).time() == time(16)
    assert [topic.name for topic in batch.topics.all()] == [row_of(rollout).topics.get().name]
    rollout.refresh_from_db()
    assert rollout.state == "in_force"
    assert row_of(rollout).batch == batch
    assert AuditEntry.objects.filter(action="batch.created").count() == 27
    assert AuditEntry.objects.filter(action="batch.published").count() == 27
    assert AuditEntry.objects.get(action="rollout.applied").changes["created"] == 27


def test_rollout_is_created_by_few_queries(django_assert_max_num_queries: Any) -> None:
    rollout = proposed()
    with django_assert_max_num_queries(45):
        applied(rollout)


def test_rollout_takes_the_decided_topics_and_the_holidays_of_its_years() -> None:
    program = equipped()
    year, by = program.fund_source.fiscal_year, cast.program_officer()
    decided = TopicRound(agency=program.agency, fiscal_year=year, opens_on=date(year, 1, 1), closes_on=date(year, 2, 1))
    actions.save_round(topic_round=decided, topics=[], by=by)
    region = next(one for one in villages() if one.name == "Pringrejo")
    for name in ("Tas", "Roti dan masakan"):
        topic = program.agency.topics.get(name=name)
        actions.decide_topic(
            topic_round=decided, region=region, topic=topic, outcome="chosen", reason="Diminati", by=by
        )
    rollout = actions.create_rollout(
        program=program, regions=[region], pattern=TWO_DAYS, values=WINDOW, by=cast.program_officer()
    )
    taught = rollout.rows.get().sittings.filter(kind="training").values_list("topic__name", flat=True)
    assert list(taught) == ["Tas", "Tas", "Roti dan masakan"]
    assert Holiday.objects.filter(agency=program.agency, day=date(2024, 8, 17), kind="public").exists()
    assert problems(rollout) == set()


def test_rollout_is_refused_as_a_whole_with_the_list_of_what_is_wrong() -> None:
    rollout = proposed(parallel=1)
    before = Batch.objects.count()
    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        applied(rollout)
    assert codes(refusal) == {"rollout_clash"}
    assert len(refusal.value.messages) == 10
    assert all(message.endswith("It has no days yet.") for message in refusal.value.messages)
    assert Batch.objects.count() == before
    rollout.refresh_from_db()
    assert rollout.state == "draft"


def test_rollout_refuses_who_saw_an_older_plan() -> None:
    rollout = proposed()
    seen = rollout.revision
    actions.move_row(row=row_of(rollout), to=date(2024, 8, 19), by=cast.program_officer())
    with pytest.raises(ValidationError) as refusal:
        actions.apply_rollout(rollout=rollout, seen=seen, publish=False, by=cast.program_officer())
    assert codes(refusal) == {"rollout_changed"}


def test_rollout_sees_what_others_booked_meanwhile() -> None:
    rollout = proposed()
    row = row_of(rollout)
    first = row.sittings.first()
    assert first is not None
    other = factories.batch(factories.program(cast.home_agency()), days=0)
    zone = rollout.program.agency.zone
    span = tuple(datetime.combine(first.day, hour, tzinfo=zone) for hour in (first.begin, first.end))
    other.sessions.create(during=span, venue=first.venue, instructor=first.instructor)
    assert problems(rollout) == {"place_busy", "teacher_busy"}
    with pytest.raises(ValidationError):
        applied(rollout)
    assert actions.propose_rollout(rollout=rollout, by=cast.program_officer())
    assert problems(rollout) == set()
    assert len(applied(rollout).created) == 27


def test_rollout_proposes_around_what_was_set_by_hand() -> None:
    rollout = proposed()
    row = actions.move_row(row=row_of(rollout), to=date(2024, 8, 26), by=cast.program_officer())
    assert row.days == [date(2024, 8, 26), date(2024, 8, 27)]
    assert row.fixed
    teacher = row.sittings.order_by("day", "begin").first().instructor  # type: ignore[union-attr]  # it has sessions
    assert teacher is not None
    actions.propose_rollout(rollout=rollout, by=cast.program_officer())
    assert row_of(rollout).days == [date(2024, 8, 26), date(2024, 8, 27)]
    assert problems(rollout) == set()
    actions.free_row(row=row_of(rollout), by=cast.program_officer())
    actions.propose_rollout(rollout=rollout, by=cast.program_officer())
    assert row_of(rollout).days[0] < date(2024, 8, 26)


@pytest.mark.parametrize(
    ("to", "code"),
    [
        (date(2024, 6, 28), "outside_window"),
        (date(2024, 7, 6), "no_working_day"),
        (date(2024, 8, 27), "run_too_short"),
    ],
)
def test_rollout_row_moves_only_to_training_days(to: date, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        actions.move_row(row=row_of(proposed()), to=to, by=cast.program_officer())
    assert codes(refusal) == {code}


def test_rollout_row_is_changed_by_hand_and_its_clash_is_named() -> None:
    rollout = proposed()
    row, other = row_of(rollout), row_of(rollout, "Medono")
    taken = other.sittings.order_by("day", "begin").first()
    assert taken is not None
    sitting = Sitting(taken.day, time(9), time(11), topic=taken.topic_id, teacher=taken.instructor_id, place=None)
    actions.change_row(
        row=row,
        quota=60,
        topics=[],
        sittings=[sitting, replace(sitting, day=taken.day + timedelta(days=1))],
        by=cast.program_officer(),
    )
    found = problems(rollout)
    assert {"teacher_twice", "place_missing"} <= found
    plan = read_plan(Rollout.objects.with_office().get(pk=rollout.pk))
    said = {plan.say(problem) for problem in plan.problems() if problem.key == row.pk}
    assert any("Pengajar" in text and "Medono" in text for text in said)


def test_rollout_changes_its_window_and_proposes_again() -> None:
    rollout = proposed()
    values = WINDOW | {"first_day": date(2024, 8, 1), "parallel": 4, "quota": 30}
    actions.change_rollout(rollout=rollout, pattern=TWO_DAYS, values=values, by=cast.program_officer())
    assert problems(rollout) == set()
    assert min(RolloutSitting.objects.values_list("day", flat=True)) == date(2024, 8, 5)
    assert set(rollout.rows.values_list("quota", flat=True)) == {30}


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        (TWO_DAYS[:2], "pattern_days"),
        ((*TWO_DAYS, actions.MeetingPlan(3, time(8), time(9))), "pattern_days"),
        ((*TWO_DAYS, actions.MeetingPlan(1, time(9), time(10))), "pattern_overlaps"),
    ],
)
def test_rollout_refuses_a_timetable_that_does_not_fit(pattern: Any, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        planned(pattern=pattern)
    assert codes(refusal) == {code}


def test_rollout_regions_are_added_once_and_removed() -> None:
    every = villages()
    rollout = planned(regions=every[:3])
    assert actions.add_regions(rollout=rollout, regions=every[:5], by=cast.program_officer()) == 2
    with pytest.raises(ValidationError) as refusal:
        actions.add_regions(rollout=rollout, regions=every[:5], by=cast.program_officer())
    assert codes(refusal) == {"regions_known"}
    actions.remove_row(row=rollout.rows.select_related("rollout").first(), by=cast.program_officer())  # type: ignore[arg-type]  # there are five
    assert rollout.rows.count() == 4


def test_rollout_of_a_city_with_explicit_days() -> None:
    """P5: one batch for the whole city, five days that somebody names, in a hotel."""
    program = equipped()
    city = Region.objects.get(code="33.75")
    hotel = Venue.objects.create(agency=program.agency, region=villages()[3], name="Hotel", capacity=60)
    pattern = [actions.MeetingPlan(day, time(8), time(15)) for day in range(1, 6)]
    rollout = planned(program, [city], pattern=pattern, days=5, parallel=1, prayer_begin=None, prayer_end=None)
    teacher = Instructor.objects.get(full_name="Pengajar Roti dan masakan")
    topic = teacher.topics.get()
    days = [date(2024, 7, number) for number in (1, 2, 3, 5, 8)]
    sittings = [Sitting(day, time(8), time(15), topic=topic.pk, teacher=teacher.pk, place=hotel.pk) for day in days]
    actions.change_row(
        row=row_of(rollout, city.name), quota=30, topics=[topic], sittings=sittings, by=cast.program_officer()
    )
    assert problems(rollout) == set()
    batch = applied(rollout).created[0]
    assert (batch.region, batch.quota, batch.sessions.count()) == (city, 30, 5)


def test_rollout_that_is_no_draft_cannot_be_changed() -> None:
    rollout = proposed()
    applied(rollout)
    row, by = row_of(rollout), cast.program_officer()
    for change in (
        lambda: actions.propose_rollout(rollout=rollout, by=by),
        lambda: actions.move_row(row=row, to=date(2024, 7, 8), by=by),
        lambda: actions.discard_rollout(rollout=rollout, by=by),
        lambda: actions.apply_rollout(rollout=rollout, seen=rollout.revision, publish=False, by=by),
    ):
        with pytest.raises(ValidationError) as refusal:
            change()
        assert codes(refusal) == {"rollout_not_draft"}


def test_rollout_planned_again_moves_only_what_clashes() -> None:
    rollout = proposed(**future())
    applied(rollout)
    hit = row_of(rollout)
    holiday, by = hit.days[0], cast.program_officer()
    actions.add_holiday(agency=rollout.program.agency, day=holiday, name="Hari jadi kota", by=by)
    touched = {row.region.name for row in rollout.rows.all() if holiday in row.days}
    again = actions.plan_again(rollout=rollout, by=by)
    assert {row.region.name for row in again.rows.filter(fixed=False)} == touched
    with pytest.raises(ValidationError) as refusal:
        actions.plan_again(rollout=rollout, by=by)
    assert codes(refusal) == {"rollout_planned_again"}
    before = dict(Session.objects.values_list("pk", "during"))
    actions.propose_rollout(rollout=again, by=by)
    assert problems(again) == set()
    done = applied(again)
    assert {batch.region.name for batch in done.moved} == touched
    assert (done.created, done.changed) == ([], [])
    assert {pk for pk, during in Session.objects.values_list("pk", "during") if before[pk] != during} == set(
        Session.objects.filter(batch__region__name__in=touched).values_list("pk", flat=True)
    )
    rollout.refresh_from_db()
    again.refresh_from_db()
    assert (rollout.state, again.state) == ("replaced", "in_force")
    assert AuditEntry.objects.filter(action="batch.rescheduled").count() == len(touched)


def test_rollout_planned_again_lets_batches_change_places() -> None:
    """Both use the same hall, one after the other: neither may stand in the other's way."""
    program = equipped()
    Venue.objects.exclude(name="Balai Medono").delete()
    pair = [region for region in villages() if region.name in {"Medono", "Podosugih"}]
    rollout = planned(program, pair, parallel=1, reach=8, **future())
    actions.propose_rollout(rollout=rollout, by=cast.program_officer())
    applied(rollout)
    again, by = actions.plan_again(rollout=rollout, by=cast.program_officer()), cast.program_officer()
    first, second = row_of(again, "Medono"), row_of(again, "Podosugih")
    days = first.days, second.days
    actions.move_row(row=first, to=days[1][0], by=by)
    actions.move_row(row=row_of(again, "Podosugih"), to=days[0][0], by=by)
    assert problems(again) == set()
    assert len(applied(again).moved) == 2
    zone = program.agency.zone
    begins = {
        batch.region.name: batch.starts_at.astimezone(zone).date() for batch in program.batches.all() if batch.starts_at
    }
    assert begins == {"Medono": days[1][0], "Podosugih": days[0][0]}


def test_rollout_planned_again_settles_the_questions_to_instructors() -> None:
    """Whoever was asked for the old days hears of it, and the old question is no trap."""
    rollout, by = proposed(**future()), cast.program_officer()
    applied(rollout)
    row = row_of(rollout)
    assert row.batch is not None
    session = row.batch.sessions.filter(instructor__isnull=False).earliest("during")
    assert session.instructor is not None
    Instructor.objects.filter(pk=session.instructor.pk).update(email="pengajar@contoh.example")
    session.instructor.refresh_from_db()
    asked = actions.invite_instructor(batch=row.batch, instructor=session.instructor, days=3, by=by)
    actions.add_holiday(agency=rollout.program.agency, day=row.days[0], name="Hari jadi kota", by=by)
    again = actions.plan_again(rollout=rollout, by=by)
    actions.propose_rollout(rollout=again, by=by)
    applied(again)
    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    kept = Message.objects.filter(group=f"teaching:{row.batch.pk}:{session.instructor_id}", state="queued")
    assert [message.kind for message in kept] == ["teaching_changed"]


def test_rollout_planned_again_refuses_sessions_that_others_changed() -> None:
    rollout = proposed(**future())
    applied(rollout)
    again = actions.plan_again(rollout=rollout, by=cast.program_officer())
    batch = row_of(again).batch
    assert batch is not None
    last = batch.sessions.last()
    assert last is not None
    batch.sessions.create(during=(last.during.upper, last.during.upper + timedelta(hours=1)))
    with pytest.raises(ValidationError) as refusal:
        applied(again)
    assert codes(refusal) == {"sessions_changed"}


def test_rollout_planned_again_leaves_out_what_has_ended() -> None:
    rollout = proposed(**future())
    applied(rollout)
    batch = row_of(rollout).batch
    assert batch is not None
    actions.cancel_batch(batch=batch, reason="Banjir", by=cast.program_officer())
    again = actions.plan_again(rollout=rollout, by=cast.program_officer())
    assert again.rows.count() == 26


def future() -> dict[str, Any]:
    """The same window years from now, on the same days of the week."""
    return {"first_day": date(2030, 7, 1), "last_day": date(2030, 8, 27), "opens_on": date(2030, 6, 10)}


@pytest.mark.django_db(transaction=True)
def test_rollout_pressed_by_two_at_once_is_created_once() -> None:
    rollout = proposed()
    rollout.refresh_from_db()
    by, outcomes, gate = cast.program_officer(), list[str](), threading.Barrier(2)

    def press() -> None:
        gate.wait()
        try:
            actions.apply_rollout(rollout=rollout, seen=rollout.revision, publish=True, by=by)
            outcomes.append("created")
        except ValidationError as refusal:
            outcomes.append(str(refusal.error_list[0].code))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["created", "rollout_not_draft"]
    assert rollout.program.batches.count() == 27


def test_rollout_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever fails between two statements: no batch stands."""
    rollout = proposed()

    class Stop(Exception):  # noqa: N818 - no error of ours
        pass

    def stop(*_args: Any, **_values: Any) -> None:
        raise Stop

    monkeypatch.setattr("programs.actions.applying._lines", stop)
    with pytest.raises(Stop), transaction.atomic():
        applied(rollout)
    assert (Batch.objects.filter(program=rollout.program).count(), Session.objects.count()) == (0, 0)
