"""What residents read before they register."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from pytest_django import DjangoAssertNumQueries

from programs.models import Batch, Program
from tests import cast, factories


@pytest.fixture
def program(db: None) -> Program:
    return factories.program(cast.home_agency(), slug="dbhcht", name="Pelatihan DBHCHT")


def found(client: Client, text: str) -> list[str]:
    response = client.get(reverse("programs:program_list"), {"q": text})
    return sorted(batch.region_id for batch in response.context["batches"])


SPELLINGS = ["Bendan Kergon", "bendankergon", "BENDAN-KERGON", "Kelurahan Bendan Kergon", "Bendan Kregon"]


@pytest.mark.parametrize("text", SPELLINGS)
def test_program_list_finds_a_kelurahan_however_it_is_spelled(client: Client, program: Program, text: str) -> None:
    factories.batch(program)
    factories.batch(program, factories.MEDONO)
    assert found(client, text) == [factories.BENDAN_KERGON]


def test_program_list_finds_a_topic(client: Client, program: Program) -> None:
    batch = factories.batch(program)
    factories.batch(program, factories.MEDONO)
    batch.topics.create(agency=program.agency, name="Roti dan kue")
    assert found(client, "roti") == [factories.BENDAN_KERGON]


def test_program_list_finds_a_district_with_its_kelurahan(client: Client, program: Program) -> None:
    factories.batch(program)
    factories.batch(program, "33.75.02.1004")
    assert found(client, "Pekalongan Timur") == ["33.75.02.1004"]


@pytest.mark.parametrize("text", ["", "tidakada", "%", "_", "'; drop table", "😀" * 100, "\x00"])
def test_program_list_survives_any_text(client: Client, program: Program, text: str) -> None:
    factories.batch(program)
    assert client.get(reverse("programs:program_list"), {"q": text}).status_code == 200


def test_program_list_hides_what_is_not_public(client: Client, program: Program) -> None:
    factories.batch(program, state="planned")
    factories.batch(factories.program(cast.home_agency(), state="draft"))
    assert found(client, "") == []


@pytest.mark.parametrize("rows", [1, 3])
def test_program_list_takes_the_same_queries_for_one_and_three(
    client: Client, program: Program, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _row in range(rows):
        factories.batch(program)
    with django_assert_num_queries(5):
        client.get(reverse("programs:program_list"))


def test_program_detail_shows_its_batches(client: Client, program: Program) -> None:
    factories.batch(program)
    response = client.get(program.get_absolute_url())
    assert [batch.region_id for batch in response.context["batches"]] == [factories.BENDAN_KERGON]


def test_program_detail_of_a_draft_is_not_found(client: Client, db: None) -> None:
    draft = factories.program(cast.home_agency(), state="draft")
    assert client.get(draft.get_absolute_url()).status_code == 404


PHASES: dict[str, dict[str, Any]] = {
    "open": {},
    "waiting": {"quota": 1, "seats_held": 1},
    "full": {"quota": 1, "seats_held": 1, "waiting_quota": 0},
    "finished": {"state": "finished"},
    "cancelled": {"state": "cancelled", "cancelled_at": timezone.now(), "cancel_reason": "Banjir"},
}


@pytest.mark.parametrize("phase", PHASES)
def test_batch_detail_tells_its_phase(client: Client, program: Program, phase: str) -> None:
    batch = factories.batch(program)
    Batch.objects.filter(pk=batch.pk).update(**PHASES[phase])
    response = client.get(batch.get_absolute_url())
    assert (response.status_code, response.context["phase"]) == (200, phase)
    offers_form = f"/{batch.slug}/daftar/" in response.content.decode()
    assert offers_form == (phase in {"open", "waiting"})


@pytest.mark.parametrize(
    ("phase", "asked"), [("open", True), ("full", True), ("finished", False), ("cancelled", False)]
)
def test_batch_detail_asks_who_may_join_only_while_that_matters(
    client: Client, program: Program, phase: str, asked: bool
) -> None:
    batch = factories.batch(program)
    Batch.objects.filter(pk=batch.pk).update(**PHASES[phase])
    page = client.get(batch.get_absolute_url()).content.decode()
    assert ('id="syarat"' in page) == asked


def test_batch_detail_before_and_after_the_window(client: Client, program: Program) -> None:
    now = timezone.now()
    coming = factories.batch(program, registration_opens_at=now + timedelta(hours=1))
    over = factories.batch(program, registration_closes_at=now - timedelta(hours=1))
    phases = [client.get(batch.get_absolute_url()).context["phase"] for batch in (coming, over)]
    assert phases == ["upcoming", "closed"]


def answers(client: Client, batch: Batch, **facts: str) -> list[tuple[str, bool | None]]:
    url = reverse("programs:eligibility_check", args=[batch.program.slug, batch.slug])
    typed = {"birth_date_day": "12", "birth_date_month": "7", "birth_date_year": "1999", "region": batch.region_id}
    response = client.post(url, typed | facts)
    return [(line.kind, line.passed) for line in response.context["lines"]]


def test_eligibility_check_answers_line_by_line(client: Client, program: Program) -> None:
    batch = factories.batch(program)
    assert answers(client, batch) == [("age", True), ("domicile", True)]
    assert answers(client, batch, region=factories.MEDONO) == [("age", True), ("domicile", False)]
    assert answers(client, batch, birth_date_year="2020") == [("age", False), ("domicile", True)]
    assert answers(client, batch, region="") == [("age", True), ("domicile", None)]


def test_eligibility_check_with_impossible_date_says_it_beside_the_field(client: Client, program: Program) -> None:
    batch = factories.batch(program)
    url = reverse("programs:eligibility_check", args=[batch.program.slug, batch.slug])
    typed = {"birth_date_day": "31", "birth_date_month": "2", "birth_date_year": "1999"}
    response = client.post(url, typed)
    assert response.context["form"].errors == {"birth_date": [_("This date does not exist.")]}


def test_eligibility_check_is_never_asked_by_address(client: Client, program: Program) -> None:
    batch = factories.batch(program)
    assert client.get(reverse("programs:eligibility_check", args=[program.slug, batch.slug])).status_code == 405


def test_program_list_leaves_out_what_is_over(client: Client, program: Program) -> None:
    batch = factories.batch(program)
    over = timezone.now() - timedelta(days=3)
    for session in batch.sessions.all():
        session.during = (over, over + timedelta(hours=1))
        session.save()
        over += timedelta(hours=2)
    assert found(client, "") == []


def test_program_list_goes_on_to_the_next_page(client: Client, program: Program) -> None:
    for _number in range(31):
        factories.batch(program, days=1)
    url = reverse("programs:program_list")
    first = client.get(url).context["page"]
    second = client.get(url, {"after": first.next_key}).context["page"]
    back = client.get(url, {"before": second.previous_key}).context["page"]
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]
    sizes = [len(page.rows) for page in (first, second, client.get(url, {"after": "x"}).context["page"])]
    assert sizes == [30, 1, 30]
