"""Finding an entry without knowing its batch."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils.translation import gettext as _
from pytest_django import DjangoAssertNumQueries

from kit import pages
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
    page = client.get(search(client, typed)["Location"]).context["found"]
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
        assert dpo.get(f"{url('registration_search')}{address}").context["found"].rows == []


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
    with django_assert_num_queries(9):
        dpo.get(url("registration_search"), {"q": "warga"})


def test_registration_search_stops_at_fifty_and_says_so(dpo: Client, batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(quota=60)
    entries(batch, 51, full_name="Siti Aminah")
    page = dpo.get(url("registration_search"), {"q": "siti"})
    assert (len(page.context["found"].rows), page.context["found"].more) == (50, True)
    assert _("More than 50 entries match") in page.content.decode()


def test_registration_search_finds_ones_own_among_many_of_the_name(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More bear the name than are looked at one by one; the officer of the kelurahan still meets the own ones only."""
    monkeypatch.setattr(pages, "FEW", 2)
    next_door = factories.batch(batch.program, region=factories.MEDONO, slug="medono")
    entries(next_door, 5, full_name="Siti Lain", region=next_door.region)
    entries(batch, 2, full_name="Siti Aminah")
    assert found(at_desk(cast.village_officer_here()), "siti") == ["Siti Aminah", "Siti Aminah"]


def test_registration_search_shows_the_place_in_line(dpo: Client, batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(quota=1)
    entries(batch, 3, full_name="Siti Aminah")
    rows = dpo.get(url("registration_search"), {"q": "siti"}).context["found"].rows
    assert [row.position for row in rows] == [2, 1, None]
