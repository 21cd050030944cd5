"""What an anonymous visitor sees must not tell whether an identity number is on file (design, section 4)."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from notifications.models import Message
from participants.actions import correct
from participants.models import Registration, initial_pin
from programs.models import Batch
from tests import factories
from tests.participants.public_form import form_url, typed

SECRETS = (
    (re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+'), r"\1-"),
    (re.compile(r'(name="submission_key" value=")[^"]+'), r"\1-"),
    (re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}"), "CODE-CODE"),
    (re.compile(r">[0-9]{6}<"), ">PIN<"),
    (re.compile(r' d="[^"]+"'), ""),
    (re.compile(r'(datetime=")[^"]+'), r"\1-"),
    (re.compile(r"\*{12}[0-9]{4}"), "NIK"),
)
VICTIM, STRANGER = 4711, 4712


def bytes_of(response: Any) -> tuple[int, dict[str, str], str]:
    """Status, headers and body, without what is drawn by lot for each visitor and each form."""
    body = response.content.decode()
    for pattern, stand_in in SECRETS:
        body = pattern.sub(stand_in, body)
    headers = {
        name: value for name, value in response.headers.items() if name not in {"Content-Length", "X-Request-ID"}
    }
    return response.status_code, headers, body


def visit(batch: Batch, number: int, **values: Any) -> list[tuple[int, dict[str, str], str]]:
    """Somebody registers with this number and a phone of their own, and looks at every page they get."""
    client = Client()
    form = typed(number, phone="0812-7777-0001", email="orang@contoh.example", **values)
    pages = [client.post(form_url(batch), form)]
    pages += [client.get(reverse(f"participants:{name}")) for name in ("receipt", "ticket")]
    pages += [client.post(reverse("participants:receipt_noted")), client.get(reverse("participants:status_detail"))]
    pages += [client.get(reverse("participants:correct")), client.get(reverse("participants:withdraw"))]
    return [(status, headers, body.replace(f"/{batch.slug}/", "/-/")) for status, headers, body in map(bytes_of, pages)]


def copy_of(batch: Batch) -> Batch:
    """Another batch that looks the same, so that both visitors come to equal seats."""
    twin = factories.batch(batch.program, slug="kembar", name=batch.name)
    Batch.objects.filter(pk=twin.pk).update(
        registration_opens_at=batch.registration_opens_at, registration_closes_at=batch.registration_closes_at
    )
    return twin


@pytest.fixture
def twins(batch: Batch) -> tuple[Batch, Batch]:
    return batch, copy_of(batch)


def on_file(batch: Batch) -> Registration:
    """The victim's own earlier registration, with the victim's own phone."""
    return factories.registration(batch, number=VICTIM, nik=f"997101520799{VICTIM:04d}", phone="+6281255550001")


def test_known_number_registered_elsewhere_looks_like_an_unknown_one(twins: tuple[Batch, Batch]) -> None:
    on_file(factories.batch(factories.program(twins[0].program.agency)))
    assert visit(twins[0], VICTIM) == visit(twins[1], STRANGER)
    assert Registration.objects.get(batch=twins[0]).person is None
    assert Registration.objects.get(batch=twins[1]).person is not None


def test_known_number_in_the_same_batch_looks_like_an_unknown_one(twins: tuple[Batch, Batch]) -> None:
    on_file(twins[0])
    factories.registration(twins[1])
    assert visit(twins[0], VICTIM) == visit(twins[1], STRANGER)


def test_known_number_on_the_waiting_list_looks_like_an_unknown_one(twins: tuple[Batch, Batch]) -> None:
    Batch.objects.update(quota=1)
    on_file(twins[0])
    factories.registration(twins[1])
    assert visit(twins[0], VICTIM) == visit(twins[1], STRANGER)


def test_known_number_in_a_full_batch_looks_like_an_unknown_one(twins: tuple[Batch, Batch]) -> None:
    Batch.objects.update(quota=1, waiting_quota=0)
    on_file(twins[0])
    factories.registration(twins[1])
    known, unknown = visit(twins[0], VICTIM), visit(twins[1], STRANGER)
    assert [status for status, _headers, _body in known][0] == 422
    assert known[0][2].replace(f"{VICTIM}", f"{STRANGER}") == unknown[0][2]


def test_known_number_with_a_doubtful_date_looks_like_an_unknown_one(twins: tuple[Batch, Batch]) -> None:
    on_file(factories.batch(factories.program(twins[0].program.agency)))
    assert visit(twins[0], VICTIM, birth_date_day="13") == visit(twins[1], STRANGER, birth_date_day="13")


def test_stranger_gets_the_same_message(twins: tuple[Batch, Batch]) -> None:
    on_file(factories.batch(factories.program(twins[0].program.agency)))
    visit(twins[0], VICTIM)
    visit(twins[1], STRANGER)
    sent = Message.objects.filter(recipient_address="orang@contoh.example").order_by("pk")
    texts = [re.sub(r"[2-9A-Z]{4}-[2-9A-Z]{4}", "CODE", message.body) for message in sent]
    assert [message.kind for message in sent] == ["registration_received", "registration_received"]
    assert texts[0] == texts[1]


def test_owner_of_a_known_number_is_told(batch: Batch) -> None:
    on_file(factories.batch(factories.program(batch.program.agency)))
    visit(batch, VICTIM)
    told = Message.objects.get(kind="identity_used")
    assert told.recipient_address == "+6281255550001"
    assert "0812-7777" not in told.body


def test_wrong_pin_of_a_known_number_looks_like_an_unknown_number(batch: Batch) -> None:
    registration = factories.registration(batch)
    pin = "000000" if initial_pin(registration.submission_key) != "000000" else "000001"
    url = reverse("participants:status")
    known = Client().post(url, {"code": registration.code, "pin": pin})
    unknown = Client().post(url, {"code": "ZZZZZZZZ", "pin": pin})
    pages = [(s, h, b.replace(registration.code, "ZZZZZZZZ")) for s, h, b in map(bytes_of, (known, unknown))]
    assert pages[0] == pages[1]


def test_four_steps_with_a_changed_phone_end_alike_for_known_and_unknown(batch: Batch) -> None:
    """Register, register elsewhere, correct the first to another phone, register a third time with the first phone."""
    agency = batch.program.agency
    on_file(factories.batch(factories.program(agency, duplicate_rule="never")))
    ends = []
    for number in (VICTIM, STRANGER):
        form = {"nik": f"997101520799{number:04d}", "phone": "+6281277770001"}
        once_a_year = factories.program(agency)
        first = factories.registration(factories.batch(once_a_year), **form)
        factories.registration(factories.batch(factories.program(agency, duplicate_rule="never")), **form)
        correct(
            registration=first, declaration=factories.declaration(number, **form | {"phone": "+6281277770002"}), by=None
        )
        try:
            factories.registration(factories.batch(once_a_year), **form)
        except ValidationError as refusal:
            ends.append(str(refusal.messages))
        else:
            ends.append("registered")
    assert ends[0] == ends[1]
