"""Links, cookies and codes that were copied, used twice, changed or made up; names of hosts that are not ours."""

from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts import actions as accounts
from accounts.models import RoleAssignment
from notifications.models import Message
from participants import actions
from participants.models import Registration, Seat, initial_pin
from participants.views import doors
from programs.models import Batch
from tests import cast, factories
from tests.participants.public_form import form_url, send, typed

EVIL = "penipu.example"


@pytest.fixture
def batch(db: None) -> Batch:
    return factories.batch(factories.program(cast.home_agency(), slug="dbhcht"), slug="bendan-kergon", quota=1)


@pytest.fixture
def offered(batch: Batch) -> tuple[Registration, str]:
    """Somebody with an offer, and its address."""
    first, second = factories.registration(batch), factories.registration(batch)
    actions.withdraw(registration=first, reason="", by=None)
    body = Message.objects.get(kind="seat_offered").body
    token = body.split("/status/tawaran/")[1].split("/")[0]
    return second, reverse("participants:offer_answer", args=[token])


def own_page(entry: Registration) -> Client:
    client = Client()
    pin = initial_pin(entry.submission_key)
    assert client.post(reverse("participants:status"), {"code": entry.code, "pin": pin}).status_code == 302
    return client


def test_offer_answered_once_takes_no_second_answer(offered: tuple[Registration, str]) -> None:
    entry, link = offered
    Client().post(link, {"answer": "accept"})
    Client().post(link, {"answer": "decline"})
    entry.refresh_from_db()
    assert entry.seat == Seat.HELD


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t + "A", lambda t: t.swapcase(), lambda t: "0" * 43])
def test_offer_with_a_changed_token_is_not_found(offered: tuple[Registration, str], change: Any) -> None:
    token = offered[1].rstrip("/").rpartition("/")[2]
    assert Client().post(reverse("participants:offer_answer", args=[change(token)])).status_code == 404


def test_cookie_of_the_receipt_opens_no_entry_and_the_other_way_round(batch: Batch) -> None:
    """Each signed cookie has a salt of its own: one is never taken for the other."""
    client = Client()
    send(client, batch)
    receipt = client.cookies[doors.RECEIPT].value
    client.post(reverse("participants:receipt_noted"))
    entry = client.cookies[doors.ENTRY].value
    swapped = Client()
    swapped.cookies[doors.RECEIPT], swapped.cookies[doors.ENTRY] = entry, receipt
    for name in ("receipt", "status_detail", "ticket"):
        assert swapped.get(reverse(f"participants:{name}"))["Location"] == reverse("participants:status")


def test_cookie_of_an_entry_names_no_other_entry(batch: Batch) -> None:
    """The number in the cookie is signed with the rest of it."""
    first = factories.registration(batch)
    client = own_page(first)
    pk, rest = client.cookies[doors.ENTRY].value.split(":", 1)
    client.cookies[doors.ENTRY] = f"{int(pk) + 1}:{rest}"
    assert client.get(reverse("participants:status_detail"))["Location"] == reverse("participants:status")


def test_cookie_of_an_entry_signed_with_another_key_is_nothing(batch: Batch) -> None:
    entry = factories.registration(batch)
    mark = Registration.objects.get(pk=entry.pk).pin_hash[:16]
    forged = signing.TimestampSigner(key="django.http.cookies", salt=doors.ENTRY * 2).sign(f"{entry.pk}:{mark}")
    client = Client()
    client.cookies[doors.ENTRY] = forged
    assert client.get(reverse("participants:status_detail"))["Location"] == reverse("participants:status")


def test_cookie_of_an_entry_ends_with_a_new_pin(batch: Batch) -> None:
    entry = factories.registration(batch)
    thief = own_page(entry)
    assert thief.get(reverse("participants:status_detail")).status_code == 200
    code = actions.issue_claim_code(registration=entry, by=cast.program_officer())
    actions.renew_pin(code=entry.code, one_time_code=code)
    assert thief.get(reverse("participants:status_detail")).status_code == 302


def test_receipt_key_of_ones_own_making_opens_nothing(batch: Batch) -> None:
    entry = factories.registration(batch)
    client = Client()
    client.cookies[doors.RECEIPT] = entry.submission_key.hex
    assert client.get(reverse("participants:receipt"))["Location"] == reverse("participants:status")


def test_form_sent_with_the_key_of_another_entry_shows_nothing_of_it(batch: Batch) -> None:
    """The unsigned key of somebody's entry, however it was learnt, is no key of a form."""
    entry = factories.registration(batch)
    response = Client().post(form_url(batch), typed(submission_key=entry.submission_key.hex))
    assert (response.status_code, doors.RECEIPT in response.cookies) == (422, False)


# Sessions


