"""The office's batches: the list, one batch, and the changes that its people hear of."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import gettext as _
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEntry
from notifications.models import Message
from participants import actions
from participants.models import Offer, Registration
from programs.models import Batch, Venue
from tests import cast, factories
from tests.participants.desk import at_desk, doubtful, entries, errors, flash, url

# Session, person, roles, office; programmes; count, rows, topics; three for the figures; what the frame asks.
LIST_QUERIES = 13


def listed(response: Any) -> list[str]:
    return [row.batch.name for row in response.context["rows"]]


def test_batch_list_puts_what_needs_work_first(batch: Batch) -> None:
    program = batch.program
    factories.batch(program, name="Batal", slug="batal", state="cancelled", cancelled_at=timezone.now())
    factories.batch(program, name="Rencana", slug="rencana", state="planned")
    working = factories.batch(program, name="Perlu kerja", slug="kerja")
    factories.registration(working)
    client = at_desk(cast.program_officer())
    assert listed(client.get(url("batch_list"))) == ["Perlu kerja", "Bendan Kergon", "Rencana"]
    assert listed(client.get(url("batch_list"), {"state": "cancelled"})) == ["Batal"]
    newest_first = ["Perlu kerja", "Rencana", "Batal", "Bendan Kergon"]
    assert listed(client.get(url("batch_list"), {"state": "all"})) == newest_first


def test_batch_list_leaves_out_what_is_over_until_asked(batch: Batch) -> None:
    over = factories.batch(batch.program, name="Sudah lewat", slug="lewat", days=0)
    begin = timezone.now() - timedelta(days=3)
    over.sessions.create(during=(begin, begin + timedelta(hours=8)))
    client = at_desk(cast.program_officer())
    assert listed(client.get(url("batch_list"))) == ["Bendan Kergon"]
    assert "Sudah lewat" in listed(client.get(url("batch_list"), {"state": "published"}))


def test_batch_list_goes_page_by_page_in_its_order(batch: Batch) -> None:
    for number in range(34):
        factories.batch(batch.program, name=f"Angkatan {number}", slug=f"lagi-{number}", days=number % 3)
    client = at_desk(cast.program_officer())
    first = client.get(url("batch_list"))
    second = client.get(url("batch_list"), {"after": first.context["page"].next_key})
    back = client.get(url("batch_list"), {"before": second.context["page"].previous_key})
    assert (len(listed(first)), len(listed(second))) == (30, 5)
    assert listed(back) == listed(first)
    assert set(listed(first)) & set(listed(second)) == set()


def test_batch_list_is_searched_by_kelurahan_however_spelled(batch: Batch) -> None:
    factories.batch(batch.program, region=factories.MEDONO, name="Lain", slug="lain")
    client = at_desk(cast.program_officer())
    assert listed(client.get(url("batch_list"), {"q": "bendankergon"})) == ["Bendan Kergon"]
    assert listed(client.get(url("batch_list"), {"q": "lain"})) == ["Lain"]
    assert listed(client.get(url("batch_list"), {"q": "tidak ada"})) == []
    assert listed(client.get(url("batch_list"), {"program": "9999999"})) == ["Bendan Kergon", "Lain"]


def test_batch_list_shows_a_village_officer_the_own_kelurahan(batch: Batch) -> None:
    factories.batch(batch.program, region=factories.MEDONO, name="Medono", slug="medono")
    assert listed(at_desk(cast.village_officer_here()).get(url("batch_list"))) == ["Bendan Kergon"]
    assert listed(at_desk(cast.other_agency_officer()).get(url("batch_list"))) == []


def test_batch_list_tells_what_has_to_be_settled(batch: Batch) -> None:
    doubtful(batch)
    (row,) = at_desk(cast.program_officer()).get(url("batch_list")).context["rows"]
    assert (row.figures.pending, row.figures.doubtful, row.figures.duplicates) == (2, 1, 1)


@pytest.mark.parametrize("count", [1, 3])
def test_batch_list_costs_the_same_for_one_and_three_rows(
    count: int, batch: Batch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count - 1):
        factories.registration(factories.batch(batch.program, slug=f"b{number}"))
    factories.registration(batch)
    client = at_desk(cast.program_officer())
    with django_assert_num_queries(LIST_QUERIES):
        client.get(url("batch_list"))


def test_batch_desk_offers_the_step_that_comes_next(batch: Batch) -> None:
    client = at_desk(cast.program_officer())

    def step() -> str:
        return client.get(url("batch_desk", batch)).content.decode()

    assert url("registration_assist", batch) in step()
    factories.registration(batch)
    assert f"{url('registration_list', batch)}?check=pending&amp;seat=active" in step()
    Batch.objects.filter(pk=batch.pk).update(state="planned")
    assert f"/kerja/angkatan/{batch.pk}/terbitkan/" in step()


def test_batch_desk_shows_the_changes_and_who_made_them(batch: Batch) -> None:
    officer = cast.program_officer()
    actions.change_quota(batch=batch, quota=30, waiting_quota=10, by=officer)
    page = at_desk(officer).get(url("batch_desk", batch)).content.decode()
    assert "40 → 30" in page
    assert officer.full_name in page


def test_batch_desk_gives_a_treasurer_figures_but_no_way_to_people(batch: Batch) -> None:
    page = at_desk(cast.treasurer()).get(url("batch_desk", batch)).content.decode()
    assert url("registration_list", batch) not in page


def test_batch_quota_raised_offers_seats_to_those_who_wait(batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(quota=1)
    entries(batch, 3)
    client = at_desk(cast.program_officer())
    response = client.post(url("batch_quota", batch), {"quota": 2, "waiting_quota": 10})
    assert response.status_code == 302
    batch.refresh_from_db()
    assert (batch.quota, batch.seats_held, batch.seats_offered, batch.waiting_count) == (2, 1, 1, 1)
    assert Offer.objects.open().count() == 1


def test_batch_quota_below_what_is_taken_is_refused_and_kept_as_typed(batch: Batch) -> None:
    entries(batch, 2)
    response = at_desk(cast.program_officer()).post(url("batch_quota", batch), {"quota": 1, "waiting_quota": 7})
    assert response.status_code == 422
    assert list(errors(response)) == ["__all__"]
    assert 'value="7"' in response.content.decode()
    batch.refresh_from_db()
    assert batch.quota == 40


def test_batch_extend_takes_the_clock_of_the_office(batch: Batch) -> None:
    day = timezone.localdate() + timedelta(days=12)
    response = at_desk(cast.program_officer()).post(
        url("batch_extend", batch), {"day": day.isoformat(), "hour": "16:00"}
    )
    assert response.status_code == 302
    batch.refresh_from_db()
    local = batch.registration_closes_at.astimezone(batch.program.agency.zone)
    assert (local.date(), local.hour, local.minute) == (day, 16, 0)


@pytest.mark.parametrize(("day", "hour"), [("", "16:00"), ("2026-02-31", "16:00"), ("2020-01-01", "99:00")])
def test_batch_extend_with_bad_input_says_so(day: str, hour: str, batch: Batch) -> None:
    response = at_desk(cast.program_officer()).post(url("batch_extend", batch), {"day": day, "hour": hour})
    assert response.status_code == 422
    batch.refresh_from_db()
    assert batch.registration_closes_at > timezone.now()


def rows_of(batch: Batch, shift: int = 0, **values: str) -> dict[str, str]:
    zone = batch.program.agency.zone
    typed: dict[str, str] = {}
    for session in batch.sessions.all():
        begin, end = (at.astimezone(zone) for at in (session.during.lower, session.during.upper))
        day = begin.date() + timedelta(days=shift)
        times = {"day": day.isoformat(), "begin": f"{begin:%H:%M}", "end": f"{end:%H:%M}", "venue": ""} | values
        typed |= {f"s{session.pk}-{name}": value for name, value in times.items()}
    return typed


def test_batch_reschedule_moves_all_sessions_and_tells_everybody(batch: Batch) -> None:
    entries(batch, 2)
    before = list(batch.sessions.values_list("pk", "during"))
    hall = Venue.objects.create(agency=batch.program.agency, region_id=factories.BENDAN_KERGON, name="Aula")
    response = at_desk(cast.program_officer()).post(
        url("batch_reschedule", batch), rows_of(batch, 3, venue=str(hall.pk))
    )
    assert response.status_code == 302
    moved = dict(batch.sessions.values_list("pk", "during"))
    assert [moved[pk].lower - during.lower for pk, during in before] == [timedelta(days=3)] * 2
    assert set(batch.sessions.values_list("venue", flat=True)) == {hall.pk}
    assert Message.objects.filter(kind="batch_rescheduled").count() == 2


def test_batch_reschedule_refuses_a_session_that_ends_before_it_begins(batch: Batch) -> None:
    response = at_desk(cast.program_officer()).post(url("batch_reschedule", batch), rows_of(batch, 3, end="06:00"))
    assert response.status_code == 422
    assert [list(row.errors) for row in response.context["form"].rows] == [["end"], ["end"]]
    assert Message.objects.filter(kind="batch_rescheduled").count() == 0


def test_batch_reschedule_without_a_change_tells_nobody(batch: Batch) -> None:
    entries(batch, 1)
    response = at_desk(cast.program_officer()).post(url("batch_reschedule", batch), rows_of(batch))
    assert response.status_code == 422
    assert Message.objects.filter(kind="batch_rescheduled").count() == 0


def test_batch_cancel_needs_a_reason_and_a_second_thought(batch: Batch) -> None:
    entries(batch, 2)
    client = at_desk(cast.program_officer())
    assert list(errors(client.post(url("batch_cancel", batch), {"reason": "Banjir"}))) == ["sure"]
    assert list(errors(client.post(url("batch_cancel", batch), {"sure": "on"}))) == ["reason"]
    batch.refresh_from_db()
    assert batch.state == "published"


def test_batch_cancel_releases_and_tells_everybody(batch: Batch) -> None:
    entries(batch, 2)
    response = at_desk(cast.program_officer()).post(url("batch_cancel", batch), {"reason": "Banjir", "sure": "on"})
    assert (response.status_code, len(flash(response))) == (302, 1)
    batch.refresh_from_db()
    assert (batch.state, batch.cancel_reason, batch.seats_held) == ("cancelled", "Banjir", 0)
    assert set(Registration.objects.values_list("seat", flat=True)) == {"released"}
    assert Message.objects.filter(kind="batch_cancelled").count() == 2
    assert AuditEntry.objects.filter(action="batch.cancelled", object_id=str(batch.pk)).count() == 1


def test_batch_cancel_of_a_cancelled_batch_is_refused(batch: Batch) -> None:
    client, data = at_desk(cast.program_officer()), {"reason": "Banjir", "sure": "on"}
    client.post(url("batch_cancel", batch), data)
    again = client.post(url("batch_cancel", batch), data)
    assert errors(again) == {"__all__": [_("This batch has ended and cannot be changed.")]}
