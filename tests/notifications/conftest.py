"""An office with two kelurahan, people who look at its messages, and a mail server that does what a test wants."""

import copy
import datetime as dt
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message as Mail
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings as django_settings
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Agency, RoleAssignment, User
from accounts.roles import Role
from kit import wakeup
from notifications import routing
from notifications.actions import allow_whatsapp
from notifications.models import Channel, Message, WhatsAppChoice, WhatsAppGateway, WhatsAppTemplate
from tests import factories
from tests.support.whatsapp import APP_SECRET, NUMBER_ID, TOKEN, Platform, running_platform

TEXTS = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def texts(settings: Settings) -> None:
    """`hello.txt` beside the real texts."""
    templates: list[Any] = copy.deepcopy(django_settings.TEMPLATES)
    templates[0]["DIRS"].append(TEXTS)
    settings.TEMPLATES = templates


@pytest.fixture(autouse=True)
def broker_is_asked() -> Iterator[None]:
    wakeup.listen_again()
    yield
    wakeup.listen_again()


@dataclass
class Office:
    agency: Agency
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def user(self, username: str, role: Role, region: str = "33.75") -> User:
        user = User.objects.create_user(username, "rahasia-sekali", full_name=username.title())
        RoleAssignment.objects.create(user=user, role=role, agency=self.agency, region_id=region)
        return user

    def whatsapp(self, number: int = 1, **fields: Any) -> Message:
        """A message that waits for the platform; `fallbacks` tells what comes after it."""
        phone = f"+62812000{number:05d}"
        return self.message(
            **{
                "channel": Channel.WHATSAPP,
                "recipient_address": phone,
                "recipient_phone": phone,
                "facts": {"nama": "Siti", "kantor": self.agency.name},
            }
            | fields
        )

    def message(self, **fields: Any) -> Message:
        number = next(self.numbers)
        defaults: dict[str, Any] = {
            "agency": self.agency,
            "kind": "hello",
            "key": f"hello:{self.agency.pk}:{number}",
            "language": "id",
            "channel": Channel.EMAIL,
            "recipient_name": f"Warga {number}",
            "recipient_address": f"warga{number}@example.id",
            "subject": f"Halo {number}",
            "body": f"Isi {number}\n",
            "message_id": f"<{self.agency.pk}.{number}@portal.example>",
            "not_before": timezone.now() - dt.timedelta(seconds=1),
        }
        return Message.objects.create(**defaults | fields)


def make_office(slug: str, region: str) -> Office:
    factories.region_tree()
    agency = Agency.objects.create(name=f"Dinas {slug.title()}", short_name=slug, slug=slug, region_id=region)
    return Office(agency)


@pytest.fixture
def office(db: None) -> Office:
    return make_office("pekalongan", "33.75")


@pytest.fixture
def next_office(db: None) -> Office:
    return make_office("semarang", "33.74")


@dataclass
class MailServer:
    """`replies` maps an address to the SMTP reply that it gets; `data_replies` does so after the text was given."""

    port: int
    received: list[tuple[str, Mail]] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)
    data_replies: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    controller: Controller | None = None

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self.replies.get(address, "250 OK")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the name that aiosmtpd calls
        address = envelope.rcpt_tos[0]
        reply = self.data_replies.get(address, "250 OK")
        if reply.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.received.append((address, message_from_bytes(envelope.content)))
        return reply

    @property
    def addresses(self) -> list[str]:
        return [address for address, _mail in self.received]

    def start(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        if self.controller is not None:
            self.controller.stop()
            self.controller = None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    server = MailServer(free_port())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    server.start()
    yield server
    server.stop()


@pytest.fixture
def platform(settings: Settings) -> Iterator[Platform]:
    with running_platform() as running:
        settings.WHATSAPP_API_URL = running.url
        yield running


def open_gateway(office: Office, **fields: Any) -> WhatsAppGateway:
    """The office writes by WhatsApp: `hello` and its number, with two values."""
    gateway = WhatsAppGateway.objects.create(
        agency=office.agency, phone_number_id=NUMBER_ID, token=TOKEN, app_secret=APP_SECRET, **fields
    )
    for language in ("id", "en"):
        WhatsAppTemplate.objects.create(
            agency=office.agency, kind="hello", language=language, name="halo_warga", parameters=["nama", "kantor"]
        )
    changed(office)
    return gateway


def changed(office: Office) -> None:
    routing.note_change(office.agency.pk)
    office.agency.refresh_from_db()


@pytest.fixture
def gateway(office: Office, platform: Platform) -> WhatsAppGateway:
    return open_gateway(office)


def allow(office: Office, *phones: str) -> None:
    for phone in phones:
        allow_whatsapp(agency=office.agency, phone=phone, source=WhatsAppChoice.Source.FORM, by=None)
