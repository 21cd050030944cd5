"""The pages of attendance: a day, the door of a session, one person, the signed sheet, the whole batch."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEntry
from participants import actions
from participants.models import Attendance, AttendanceMark, DoorCase, Registration, SheetScan, SignedSheet
from programs.models import Session
from tests import cast, factories
from tests.participants.hall import ago, first, mark, note, present, running, since, states
from tests.participants.lines import fresh, people, small_batch

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(cast.program_officer())
    return client


def at(name: str, *keys: int) -> str:
    return reverse(f"participants:{name}", args=keys)


def page(client: Client, name: str, *keys: int, **query: Any) -> str:
    response = client.get(at(name, *keys), query)
    assert response.status_code == 200
    return response.content.decode()


def ended(count: int = 3) -> tuple[Session, list[Registration]]:
    """A session that ended two hours ago and whose first two people were there."""
    batch, entries = running(count, quota=count)
    session = first(batch)
    session.during = (ago(hours=10), ago(hours=2))
    session.save()
    session.refresh_from_db()
    note(*(mark(session, entry, at=session.during.lower) for entry in entries[:2]))
    return session, entries


def test_attendance_day_shows_todays_sessions_with_their_counts(desk: Client) -> None:
    batch, [entry, _other] = running(2)
    note(mark(first(batch), entry))
    day = first(batch).during.lower.astimezone(batch.program.agency.zone).date()
    text = page(desk, "attendance_day", hari=day.isoformat())
    assert (batch.region.full_name in text, "<b>1</b> dari 2 hadir" in text) == (True, True)
    assert batch.region.full_name not in page(desk, "attendance_day", hari=(day - timedelta(days=3)).isoformat())
    unreadable, today = (page(desk, "attendance_day", **asked) for asked in ({"hari": "kemarin"}, {}))
    assert unreadable.count("session-card ") == today.count("session-card ") > 0


def test_attendance_day_takes_the_same_questions_for_many_sessions(
    desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    program = factories.program(cast.home_agency())
    for count in (1, 2, 3):
        session = factories.batch(program, days=1).sessions.get()
        day = session.during.lower.astimezone(program.agency.zone).date().isoformat()
        with django_assert_max_num_queries(12):
            text = page(desk, "attendance_day", hari=day)
        assert text.count('class="session-card ') == count


def test_attendance_session_lists_everybody_by_name(desk: Client) -> None:
    batch, entries = running(3)
    text = page(desk, "attendance_session", first(batch).pk)
    places = [text.index(entry.full_name) for entry in sorted(entries, key=lambda one: one.full_name)]
    assert places == sorted(places)
    assert text.count('name="arrived"') == 3


def test_attendance_session_takes_the_same_questions_at_one_and_three_rows(
    desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 3):
        batch, entries = running(count)
        present(first(batch), entries)
        with django_assert_max_num_queries(17):
            page(desk, "attendance_session", first(batch).pk)


def test_attendance_session_of_a_batch_that_nobody_joined_says_so(desk: Client) -> None:
    text = page(desk, "attendance_session", small_batch().sessions.order_by("during")[0].pk)
    assert "Belum ada yang memegang kursi" in text


def test_attendance_mark_by_a_tap_goes_back_to_the_row(desk: Client) -> None:
    batch, [entry] = running()
    session = first(batch)
    answer = desk.post(at("attendance_mark", session.pk), {"arrived": entry.pk}, follow=True)
    assert answer.redirect_chain == [(f"{at('attendance_session', session.pk)}#p{entry.pk}", 302)]
    assert f"{entry.full_name} hadir." in answer.content.decode()
    desk.post(at("attendance_mark", session.pk), {"left": entry.pk})
    assert Attendance.objects.get().left_at is not None


@pytest.mark.parametrize("form", ["{}", "{}-{}", " {} ", "https://contoh.example/status/?nomor={}"])
def test_attendance_mark_by_what_a_scanner_types(desk: Client, form: str) -> None:
    batch, [entry] = running()
    code = entry.code.lower()
    text = form.format(code[:4], code[4:]) if form.count("{}") == 2 else form.format(code)
    desk.post(at("attendance_mark", first(batch).pk), {"text": text})
    assert AttendanceMark.objects.get().way == ("qr" if "nomor" in form else "code")


def test_attendance_mark_with_htmx_brings_only_what_changed(desk: Client) -> None:
    batch, [entry, other] = running(2)
    answer = desk.post(at("attendance_mark", first(batch).pk), {"text": entry.code, "way": "qr"}, headers=HTMX)
    text = answer.content.decode()
    assert (f'id="p{entry.pk}"' in text, f'id="p{other.pk}"' in text) == (True, False)
    assert ("<b>1</b> dari 2 hadir" in text, "<html" in text) == (True, False)
    again = desk.post(at("attendance_mark", first(batch).pk), {"text": entry.code}, headers=HTMX).content.decode()
    assert "Sudah dicatat, sejak" in again


def test_attendance_mark_looks_for_a_name(desk: Client) -> None:
    batch, entries = running(3)
    wanted = entries[1].full_name.lower()
    for headers in ({}, HTMX):
        text = desk.post(at("attendance_mark", first(batch).pk), {"text": wanted}, headers=headers).content.decode()
        assert (text.count('name="arrived"'), entries[1].full_name in text) == (1, True)
    nobody = desk.post(at("attendance_mark", first(batch).pk), {"text": "zzz"}).content.decode()
    assert "Tidak ada peserta sesi ini yang cocok" in nobody
    assert AttendanceMark.objects.count() == 0


def test_attendance_mark_that_is_refused_offers_to_let_in(desk: Client) -> None:
    batch, [entry] = running()
    session = first(batch)
    Registration.objects.filter(pk=entry.pk).update(seat="waiting")
    for headers in ({}, HTMX):
        text = desk.post(at("attendance_mark", session.pk), {"text": entry.code}, headers=headers).content.decode()
        assert ("tidak memegang kursi" in text, 'name="let_in"' in text) == (True, True)
    desk.post(at("attendance_mark", session.pk), {"text": entry.code, "let_in": "1"})
    desk.post(at("attendance_mark", session.pk), {"let_in": "1", "written": "Warga Tanpa Nomor"})
    assert list(DoorCase.objects.values_list("registration", "written")) == [
        (entry.pk, ""),
        (None, "Warga Tanpa Nomor"),
    ]
    assert "2 orang dipersilakan masuk" in page(desk, "attendance_session", session.pk)


@pytest.mark.parametrize(
    "hostile", [{"arrived": "9" * 19}, {"arrived": "x"}, {"text": "?nomor=<script>"}, {"way": "x" * 50}, {}]
)
def test_attendance_mark_with_nonsense_marks_nobody(desk: Client, hostile: dict[str, str]) -> None:
    batch, _entries = running()
    assert desk.post(at("attendance_mark", first(batch).pk), hostile).status_code in {200, 302}
    assert AttendanceMark.objects.count() == 0


def test_attendance_person_marks_with_a_time_of_its_own(desk: Client) -> None:
    batch, [entry] = running()
    session = first(batch)
    began = session.during.lower.astimezone(batch.program.agency.zone)
    typed = (began + timedelta(minutes=20)).strftime("%H:%M")
    desk.post(at("attendance_person", session.pk, entry.pk), {"kind": "arrived", "at": typed, "note": "Ban bocor"})
    row = Attendance.objects.get()
    assert row.arrived_at is not None
    assert abs(row.arrived_at - since(session, 20)) <= timedelta(minutes=1)
    text = page(desk, "attendance_person", session.pk, entry.pk)
    assert ("Ban bocor" in text, "terlambat" in text) == (True, True)


@pytest.mark.parametrize(("typed", "day"), [("23:10", 0), ("00:20", 1), ("06:30", 1)])
def test_attendance_person_takes_a_small_hour_for_the_morning_after(desk: Client, typed: str, day: int) -> None:
    batch, [entry] = running()
    zone, session = batch.program.agency.zone, first(batch)
    evening = datetime.combine(ago(days=3).astimezone(zone).date(), time(23, 30), zone)
    session.during = (evening, evening + timedelta(hours=8))
    session.save()
    desk.post(at("attendance_person", session.pk, entry.pk), {"kind": "arrived", "at": typed, "note": "Ban bocor"})
    arrived = Attendance.objects.get().arrived_at
    assert arrived is not None
    assert arrived == datetime.combine(evening.date() + timedelta(days=day), time.fromisoformat(typed), zone)


def test_attendance_person_refuses_a_time_that_has_not_come(desk: Client) -> None:
    batch, [entry] = running()
    session = first(batch)
    session.during = (ago(hours=30), ago(hours=20))
    session.save()
    values = {"kind": "arrived", "at": "", "note": "x"}
    answer = desk.post(at("attendance_person", session.pk, entry.pk), values)
    assert (answer.status_code, "Sesi sudah selesai" in answer.content.decode()) == (422, True)
    answer = desk.post(at("attendance_person", session.pk, entry.pk), {"at": "25:00", "note": "Tetap ada"})
    assert (answer.status_code, "Tetap ada" in answer.content.decode()) == (422, True)


def test_attendance_revoke_needs_a_reason_and_keeps_both(desk: Client) -> None:
    batch, [entry] = running()
    session = first(batch)
    [made] = note(mark(session, entry))
    assert made.mark_id is not None
    url = at("attendance_revoke", session.pk, made.mark_id)
    assert desk.post(url, {"reason": ""}).status_code == 422
    desk.post(url, {"reason": "Salah orang"})
    assert (Attendance.objects.count(), AttendanceMark.objects.count()) == (0, 2)
    assert desk.get(url).status_code == 404
    assert "ditarik" in page(desk, "attendance_person", session.pk, entry.pk)


def test_attendance_replace_passes_the_seat_to_the_first_in_line(desk: Client) -> None:
    batch = small_batch(quota=1)
    gone, came = people(batch, 2)
    session = first(batch)
    url = at("attendance_replace", session.pk, gone.pk)
    assert came.full_name in desk.get(url).content.decode()
    assert desk.post(url, {"came": came.pk, "reason": ""}).status_code == 422
    desk.post(url, {"came": came.pk, "reason": "Tidak datang"})
    assert (fresh(gone).seat, fresh(came).seat) == ("released", "held")


def test_attendance_sheet_ticks_who_is_present_and_keeps_what_is_read(desk: Client) -> None:
    session, [one, _two, three] = ended()
    text = page(desk, "attendance_sheet", session.pk)
    assert text.count(" checked>") == 2
    answer = desk.post(at("attendance_sheet", session.pk), {"signatures": "", "signed": [one.pk]})
    assert (answer.status_code, answer.content.decode().count(" checked>")) == (422, 1)
    desk.post(at("attendance_sheet", session.pk), {"signatures": "2", "signed": [one.pk, three.pk, 999]})
    text = page(desk, "attendance_sheet", session.pk)
    assert (text.count(" checked>"), text.count("Putuskan …")) == (2, 2)
    assert SignedSheet.objects.get().signatures == 2


def test_sheet_decide_and_sheet_settle_end_a_session(desk: Client) -> None:
    session, [one, two, three] = ended()
    desk.post(at("attendance_sheet", session.pk), {"signatures": "3", "signed": [one.pk, two.pk, three.pk]})
    refused = desk.post(at("sheet_settle", session.pk), follow=True).content.decode()
    assert "Putuskan dahulu setiap perbedaan." in refused
    url = at("sheet_decide", session.pk, three.pk)
    assert desk.post(url, {"verdict": "present", "reason": ""}).status_code == 422
    desk.post(url, {"verdict": "present", "reason": "Panitia melihatnya"})
    done = desk.post(at("sheet_settle", session.pk), {"note": ""}, follow=True).content.decode()
    assert "Kehadiran sesi ini sudah ditetapkan." in done
    assert states(session) == ["present 480"] * 3
    assert 'name="arrived"' not in page(desk, "attendance_session", session.pk)


def test_sheet_decide_tells_when_there_is_nothing_to_decide(desk: Client) -> None:
    session, [one, *_others] = ended()
    assert "Kertas dan catatan sama" in page(desk, "sheet_decide", session.pk, one.pk)


def test_sheet_settle_is_not_for_who_only_marks() -> None:
    session, _entries = ended()
    client = Client()
    client.force_login(cast.village_officer_here())
    assert "Kantor yang menetapkan" in page(client, "attendance_sheet", session.pk)
    assert client.post(at("sheet_settle", session.pk), {"note": "x"}).status_code == 403


def test_sheet_reopen_needs_a_reason(desk: Client) -> None:
    session, _entries = ended()
    actions.settle_sheet(session=session, note="Daftar hilang", by=cast.program_officer())
    assert desk.post(at("sheet_reopen", session.pk), {"reason": ""}).status_code == 422
    desk.post(at("sheet_reopen", session.pk), {"reason": "Ketemu"})
    assert SignedSheet.objects.get().settled_at is None


def test_sheet_scan_takes_a_pdf_and_gives_it_back_with_a_trace(desk: Client, own_folder: object) -> None:
    session, _entries = ended()
    paper = b"%PDF-1.4 x %%EOF"
    desk.post(at("sheet_scan", session.pk), {"file": SimpleUploadedFile("x.pdf", paper)})
    scan = SheetScan.objects.get()
    assert b"".join(desk.get(at("sheet_scan_file", scan.pk))) == paper
    assert AuditEntry.objects.latest("pk").action == "file.downloaded"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "Mohon pilih foto atau PDF dahulu."),
        (b"", "Mohon pilih foto atau PDF dahulu."),
        (b"%PDF-1.4 half", "tidak"),
        (b"x" * (5 * 1024 * 1024 + 1), "5 MB"),
        (b"MZ program", ""),
    ],
)
def test_sheet_scan_refuses_what_is_no_scan(desk: Client, content: bytes | None, said: str) -> None:
    session, _entries = ended()
    data = {} if content is None else {"file": SimpleUploadedFile("x.pdf", content)}
    answer = desk.post(at("sheet_scan", session.pk), data, follow=True).content.decode()
    assert (said in answer, SheetScan.objects.count()) == (True, 0)


def test_sheet_scan_file_of_another_office_is_not_there(own_folder: object) -> None:
    session, _entries = ended()
    scan = SheetScan.objects.create(
        session=session,
        stored=factories.stored_picture(cast.home_agency()),
        added_at=ago(),
        added_by=cast.program_officer(),
    )
    client = Client()
    client.force_login(cast.other_agency_officer())
    assert client.get(at("sheet_scan_file", scan.pk)).status_code == 404


def test_sheet_scan_remove_sets_aside(desk: Client, own_folder: object) -> None:
    session, _entries = ended()
    desk.post(at("sheet_scan", session.pk), {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.4 x %%EOF")})
    scan = SheetScan.objects.get()
    desk.post(at("sheet_scan_remove", scan.pk))
    assert at("sheet_scan_file", scan.pk) not in page(desk, "attendance_sheet", session.pk)


def test_door_case_counts_by_number_or_not_at_all(desk: Client) -> None:
    batch, [entry] = running()
    session = first(batch)
    note(mark(session, None, let_in=True, written="Warga Lupa Tiket"), mark(session, None, let_in=True, written="Tamu"))
    known, guest = DoorCase.objects.order_by("pk")
    url = at("door_case", known.pk)
    assert "Warga Lupa Tiket" in desk.get(url).content.decode()
    answer = desk.post(url, {"code": "ZZZZZZZZ", "counts": "yes", "note": "Lihat KTP"})
    assert (answer.status_code, "Tidak ada peserta angkatan ini" in answer.content.decode()) == (422, True)
    desk.post(url, {"code": entry.shown_code, "counts": "yes", "note": "Lihat KTP"})
    desk.post(at("door_case", guest.pk), {"code": "", "counts": "no", "note": "Tamu"})
    assert list(DoorCase.objects.values_list("state", flat=True)) == ["counted", "dismissed"]
    assert Attendance.objects.get().registration == entry


def test_attendance_board_lists_what_is_over_until_it_is_settled(desk: Client) -> None:
    session, _entries = ended()
    assert at("attendance_sheet", session.pk) in page(desk, "attendance_board")
    actions.settle_sheet(session=session, note="Tanpa kertas", by=cast.program_officer())
    assert "Semua sudah ditetapkan" in page(desk, "attendance_board")


def test_attendance_batch_tells_who_took_part_enough(desk: Client) -> None:
    session, [one, _two, three] = ended()
    batch = session.batch
    actions.recompute_completions(batch=batch)
    text = page(desk, "attendance_batch", batch.pk)
    assert ("paling sedikit 80%" in text, text.count("belum cukup"), one.full_name in text) == (True, 3, True)
    type(batch.program).objects.update(attendance_share=50)
    actions.recompute_completions(batch=batch)
    short = page(desk, "attendance_batch", batch.pk, kurang="1")
    assert (one.full_name in short, three.full_name in short) == (False, True)


def test_attendance_batch_before_anything_was_marked_says_so(desk: Client) -> None:
    assert "Belum ada yang ditampilkan" in page(desk, "attendance_batch", small_batch().pk)
