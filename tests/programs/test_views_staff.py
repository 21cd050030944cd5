"""Planning and publishing a batch."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, User
from programs.models import Batch, Instructor, Program, Topic, Venue
from tests import cast, factories

CREATE = "/kerja/angkatan/baru/"


def at_desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def program(db: None) -> Program:
    return factories.program(cast.home_agency(), slug="dbhcht")


@pytest.fixture
def office(db: None) -> Client:
    return at_desk(cast.program_officer())


def day(after: int) -> str:
    return (timezone.localdate() + timedelta(days=after)).isoformat()


def plan(program: Program, **values: Any) -> dict[str, Any]:
    """A complete sheet: two days, eight hours each."""
    times = {"begin": "08:00", "end": "15:00", "kind": "training", "lesson_hours": "8"}
    rows = {f"row{row}-{name}": value for row in (0, 1) for name, value in (times | {"day": day(20 + row)}).items()}
    return (
        {
            "program": program.pk,
            "region_name": "Bendan Kergon",
            "name": "Roti dan Kue",
            "quota": "40",
            "waiting_quota": "10",
            "opens_day": day(0),
            "opens_hour": "08:00",
            "closes_day": day(15),
            "closes_hour": "16:00",
            "rows": "2",
        }
        | rows
        | values
    )


def errors(response: Any) -> list[str]:
    return list(response.context["form"].errors)


def test_batch_create_plans_a_batch_with_its_sessions(office: Client, program: Program) -> None:
    agency = program.agency
    topic = Topic.objects.create(agency=agency, name="Roti")
    hall = Venue.objects.create(agency=agency, region_id=factories.BENDAN_KERGON, name="Aula")
    teacher = Instructor.objects.create(agency=agency, full_name="Ratna")
    chosen = {"row0-venue": hall.pk, "row0-instructor": teacher.pk, "row0-topic": topic.pk, "topics": [topic.pk]}
    response = office.post(CREATE, plan(program, **chosen))
    batch = Batch.objects.get()
    assert response["Location"] == reverse("participants:batch_desk", args=[batch.pk])
    assert (batch.state, batch.region_id, batch.slug) == ("planned", factories.BENDAN_KERGON, "roti-dan-kue")
    first, second = batch.sessions.all()
    assert (first.venue, first.instructor, first.topic, second.venue) == (hall, teacher, topic, None)
    assert f"{first.during.lower.astimezone(agency.zone):%Y-%m-%d %H:%M}" == f"{day(20)} 08:00"
    assert AuditEntry.objects.filter(action="batch.created").count() == 1


def test_batch_create_without_topics_is_about_what_its_sessions_are_about(office: Client, program: Program) -> None:
    topic = Topic.objects.create(agency=program.agency, name="Roti")
    office.post(CREATE, plan(program, **{"row0-topic": topic.pk}))
    assert [str(topic) for topic in Batch.objects.get().topics.all()] == ["Roti"]


def test_batch_create_gives_a_second_batch_of_the_name_its_own_address(office: Client, program: Program) -> None:
    office.post(CREATE, plan(program))
    office.post(CREATE, plan(program, **{"row0-day": day(30), "row1-day": day(31)}))
    assert list(Batch.objects.order_by("pk").values_list("slug", flat=True)) == ["roti-dan-kue", "roti-dan-kue-2"]


def test_batch_create_with_one_more_row_loses_nothing_and_judges_nothing(office: Client, program: Program) -> None:
    response = office.post(CREATE, plan(program, add_row="1", quota="", name="Setengah jadi"))
    page = response.content.decode()
    assert (response.status_code, len(response.context["sheet"].rows), errors(response)) == (200, 3, [])
    assert 'value="Setengah jadi"' in page
    assert f'value="{day(21)}"' in page
    assert f'<option value="{program.pk}" selected>' in page
    assert Batch.objects.count() == 0


def test_batch_create_leaves_out_rows_without_a_day(office: Client, program: Program) -> None:
    office.post(CREATE, plan(program, **{"row1-day": ""}))
    assert Batch.objects.get().sessions.count() == 1


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"region_name": "Atlantis"}, ["region_name"]),
        ({"region_name": "33.74.01.1001"}, ["region_name"]),
        ({"name": ""}, ["name"]),
        ({"quota": "0"}, ["quota"]),
        ({"quota": "empat puluh"}, ["quota"]),
        ({"closes_day": "2020-01-01"}, ["closes_day"]),
        ({"program": "999999"}, ["program"]),
        ({"row0-day": "", "row1-day": ""}, ["__all__"]),
        ({"rows": "x", "program": ""}, ["program"]),
    ],
)
def test_batch_create_with_bad_input_says_where_and_keeps_the_rest(
    values: dict[str, str], wrong: list[str], office: Client, program: Program
) -> None:
    response = office.post(CREATE, plan(program) | values)
    assert (response.status_code, errors(response)) == (422, wrong)
    assert 'value="16:00"' in response.content.decode()
    assert Batch.objects.count() == 0


def test_batch_create_with_a_session_that_ends_before_it_begins(office: Client, program: Program) -> None:
    response = office.post(CREATE, plan(program, **{"row1-end": "07:00"}))
    assert [list(row.errors) for row in response.context["sheet"].rows] == [[], ["end"]]


def test_batch_create_never_books_an_instructor_twice(office: Client, program: Program) -> None:
    teacher = Instructor.objects.create(agency=program.agency, full_name="Ratna")
    office.post(CREATE, plan(program, **{"row0-instructor": teacher.pk}))
    response = office.post(CREATE, plan(program, name="Lain", **{"row0-instructor": teacher.pk}))
    assert (response.status_code, errors(response), Batch.objects.count()) == (422, ["__all__"], 1)


def test_batch_create_offers_nothing_of_another_office(office: Client, program: Program) -> None:
    foreign = factories.program(cast.next_agency(), slug="semarang")
    hall = Venue.objects.create(agency=foreign.agency, region_id=factories.MIROTO, name="Gedung")
    assert errors(office.post(CREATE, plan(foreign))) == ["program"]
    response = office.post(CREATE, plan(program, **{"row0-venue": hall.pk}))
    assert [list(row.errors) for row in response.context["sheet"].rows] == [["venue"], []]


@pytest.mark.parametrize("somebody", [cast.verifier, cast.village_officer_here, cast.treasurer, cast.administrator])
def test_batch_create_is_for_programme_officers(somebody: Any, program: Program) -> None:
    assert at_desk(somebody()).get(CREATE).status_code == 403


@pytest.fixture
def planned(program: Program) -> Batch:
    return factories.batch(program, slug="rencana", state="planned")


def publish_url(batch: Batch) -> str:
    return reverse("programs:batch_publish", args=[batch.pk])


def test_batch_publish_shows_the_batch_before_it_opens_it(office: Client, planned: Batch) -> None:
    assert office.get(publish_url(planned)).status_code == 200
    planned.refresh_from_db()
    assert planned.state == "planned"
    office.post(publish_url(planned))
    planned.refresh_from_db()
    assert planned.state == "published"


def test_batch_publish_without_sessions_is_refused(office: Client, planned: Batch) -> None:
    planned.sessions.all().delete()
    office.post(publish_url(planned))
    planned.refresh_from_db()
    assert planned.state == "planned"


def test_batch_publish_is_refused_to_others(planned: Batch) -> None:
    assert at_desk(cast.verifier()).post(publish_url(planned)).status_code == 403
    assert at_desk(cast.other_agency_officer()).post(publish_url(planned)).status_code == 404
