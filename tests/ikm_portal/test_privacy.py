"""The public notice of each office, in its edition in force and in former ones."""

import pytest
from django.test import Client
from django.urls import reverse

from participants.models import ConsentPurpose
from participants.queries import PORTAL_EDITION, portal_editions, portal_words
from tests import cast, factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("version", portal_editions())
@pytest.mark.parametrize("purpose", ConsentPurpose.values)
def test_words_of_the_portal_are_there_in_both_languages(version: str, purpose: str) -> None:
    words = portal_words(purpose, version)
    assert words is not None
    assert (bool(words.words_id), bool(words.words_en)) == (True, True)


def test_one_office_speaks_its_own_notice(client: Client) -> None:
    factories.agency(privacy_contact_name="Rina Contoh")
    page = client.get(reverse("privacy")).content.decode()
    assert (page.count("Rina Contoh"), "{hari_foto}" in page) == (1, False)
    assert f"Edisi {PORTAL_EDITION}" in page


def test_several_offices_are_named_with_their_notices(client: Client) -> None:
    agencies = [cast.home_agency(), cast.next_agency()]
    page = client.get(reverse("privacy")).content.decode()
    assert [reverse("privacy_of", args=[agency.slug]) in page for agency in agencies] == [True, True]


def test_edition_that_never_was_is_not_found(client: Client) -> None:
    url = reverse("privacy_of", args=[cast.home_agency().slug])
    assert client.get(url, {"edisi": "../2026-11"}).status_code == 404
    assert client.get(url, {"edisi": PORTAL_EDITION}).status_code == 200
