"""A batch of a whole province: nobody is sent a list of thousands of villages."""

from typing import Any

import pytest
from django.test import Client

from participants.models import Registration
from programs.models import Batch
from tests import factories
from tests.participants.public_form import form_url, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch() -> Batch:
    province = factories.agency(slug="jateng", name="Dinas Perindustrian Provinsi Jawa Tengah", region="33")
    return factories.batch(factories.program(province), "33")


def send(client: Client, batch: Batch, **values: Any) -> Any:
    data = typed(region_text="Miroto, Kota Semarang") | {"region": ""} | values
    return client.post(form_url(batch), data)


def test_province_form_asks_for_the_name_and_holds_no_list(client: Client, batch: Batch) -> None:
    shown = client.get(form_url(batch)).content.decode()
    assert ('name="region_text"' in shown, 'name="region"' in shown, "Bendan Kergon" in shown) == (True, False, False)


def test_province_village_is_found_by_its_name(client: Client, batch: Batch) -> None:
    assert send(client, batch).status_code == 302
    assert Registration.objects.get().region_id == factories.MIROTO


@pytest.mark.parametrize("text", ["bendan", "Bendan Kergonn, Kota Pekalongan"])
def test_province_offers_what_the_name_may_mean(client: Client, batch: Batch, text: str) -> None:
    response = send(client, batch, region_text=text)
    shown = response.content.decode()
    assert response.status_code == 422
    assert "Bendan Kergon, Pekalongan Barat, Kota Pekalongan" in shown
    assert send(client, batch, region_text=text, region=factories.BENDAN_KERGON).status_code == 302
    assert Registration.objects.get().region_id == factories.BENDAN_KERGON


@pytest.mark.parametrize("text", ["", "Nirwana Abadi Jaya"])
def test_province_unknown_village_is_said_beside_the_field(client: Client, batch: Batch, text: str) -> None:
    response = send(client, batch, region_text=text)
    assert response.status_code == 422
    assert 'id="id_region_text_error"' in response.content.decode()


def test_province_check_asks_for_the_city(client: Client, batch: Batch) -> None:
    shown = client.get(batch.get_absolute_url()).content.decode()
    assert ("Kota Pekalongan" in shown, 'value="33.75.01.1006"' in shown) == (True, False)
