"""The pages of rollout plans and holidays, pressed as staff press them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participants.models import Registration, RegistrationEvent, Seat
from programs import actions
from programs.models import Batch, Holiday, Rollout, RolloutRow
from tests import cast, factories
from tests.programs.rollout import equipped, planned, villages

pytestmark = pytest.mark.django_db

HEAD = {
    "area": "33.75",
    "level": "4",
    "name": "Rencana",
    "first_day": "2030-07-01",
    "last_day": "2030-08-27",
    "days": "2",
    "parallel": "3",
    "weekdays": ["0", "1", "2", "3", "4"],
    "reach": "13",
    "prayer_begin": "11:30",
    "prayer_end": "13:00",
    "quota": "40",
    "waiting_quota": "10",
    "opens_on": "2030-06-10",
    "closes_before": "3",
}
ROWS = {
    "rows": "2",
    "row0-day": "1",
    "row0-begin": "08:00",
    "row0-end": "12:00",
    "row0-kind": "training",
    "row1-day": "2",
    "row1-begin": "08:00",
    "row1-end": "12:00",
    "row1-kind": "training",
}
FUTURE = {"first_day": date(2030, 7, 1), "last_day": date(2030, 8, 27), "opens_on": date(2030, 6, 10)}


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(cast.program_officer())
    return client


def proposed(**values: Any) -> Rollout:
    return actions.propose_rollout(rollout=planned(**(FUTURE | values)), by=cast.program_officer())


def row_of(rollout: Rollout, name: str = "Bendan Kergon") -> RolloutRow:
    return rollout.rows.get(region__name=name)


def revision(rollout: Rollout) -> int:
    return Rollout.objects.get(pk=rollout.pk).revision


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    response = client.get(reverse(f"programs:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_rollout_create_proposes_every_kelurahan(officer: Client) -> None:
    program = equipped()
    response = officer.post(reverse("programs:rollout_create"), HEAD | ROWS | {"program": program.pk})
    rollout = Rollout.objects.get()
    assert response["Location"] == rollout.get_absolute_url()
    assert (rollout.rows.count(), rollout.pattern.count(), rollout.evenly) == (27, 2, False)
    assert list(rollout.pattern.values_list("lesson_hours", flat=True)) == [5, 5]
    shown = page(officer, "rollout_detail", rollout.pk)
    assert shown.count('data-row="') == 54
    assert shown.count('class="plan-week') == 1 + 9


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"last_day": "2030-06-01"}, "The window ends before it begins."),
        ({"last_day": "2033-06-01"}, "A plan spans two years at most."),
        ({"weekdays": []}, "Choose at least one day of the week."),
        ({"area": "Nirwana"}, "We do not know this region. Please check the spelling."),
        ({"prayer_end": ""}, "Give both hours, or neither."),
        (
            {"row1-day": "1", "row1-begin": "13:00", "row1-end": "14:00"},
            "Each of the 2 days needs at least one session",
        ),
        ({"row1-end": "07:00"}, "A session needs a beginning and a later end."),
        ({"row0-friday_begin": "08:00"}, "Give both hours, or neither."),
        ({"opens_on": "2031-06-01"}, "Registration opens after the window has ended."),
        ({"parallel": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"first_day": "2030-02-30"}, "This date does not exist."),
        ({"level": "1"}, "Please choose one of the list."),
    ],
)
def test_rollout_create_says_what_is_wrong_and_keeps_what_was_typed(
    officer: Client, wrong: dict[str, Any], said: str
) -> None:
    officer.cookies["django_language"] = "en"
    data = HEAD | ROWS | {"program": equipped().pk, "name": "Rencana saya"} | wrong
    response = officer.post(reverse("programs:rollout_create"), data)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert "Rencana saya" in response.content.decode()
    assert not Rollout.objects.exists()


def test_rollout_create_shows_one_more_row_without_judging(officer: Client) -> None:
    equipped()
    data = HEAD | ROWS | {"last_day": "", "add_row": "1", "name": "Setengah jadi"}
    response = officer.post(reverse("programs:rollout_create"), data)
    shown = response.content.decode()
    assert response.status_code == 200
    assert ("row2-day" in shown, "Setengah jadi" in shown, "error-summary" in shown) == (True, True, False)


def test_rollout_detail_lists_clashes_with_their_reasons(officer: Client) -> None:
    officer.cookies["django_language"] = "en"
    rollout = proposed(parallel=1)
    shown = page(officer, "rollout_detail", rollout.pk)
    assert "10 batches have to be put right first" in shown
    assert "On every day of the window as many batches run as are allowed at once." in shown
    listed = page(officer, "rollout_detail", rollout.pk, tampilan="daftar")
    assert listed.count('scope="row"') == 27


def test_rollout_propose_keeps_what_is_pinned(officer: Client) -> None:
    rollout = proposed()
    actions.move_row(row=row_of(rollout), to=date(2030, 8, 26), by=cast.program_officer())
    officer.post(reverse("programs:rollout_propose", args=[rollout.pk]))
    assert row_of(rollout).days[0] == date(2030, 8, 26)


def test_rollout_edit_keeps_what_is_pinned(officer: Client) -> None:
    rollout = proposed()
    officer.post(reverse("programs:rollout_row_move", args=[row_of(rollout).pk]), {"day": "2030-08-26"})
    assert row_of(rollout).fixed
    shown = page(officer, "rollout_edit", rollout.pk)
    assert 'value="2030-07-01"' in shown
    rollout.refresh_from_db()
    data = HEAD | ROWS | {"seen": rollout.revision, "parallel": "4"}
    officer.post(reverse("programs:rollout_edit", args=[rollout.pk]), data)
    officer.post(reverse("programs:rollout_propose", args=[rollout.pk]))
    rollout.refresh_from_db()
    assert (rollout.parallel, row_of(rollout).days[0]) == (4, date(2030, 8, 26))
    stale = officer.post(reverse("programs:rollout_edit", args=[rollout.pk]), data)
    assert stale.status_code == 422


@pytest.mark.parametrize("key", ["\u00b2", "9" * 5000, "9" * 30, "-1"])
def test_rollout_pages_take_no_strange_key(officer: Client, key: str) -> None:
    rollout = proposed()
    assert officer.get(reverse("programs:rollout_create"), {"program": key}).status_code == 200
    answer = officer.post(reverse("programs:rollout_edit", args=[rollout.pk]), HEAD | ROWS | {"seen": key})
    assert answer.status_code == 422


def test_rollout_row_move_says_why_not(officer: Client) -> None:
    officer.cookies["django_language"] = "en"
    row = row_of(proposed())
    for day, said in (
        ("2030-07-06", "no training day"),
        ("2031-01-06", "outside of the window"),
        ("x", "does not exist"),
    ):
        response = officer.post(reverse("programs:rollout_row_move", args=[row.pk]), {"day": day}, follow=True)
        assert said in response.content.decode()


def test_rollout_row_is_edited_and_pinned(officer: Client) -> None:
    rollout = proposed()
    row = row_of(rollout)
    first = row.sittings.first()
    assert first is not None
    data = {
        "quota": "30",
        "topics": [first.topic_id],
        "rows": "2",
        **{f"row{number}-day": day for number, day in enumerate(["2030-07-08", "2030-07-09"])},
        **{f"row{number}-begin": "09:00" for number in (0, 1)},
        **{f"row{number}-end": "11:00" for number in (0, 1)},
        "row0-venue": first.venue_id,
    }
    address = reverse("programs:rollout_row", args=[row.pk])
    assert officer.post(address, data).status_code == 302
    row.refresh_from_db()
    assert (row.quota, row.fixed, row.days) == (30, True, [date(2030, 7, 8), date(2030, 7, 9)])
    wrong = officer.post(address, data | {"row0-end": "08:00"})
    assert wrong.status_code == 422
    assert 'value="30"' in wrong.content.decode()
    assert officer.post(address, data | {"add_row": "1"}).content.decode().count('name="row') == 25


def test_rollout_row_free_lets_the_next_proposal_move_it(officer: Client) -> None:
    row = row_of(proposed())
    actions.move_row(row=row, to=date(2030, 8, 26), by=cast.program_officer())
    officer.post(reverse("programs:rollout_row_free", args=[row.pk]))
    row.refresh_from_db()
    assert not row.fixed


def test_rollout_row_remove_takes_the_region_out(officer: Client) -> None:
    rollout = proposed()
    officer.post(reverse("programs:rollout_row_remove", args=[row_of(rollout).pk]))
    assert rollout.rows.count() == 26
    officer.post(reverse("participants:rollout_apply", args=[rollout.pk]), {"seen": revision(rollout)})
    officer.post(reverse("programs:rollout_row_remove", args=[row_of(rollout, "Medono").pk]))
    assert rollout.rows.count() == 26


def test_rollout_regions_are_added_and_a_draft_is_discarded(officer: Client) -> None:
    rollout = proposed(regions=villages()[:2])
    address = reverse("programs:rollout_regions", args=[rollout.pk])
    assert officer.post(address, {"area": "Pekalongan Barat", "level": "4"}).status_code == 302
    assert rollout.rows.count() == 7
    again = officer.post(address, {"area": "Medono", "level": "0"})
    assert again.status_code == 422


def test_rollout_discard_keeps_the_plan_among_the_past(officer: Client) -> None:
    rollout = proposed(regions=villages()[:2])
    officer.post(reverse("programs:rollout_discard", args=[rollout.pk]))
    rollout.refresh_from_db()
    assert rollout.state == "discarded"
    assert rollout.name in page(officer, "rollout_list", state="ended")
    officer.post(reverse("programs:rollout_discard", args=[rollout.pk]))
    assert officer.post(reverse("programs:rollout_propose", args=[rollout.pk])).status_code == 302


def test_rollout_list_shows_plans_or_what_to_do(officer: Client) -> None:
    equipped()
    assert reverse("programs:rollout_create") in page(officer, "rollout_list")
    rollout = planned(regions=villages()[:1], program=factories.program(cast.home_agency()))
    assert rollout.name in page(officer, "rollout_list")
    assert rollout.name not in page(officer, "rollout_list", state="ended")


def test_rollout_apply_creates_and_publishes_all(officer: Client) -> None:
    rollout = proposed()
    address = reverse("participants:rollout_apply", args=[rollout.pk])
    assert officer.get(address).status_code == 200
    rollout.refresh_from_db()
    assert officer.post(address, {"seen": rollout.revision, "publish": "1"}).status_code == 302
    assert Batch.objects.filter(program=rollout.program, state="published").count() == 27
    assert officer.post(address, {"seen": rollout.revision}).status_code == 422


def test_rollout_apply_asks_about_open_points_and_refuses_clashes(officer: Client) -> None:
    officer.cookies["django_language"] = "en"
    program = equipped()
    program.agency.venues.filter(name="Balai Medono").delete()
    rollout = proposed(program=program)
    address = reverse("participants:rollout_apply", args=[rollout.pk])
    refused = officer.post(address, {"seen": rollout.revision})
    assert (refused.status_code, Batch.objects.filter(program=program).count()) == (422, 0)
    actions.add_holiday(agency=program.agency, day=row_of(rollout).days[0], name="Hari jadi", by=cast.program_officer())
    clash = officer.post(address, {"seen": rollout.revision, "complete_later": "1"})
    assert "is a holiday" in clash.content.decode()
    assert Batch.objects.filter(program=program).count() == 0


def test_rollout_again_tells_the_registered_of_the_batch_that_moves(officer: Client) -> None:
    rollout = proposed()
    officer.post(reverse("participants:rollout_apply", args=[rollout.pk]), {"seen": rollout.revision, "publish": "1"})
    batch = rollout.program.batches.get(slug="bendan-kergon")
    Batch.objects.filter(pk=batch.pk).update(registration_opens_at=timezone.now() - timedelta(days=1))
    entry = factories.registration(batch)
    officer.post(reverse("programs:rollout_again", args=[rollout.pk]))
    again = Rollout.objects.get(replaces=rollout)
    officer.post(reverse("programs:rollout_row_move", args=[row_of(again).pk]), {"day": "2030-08-26"})
    again.refresh_from_db()
    address = reverse("participants:rollout_apply", args=[again.pk])
    assert "Angkatan Bendan Kergon" in officer.get(address).content.decode()
    officer.post(address, {"seen": again.revision})
    again.refresh_from_db()
    assert again.state == "in_force"
    assert entry.events.filter(kind=RegistrationEvent.Kind.RESCHEDULED).count() == 1
    assert RegistrationEvent.objects.filter(kind="rescheduled").count() == 1
    assert page(officer, "rollout_detail", rollout.pk)


def test_rollout_pages_are_for_looking_to_others(client: Client) -> None:
    rollout = proposed()
    client.force_login(cast.village_officer_here())
    shown = page(client, "rollout_detail", rollout.pk)
    assert ("data-move" in shown, "terapkan" in shown) == (False, False)
    client.force_login(cast.other_agency_officer())
    assert client.get(reverse("programs:rollout_detail", args=[rollout.pk])).status_code == 404
    assert client.post(reverse("programs:rollout_row_move", args=[row_of(rollout).pk])).status_code == 404
    assert client.post(reverse("programs:holiday_fetch"), {"agency": rollout.program.agency.pk}).status_code == 403


def test_holiday_fetch_takes_over_a_year(officer: Client) -> None:
    agency = cast.home_agency()
    address = reverse("programs:holiday_fetch")
    officer.post(address, {"agency": agency.pk, "year": "2026"})
    assert Holiday.objects.filter(agency=agency).count() == 25
    assert officer.post(address, {"agency": agency.pk, "year": "x"}).status_code == 302


def test_holiday_switch_and_holiday_remove(officer: Client) -> None:
    agency, by = cast.home_agency(), cast.program_officer()
    actions.fetch_holidays(agency=agency, year=2026, by=by)
    leave = Holiday.objects.get(day=date(2026, 12, 24))
    officer.post(reverse("programs:holiday_switch", args=[leave.pk]))
    assert not Holiday.objects.get(pk=leave.pk).observed
    officer.post(reverse("programs:holiday_switch", args=[leave.pk]), {"observed": "1"})
    assert Holiday.objects.get(pk=leave.pk).observed


def test_holiday_remove_takes_only_days_of_the_office(officer: Client) -> None:
    agency, by = cast.home_agency(), cast.program_officer()
    actions.fetch_holidays(agency=agency, year=2026, by=by)
    own = actions.add_holiday(agency=agency, day=date(2026, 4, 1), name="Hari jadi kota", by=by)
    leave = Holiday.objects.get(day=date(2026, 12, 24))
    for holiday in (own, leave):
        officer.post(reverse("programs:holiday_remove", args=[holiday.pk]))
    assert list(Holiday.objects.filter(pk__in=[own.pk, leave.pk])) == [leave]


def test_holiday_list_adds_a_day_once(officer: Client) -> None:
    address = reverse("programs:holiday_list")
    assert "2026" in page(officer, "holiday_list", year="2026")
    assert officer.post(address, {"day": "2026-04-01", "name": "Hari jadi kota"}).status_code == 302
    assert officer.post(address, {"day": "2026-04-01", "name": "Lagi"}).status_code == 422
    assert "Hari jadi kota" in page(officer, "holiday_list", year="2026")


def test_batch_finish_releases_who_waits(officer: Client) -> None:
    batch = factories.batch(factories.program(cast.home_agency()), quota=1)
    held, waits = factories.registration(batch), factories.registration(batch)
    address = reverse("participants:batch_finish", args=[batch.pk])
    assert officer.post(address).status_code == 422
    for session in batch.sessions.all():
        days = timedelta(days=40)
        batch.sessions.filter(pk=session.pk).update(during=(session.during.lower - days, session.during.upper - days))
    assert officer.get(address).status_code == 200
    assert officer.post(address).status_code == 302
    batch.refresh_from_db()
    assert (batch.state, batch.seats_held, batch.waiting_count) == ("finished", 1, 0)
    seats = dict(Registration.objects.filter(batch=batch).values_list("pk", "seat"))
    assert seats == {held.pk: Seat.HELD, waits.pk: Seat.RELEASED}
    assert waits.events.filter(kind=RegistrationEvent.Kind.BATCH_FINISHED).exists()


def test_rollout_row_is_proposed_anew_with_other_topics(officer: Client) -> None:
    rollout = proposed()
    row, other = row_of(rollout), row_of(rollout, "Medono")
    days = other.days
    topics = list(rollout.program.agency.topics.order_by("pk")[:2])
    data = {"quota": "35", "topics": [topic.pk for topic in topics], "rows": "1", "propose": "1"}
    officer.post(reverse("programs:rollout_row", args=[row.pk]), data)
    row.refresh_from_db()
    taught = {sitting.topic for sitting in row.sittings.filter(kind="training")}
    assert (row.quota, row.fixed, len(row.days), taught) == (35, False, 2, set(topics))
    assert row_of(rollout, "Medono").days == days
