import datetime as dt
import threading
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import timezone

from accounts.models import AuditEntry
from participants import actions, queries
from participants.models import Attendance, AttendanceDevice, AttendanceMark, DoorCase
from programs.models import Batch
from tests import cast, factories
from tests.participants.hall import ago, first, mark, note, running

HOUR = dt.timedelta(hours=1)


def prepare(batch: Batch, **how: Any) -> AttendanceDevice:
    given: dict[str, Any] = {"key": uuid.uuid4(), "name": "Ponsel aula", "by": cast.program_officer()}
    return actions.prepare_device(**given | {"sessions": [first(batch).pk]} | how)


def refused(code: str, act: Any, **how: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        act(**how)
    assert [error.code for error in refusal.value.error_list] == [code]


def test_prepare_device_holds_the_lists_until_hours_after_the_last_session(db: None, settings: Any) -> None:
    settings.ATTENDANCE_DEVICE_HOURS = 5
    batch, _entries = running()
    device = prepare(batch, sessions=[session.pk for session in batch.sessions.all()])
    last = batch.sessions.order_by("during").last()
    assert last is not None
    assert device.expires_at == last.during.upper + 5 * HOUR
    assert (device.holds_lists(timezone.now()), device.holds_lists(device.expires_at)) == (True, False)
    entry = AuditEntry.objects.get(action="attendance_device.prepared")
    assert (entry.changes["lists"], entry.changes["last"]) == (2, last.pk)


def test_prepare_device_twice_is_one_device(db: None) -> None:
    batch, _entries = running()
    key = uuid.uuid4()
    assert prepare(batch, key=key).pk == prepare(batch, key=key, name="Ponsel lain").pk
    assert AttendanceDevice.objects.get().name == "Ponsel lain"


def test_prepare_device_of_a_colleague_is_refused(db: None) -> None:
    batch, _entries = running()
    device = prepare(batch)
    refused(
        "not_yours", actions.prepare_device, key=device.key, name="", sessions=[first(batch).pk], by=cast.verifier()
    )


@pytest.mark.parametrize("wanted", [[], list(range(1, 62))])
def test_prepare_device_takes_a_sensible_number_of_sessions(db: None, wanted: list[int]) -> None:
    by = cast.program_officer()
    refused("session_count", actions.prepare_device, key=uuid.uuid4(), name="", sessions=wanted, by=by)


def test_prepare_device_for_a_session_of_another_place_is_refused(db: None) -> None:
    batch, _entries = running()
    how = {"key": uuid.uuid4(), "name": "", "sessions": [first(batch).pk]}
    for by in (cast.village_officer_next_door(), cast.other_agency_officer()):
        refused("unknown_session", actions.prepare_device, by=by, **how)
    assert AttendanceDevice.objects.count() == 0


def test_device_lists_hold_name_number_and_standing_and_nothing_else(db: None) -> None:
    batch, (one, two) = running(2)
    note(mark(first(batch), one))
    (session,) = queries.device_lists(prepare(batch))
    assert {person["id"]: (person["code"], person["name"], person["status"]) for person in session["people"]} == {
        one.pk: (one.code, one.full_name, "present"),
        two.pk: (two.code, two.full_name, ""),
    }
    assert set(session["people"][0]) == {"id", "code", "name", "status", "at", "left"}
    said = str(session)
    assert [secret for secret in (one.nik, one.phone, one.address, one.nik_last4) if secret in said] == []


def test_receive_marks_notes_each_once_and_the_clock_of_the_device(db: None) -> None:
    batch, (entry,) = running()
    device = prepare(batch)
    made, wrong = mark(first(batch), entry, at=ago(minutes=30) - HOUR), timezone.now() - HOUR
    for _time in range(2):
        results = actions.receive_marks(key=device.key, marks=[made], sent_at=wrong, by=cast.program_officer())
        assert [result.outcome for result in results] == ["noted"]
    found = AttendanceMark.objects.get()
    assert abs(found.at - ago(minutes=30)) < dt.timedelta(seconds=20)
    assert (found.device_id, found.device_at) == (device.pk, made.at)
    device.refresh_from_db()
    assert device.clock_off == 60


def test_receive_marks_of_a_colleague_on_the_same_device(db: None) -> None:
    batch, (entry,) = running()
    device, colleague = prepare(batch), cast.verifier()
    actions.receive_marks(key=device.key, marks=[mark(first(batch), entry)], sent_at=None, by=colleague)
    found = AttendanceMark.objects.get()
    assert (found.by, found.device_id, device.user) == (colleague, device.pk, cast.program_officer())


def test_receive_marks_keeps_what_a_rule_refuses_to_be_settled(db: None) -> None:
    batch, (entry,) = running()
    device = prepare(batch)
    made = mark(first(batch), None, registration_code="PRCB2345", let_in=True)
    results = actions.receive_marks(key=device.key, marks=[made], sent_at=None, by=cast.program_officer())
    assert [(result.outcome, result.code) for result in results] == [("kept", "not_registered")]
    assert DoorCase.objects.get().device_id == device.pk


def test_receive_marks_refuses_unknown_and_locked_devices(db: None) -> None:
    batch, (entry,) = running()
    device, by = prepare(batch), cast.program_officer()
    how: dict[str, Any] = {"marks": [mark(first(batch), entry)], "sent_at": None}
    refused("unknown_device", actions.receive_marks, key=uuid.uuid4(), by=by, **how)
    refused("unknown_device", actions.receive_marks, key=device.key, by=cast.other_agency_officer(), **how)
    actions.revoke_device(device=device, by=by)
    refused("revoked", actions.receive_marks, key=device.key, by=by, **how)
    refused("revoked", actions.prepare_device, key=device.key, name="", sessions=[first(batch).pk], by=by)
    assert AttendanceMark.objects.count() == 0


def test_revoke_device_takes_its_lists_and_is_noted_once(db: None) -> None:
    batch, _entries = running()
    device = prepare(batch)
    for _time in range(2):
        actions.revoke_device(device=device, by=cast.program_officer())
    device.refresh_from_db()
    assert (device.holds_lists(timezone.now()), device.sessions.count()) == (False, 0)
    assert AuditEntry.objects.filter(action="attendance_device.revoked").count() == 1


def test_opener_is_the_same_for_the_officer_and_another_for_each_device(db: None) -> None:
    batch, _entries = running()
    device, other = prepare(batch), prepare(batch)
    assert AttendanceDevice.objects.get(pk=device.pk).opener == device.opener != other.opener


@pytest.mark.django_db(transaction=True)
def test_three_devices_with_the_same_people_at_once_make_one_presence_each() -> None:
    """Each sends everything twice, as after an answer that was lost; nobody waits for ever, nothing counts double."""
    batch, entries = running(5)
    by, session = cast.program_officer(), first(batch)
    devices = [prepare(batch) for _number in range(3)]
    factories.user("petugas.program")
    barrier, failures = threading.Barrier(6), []

    def send(device: AttendanceDevice, marks: list[Any]) -> None:
        try:
            barrier.wait()
            actions.receive_marks(key=device.key, marks=marks, sent_at=timezone.now(), by=by)
        except Exception as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = []
    for place, device in enumerate(devices):
        order = entries[place:] + entries[:place]
        marks = [mark(session, entry, at=ago(minutes=10 + place)) for entry in order]
        threads += [threading.Thread(target=send, args=(device, marks)) for _time in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Attendance.objects.present().filter(session=session).count() == 5
    assert AttendanceMark.objects.filter(session=session, kind="arrived").count() == 5
