"""Registering as a visitor with a browser, and as one with curl."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from participants.models import Consent, Registration
from programs.models import Batch, Program
from tests import factories
from tests.participants.public_form import form_url, send, typed


def errors_of(response: Any, field: str) -> list[str]:
    return [str(error) for error in response.context["form"].errors.get(field, [])]


def test_register_shows_blank_form(client: Client, batch: Batch) -> None:
    response = client.get(form_url(batch))
    assert response.status_code == 200
    assert response.context["phase"] == "open"


def test_register_leads_to_receipt_with_number_and_pin(client: Client, batch: Batch) -> None:
    response = send(client, batch)
    assert (response.status_code, response["Location"]) == (302, reverse("participants:receipt"))
    page = client.get(response["Location"])
    registration = Registration.objects.get()
    assert registration.shown_code in page.content.decode()
    assert len(re.findall(r"code\">[0-9]{6}<", page.content.decode())) == 1
    assert page["Cache-Control"] == "no-store"


def test_register_keeps_what_was_declared(client: Client, batch: Batch) -> None:
    send(client, batch, number=7)
    registration = Registration.objects.get()
    assert registration.nik == "9971015207990007"
    assert registration.phone == "+6281200000007"
    assert (registration.rt, registration.rw) == ("003", "005")
    assert (registration.seat, registration.check_state, registration.source) == ("held", "pending", "online")
    assert dict(registration.consents.values_list("purpose", "given")) == {"notice": True, "broadcast": False}
    assert Consent.objects.filter(channel="online").count() == 2


def test_register_twice_with_one_form_is_one_registration(client: Client, batch: Batch) -> None:
    form = typed()
    first = client.post(form_url(batch), form)
    second = client.post(form_url(batch), form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert Registration.objects.count() == 1
    assert client.get(reverse("participants:receipt")).context["pin"] != ""


def test_register_again_with_another_form_says_registered_already(client: Client, batch: Batch) -> None:
    send(client, batch)
    response = send(Client(), batch)
    assert response.status_code == 422
    assert errors_of(response, "nik") == [_("You are registered for this batch already.")]
    assert Registration.objects.count() == 1


BAD_VALUES = [
    ({"nik": "997101520799000"}, "nik"),
    ({"nik": "99710152079900011"}, "nik"),
    ({"nik": "99710152O7990001"}, "nik"),
    ({"nik": "0000000000000000"}, "nik"),
    ({"nik": "1111111111111111"}, "nik"),
    ({"nik": "९९७१०१५२०७९९०००१"}, "nik"),
    ({"nik": ""}, "nik"),
    ({"full_name": ""}, "full_name"),
    ({"full_name": "   "}, "full_name"),
    ({"full_name": "Siti 😀"}, "full_name"),
    ({"full_name": "A" * 10_000}, "full_name"),
    ({"full_name": "Siti\x00Contoh"}, "full_name"),
    ({"birth_date_day": "31", "birth_date_month": "2"}, "birth_date"),
    ({"birth_date_year": "2099"}, "birth_date"),
    ({"birth_date_year": "1901"}, "birth_date"),
    ({"birth_date_year": ""}, "birth_date"),
    ({"birth_date_day": "x"}, "birth_date"),
    ({"sex": "other"}, "sex"),
    ({"sex": ""}, "sex"),
    ({"phone": "08123"}, "phone"),
    ({"phone": "0812-3456-7890 / 0813-1111-2222"}, "phone"),
    ({"phone": "(0285) 421234"}, "phone"),
    ({"email": "siti@"}, "email"),
    ({"email": "a" * 300 + "@contoh.example"}, "email"),
    ({"region": "99.99.99.9999"}, "region"),
    ({"region": ""}, "region"),
    ({"region": "outside"}, "region"),
    ({"address": ""}, "address"),
    ({"address": "x" * 10_000}, "address"),
    ({"rt": "a1"}, "rt"),
    ({"rw": "1234"}, "rw"),
    ({"education_level": "phd"}, "education_level"),
    ({"occupation": "x" * 500}, "occupation"),
    ({"business_name": "x" * 101}, "business_name"),
    ({"notice": ""}, "notice"),
    ({"submission_key": ""}, "submission_key"),
    ({"submission_key": "forged:1"}, "submission_key"),
]


@pytest.mark.parametrize(("values", "field"), BAD_VALUES, ids=lambda value: str(value)[:40])
def test_register_with_bad_input_says_it_beside_the_field(
    client: Client, batch: Batch, values: dict[str, str], field: str
) -> None:
    response = send(client, batch, **values)
    assert response.status_code == 422
    assert len(errors_of(response, field)) == 1
    assert set(response.context["form"].errors) == {field}
    assert Registration.objects.count() == 0


def test_register_with_bad_input_keeps_what_was_typed(client: Client, batch: Batch) -> None:
    wrong = {"nik": "99710152079900", "birth_date_day": "31", "birth_date_month": "2"}
    response = send(client, batch, **wrong, occupation="Penjahit", business_name="Batik Mawar")
    page = response.content.decode()
    assert 'value="99710152079900"' in page
    assert 'value="Siti Contoh"' in page
    assert 'value="Penjahit"' in page
    assert 'value="Batik Mawar"' in page
    assert 'value="31"' in page
    assert re.search(r'<option value="33\.75\.01\.1006" selected', page)


def test_register_keeps_the_name_of_a_business_as_a_clean_line(client: Client, batch: Batch) -> None:
    send(client, batch, business_name="  Batik\u200b  Mawar ")
    send(client, batch, **typed(2))
    assert list(Registration.objects.order_by("pk").values_list("business_name", flat=True)) == ["Batik Mawar", ""]


def test_register_with_missing_fields_lists_each_once(client: Client, batch: Batch) -> None:
    response = client.post(form_url(batch), {})
    missing = {"full_name", "nik", "birth_date", "sex", "phone", "region", "address", "notice", "submission_key"}
    assert set(response.context["form"].errors) == missing


def test_register_too_young_says_it_beside_the_birth_date(client: Client, batch: Batch) -> None:
    year = str(timezone.localdate().year - 10)
    response = send(client, batch, birth_date_year=year)
    assert errors_of(response, "birth_date") == [_("Your age on the first day is outside what this programme allows.")]


def test_register_from_another_village_says_it_beside_the_village(client: Client, batch: Batch) -> None:
    response = send(client, batch, region=factories.MEDONO)
    assert errors_of(response, "region") == [_("The address on your identity card is outside the area of this batch.")]


def test_register_when_full_keeps_the_form_away(client: Client, batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(quota=1, waiting_quota=0)
    send(client, batch, number=1)
    response = send(Client(), batch, number=2)
    assert response.status_code == 422
    assert errors_of(response, "__all__") == [_("All seats and the waiting list are full.")]
    assert Registration.objects.count() == 1


def test_register_when_closed_says_so(client: Client, batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(registration_closes_at=timezone.now() - timedelta(minutes=1))
    response = send(client, batch)
    assert errors_of(response, "__all__") == [_("Registration for this batch has closed.")]


@pytest.mark.parametrize("change", [{"state": "planned"}, {"program__state": "draft"}])
def test_register_for_what_is_not_public_is_not_found(client: Client, batch: Batch, change: dict[str, str]) -> None:
    if "state" in change:
        Batch.objects.filter(pk=batch.pk).update(**change)
    else:
        Program.objects.filter(pk=batch.program_id).update(state="draft")
    assert client.get(form_url(batch)).status_code == 404
    assert send(client, batch).status_code == 404


def test_register_with_expired_protection_keeps_what_was_typed(batch: Batch) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(form_url(batch), typed())
    page = response.content.decode()
    assert response.status_code == 403
    assert 'value="Siti Contoh"' in page
    assert errors_of(response, "__all__") == [
        _("This form had expired. Nothing is lost: please press the button again.")
    ]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    again = strict.post(form_url(batch), typed() | {"csrfmiddlewaretoken": token[1]})
    assert again.status_code == 302


def test_register_prefilled_from_the_check_registers_nobody(client: Client, batch: Batch) -> None:
    facts = {"birth_date_day": "12", "birth_date_month": "7", "birth_date_year": "1999", "region": batch.region_id}
    response = client.post(form_url(batch), {"prefill": "1", **facts})
    page = response.content.decode()
    assert response.status_code == 200
    assert 'value="1999"' in page
    assert re.search(r'<option value="33\.75\.01\.1006" selected', page)
    assert Registration.objects.count() == 0


def test_register_from_another_city_by_name_where_the_rules_allow_it(client: Client, batch: Batch) -> None:
    batch.program.rules.filter(kind="domicile").delete()
    response = send(client, batch, region="outside", region_text="Miroto, Kota Semarang")
    assert response.status_code == 302
    assert Registration.objects.get().region_id == factories.MIROTO


def test_register_in_english_writes_english(client: Client, batch: Batch) -> None:
    client.cookies["django_language"] = "en"
    send(client, batch)
    assert Registration.objects.get().language == "en"


def test_receipt_without_cookie_asks_for_number(client: Client, db: None) -> None:
    response = client.get(reverse("participants:receipt"))
    assert (response.status_code, response["Location"]) == (302, reverse("participants:status"))


def test_receipt_with_forged_cookie_asks_for_number(client: Client, batch: Batch) -> None:
    registration = factories.registration(batch)
    client.cookies["portal_receipt"] = registration.submission_key.hex
    assert client.get(reverse("participants:receipt")).status_code == 302


def test_receipt_noted_hides_the_pin_and_opens_the_own_page(client: Client, batch: Batch) -> None:
    send(client, batch)
    response = client.post(reverse("participants:receipt_noted"))
    assert response["Location"] == reverse("participants:status_detail")
    assert client.get(reverse("participants:receipt")).status_code == 302
    assert client.get(reverse("participants:status_detail")).status_code == 200


def test_ticket_bears_number_and_code_but_no_pin(client: Client, batch: Batch) -> None:
    send(client, batch)
    pin = client.get(reverse("participants:receipt")).context["pin"]
    page = client.get(reverse("participants:ticket")).content.decode()
    assert Registration.objects.get().shown_code in page
    assert pin not in page
    assert "<svg" in page
    assert "style=" not in page


def test_waiting_visitor_sees_the_position(client: Client, batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(quota=1, waiting_quota=5)
    for number in (1, 2, 3):
        visitor = Client()
        send(visitor, batch, number=number)
    page = visitor.get(reverse("participants:receipt"))
    with translation.override("id"):
        assert _("Number %(position)s in line") % {"position": 2} in page.content.decode()
