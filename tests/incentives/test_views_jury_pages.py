"""Each page of the jury for itself: what it shows, and what it refuses."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from incentives import queries
from incentives.models import Conflict, Juror
from tests.incentives import made
from tests.incentives.sitting import browser, ready, sheet_of, sitting, submit
from tests.incentives.test_views_jury import form, office

pytestmark = pytest.mark.django_db


def url(name: str, *args: Any) -> str:
    return reverse(f"incentives:{name}", args=args)


def test_juror_create_says_beside_the_field_what_is_wrong() -> None:
    competition = made.competition()
    typed = {"name": "Ibu Ratna", "username": "tidak.ada", "nik": "3375"}
    answer = office().post(url("juror_create", competition.pk), typed)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"username", "nik"})
    assert "Ibu Ratna" in answer.content.decode()
    assert competition.jurors.count() == 0


def test_juror_assign_deals_out_once() -> None:
    competition, _jurors = sitting(jurors=3, entries=2)
    made.entry(competition, position=3)
    for _time in range(2):
        assert office().post(url("juror_assign", competition.pk)).url == url("juror_list", competition.pk)
        assert competition.sheets.count() == 9


def test_juror_training_makes_one_entry_for_all() -> None:
    competition, _jurors = sitting()
    asked = url("juror_training", competition.pk)
    assert office().post(asked, {"title": ""}).status_code == 422
    assert office().post(asked, {"title": "Keripik contoh", "summary": "Usaha contoh."}).status_code == 302
    assert competition.entries.get(is_training=True).sheets.count() == 3
    assert office().post(asked, {"title": "Lagi", "summary": "Dua."}).status_code == 422


def test_juror_invite_shows_the_link_once_and_takes_no_get() -> None:
    juror = made.juror(made.competition())
    asked = url("juror_invite", juror.pk)
    assert office().get(asked).status_code == 405
    assert "/juri/undangan/" in office().post(asked).content.decode()


def test_juror_chair_passes_the_chair_on() -> None:
    competition, [first, second, _third] = sitting()
    assert office().post(url("juror_chair", second.pk)).url == url("juror_list", competition.pk)
    assert list(competition.jurors.filter(is_chair=True)) == [second]
    assert first != second


def test_juror_withdraw_asks_why_and_ends_the_devices() -> None:
    _competition, [_chair, juror, _third] = sitting()
    phone, asked = browser(juror), url("juror_withdraw", juror.pk)
    assert office().post(asked, {"reason": ""}).status_code == 422
    assert phone.get(url("jury_home")).status_code == 200
    assert office().post(asked, {"reason": "Sakit"}).status_code == 302
    assert phone.get(url("jury_home")).url == url("jury_door")


def test_juror_conflict_is_decided_with_a_reason() -> None:
    _competition, [juror, *_others] = sitting()
    sheet = sheet_of(juror)
    conflict = Conflict.objects.create(juror=juror, entry=sheet.entry, kind="region", state="suggested")
    asked = url("juror_conflict", conflict.pk)
    assert office().get(asked).status_code == 200
    assert office().post(asked, {"reason": ""}).status_code == 422
    conflict.refresh_from_db()
    assert conflict.state == "suggested"


def test_pitch_day_tells_progress_and_its_part_alone() -> None:
    competition, jurors = sitting(entries=2)
    submit(sheet_of(jurors[0]))
    page = office().get(url("pitch_day", competition.pk)).content.decode()
    part = office().get(url("pitch_day", competition.pk), headers={"HX-Request": "true"}).content.decode()
    for entry in competition.entries.all():
        assert (entry.business_name in page, entry.business_name in part) == (True, True)
    assert ("<html" in page, "<html" in part) == (True, False)


def test_wall_opens_by_its_own_address_alone() -> None:
    competition, _jurors = sitting(entries=1)
    key = queries.wall_key(competition.pk)
    assert Client().get(url("wall", competition.pk, key)).status_code == 200
    assert Client().get(url("wall", competition.pk, key[:-1] + ("a" if key[-1] != "a" else "b"))).status_code == 404


def test_wall_now_is_silent_while_nobody_pitches() -> None:
    competition, _jurors = sitting(entries=1)
    said = Client().get(url("wall_now", competition.pk, queries.wall_key(competition.pk))).json()
    assert (said["name"], said["seconds"], said["held"]) == ("", None, 0)
    assert Client().get(url("wall_now", competition.pk, "x" * 24)).status_code == 404


def test_jury_home_lists_the_own_sheets_alone() -> None:
    competition, [_chair, juror, _third] = sitting(entries=2)
    submit(sheet_of(juror))
    answer = browser(juror).get(url("jury_home"))
    assert (answer.context["done"], answer.context["due"]) == (1, 2)
    assert {one.sheet.juror_id for one in answer.context["sheets"]} == {juror.pk}
    assert Client().get(url("jury_home")).url == url("jury_door")


def test_jury_leave_forgets_the_phone() -> None:
    juror = ready(made.competition())
    phone = browser(juror)
    assert phone.get(url("jury_leave")).status_code == 405
    assert phone.post(url("jury_leave")).url == url("jury_door")
    assert phone.get(url("jury_home")).url == url("jury_door")


def test_jury_declare_without_the_tick_is_no_declaration() -> None:
    _competition, [juror, *_others] = sitting()
    Juror.objects.update(declared_at=None)
    sheet = sheet_of(juror)
    refused = browser(juror).post(url("jury_declare"), {f"kind_{sheet.entry_id}": "family"})
    assert refused.status_code == 422
    juror.refresh_from_db()
    assert (juror.declared_at, Conflict.objects.count()) == (None, 0)


def test_jury_file_of_another_sheet_is_not_found() -> None:
    _competition, [juror, *_others] = sitting()
    assert browser(juror).get(url("jury_file", sheet_of(juror).pk, 1)).status_code == 404


def test_jury_send_asks_once_more_before_it_counts() -> None:
    _competition, [juror, *_others] = sitting()
    sheet = sheet_of(juror)
    page = browser(juror).get(url("jury_send", sheet.pk))
    assert page.status_code in {200, 302}
    sheet.refresh_from_db()
    assert sheet.state == "assigned"
    assert browser(juror).post(url("jury_send", sheet.pk), form(sheet, "")).status_code == 422
    sheet.refresh_from_db()
    assert sheet.state in {"assigned", "draft"}


def test_jury_board_counts_what_is_missing() -> None:
    _competition, [chair, juror, _third] = sitting(entries=2)
    submit(sheet_of(juror))
    assert browser(chair).get(url("jury_board")).status_code == 200
    assert browser(juror).get(url("jury_board")).url == url("jury_home")


def test_jury_entry_of_another_competition_is_not_found() -> None:
    _competition, [chair, *_others] = sitting()
    foreign = made.entry(made.competition())
    assert browser(chair).get(url("jury_entry", foreign.pk)).status_code == 404


def test_jury_correct_asks_for_a_reason() -> None:
    _competition, [chair, juror, _third] = sitting()
    submit(sheet_of(chair))
    sheet = submit(sheet_of(juror))
    asked = url("jury_correct", sheet.pk)
    assert browser(chair).post(asked, form(sheet, "70", reason="")).status_code == 422
    assert sheet.events.filter(kind="corrected").count() == 0
    assert browser(chair).post(asked, form(sheet, "70", reason="Salah ketik")).url == url("jury_entry", sheet.entry_id)
    assert sheet.events.get(kind="corrected").reason == "Salah ketik"
