"""Finding an entry without knowing its batch."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from participants.models import hash_nik
from programs.models import Batch
from tests import cast, factories
from tests.participants.desk import at_desk, entries, flash, url


@pytest.fixture
def dpo(db: None) -> Client:
    return at_desk(cast.dpo())


def search(client: Client, typed: str) -> Any:
    return client.post(url("registration_search"), {"q": typed})


def found(client: Client, typed: str) -> list[str]:
    page = client.get(search(client, typed)["Location"]).context["page"]
    return [registration.full_name for registration in page.rows]


def test_registration_search_finds_across_batches(dpo: Client, batch: Batch) -> None:
    factories.registration(batch, full_name="Siti Aminah")
    other = factories.batch(batch.program, slug="lain")
    second = factories.registration(other, full_name="Siti Zulaikha")
    assert found(dpo, "siti") == ["Siti Zulaikha", "Siti Aminah"]
    assert found(dpo, second.shown_code) == ["Siti Zulaikha"]


def test_registration_search_by_identity_number_keeps_it_out_of_the_address(dpo: Client, batch: Batch) -> None:
    entry, _other = entries(batch, 2)
    assert urlsplit(search(dpo, entry.nik)["Location"]).query == f"h={hash_nik(entry.nik)}"
    assert found(dpo, entry.nik) == [entry.full_name]


def test_registration_search_without_a_question_lists_nobody(dpo: Client, batch: Batch) -> None:
    factories.registration(batch)
    for address in ("", "?q=", "?seat=held", "?h=short"):
        assert dpo.get(f"{url('registration_search')}{address}").context["page"].rows == []


def test_registration_search_with_part_of_a_number_says_so(dpo: Client) -> None:
    assert len(flash(search(dpo, "99710152079900"))) == 1


def test_registration_search_stays_inside_what_one_may_see(batch: Batch) -> None:
    factories.registration(batch, full_name="Siti Aminah")
    assert found(at_desk(cast.village_officer_here()), "siti") == ["Siti Aminah"]
    assert found(at_desk(cast.village_officer_next_door()), "siti") == []
    assert found(at_desk(cast.other_agency_officer()), "siti") == []


@pytest.mark.parametrize("count", [1, 3])
def test_registration_search_costs_the_same_for_one_and_three_rows(
    count: int, dpo: Client, batch: Batch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    entries(batch, count)
    with django_assert_num_queries(7):
        dpo.get(url("registration_search"), {"q": "warga"})
