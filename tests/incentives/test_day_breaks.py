"""Breaks of the day of the presentations: on the page of the order and on the run sheet, as they were typed."""

from datetime import date, time

import pytest
from django.test import Client

from incentives import actions
from incentives.models import Competition, Entry
from programs.models import Batch
from tests import cast
from tests.incentives import made
from tests.incentives.pitching import attendee


@pytest.fixture
def competition(batch: Batch) -> Competition:
    found = made.competition(batch)
    Competition.objects.filter(pk=found.pk).update(held_on=date(2027, 3, 2), begins_at=time(9))
    return Competition.objects.get(pk=found.pk)


@pytest.fixture
def desk(client: Client, batch: Batch) -> Client:
    client.force_login(cast.program_officer())
    return client


def admitted(competition: Competition, batch: Batch, count: int) -> list[Entry]:
    return [made.entry(competition, attendee(batch)) for _number in range(count)]


def test_entry_run_sheet_has_hours_and_breaks(desk: Client, competition: Competition, batch: Batch) -> None:
    admitted(competition, batch, 2)
    breaks = [(time(9, 15), time(9, 45))]
    actions.plan_times(competition=competition, breaks=breaks, by=cast.program_officer())
    page = desk.get(f"/kerja/lomba/{competition.pk}/usaha/urutan/cetak/").content.decode()
    assert all(hour in page for hour in ("09.00", "09.45", "10.00"))


def test_entry_order_gives_back_the_break_that_was_typed(desk: Client, competition: Competition, batch: Batch) -> None:
    """The presentation before it ends at 9.15, and another falls out: neither moves the break."""
    _first, _second, third, _last = admitted(competition, batch, 4)
    address = f"/kerja/lomba/{competition.pk}/usaha/urutan/"
    assert desk.get(address).context["form"]["until"].value() is None
    assert desk.post(address, {"from_1": "09:20", "to_1": "09:45", "until": "11:30"}).status_code == 302
    Entry.objects.filter(pk=third.pk).update(state="withdrawn", ended_reason="Sakit", position=None)
    page = desk.get(address)
    form = page.context["form"]
    found = [(start.value(), end.value()) for start, end in form.pairs if start.value()]
    assert (found, form["until"].value()) == ([(time(9, 20), time(9, 45))], time(11, 30))
    sheet = desk.get(f"{address}cetak/").content.decode()
    assert ["09.20–09.45" in page.content.decode(), "09.20–09.45" in sheet] == [True, True]
    assert desk.post(address, {}).status_code == 302
    again = desk.get(address).context["form"]
    assert [start.value() for start, _end in again.pairs if start.value()] == []
