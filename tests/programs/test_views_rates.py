"""The pages of honorarium rates."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from programs.models import HonorariumRate
from tests import cast

RATES = "/kerja/standar-biaya/"


@pytest.fixture
def office(db: None) -> Client:
    client = Client()
    client.force_login(cast.program_officer())
    return client


def words(response: Any) -> str:
    return str(response.content.decode())


def amount(**values: Any) -> dict[str, Any]:
    known = {"role": "instructor", "grade": "any", "unit": "lesson_hour", "minutes_per_unit": 45}
    money = {"max_amount": 100_000, "local_amount": 75_000, "legal_basis": "Perwal 1/2030", "first_day": "2030-01-01"}
    return {**known, **money, **values}


def test_rate_create_refuses_two_at_once(office: Client) -> None:
    assert office.post(f"{RATES}baru/", amount()).status_code == 302
    again = office.post(f"{RATES}baru/", amount(first_day="2030-06-01"))
    assert (again.status_code, HonorariumRate.objects.count()) == (422, 1)
    assert "Standar lain" in words(again)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"local_amount": 100_001}, "batas tertinggi"),
        ({"unit": "person_hour"}, "60"),
        ({"last_day": "2029-12-31"}, "hari pertama"),
        ({"max_amount": "dua juta"}, "angka"),
    ],
)
def test_rate_create_says_what_is_wrong(office: Client, values: dict[str, Any], sentence: str) -> None:
    response = office.post(f"{RATES}baru/", amount(**values))
    assert (response.status_code, HonorariumRate.objects.count()) == (422, 0)
    assert sentence in words(response)
    assert "Perwal 1/2030" in words(response)


def test_rate_edit_corrects_a_slip(office: Client) -> None:
    office.post(f"{RATES}baru/", amount())
    row = HonorariumRate.objects.get()
    office.post(f"{RATES}{row.pk}/ubah/", amount(local_amount=80_000, last_day="2030-12-31"))
    row.refresh_from_db()
    assert (row.local_amount, row.last_day) == (80_000, date(2030, 12, 31))


def test_rate_replace_ends_the_former_the_day_before(office: Client) -> None:
    office.post(f"{RATES}baru/", amount())
    row = HonorariumRate.objects.get()
    early = office.post(f"{RATES}{row.pk}/ganti/", amount(local_amount=90_000))
    assert (early.status_code, HonorariumRate.objects.count()) == (422, 1)
    office.post(f"{RATES}{row.pk}/ganti/", amount(local_amount=90_000, first_day="2031-01-01"))
    former, fresh = HonorariumRate.objects.order_by("pk")
    assert (former.last_day, fresh.first_day, fresh.last_day) == (date(2030, 12, 31), date(2031, 1, 1), None)


def test_rate_list_says_which_is_in_force(office: Client) -> None:
    assert "Belum ada standar" in words(office.get(RATES))
    office.post(f"{RATES}baru/", amount(first_day="2020-01-01"))
    assert "Rp75.000" in words(office.get(RATES))
    assert "berlaku</span>" in words(office.get(RATES))
