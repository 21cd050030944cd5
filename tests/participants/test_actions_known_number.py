"""What an anonymous visitor learns from trying somebody else's identity number: nothing, whatever the order of steps.

Each journey is walked twice, once with a number that is on file and once with one that nobody ever used, and must look
the same: seats, refusals, the log, and the messages that reach the visitor.
"""

import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from notifications.models import Message
from participants import actions
from participants.models import Declaration, Person, Registration
from programs.models import Program
from tests import cast, factories
from tests.participants.lines import fresh

pytestmark = pytest.mark.django_db

KNOWN, UNKNOWN = "9971015207990001", "9971015207990002"
PHONE, EMAIL = "+628129999999", "tamu@example.id"
OTHER_PHONE = "+628128888888"
Step = tuple[str, dict[str, Any]]


class Visitor:
    """Somebody with a phone and an address of their own who writes down everything that the portal answers."""

    def __init__(self, program: Program, nik: str) -> None:
        self.nik = nik
        self.batches = [factories.batch(program, slug=f"tamu-{number}", name=f"Angkatan {number}") for number in (1, 2)]
        self.entries: list[Registration] = []
        self.answers: list[Any] = []

    def walk(self, journey: str) -> None:
        for name, values in JOURNEYS[journey]:
            try:
                getattr(self, name)(**values)
            except ValidationError as refusal:
                self.answers.append(sorted(refusal.messages))
            else:
                self.answers.append("done")

    def register(self, batch: int, **contact: str) -> None:
        registered = actions.register(
            batch=self.batches[batch],
            declaration=self.declared(**contact),
            submission_key=uuid.uuid4(),
            consents={"notice": True},
            notice_version="1",
            by=None,
        )
        self.entries.append(registered)

    def correct(self, **declared: str) -> None:
        actions.correct(registration=self.entries[-1], declaration=self.declared(**declared), by=None)

    def withdraw(self) -> None:
        actions.withdraw(registration=self.entries[-1], reason="", by=None)

    def declared(self, **values: str) -> Declaration:
        given: dict[str, Any] = {"nik": self.nik, "phone": PHONE, "email": EMAIL, "full_name": "Tamu", **values}
        return factories.declaration(number=5, **given)

    def seen(self) -> list[Any]:
        codes = {entry.code: str(place) for place, entry in enumerate(self.entries)}
        codes |= {entry.shown_code: str(place) for place, entry in enumerate(self.entries)}
        read = []
        for message in Message.objects.filter(recipient_address__in=[PHONE, OTHER_PHONE, EMAIL]).order_by("pk"):
            if message.group in {f"batch:{batch.pk}" for batch in self.batches}:
                text = f"{message.recipient_address} {message.subject} {message.body}"
                for code, place in codes.items():
                    text = text.replace(code, place)
                read.append(text)
        entries = [fresh(entry) for entry in self.entries]
        return [self.answers, [self._shown(entry) for entry in entries], read]

    def _shown(self, entry: Registration) -> Any:
        log = list(entry.events.values_list("kind", "data"))
        return entry.seat, entry.position, entry.check_state, entry.can_be_corrected, entry.eligibility, log


def register(batch: int = 0, /, **contact: Any) -> Step:
    return "register", {"batch": batch, **contact}


def correct(**declared: str) -> Step:
    return "correct", declared


WITHDRAW: Step = ("withdraw", {})
ANOTHER_PHONE = {"phone": OTHER_PHONE}
NO_EMAIL = {"email": ""}
NEITHER = {"phone": OTHER_PHONE, "email": ""}
ANOTHER_NUMBER = {"nik": "9971015207990777"}

JOURNEYS: dict[str, list[Step]] = {
    "once": [register()],
    "twice with the same contact": [register(), register()],
    "twice with another phone": [register(**NO_EMAIL), register(**NEITHER)],
    "twice with another phone and the same address": [register(), register(**ANOTHER_PHONE)],
    "twice with another address and the same phone": [register(), register(email="lain@example.id")],
    "two batches of one year": [register(0), register(1)],
    "two batches of one year with another phone": [register(0), register(1, **ANOTHER_PHONE)],
    "two batches of one year with other contact": [register(0), register(1, **NEITHER)],
    "again after cancelling": [register(), WITHDRAW, register()],
    "another batch after cancelling": [register(0), WITHDRAW, register(1)],
    "correcting the name": [register(), correct(full_name="Tamu Agung")],
    "correcting the phone, then again with the former": [
        register(**NO_EMAIL),
        correct(**NEITHER),
        register(**NO_EMAIL),
    ],
    "correcting the phone, then again with the new": [register(**NO_EMAIL), correct(**NEITHER), register(**NEITHER)],
    "correcting the phone, then elsewhere with the former": [register(0), correct(**NEITHER), register(1)],
    "correcting the number": [register(**ANOTHER_NUMBER), correct()],
    "correcting the number, then again": [register(**ANOTHER_NUMBER), correct(), register()],
    "correcting the number away, then again": [register(), correct(**ANOTHER_NUMBER), register()],
}


@pytest.fixture
def program() -> Program:
    made = factories.program(cast.home_agency(), slug="pelatihan")
    owner = factories.batch(made, slug="pemilik")
    factories.registration(owner, number=1, nik=KNOWN, full_name="Pemilik Nomor", email="pemilik@example.id")
    return made


def walked(program: Program, nik: str, journey: str) -> str:
    """What a visitor with this number saw; afterwards nothing of it is left for the next one."""
    with transaction.atomic():
        visitor = Visitor(program, nik)
        visitor.walk(journey)
        text = repr(visitor.seen()).replace(nik[-4:], "NNNN")
        transaction.set_rollback(True)
    return text


@pytest.mark.parametrize("journey", JOURNEYS)
def test_known_and_unknown_number_look_the_same(program: Program, journey: str) -> None:
    assert walked(program, KNOWN, journey) == walked(program, UNKNOWN, journey)


@pytest.mark.parametrize("journey", JOURNEYS)
def test_owner_of_the_number_is_told_and_stays_untouched(program: Program, journey: str) -> None:
    owner = Registration.objects.get(nik_last4="0001")
    card = Person.objects.filter(registrations=owner)
    before = list(card.values())
    Visitor(program, KNOWN).walk(journey)
    assert Message.objects.filter(kind="identity_used", recipient_address="pemilik@example.id").exists()
    assert list(card.values()) == before
    assert fresh(owner).seat == "held"
