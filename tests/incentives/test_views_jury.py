"""The pages of jurors, of the chair and of the pitch day."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from incentives import actions, queries
from incentives.models import Competition, Entry, Juror, Score, ScoreSheet
from tests import cast
from tests.incentives import made
from tests.incentives.sitting import CODES, PIN, browser, ready, send, sheet_of, sitting, submit

pytestmark = pytest.mark.django_db
Counts = Any


def form(sheet: ScoreSheet, value: str = "80", **more: Any) -> dict[str, Any]:
    sheet.refresh_from_db()
    scores = {f"score_{code}": value for code in CODES}
    return {"revision": sheet.revision, "client_id": str(uuid.uuid4()), "note": "Rapi", **scores, **more}


def test_jury_link_lets_in_once_and_knows_the_phone_afterwards() -> None:
    competition, _jurors = sitting()
    juror = made.juror(competition)
    token = actions.invite_juror(juror=juror, by=cast.program_officer())
    client, url = Client(), reverse("incentives:jury_link", args=[token])
    assert client.get(url).status_code == 200
    assert client.post(url, {"pin": PIN, "again": "274914"}).status_code == 422
    assert client.post(url, {"pin": PIN, "again": PIN})["Location"] == reverse("incentives:jury_home")
    assert juror.name in client.get(reverse("incentives:jury_home")).content.decode()
    assert "pin" not in Client().get(url).context["form"].data
    assert Client().get(url).context["juror"] is None
    actions.invite_juror(juror=juror, by=cast.program_officer())
    assert client.get(reverse("incentives:jury_home"))["Location"] == reverse("incentives:jury_door")


def test_jury_door_takes_number_and_pin() -> None:
    juror = ready(made.competition())
    client, url = Client(), reverse("incentives:jury_door")
    data = {"number": queries.juror_number(juror.pk), "pin": "111222"}
    assert client.post(url, data).status_code == 422
    assert client.post(url, data | {"pin": PIN})["Location"] == reverse("incentives:jury_home")
    assert client.post(reverse("incentives:jury_leave")).status_code == 302
    assert client.get(reverse("incentives:jury_home")).status_code == 302


def test_jury_pages_of_another_competition_are_not_there() -> None:
    _competition, jurors = sitting()
    _other, others = sitting()
    sheet = sheet_of(jurors[0])
    for stranger in (others[0], jurors[1]):
        client = browser(stranger)
        for name in ("jury_sheet", "jury_send", "jury_recuse"):
            assert client.get(reverse(f"incentives:{name}", args=[sheet.pk])).status_code == 404
        assert send(client, sheet).status_code == 404
    assert ScoreSheet.objects.filter(state="assigned").count() == ScoreSheet.objects.count()


def test_jury_sheet_works_without_javascript() -> None:
    competition, [juror, *_others] = sitting()
    client, sheet = browser(juror), sheet_of(juror)
    url = reverse("incentives:jury_sheet", args=[sheet.pk])
    assert client.post(url, form(sheet, score_finance=""))["Location"] == url
    refused = client.post(url, form(sheet, "130"))
    assert (refused.status_code, 'value="130"' in refused.content.decode()) == (422, True)
    to_send = reverse("incentives:jury_send", args=[sheet.pk])
    assert client.post(url, form(sheet, "81.5", send="1"))["Location"] == to_send
    page = client.get(to_send).content.decode()
    assert page.count('value="81.5"') == 5
    assert client.post(to_send, form(sheet, "81.5"))["Location"] == reverse("incentives:jury_home")
    sheet.refresh_from_db()
    assert (sheet.state, sheet.note) == ("submitted", "Rapi")
    assert "score-number" not in client.get(url).content.decode()


def test_jury_sheet_opens_after_declaration_and_training() -> None:
    competition, [juror, *_others] = sitting()
    client, sheet = browser(juror), sheet_of(juror)
    url = reverse("incentives:jury_sheet", args=[sheet.pk])
    Juror.objects.update(declared_at=None)
    assert client.get(url)["Location"] == reverse("incentives:jury_declare")
    declared = client.post(reverse("incentives:jury_declare"), {f"kind_{sheet.entry_id}": "family", "confirmed": "on"})
    assert declared["Location"] == reverse("incentives:jury_home")
    sheet.refresh_from_db()
    assert sheet.state == "recused"
    actions.make_training_entry(competition=competition, title="Contoh", summary="x", by=cast.program_officer())
    other = sheet_of(juror, 1)
    assert client.get(reverse("incentives:jury_sheet", args=[other.pk]))["Location"] == reverse("incentives:jury_home")
    assert send(client, other).json()["error"] == "not_yet"
    submit(juror.sheets.get(entry__is_training=True))
    assert client.get(reverse("incentives:jury_sheet", args=[other.pk])).status_code == 200


def test_jury_save_answers_both_versions_when_another_device_was_first() -> None:
    _competition, [juror, *_others] = sitting()
    client, sheet = browser(juror), sheet_of(juror)
    assert send(client, sheet, {"model": "70"}, device="a").json()["saved"]["revision"] == 1
    answer = send(client, sheet, {"model": "90"}, device="b")
    assert (answer.status_code, answer.json()["error"]) == (409, "stale")
    assert answer.json()["theirs"]["scores"] == {"model": "70"}
    key = str(uuid.uuid4())
    for _time in range(2):
        assert send(client, sheet, revision=1, device="a", client_id=key).json()["saved"]["state"] == "submitted"
    late = send(client, sheet, revision=1, device="b", client_id=str(uuid.uuid4()))
    assert (late.status_code, late.json()["error"]) == (409, "submitted")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"scores": {"model": true}, "revision": 0}', b'{"scores": 3}'])
def test_jury_save_refuses_what_is_no_sheet(body: bytes) -> None:
    _competition, [juror, *_others] = sitting()
    url = reverse("incentives:jury_save", args=[sheet_of(juror).pk])
    assert browser(juror).post(url, body, content_type="application/json").status_code == 422
    answer = Client().post(url, body, content_type="application/json", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()) == (401, {"error": "signed_out"})


def test_jury_recuse_closes_the_sheet() -> None:
    _competition, [juror, *_others] = sitting()
    sheet = sheet_of(juror)
    url = reverse("incentives:jury_recuse", args=[sheet.pk])
    data = {"kind": "abstain", "note": "", "client_id": str(uuid.uuid4())}
    assert browser(juror).post(url, data).status_code == 422
    assert browser(juror).post(url, data | {"kind": "mentor"}).status_code == 302
    sheet.refresh_from_db()
    assert sheet.state == "recused"


def test_jury_entry_shows_others_scores_to_the_chair_alone_and_after_the_own_sheet() -> None:
    competition, [chair, juror, _third] = sitting()
    submit(sheet_of(juror), (91.25, 91.25, 91.25, 91.25, 91.25))
    sheet = sheet_of(chair)
    board, entry = reverse("incentives:jury_board"), reverse("incentives:jury_entry", args=[sheet.entry_id])
    assert browser(juror).get(board)["Location"] == reverse("incentives:jury_home")
    assert browser(juror).get(entry)["Location"] == reverse("incentives:jury_home")
    assert browser(chair).get(entry)["Location"] == board
    correct = reverse("incentives:jury_correct", args=[sheet_of(juror).pk])
    assert browser(chair).get(correct).status_code == 404
    submit(sheet)
    assert "91,25" in browser(chair).get(entry).content.decode()
    assert "11,25" in browser(chair).get(board).content.decode()
    data = form(sheet_of(juror), "70", reason="Salah ketik")
    assert browser(chair).post(correct, data)["Location"] == entry
    assert "Salah ketik" in browser(chair).get(entry).content.decode()


@pytest.mark.parametrize("who", [cast.program_officer, cast.verifier, cast.treasurer, cast.division_head, cast.auditor])
def test_no_page_of_the_office_shows_a_score_before_the_lock(who: Any) -> None:
    competition, jurors = sitting()
    for juror in jurors:
        submit(sheet_of(juror), (91.25, 91.25, 91.25, 91.25, 91.25))
    client = Client()
    client.force_login(who())
    for name in ("juror_list", "pitch_day"):
        answer = client.get(reverse(f"incentives:{name}", args=[competition.pk]))
        page = answer.content.decode()
        told = [score for score in ("91,25", "91.25") if score in page]
        assert (answer.status_code, told) == (200, [])
    assert ScoreSheet.objects.visible_to(who()).count() == 0


def test_jury_home_lists_the_own_entries_in_order_and_says_who_is_on() -> None:
    competition, [juror, *_others] = sitting(entries=3)
    first, second, third = queries.judged(competition)
    actions.start_pitch(entry=second, by=cast.program_officer())
    ScoreSheet.objects.filter(juror=juror, entry=third).delete()
    page = browser(juror).get(reverse("incentives:jury_home"))
    assert [(one.name, one.now) for one in page.context["sheets"]] == [
        (first.business_name, False),
        (second.business_name, True),
    ]


def test_jury_leave_forgets_the_device() -> None:
    client = browser(ready(made.competition()))
    assert client.get(reverse("incentives:jury_home")).status_code == 200
    client.post(reverse("incentives:jury_leave"))
    assert client.get(reverse("incentives:jury_home"))["Location"] == reverse("incentives:jury_door")


def test_jury_declare_asks_for_the_tick_and_keeps_what_was_chosen() -> None:
    _competition, [juror, *_others] = sitting(entries=2)
    Juror.objects.update(declared_at=None)
    client, url, sheet = browser(juror), reverse("incentives:jury_declare"), sheet_of(juror)
    assert client.post(url, {f"kind_{sheet.entry_id}": "mentor"}).status_code == 422
    assert client.post(url, {f"kind_{sheet.entry_id}": "mentor", "confirmed": "on"}).status_code == 302
    assert list(juror.conflicts.values_list("kind", "state", "declared")) == [("mentor", "holds", True)]
    assert sheet_of(juror, 1).state == "assigned"


def test_jury_send_shows_the_scores_and_closes_them_once() -> None:
    _competition, [juror, *_others] = sitting()
    client, sheet = browser(juror), sheet_of(juror)
    url = reverse("incentives:jury_send", args=[sheet.pk])
    data = form(sheet, "82.5")
    assert [client.post(url, data).status_code for _time in range(2)] == [302, 302]
    assert client.post(url, data | {"client_id": str(uuid.uuid4())}).status_code == 422
    assert sheet.events.count() == 1


def test_jury_file_is_one_of_the_own_entry_or_nothing() -> None:
    _competition, [juror, *_others] = sitting()
    sheet = sheet_of(juror)
    assert browser(juror).get(reverse("incentives:jury_file", args=[sheet.pk, 1])).status_code == 404
    assert Client().get(reverse("incentives:jury_file", args=[sheet.pk, 1])).status_code == 302


def test_jury_correct_needs_a_reason_and_the_revision_that_was_seen() -> None:
    _competition, [chair, juror, _third] = sitting()
    submit(sheet_of(chair))
    submit(sheet_of(juror))
    client, url = browser(chair), reverse("incentives:jury_correct", args=[sheet_of(juror).pk])
    data = form(sheet_of(juror), "70")
    assert client.post(url, data).status_code == 422
    assert client.post(url, data | {"reason": "Tertukar", "revision": 7}).status_code == 422
    assert client.post(url, data | {"reason": "Tertukar"}).status_code == 302


def test_blind_jury_sees_codes() -> None:
    competition, [juror, *_others] = sitting(entries=1, is_blind=True)
    entry, client = competition.entries.get(), browser(juror)
    pages = [reverse("incentives:jury_home"), reverse("incentives:jury_sheet", args=[sheet_of(juror).pk])]
    submit(sheet_of(juror))
    of_the_chair = [
        reverse("incentives:jury_board"),
        reverse("incentives:jury_entry", args=[entry.pk]),
        reverse("incentives:jury_correct", args=[sheet_of(juror).pk]),
    ]
    for url in [*pages, *of_the_chair, reverse("incentives:jury_declare")]:
        page = client.get(url).content.decode()
        assert (entry.code in page, entry.business_name in page) == (True, False)


def whole_jury() -> tuple[Competition, Juror]:
    """300 entries x 9 jurors, every sheet submitted."""
    competition = made.competition()
    jurors = [ready(competition, is_chair=number == 0) for number in range(9)]
    edition, now = competition.edition, timezone.now()
    assert edition is not None

    by = cast.verifier()
    stamp = {"state": "admitted", "submitted_at": now, "checked_at": now, "checked_by": by}
    entries = Entry.objects.bulk_create(
        Entry(competition=competition, business_name=f"Usaha {n}", code=f"{n:04d}", position=n, **stamp)
        for n in range(300)
    )
    sheets = ScoreSheet.objects.bulk_create(
        ScoreSheet(competition=competition, juror=juror, entry=entry, edition=edition, submitted_at=now)
        for entry in entries
        for juror in jurors
    )
    criteria = list(edition.criteria.all())
    Score.objects.bulk_create(
        Score(sheet=sheet, criterion=one, value=Decimal(60 + (sheet.pk * 7 + one.pk) % 40))
        for sheet in sheets
        for one in criteria
    )
    competition.sheets.update(state="submitted")
    return competition, jurors[0]


def test_jury_board_asks_the_same_number_of_queries_however_many_entries(
    django_assert_max_num_queries: Counts, django_assert_num_queries: Counts
) -> None:
    _small, [chair, *_others] = sitting(entries=1)
    submit(sheet_of(chair))
    client, url = browser(chair), reverse("incentives:jury_board")
    client.get(url)
    with django_assert_max_num_queries(15) as few:
        assert client.get(url).status_code == 200
    _large, chair = whole_jury()
    client = browser(chair)
    with django_assert_num_queries(len(few)):
        page = client.get(url)
    assert page.content.decode().count("<tr") == 301
    sheet = reverse("incentives:jury_sheet", args=[sheet_of(chair).pk])
    for own in (reverse("incentives:jury_home"), sheet):
        with django_assert_max_num_queries(14):
            assert client.get(own).status_code == 200