def signed_in(user: Any) -> Client:
    client = Client()
    data = {"login": user.username, "password": factories.PASSWORD}
    assert client.post(reverse("account_login"), data)["Location"] == reverse("workspace")
    return client


def test_session_key_that_a_visitor_brings_is_never_taken(db: None) -> None:
    """Fixation: neither a made-up key nor one of a session that another browser began survives the sign-in."""
    person = cast.treasurer()
    for planted in ("a" * 32, begun_session()):
        client = Client()
        client.cookies["sessionid"] = planted
        client.post(reverse("account_login"), {"login": person.username, "password": factories.PASSWORD})
        assert client.cookies["sessionid"].value != planted
        thief = Client()
        thief.cookies["sessionid"] = planted
        assert thief.get(reverse("workspace")).status_code == 302


def begun_session() -> str:
    client = Client()
    session = client.session
    session["begun"] = True
    session.save()
    return str(session.session_key)


def test_session_is_dead_after_the_sign_out(db: None) -> None:
    client = signed_in(cast.treasurer())
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert thief.get(reverse("workspace")).status_code == 200
    client.post(reverse("account_logout"))
    assert thief.get(reverse("workspace")).status_code == 302
    assert Session.objects.count() == 0


def test_session_is_dead_when_an_administrator_ends_it_or_the_account(db: None) -> None:
    person, admin = cast.treasurer(), cast.administrator()
    for end in (accounts.end_all_devices, accounts.deactivate_user):
        client = signed_in(person)
        end(by=admin, user=person)
        assert client.get(reverse("workspace")).status_code == 302


def test_session_loses_a_right_at_the_next_request(db: None) -> None:
    person = cast.program_officer()
    client = Client()
    client.force_login(person)
    assert client.get(reverse("notifications:message_list")).status_code == 200
    RoleAssignment.objects.filter(user=person).delete()
    assert client.get(reverse("notifications:message_list")).status_code == 403


# Hosts and where one is led


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "Forwarded", "X-Host", "X-Original-Host", "X-Forwarded-Server"])
def test_no_header_changes_the_host_of_a_page(client: Client, batch: Batch, header: str) -> None:
    for url in ("/", form_url(batch), reverse("account_login"), reverse("account_reset_password")):
        response = client.get(url, headers={header: EVIL, "X-Original-URL": "/admin/", "X-Rewrite-URL": "/admin/"})
        assert response.status_code == 200
        assert EVIL not in response.content.decode()


def test_mails_lead_to_our_own_address_whatever_the_browser_claims(batch: Batch, settings: Settings) -> None:
    """Also a host that is allowed beside the portal's own name stands in no link."""
    settings.ALLOWED_HOSTS = [EVIL, "testserver"]
    person = cast.treasurer()
    person.email = "bendahara@contoh.example"
    person.save(update_fields=["email"])
    client = Client(headers={"host": EVIL, "X-Forwarded-Host": EVIL})
    client.post(reverse("account_reset_password"), {"email": person.email})
    send(client, batch)
    bodies = list(Message.objects.values_list("body", flat=True))
    assert len(bodies) == 2
    assert all(site.SITE_URL in body and EVIL not in body for body in bodies)


TARGETS = [
    f"https://{EVIL}/",
    f"//{EVIL}/",
    f"/\\{EVIL}/",
    f"\\\\{EVIL}",
    f"https:{EVIL}",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("target", TARGETS)
def test_nobody_is_led_elsewhere(db: None, target: str) -> None:
    """Every door that takes `next`: signing in and out, the second look at the password, the language."""
    person = cast.treasurer()
    data = {"login": person.username, "password": factories.PASSWORD, "next": target, "language": "en"}
    doors_with_next = ["account_login", "account_reauthenticate", "set_language", "account_logout"]
    client = Client()
    for name in doors_with_next:
        for query in ({}, {"next": target}):
            response = client.post(reverse(name, query=query), data, headers={"referer": f"https://{EVIL}/"})
            leads_to(response)
            leads_to(client.get(reverse(name, query={"next": target})))


def leads_to(response: Any) -> None:
    location = response.get("Location", "/")
    assert location.startswith("/"), location
    assert location[1:2] not in {"/", "\\"}, location


def test_page_after_a_session_that_ended_stays_inside(db: None, settings: Settings) -> None:
    client = Client()
    client.force_login(cast.treasurer())
    session = client.session
    session["signed_in_at"] = session["seen_at"] = 0
    session.save()
    response = client.post(reverse("accounts:profile"), headers={"referer": f"http://testserver//{EVIL}/"})
    back = response["Location"].partition("next=")[2]
    assert response["Location"].startswith("/masuk/?next=")
    assert not back.startswith(("//", "%2F%2F", "/%2F"))
