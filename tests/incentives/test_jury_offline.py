"""What a juror's phone is told to keep, whose it is and until when."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from incentives import actions, queries
from incentives.models import Competition, Juror
from incentives.rules.jury import pages_until
from incentives.views.jury_doors import MARK
from incentives.views.jury_offline import PARTS, WORKER, kept_pages
from tests import cast
from tests.incentives.sitting import browser, sheet_of, sitting, submit

WIB = ZoneInfo("Asia/Jakarta")
MORNING = datetime(2026, 11, 22, 8, tzinfo=WIB)


@pytest.mark.parametrize(
    ("held_on", "until"),
    [
        (date(2026, 11, 22), datetime(2026, 11, 23, tzinfo=WIB)),
        (date(2026, 11, 24), datetime(2026, 11, 25, tzinfo=WIB)),
        (date(2026, 12, 24), datetime(2026, 11, 25, 8, tzinfo=WIB)),
        (date(2026, 11, 20), datetime(2026, 11, 23, tzinfo=WIB)),
        (None, datetime(2026, 11, 23, tzinfo=WIB)),
    ],
)
def test_pages_are_kept_until_the_end_of_the_day_of_the_pitches(held_on: date | None, until: datetime) -> None:
    assert pages_until(held_on, MORNING) == until


def told(juror: Juror) -> dict[str, Any]:
    known = queries.serving_juror(juror.pk)
    assert known is not None
    return kept_pages(known, queries.own_sheets(known))


@pytest.mark.django_db
def test_only_open_sheets_are_kept_and_nothing_after_the_lock() -> None:
    competition, (juror, other, _third) = sitting()
    first, second = sheet_of(juror), sheet_of(juror, 1)
    before = told(juror)
    assert (set(before["pages"]), before["open"]) == (
        {f"/juri/lembar/{first.pk}/", f"/juri/lembar/{second.pk}/"},
        2,
    )
    submit(first)
    after = told(juror)
    assert (list(after["pages"]), after["open"]) == ([f"/juri/lembar/{second.pk}/"], 1)
    Juror.objects.filter(pk=other.pk).update(declared_at=None)
    assert (told(other)["pages"], told(other)["until"]) == ({}, 0)
    Competition.objects.filter(pk=competition.pk).update(locked_at=timezone.now())
    assert (told(juror)["pages"], told(juror)["until"]) == ({}, 0)


@pytest.mark.django_db
def test_a_page_looks_otherwise_after_each_save_and_the_training_comes_alone() -> None:
    competition, (juror, *_others) = sitting(jurors=1)
    sheet = sheet_of(juror)
    page = f"/juri/lembar/{sheet.pk}/"
    before = told(juror)["pages"][page]
    assert told(juror)["pages"][page] == before
    actions.save_sheet(sheet=sheet, given=actions.SheetInput(scores={}, note="x", revision=0))
    assert told(juror)["pages"][page] != before
    actions.make_training_entry(competition=competition, title="Contoh", summary="x" * 300, by=cast.program_officer())
    training = juror.sheets.get(entry__is_training=True)
    assert (list(told(juror)["pages"]), told(juror)["open"]) == ([f"/juri/lembar/{training.pk}/"], 3)


@pytest.mark.django_db
def test_every_answer_tells_whose_device_it_is_without_telling_who() -> None:
    _competition, (juror, other, _third) = sitting()
    client, sheet = browser(juror), sheet_of(juror)
    mark = client.get("/juri/")[MARK]
    assert len(mark) == 16
    assert client.get(f"/juri/lembar/{sheet.pk}/")[MARK] == client.get("/juri/masuk/")[MARK] == mark
    assert browser(other).get("/juri/")[MARK] not in {mark, "-"}
    assert Client().get("/juri/")[MARK] == Client().get("/juri/masuk/")[MARK] == "-"
    asked = {"Accept": "application/json"}
    assert Client().post(f"/juri/lembar/{sheet.pk}/simpan/", headers=asked)[MARK] == "-"
    assert client.post("/juri/keluar/")[MARK] == "-"
    actions.invite_juror(juror=juror, by=cast.program_officer())
    assert browser(Juror.objects.get(pk=juror.pk)).get("/juri/")[MARK] != mark, "a new link ends what lay here"


@pytest.mark.django_db
def test_jury_worker_names_every_part_and_nobody(client: Client) -> None:
    text = client.get("/juri/pekerja.js").content.decode()
    assert [name for name in (*PARTS, *WORKER) if finders.find(name) is None] == []
    assert [name for name in (*PARTS, *WORKER) if f"/static/{name}" not in text] == []


@pytest.mark.django_db
def test_list_of_jurors_asks_few_queries_with_all_of_it(django_assert_max_num_queries: Any) -> None:
    _competition, (juror, *_others) = sitting(jurors=1, entries=12)
    client = browser(juror)
    with django_assert_max_num_queries(14):
        assert client.get("/juri/").content.count(b"data-sheet=") == 12


@pytest.mark.django_db
def test_jury_lost_is_the_same_for_everybody() -> None:
    _competition, (juror, *_others) = sitting(jurors=1)
    page = browser(juror).get("/juri/luring/").content.decode()
    assert ("Tidak ada jaringan" in page, juror.name in page) == (True, False)
