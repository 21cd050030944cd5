"""Marks of attendance: each once, by the same rules whoever brings them and in whatever order."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEntry
from participants import actions
from participants.models import Attendance, AttendanceMark, Completion, DoorCase, Registration, Seat
from tests import cast
from tests.participants.hall import ago, device, first, mark, note, outcome, running, since, states
from tests.participants.lines import fresh, people, small_batch

pytestmark = pytest.mark.django_db


def test_arrival_is_noted_once_and_told_again_to_whoever_sends_it_again() -> None:
    batch, [entry] = running()
    session = first(batch)
    made = mark(
        session, entry, registration_code=entry.shown_code, registration_id=None, way="qr", at=since(session, 30)
    )
    [result] = note(made)
    assert (result.outcome, result.code, result.first_at) == ("noted", "", made.at)
    assert note(made) == [result]
    [later] = note(mark(session, entry, way="code"))
    assert (later.outcome, later.first_at) == ("already", made.at)
    assert AttendanceMark.objects.count() == 1
    assert states(session) == ["present 450"]


def test_marks_of_many_are_one_call_and_one_line_of_the_trail() -> None:
    batch, entries = running(3)
    session = first(batch)
    before = AuditEntry.objects.count()
    assert outcome(*(mark(session, one) for one in entries)) == ["noted"] * 3
    [line] = AuditEntry.objects.order_by("pk")[before:]
    assert (line.action, line.changes["noted"], line.subject_id) == ("attendance.noted", 3, "")


def test_the_trail_names_whom_a_single_mark_is_about() -> None:
    batch, [entry] = running()
    note(mark(first(batch), entry))
    line = AuditEntry.objects.latest("pk")
    assert (line.subject_type, line.subject_id) == ("participants.person", str(entry.person_id))


@pytest.mark.parametrize("seat", ["waiting", "offered", "released", "none", "applied"])
def test_mark_of_somebody_without_a_seat_is_refused(seat: str) -> None:
    batch, [entry] = running()
    Registration.objects.filter(pk=entry.pk).update(seat=seat)
    assert outcome(mark(first(batch), entry)) == ["refused no_seat"]


def test_mark_is_refused_with_a_code_and_the_others_go_on() -> None:
    (batch, [entry]), (_other, [stranger]) = running(), running()
    session = first(batch)
    second = batch.sessions.order_by("during")[1]
    cancelled = batch.sessions.create(during=(ago(hours=30), ago(hours=29)), cancelled=True)
    assert outcome(
        mark(session, None, registration_code="ZZZZ-ZZZZ"),
        mark(session, stranger),
        mark(second, entry),
        mark(second, entry, kind="absent"),
        mark(cancelled, entry),
        mark(session, entry, kind="left"),
        mark(session, entry, kind="slept"),
        mark(session, entry, way="guess"),
        mark(session, entry, at=ago(hours=5)),
        mark(session, entry),
        mark(session, entry, kind="absent"),
    ) == [
        "refused not_registered",
        "refused other_batch",
        "refused too_early",
        "refused too_early",
        "refused session_cancelled",
        "refused not_here",
        "refused unknown_kind",
        "refused unknown_kind",
        "refused too_early",
        "noted",
        "refused is_present",
    ]


def test_mark_in_a_session_of_another_area_is_as_if_there_were_none() -> None:
    batch, [entry] = running()
    session = first(batch)
    made = mark(session, entry)
    for stranger in (cast.other_agency_officer(), cast.village_officer_next_door(), cast.treasurer(), cast.auditor()):
        assert outcome(made, by=stranger) == ["refused unknown_session"]
    assert outcome(made, by=cast.village_officer_here()) == ["noted"]
    assert outcome(made, by=cast.village_officer_next_door()) == ["refused unknown_session"]


def test_mark_of_a_batch_that_is_cancelled_is_refused() -> None:
    batch, [entry] = running()
    session = first(batch)
    batch.state, batch.cancelled_at = "cancelled", timezone.now()
    batch.save()
    assert outcome(mark(session, entry)) == ["refused batch_not_running"]


def test_leaving_and_coming_back_count_minutes() -> None:
    batch, [entry] = running()
    session = first(batch)
    kinds = [("arrived", 60), ("left", 40), ("arrived", 10)]
    assert (
        outcome(*(mark(session, entry, kind=kind, at=since(session, 60 - span)) for kind, span in kinds))
        == ["noted"] * 3
    )
    assert states(session) == ["present 450"]
    assert outcome(mark(session, entry, kind="left")) == ["noted"]
    row = Attendance.objects.get()
    assert (row.minutes, row.is_here) == (30, False)


def test_a_device_may_bring_the_leaving_before_another_brings_the_arrival() -> None:
    batch, [entry] = running()
    session = first(batch)
    assert outcome(mark(session, entry, kind="left", at=since(session, 50)), device=device()) == ["noted"]
    assert Attendance.objects.count() == 0
    assert outcome(mark(session, entry, at=since(session, 10)), device=device()) == ["noted"]
    assert states(session) == ["present 40"]


def test_an_arrival_that_was_clearly_earlier_is_the_one_that_counts() -> None:
    batch, [entry] = running()
    session = first(batch)
    late, near, early = (mark(session, entry, at=since(session, 60 - span)) for span in (20, 22, 55))
    assert outcome(late) == ["noted"]
    assert outcome(near) == ["already"]
    [result] = note(early)
    assert (result.outcome, result.first_at) == ("noted", early.at)
    assert Attendance.objects.get().arrived_at == early.at


def test_absence_gives_way_to_an_arrival() -> None:
    batch, [entry] = running()
    session = first(batch)
    assert outcome(mark(session, entry, kind="absent"), mark(session, entry, kind="absent")) == ["noted", "already"]
    assert outcome(mark(session, entry, kind="excused")) == ["noted"]
    assert states(session) == ["excused 0"]
    assert outcome(mark(session, entry, at=since(session, 0))) == ["noted"]
    assert states(session) == ["present 480"]


def test_a_mark_is_taken_back_with_a_reason_and_stays_in_the_book() -> None:
    batch, [entry] = running()
    session = first(batch)
    made = mark(session, entry)
    note(made)
    assert outcome(mark(session, kind="revoked", revokes=made.client_id)) == ["refused reason_needed"]
    assert outcome(mark(session, kind="revoked", revokes=uuid.uuid4(), note="x")) == ["refused unknown_mark"]
    back = mark(session, kind="revoked", revokes=made.client_id, note="Salah orang")
    assert outcome(back, back) == ["noted", "noted"]
    assert (Attendance.objects.count(), AttendanceMark.objects.count()) == (0, 2)
    assert outcome(mark(session, kind="revoked", revokes=made.client_id, note="x")) == ["refused unknown_mark"]
    assert outcome(made) == ["noted"]  # sent again by a device that knows nothing of it
    assert Attendance.objects.count() == 0
    assert outcome(mark(session, entry)) == ["noted"]
    assert Attendance.objects.count() == 1


def test_who_is_let_in_against_the_rules_is_kept_to_be_settled() -> None:
    (batch, [entry]), (_other, [stranger]) = running(), running()
    session = first(batch)
    Registration.objects.filter(pk=entry.pk).update(seat=Seat.WAITING)
    known = mark(session, entry, let_in=True)
    assert outcome(known, known) == ["kept no_seat", "kept repeated"]
    assert outcome(mark(session, stranger, let_in=True, registration_code=stranger.code)) == ["kept other_batch"]
    assert outcome(mark(session, None, let_in=True, written="Warga Tanpa Nomor")) == ["kept not_registered"]
    assert outcome(mark(session, entry, kind="slept", let_in=True)) == ["refused unknown_kind"]
    cases = list(DoorCase.objects.values_list("registration", "written"))
    assert cases == [(entry.pk, ""), (None, stranger.code), (None, "Warga Tanpa Nomor")]
    assert Attendance.objects.count() == 0


@pytest.mark.parametrize("wrong", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=-400)])
def test_a_wrong_clock_is_put_right_and_what_it_said_is_kept(wrong: timedelta) -> None:
    batch, [entry] = running()
    session = first(batch)
    seen = ago(minutes=30)
    note(mark(session, entry, at=seen + wrong), device=device(), sent_at=timezone.now() + wrong)
    row = AttendanceMark.objects.get()
    assert abs(row.at - seen) < timedelta(seconds=5)
    assert row.device_at == seen + wrong


def test_what_is_typed_from_the_sheet_counts_from_the_beginning_even_days_later() -> None:
    batch, [entry] = running()
    session = first(batch)
    session.during = (ago(days=3), ago(days=3) + timedelta(hours=8))
    session.save()
    assert outcome(mark(session, entry)) == ["refused too_late"]
    assert outcome(mark(session, entry, way="sheet")) == ["noted"]
    assert Attendance.objects.get().minutes == 480


def test_a_mark_is_never_changed_or_deleted() -> None:
    batch, [entry] = running()
    session = first(batch)
    note(mark(session, entry, note="Budi bilang"))
    for write in (
        lambda: AttendanceMark.objects.update(kind="absent"),
        lambda: AttendanceMark.objects.update(note="other"),
        lambda: AttendanceMark.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            write()
    assert AttendanceMark.objects.update(note="") == 1


def test_completion_follows_every_mark() -> None:
    batch, [entry] = running()
    session = first(batch)
    made = mark(session, entry)
    note(made)
    row = Completion.objects.get(registration=entry)
    assert (row.sessions_planned, row.sessions_attended, row.lesson_hours_planned) == (2, 1, 16)
    assert (str(row.lesson_hours_attended), str(row.share), row.attended_enough) == ("8.00", "50.00", False)
    second = batch.sessions.order_by("during")[1]
    note(mark(second, entry, way="sheet", at=timezone.now()))
    row.refresh_from_db()
    assert (str(row.share), row.attended_enough) == ("100.00", True)
    note(mark(session, kind="revoked", revokes=made.client_id, note="Salah"))
    row.refresh_from_db()
    assert (str(row.share), row.attended_enough) == ("50.00", False)


def test_completion_by_minutes_and_from_joining() -> None:
    batch, [entry] = running(program_values={"partial_presence": "by_minutes"})
    session = first(batch)
    note(mark(session, entry, at=since(session, 0)), mark(session, entry, kind="left", at=since(session, 60)))
    row = Completion.objects.get()
    assert str(row.lesson_hours_attended) == "1.00"
    row.counts_from = batch.sessions.order_by("during")[1]
    row.save()
    assert actions.recompute_completions(batch=batch, by=cast.program_officer()) == 1
    row.refresh_from_db()
    assert (row.sessions_planned, row.lesson_hours_planned, str(row.share)) == (1, 8, "0.00")


def test_completion_of_everybody_with_a_seat_and_its_test() -> None:
    batch = small_batch(quota=2)
    entries = people(batch, 3)
    assert actions.recompute_completions(batch=batch) == 2
    assert Completion.objects.filter(registration=entries[2]).exists() is False
    row = actions.note_test_passed(registration=fresh(entries[0]), passed=True, by=cast.program_officer())
    actions.recompute_completions(batch=batch)
    row.refresh_from_db()
    assert row.test_passed is True


def test_marks_of_a_whole_hall_take_few_questions(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    batch, entries = running(40, quota=40)
    session, by = first(batch), cast.program_officer()
    with django_assert_max_num_queries(70):
        assert outcome(*(mark(session, one) for one in entries), by=by) == ["noted"] * 40
