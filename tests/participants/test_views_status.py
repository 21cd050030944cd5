"""The resident's own page, and the ways back to it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.models import Message
from participants.actions import issue_claim_code, withdraw
from participants.actions.access import WRONG
from participants.models import AccessCode, Offer, Registration, initial_pin
from programs.models import Batch
from tests import cast, factories

STATUS, OWN = "participants:status", "participants:status_detail"


def opened(client: Client, registration: Registration) -> Any:
    pin = initial_pin(registration.submission_key)
    return client.post(reverse(STATUS), {"code": registration.shown_code.lower(), "pin": pin})


def said(response: Any) -> list[str]:
    return [str(error) for error in response.context["form"].non_field_errors()]


def test_status_with_number_and_pin_opens_the_own_page(client: Client, batch: Batch) -> None:
    registration = factories.registration(batch)
    assert opened(client, registration)["Location"] == reverse(OWN)
    page = client.get(reverse(OWN))
    assert page.status_code == 200
    assert registration.full_name in page.content.decode()
    assert registration.nik not in page.content.decode()
    assert page["Cache-Control"] == "no-store"


def test_status_with_wrong_pin_and_unknown_number_say_the_same(client: Client, batch: Batch) -> None:
    registration = factories.registration(batch)
    wrong = client.post(reverse(STATUS), {"code": registration.code, "pin": "000000"})
    unknown = client.post(reverse(STATUS), {"code": "ZZZZZZZZ", "pin": "000000"})
    assert said(wrong) == said(unknown) == [str(WRONG)]


def test_status_of_a_locked_entry_says_the_same_as_an_unknown_number(client: Client, batch: Batch) -> None:
    registration = factories.registration(batch)
    pages = []
    for number in (registration.code, "ZZZZZZZZ"):
        for _attempt in range(7):
            response = client.post(reverse(STATUS), {"code": number, "pin": "000000"})
        pages.append((response.status_code, said(response)))
    registration.refresh_from_db()
    assert registration.pin_locked_until is not None
    assert pages[0] == pages[1]


def test_status_locks_after_five_wrong_pins_even_for_the_right_one(client: Client, batch: Batch) -> None:
    registration = factories.registration(batch)
    for _attempt in range(5):
        client.post(reverse(STATUS), {"code": registration.code, "pin": "wrong"})
    assert opened(client, registration).status_code == 422
    Registration.objects.filter(pk=registration.pk).update(pin_locked_until=timezone.now() - timedelta(seconds=1))
    assert opened(client, registration).status_code == 302


def test_status_detail_without_a_door_asks_for_number(client: Client, batch: Batch) -> None:
    factories.registration(batch)
    assert client.get(reverse(OWN))["Location"] == reverse(STATUS)


def test_status_leave_closes_the_page_on_this_device(client: Client, batch: Batch) -> None:
    opened(client, factories.registration(batch))
    client.post(reverse("participants:status_leave"))
    assert client.get(reverse(OWN)).status_code == 302


def corrected(**values: Any) -> dict[str, Any]:
    return {
        "full_name": "Siti Baru",
        "nik": "",
        "birth_date_day": "12",
        "birth_date_month": "7",
        "birth_date_year": "1999",
        "sex": "female",
        "phone": "0812-9999-0001",
        "region": factories.BENDAN_KERGON,
        "address": "Jalan Baru 2",
        "education_level": "",
    } | values


def test_correct_changes_the_entry_and_keeps_the_number(client: Client, batch: Batch) -> None:
    registration = factories.registration(batch)
    opened(client, registration)
    response = client.post(reverse("participants:correct"), corrected())
    assert response["Location"] == reverse(OWN)
    fresh = Registration.objects.get()
    assert (fresh.full_name, fresh.phone, fresh.nik) == ("Siti Baru", "+6281299990001", registration.nik)
    assert list(fresh.events.values_list("kind", flat=True)) == ["registered", "corrected"]


def test_correct_shows_the_present_data_but_not_the_number(client: Client, batch: Batch) -> None:
    registration = factories.registration(batch)
    opened(client, registration)
    page = client.get(reverse("participants:correct")).content.decode()
    assert f'value="{registration.full_name}"' in page
    assert registration.nik not in page


def test_correct_with_bad_input_says_it_beside_the_field(client: Client, batch: Batch) -> None:
    registration = factories.registration(batch)
    opened(client, registration)
    response = client.post(reverse("participants:correct"), corrected(phone="08"))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"phone"}
    assert Registration.objects.get().full_name == registration.full_name


def test_withdraw_asks_then_releases(client: Client, batch: Batch) -> None:
    opened(client, factories.registration(batch))
    assert client.get(reverse("participants:withdraw")).status_code == 200
    assert Registration.objects.get().seat == "held"
    tickets = [b"Cetak bukti" in client.get(reverse("participants:status_detail")).content]
    client.post(reverse("participants:withdraw"), {"reason": "Sakit"})
    assert Registration.objects.get().seat == "released"
    tickets.append(b"Cetak bukti" in client.get(reverse("participants:status_detail")).content)
    assert tickets == [True, False]
    again = client.post(reverse("participants:withdraw"), {"reason": ""})
    assert said(again) == [_("This registration has ended and cannot be changed.")]


@pytest.fixture
def offered(batch: Batch) -> tuple[Registration, str]:
    """The second in line, to whom the seat of the first has just been offered, and the link of the message."""
    Batch.objects.filter(pk=batch.pk).update(quota=1, waiting_quota=5)
    first, second = factories.registration(batch), factories.registration(batch)
    factories.registration(batch)
    withdraw(registration=first, reason="", by=None)
    body = Message.objects.get(kind="seat_offered").body
    token = body.split("/status/tawaran/")[1].split("/")[0]
    return second, reverse("participants:offer_answer", args=[token])


def test_offer_answer_by_opening_the_link_decides_nothing(client: Client, offered: tuple[Registration, str]) -> None:
    assert client.get(offered[1]).status_code == 200
    assert Offer.objects.get().state == "open"


def test_offer_answer_accept_takes_the_seat(client: Client, offered: tuple[Registration, str]) -> None:
    client.post(offered[1], {"answer": "accept"})
    assert Registration.objects.get(pk=offered[0].pk).seat == "held"
    assert client.post(offered[1], {"answer": "decline"}).status_code == 302
    assert Registration.objects.get(pk=offered[0].pk).seat == "held"


def test_offer_answer_decline_offers_to_the_next(client: Client, offered: tuple[Registration, str]) -> None:
    client.post(offered[1], {"answer": "decline"})
    assert list(Registration.objects.order_by("pk").values_list("seat", flat=True)) == [
        "released",
        "released",
        "offered",
    ]


def test_offer_answer_after_the_deadline_is_refused(client: Client, offered: tuple[Registration, str]) -> None:
    now = timezone.now()
    Offer.objects.update(offered_at=now - timedelta(days=2), expires_at=now - timedelta(days=1))
    response = client.post(offered[1], {"answer": "accept"}, follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        _("This offer has ended. The seat went to the next in line.")
    ]
    assert Registration.objects.get(pk=offered[0].pk).seat == "offered"


def test_offer_answer_with_unknown_token_is_not_found(client: Client, db: None) -> None:
    assert client.get(reverse("participants:offer_answer", args=["x" * 24])).status_code == 404


def test_offer_decide_from_the_own_page(client: Client, offered: tuple[Registration, str]) -> None:
    opened(client, offered[0])
    client.post(reverse("participants:offer_decide"), {"answer": "accept"})
    assert Registration.objects.get(pk=offered[0].pk).seat == "held"


def test_recover_says_the_same_for_known_and_unknown(client: Client, batch: Batch) -> None:
    registration = factories.registration(batch)
    known = client.post(reverse("participants:recover"), {"code": registration.code}, follow=True)
    unknown = Client().post(reverse("participants:recover"), {"code": "ZZZZZZZZ"}, follow=True)
    texts = [[str(message) for message in page.context["messages"]] for page in (known, unknown)]
    assert texts[0] == texts[1]
    assert Message.objects.filter(kind="recovery_code").count() == 1


def test_renew_pin_with_printed_code_gives_a_new_pin_once(client: Client, batch: Batch) -> None:
    registration = factories.registration(batch)
    code = issue_claim_code(registration=registration, by=cast.program_officer())
    typed = {"code": registration.code, "one_time_code": code.lower()}
    page = client.post(reverse("participants:renew_pin"), typed)
    assert page.status_code == 200
    assert client.get(reverse(OWN)).status_code == 200
    assert opened(Client(), registration).status_code == 422
    new = Client().post(reverse(STATUS), {"code": registration.code, "pin": page.context["pin"]})
    assert new.status_code == 302
    assert Client().post(reverse("participants:renew_pin"), typed).status_code == 422


def test_renew_pin_with_wrong_code_counts_and_ends(client: Client, batch: Batch) -> None:
    registration = factories.registration(batch)
    code = issue_claim_code(registration=registration, by=cast.program_officer())
    AccessCode.objects.update(failures=45)
    for _attempt in range(5):
        client.post(reverse("participants:renew_pin"), {"code": registration.code, "one_time_code": "22222-22222"})
    right = client.post(reverse("participants:renew_pin"), {"code": registration.code, "one_time_code": code})
    assert right.status_code == 422
    assert AccessCode.objects.get().failures == 50


def test_status_limits_posts_of_one_address(client: Client, batch: Batch, settings: Any) -> None:
    settings.THROTTLES = settings.THROTTLES | {"status": (2, 60)}
    codes = [client.post(reverse(STATUS), {"code": "ZZZZZZZZ", "pin": "1"}).status_code for _attempt in range(3)]
    assert codes == [422, 422, 429]
