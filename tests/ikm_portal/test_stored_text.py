"""What somebody typed, on every page that shows it: text, never markup and never a template."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.core.mail import BadHeaderError
from django.db import DatabaseError, models, transaction
from django.db.models import Value
from django.db.models.functions import Cast, Concat
from django.test import Client
from django.urls import reverse

from accounts.actions import record
from accounts.models import User
from notifications.delivery.mail import as_email
from notifications.models import Message, MessageText
from participants import actions
from participants.models import Registration, initial_pin
from programs.models import Venue
from tests import cast, factories
from tests.ikm_portal import test_access
from tests.ikm_portal.test_every_address import everywhere, signed_in_as, visit
from tests.participants.desk import doubtful

world = test_access.world

# An element and a handler that no page of ours has, and a template that would add.
PROBE = "'\"><x-probe onfocus=x>{{7|add:91330013}}"
APPS = ("accounts", "programs", "participants", "notifications", "jobs")
# What the programme itself writes, or what another room of the database keeps in a form of its own.
OURS = {"password", "path", "key", "username", "message_id", "content_type", "group", "time_zone"}
ESSENTIAL = {
    *("User.full_name", "Program.name", "Batch.name", "Venue.name", "Venue.address", "Registration.full_name"),
    *("Registration.address", "Registration.occupation", "Registration.business_name"),
    *("Registration.withdraw_reason", "Message.subject"),
    *("Message.body", "Message.recipient_name", "Broadcast.body_id", "MessageText.body"),
}


class Marks(HTMLParser):
    """Every element and every handler that a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag} | {name for name, _value in attrs if name.startswith("on")}
        self.found |= {"javascript:" for _name, value in attrs if (value or "").strip().startswith("javascript:")}


def is_free(field: models.Field) -> bool:
    if not isinstance(field, models.CharField | models.TextField) or isinstance(field, models.SlugField):
        return False
    short = field.max_length is not None and field.max_length < len(PROBE) + 8
    ours = field.name in OURS or field.name.endswith("_hash")
    return not (short or ours or field.choices or field.primary_key or field.unique)


def probe_everything() -> set[str]:
    """Puts the probe into every text of every row that the database lets have it; which fields those were."""
    filled = set()
    for model in (model for name in APPS for model in apps.get_app_config(name).get_models()):
        for field in filter(is_free, model._meta.concrete_fields):
            each = Concat(Value(PROBE), Cast("pk", models.CharField()))
            try:
                with transaction.atomic():
                    if model._base_manager.update(**{field.name: each}):
                        filled.add(f"{model.__name__}.{field.name}")
            except DatabaseError:
                continue
    return filled


@pytest.fixture
def probed(world: dict[str, Any]) -> dict[str, Any]:
    """The world of the access table, with a row of each kind, and the probe in all that takes free text."""
    batch = world["batch"]
    doubtful(batch)
    venue = Venue.objects.create(agency=batch.program.agency, name="Balai", address="Jalan", region_id=batch.region_id)
    batch.sessions.update(venue=venue)
    actions.reveal_nik(registration=world["entry"], purpose=PROBE, by=cast.dpo())
    record(action="user.changed", by=world["officer"], target=world["officer"], changes={"full_name": ["x", PROBE]})
    MessageText.objects.update(subject="Judul", body="Isi")
    assert probe_everything() >= ESSENTIAL
    return world


def faults(page: str) -> set[str]:
    return (Marks(page).found & {"x-probe", "onfocus", "javascript:"}) | ({"91330020"} if "91330020" in page else set())


def test_typed_text_is_text_on_every_page(probed: dict[str, Any]) -> None:
    people = {make.__name__: make for make in (cast.program_officer, cast.auditor, cast.dpo, cast.administrator)}
    clients = {name: signed_in_as(make()) for name, make in people.items()} | {"resident": resident(probed["entry"])}
    wrong, shown = {}, set()
    for name, url in everywhere(probed):
        for who, client in clients.items():
            response = visit(client, "get", url)
            if response.streaming or "html" not in response.get("Content-Type", ""):
                continue
            page = response.content.decode()
            shown |= {name} if "&lt;x-probe" in page else set()
            if found := faults(page):
                wrong[f"{who} {name}"] = found
    assert wrong == {}
    assert len(shown) > 40


def resident(entry: Registration) -> Client:
    client = Client()
    pin = initial_pin(entry.submission_key)
    assert client.post(reverse("participants:status"), {"code": entry.code, "pin": pin}).status_code == 302
    return client


@pytest.mark.parametrize("language", ["id", "en"])
def test_messages_carry_typed_text_as_it_is(world: dict[str, Any], language: str) -> None:
    """A name that is a template is sent as typed: only the product's own templates are ever evaluated."""
    entry = factories.registration(world["batch"], full_name="Siti {{ 7|add:91330013 }}{% debug %}", language=language)
    bodies = [m.body + m.subject for m in Message.objects.filter(subject_id=str(entry.pk))]
    assert bodies
    assert all("{{ 7|add:91330013 }}{% debug %}" in body and "91330020" not in body for body in bodies)


def test_free_text_of_officers_is_text_in_forms_that_come_back(world: dict[str, Any]) -> None:
    """Also what a form refuses comes back escaped: every POST of the table with the probe in every field."""
    client = signed_in_as(cast.program_officer())
    names = ("full_name", "reason", "note", "purpose", "subject", "body", "address", "text", "q", "code", "email")
    data = dict.fromkeys(names, PROBE)
    wrong = {}
    for name, url in everywhere(world):
        response = visit(client, "post", url, data=data)
        if not response.streaming and (found := faults(response.content.decode())):
            wrong[name] = found
    assert wrong == {}


def test_probe_would_be_found() -> None:
    """The look at the pages is able to fail."""
    assert faults(f"<p>{PROBE}</p>") == {"x-probe", "onfocus"}
    assert User._meta.get_field("full_name").max_length is not None


def test_no_line_break_reaches_a_mail_header(world: dict[str, Any]) -> None:
    """Names and subjects that somebody typed cannot add a header or a recipient."""
    evil = "Siti\r\nBcc: semua@contoh.example\r\n\r\nIsi"
    entry = factories.registration(world["batch"], full_name=evil, email="siti@contoh.example")
    message = Message.objects.filter(subject_id=str(entry.pk)).latest("pk")
    Message.objects.filter(pk=message.pk).update(recipient_email="siti@contoh.example")
    message.subject = evil
    written = as_email(message)
    assert "\n" not in message.recipient_name
    with pytest.raises(BadHeaderError):
        written.message()
