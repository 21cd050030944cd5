"""What the first page of the workspace tells whom: counted by one query, only what is more than zero, late first."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from ikm_portal.waiting import Task, tasks_of
from incentives.models import Competition, Juror
from participants.models import CardReport, DataRequest, Incident, PersonPair
from tests import cast, factories
from tests.incentives import made
from tests.participants.access_attendance import halls
from tests.participants.access_cards import card_rows
from tests.participants.access_certificates import certified
from tests.participants.access_imports import checked_list
from tests.participants.access_privacy import rules_of_the_house
from tests.participants.access_rights import requested
from tests.participants.graduates import taught
from tests.participants.merging import proposed, second_officer, two_cards

LONG_AGO = timedelta(days=10)


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    """One of everything that waits at the home office."""
    batch = factories.batch(factories.program(cast.home_agency()))
    entry = factories.registration(batch)
    rows = halls(batch) | requested(entry) | rules_of_the_house(batch.program.agency) | card_rows(entry) | certified()
    checked_list(batch)
    merge = proposed(*two_cards(batch))
    PersonPair.objects.filter(agency=batch.program.agency).update(decision="open", decided_by=None, decided_at=None)
    return rows | {"batch": batch, "merge": merge}


def told(user: User) -> dict[str, Task]:
    with translation.override("en"):
        return {task.label: task for task in tasks_of(user)}


def test_each_right_has_its_lines(world: dict[str, Any]) -> None:
    CardReport.objects.update(due_on=timezone.localdate() + timedelta(days=9))
    officer, dpo = told(second_officer()), told(cast.dpo())
    expected = {
        "Requests about data": 1,
        "Cases at the door": 1,
        "AK1 reports due within a month": 1,
        "Merges to approve": 1,
        "Lists from Excel to bring in": 1,
    }
    assert {label: officer[label].count.number for label in expected} == expected
    assert {label: task.count.number for label, task in dpo.items() if label != "Requests about data"} == {
        "Incidents to be told": 1,
        "Removals to approve": 1,
    }
    assert officer["Requests about data"].due_at == world["data_request"].due_at
    assert dpo["Incidents to be told"].due_at == world["incident"].discovered_at + timedelta(hours=72)


def test_pitches_wait_for_who_checks_and_does_not_judge(world: dict[str, Any], client: Client) -> None:
    competition = made.competition(world["batch"])
    made.entry(competition, state="submitted", checked_at=None, checked_by=None)
    made.entry(competition)
    made.entry(competition, state="submitted", is_training=True)
    for who in (cast.program_officer(), cast.verifier()):
        assert told(who)["Pitches to check"].count.number == 1
    assert "Pitches to check" not in told(cast.division_head())
    assert "Pitches to check" not in told(cast.other_agency_officer())
    juror = made.juror(competition, user=cast.verifier())
    assert "Pitches to check" not in told(cast.verifier())
    Juror.objects.filter(pk=juror.pk).update(withdrawn_at=timezone.now())
    assert "Pitches to check" in told(cast.verifier())
    client.force_login(cast.verifier())
    page = client.get("/kerja/lomba/").content.decode()
    assert f"/kerja/lomba/{competition.pk}/usaha/?keadaan=submitted" in page
    Competition.objects.filter(pk=competition.pk).update(first_score_at=timezone.now())
    assert "Pitches to check" not in told(cast.program_officer())


def test_nobody_approves_the_own_merge(world: dict[str, Any]) -> None:
    world["merge"].proposed_by = cast.program_officer()
    world["merge"].save(update_fields=["proposed_by"])
    assert "Merges to approve" not in told(cast.program_officer())
    assert "Merges to approve" in told(second_officer())


def test_what_is_late_stands_first_and_is_red(world: dict[str, Any]) -> None:
    late = timezone.now() - LONG_AGO
    DataRequest.objects.update(received_at=late, due_at=late + timedelta(hours=72))
    Incident.objects.update(discovered_at=timezone.now() - LONG_AGO)
    CardReport.objects.update(due_on=timezone.localdate() - LONG_AGO)
    found = [*tasks_of(cast.program_officer())]
    tones = [task.tone == "danger" for task in found]
    assert tones == sorted(tones, reverse=True)
    assert {"Requests about data overdue", "AK1 reports overdue"} <= {*told(cast.program_officer())}
    assert {"Requests about data overdue", "Incidents not told in time"} <= {*told(cast.dpo())}


def test_sessions_over_and_certificates_earned_wait(world: dict[str, Any]) -> None:
    officer = cast.program_officer()
    before = told(officer)
    session = world["hall_session"]
    over = timezone.now() - timedelta(hours=5)
    session.during = (over - timedelta(hours=2), over)
    session.save(update_fields=["during"])
    assert told(officer)["Attendance to settle"].count.number == _number(before, "Attendance to settle") + 1
    assert "Certificates that can be issued" not in before, "what ended long ago is history"
    taught(2, begin=timezone.localdate() - LONG_AGO, program_values={"slug": "baru-selesai"})
    assert told(officer)["Certificates that can be issued"].count.number == 2


def _number(found: dict[str, Task], label: str) -> int:
    return found[label].count.number if label in found else 0


def test_other_offices_and_people_without_rights_are_told_nothing(world: dict[str, Any]) -> None:
    assert told(cast.other_agency_officer()) == {}
    assert told(cast.nobody()) == {}


@pytest.mark.parametrize("who", [cast.program_officer, cast.dpo, cast.village_officer_here])
def test_each_line_opens_and_all_are_one_query(
    world: dict[str, Any], client: Client, who: Any, django_assert_num_queries: Any
) -> None:
    user = who()
    tasks_of(user)
    with django_assert_num_queries(1):
        tasks = tasks_of(user)
    assert tasks
    client.force_login(user)
    page = client.get(reverse("workspace")).content.decode()
    for task in tasks:
        assert str(task.label) in page
        assert client.get(task.url).status_code == 200
