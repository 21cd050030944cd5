"""The signed sheet against the marks, who was let in, and who came in whose place."""

import uuid
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from kit.scans import Scan
from participants import actions, queries
from participants.models import (
    Attendance,
    AttendanceMark,
    Completion,
    DoorCase,
    Registration,
    Replacement,
    SheetLine,
    SheetScan,
    SignedSheet,
)
from programs.models import Session
from tests import cast
from tests.participants.hall import ago, device, first, mark, note, outcome, running, since, states
from tests.participants.lines import begin, counters, events, fresh, people, seats, small_batch, told

pytestmark = pytest.mark.django_db


def over(count: int = 3, *, marked: int = 2) -> tuple[Session, list[Registration]]:
    """A session that ended two hours ago; the first two were marked as present, the others not at all."""
    batch, entries = running(count, quota=count)
    session = first(batch)
    session.during = (ago(hours=10), ago(hours=2))
    session.save()
    session.refresh_from_db()
    note(*(mark(session, entry, at=since(session, 5)) for entry in entries[:marked]))
    return session, entries


def refused(code: str, action: Callable[..., Any], **arguments: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        action(by=cast.program_officer(), **arguments)
    assert [error.code for error in refusal.value.error_list] == [code]


def read(session: Session, *signed: Registration, signatures: int | None = None) -> SignedSheet:
    keys = [entry.pk for entry in signed]
    count = len(keys) if signatures is None else signatures
    return actions.read_sheet(session=session, signatures=count, signed=keys, by=cast.program_officer())


def settle(session: Session, note: str = "") -> SignedSheet:
    return actions.settle_sheet(session=session, note=note, by=cast.activity_officer())


def decide(session: Session, entry: Registration, verdict: str) -> None:
    actions.decide_difference(
        session=session, registration=fresh(entry), verdict=verdict, reason="Ditanyakan", by=cast.program_officer()
    )


def test_paper_and_marks_that_agree_are_settled_and_the_rest_is_absent() -> None:
    session, entries = over()
    read(session, *entries[:2])
    sheet = settle(session)
    assert sheet.is_settled
    assert states(session) == ["present 475", "present 475", "absent 0"]
    assert AuditEntry.objects.latest("pk").changes["absent"] == 1


def test_every_difference_is_decided_before_settling_and_the_marks_follow() -> None:
    session, [one, two, three] = over()
    read(session, one, three)  # two is marked but did not sign, three signed but is not marked
    found = queries.sheet_figures(session)
    assert (found.signatures, found.present, found.open_differences, found.unread) == (2, 2, 2, 0)
    refused("differences_open", action=actions.settle_sheet, session=session, note="")
    decide(session, two, "absent")
    decide(session, three, "present")
    settle(session)
    assert states(session) == ["present 475", "absent 0", "present 480"]
    verdicts = SheetLine.objects.exclude(verdict="").order_by("registration")
    assert [(line.verdict, line.decided_by) for line in verdicts] == [
        ("absent", cast.program_officer()),
        ("present", cast.program_officer()),
    ]
    assert AttendanceMark.objects.filter(kind="revoked", note="Ditanyakan").count() == 1


def test_marks_may_be_right_against_the_paper() -> None:
    session, [one, two, three] = over()
    read(session, one, three)
    decide(session, two, "present")
    decide(session, three, "absent")
    settle(session)
    assert states(session) == ["present 475", "present 475", "absent 0"]


def test_reading_again_keeps_what_was_decided_of_the_same_lines() -> None:
    session, [one, two, three] = over()
    read(session, one, three)
    decide(session, two, "present")
    read(session, one, three)
    assert SheetLine.objects.get(registration=two).verdict == "present"
    read(session, one, two, three)
    assert SheetLine.objects.get(registration=two).verdict == ""


def test_a_count_that_differs_from_the_list_needs_a_reason() -> None:
    session, [one, two, _three] = over()
    read(session, one, two, signatures=3)
    refused("count_differs", action=actions.settle_sheet, session=session, note=" ")
    assert settle(session, "Seorang tamu ikut tanda tangan").is_settled


def test_without_a_sheet_there_is_a_reason() -> None:
    session, _entries = over()
    refused("note_needed", action=actions.settle_sheet, session=session, note="")
    assert settle(session, "Daftar hadir basah").signatures is None


def test_a_session_that_is_not_over_is_not_settled() -> None:
    batch, _entries = running()
    refused("not_over", action=actions.settle_sheet, session=first(batch), note="x")


def test_what_is_settled_takes_no_marks_until_it_is_opened_again() -> None:
    session, [one, two, three] = over()
    read(session, one, two)
    settle(session)
    assert outcome(mark(session, three, way="sheet"), mark(session, one, way="sheet")) == [
        "refused sheet_settled",
        "already",
    ]
    refused("sheet_settled", action=actions.read_sheet, session=session, signatures=1, signed=[])
    refused("sheet_settled", action=actions.settle_sheet, session=session, note="")
    refused("reason_needed", action=actions.reopen_sheet, session=session, reason=" ")
    actions.reopen_sheet(session=session, reason="Salah hitung", by=cast.program_officer())
    assert outcome(mark(session, three, way="sheet")) == ["noted"]
    refused("not_settled", action=actions.reopen_sheet, session=session, reason="x")


def test_what_a_device_brings_after_settling_is_kept_to_be_decided() -> None:
    session, [one, two, three] = over()
    read(session, one, two)
    settle(session)
    assert outcome(mark(session, three, at=since(session, 10)), device=device()) == ["kept sheet_settled"]
    case = DoorCase.objects.get()
    actions.reopen_sheet(session=session, reason="Perangkat baru terhubung", by=cast.program_officer())
    refused("cases_open", action=actions.settle_sheet, session=session, note="")
    actions.settle_case(case=case, counts=True, note="Benar hadir", by=cast.program_officer())
    assert Attendance.objects.get(registration=three).status == "present"
    refused("already_settled", action=actions.settle_case, case=case, counts=False, note="x")


def test_who_was_let_in_counts_only_with_a_seat() -> None:
    batch, [entry] = running()
    session = first(batch)
    Registration.objects.filter(pk=entry.pk).update(seat="waiting")
    note(mark(session, entry, let_in=True), mark(session, None, let_in=True, written="Tamu"))
    known, guest = DoorCase.objects.order_by("pk")
    refused("no_seat", action=actions.settle_case, case=known, counts=True, note="x")
    refused("entry_needed", action=actions.settle_case, case=guest, counts=True, note="x")
    refused("reason_needed", action=actions.settle_case, case=guest, counts=False, note="")
    actions.settle_case(case=guest, counts=False, note="Tamu desa", by=cast.program_officer())
    Registration.objects.filter(pk=entry.pk).update(seat="held")
    actions.settle_case(case=known, counts=True, note="Kursi diberikan", by=cast.program_officer())
    assert Attendance.objects.get().registration == entry


def test_scans_are_kept_and_set_aside(own_folder: object) -> None:
    session, _entries = over()
    scan = actions.add_scan(
        session=session, scan=Scan(b"%PDF-1.4 x %%EOF", "application/pdf", "pdf"), by=cast.verifier()
    )
    assert scan.stored.name.startswith("daftar-hadir-")
    actions.remove_scan(scan=scan, by=cast.program_officer())
    refused("scan_removed", action=actions.remove_scan, scan=scan)
    assert SheetScan.objects.filter(removed_at__isnull=True).count() == 0


def test_replace_before_the_first_session_gives_the_seat_to_who_waits() -> None:
    batch = small_batch(quota=1)
    gone, came = people(batch, 2)
    made = actions.replace(gone=gone, came=came, reason="Tidak datang", by=cast.program_officer())
    assert (seats(batch), counters(batch), made.session) == ("released held", (1, 0, 0), None)
    assert (events(gone)[-1], events(came)[-1]) == ("replaced", "stepped_in")
    assert (told(gone)[-1], told(came)[-1]) == ("registration_replaced", "offer_accepted")


def test_replace_takes_who_was_offered_a_seat_and_offers_theirs_on() -> None:
    batch = small_batch(quota=2)
    leaver, gone, offered, waiting = people(batch, 4)
    actions.withdraw(registration=leaver, reason="", by=None)
    assert seats(batch) == "released held offered waiting"
    actions.replace(gone=gone, came=fresh(offered), reason="Tidak datang", by=cast.program_officer())
    assert (seats(batch), counters(batch)) == ("released released held offered", (1, 1, 0))
    assert waiting.pk


def test_replace_after_the_beginning_is_for_programmes_that_say_so() -> None:
    batch = small_batch(quota=1)
    gone, came = people(batch, 2)
    begin(batch)
    refused("too_late", action=actions.replace, gone=gone, came=came, reason="x")
    type(batch.program).objects.update(replacement="first_day")
    made = actions.replace(gone=gone, came=came, reason="Tidak datang", by=cast.program_officer())
    assert made.session == first(batch)
    row = Completion.objects.get(registration=came)
    assert (row.counts_from, row.sessions_planned) == (first(batch), 2)


def test_replace_asks_only_for_the_sessions_since() -> None:
    midday = datetime.combine(cast.home_agency().today(), time(12), cast.home_agency().zone)
    with time_machine.travel(midday, tick=True):
        batch = small_batch(quota=1, days=3, program_values={"replacement": "first_day"})
        gone, came = people(batch, 2)
        for place, session in enumerate(batch.sessions.order_by("during")):
            start = midday - timedelta(hours=4, minutes=30) + place * timedelta(hours=4)
            session.during = (start, start + timedelta(hours=3))
            session.save()
        actions.replace(gone=gone, came=came, reason="Tidak datang", by=cast.program_officer())
        row = Completion.objects.get(registration=came)
        assert (row.sessions_planned, row.lesson_hours_planned) == (2, 16)


def test_replace_refuses_who_was_there_and_who_does_not_wait() -> None:
    batch = small_batch(quota=2, program_values={"replacement": "first_day"})
    here, other, waiting = people(batch, 3)
    begin(batch)
    note(mark(first(batch), here))
    for code, gone, came in (
        ("is_present", here, waiting),
        ("not_waiting", other, here),
        ("no_seat", waiting, waiting),
    ):
        refused(code, action=actions.replace, gone=gone, came=came, reason="x")
    refused("reason_needed", action=actions.replace, gone=other, came=waiting, reason=" ")
    stranger = people(small_batch(), 1)[0]
    refused("other_batch", action=actions.replace, gone=other, came=stranger, reason="x")
    assert Replacement.objects.count() == 0


def test_who_was_there_before_the_seat_went_on_stays_in_the_list() -> None:
    batch, [entry] = running()
    session = first(batch)
    note(mark(session, entry))
    actions.withdraw(registration=fresh(entry), reason="", by=cast.program_officer())
    assert list(queries.listed_in(session)) == [entry]
    counts = queries.session_counts([Session.objects.select_related("batch").get(pk=session.pk)])[session.pk]
    assert (counts.expected, counts.present, counts.unknown) == (1, 1, 0)


def test_attendance_of_tells_the_resident_each_session_and_the_share() -> None:
    batch, [entry] = running()
    note(mark(first(batch), entry))
    found = queries.attendance_of(entry)
    assert [(seen.state.status if seen.state else None, seen.is_over) for seen in found.sessions] == [
        ("present", False),
        (None, False),
    ]
    assert found.completion is not None
    assert (str(found.completion.share), found.any_noted) == ("50.00", True)


def test_client_ids_are_never_taken_twice() -> None:
    batch, entries = running(2)
    session, shared = first(batch), uuid.uuid4()
    note(mark(session, entries[0], client_id=shared))
    [again] = note(mark(session, entries[1], client_id=shared))
    assert again.registration_id == entries[0].pk
    assert AttendanceMark.objects.count() == 1


def test_where_nobody_marked_in_the_hall_the_paper_says_who_was_there() -> None:
    session, [one, two, three] = over(marked=0)
    read(session, one, three)
    assert states(session) == ["present 480", "present 480"]
    read(session, one, two)  # read again: somebody was ticked by mistake
    assert sorted(Attendance.objects.values_list("registration", flat=True)) == [one.pk, two.pk]
    assert queries.sheet_figures(session).open_differences == 0
    settle(session)
    assert states(session) == ["present 480", "present 480", "absent 0"]
    assert three.pk
