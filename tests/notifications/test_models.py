from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.roles import Role
from notifications.models import Channel, Message, State
from tests.notifications.conftest import Office
from tests.support.constraints import broken_by

NOW = timezone.now()


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("state_known", {"state": "lost"}),
        ("channel_known", {"channel": "pigeon"}),
        ("language_known", {"language": "jv"}),
        ("claimed_while_sending", {"state": State.SENDING}),
        ("claimed_while_sending", {"claimed_at": NOW}),
        ("sent_has_time", {"state": State.SENT}),
        ("sent_has_time", {"state": State.DELIVERED, "delivered_at": NOW}),
        ("sent_has_time", {"state": State.CANCELLED, "sent_at": NOW}),
        ("delivered_has_time", {"state": State.DELIVERED, "sent_at": NOW}),
        ("delivered_has_time", {"state": State.SENT, "sent_at": NOW, "delivered_at": NOW}),
        ("delivered_has_time", {"read_at": NOW}),
        ("sent_has_time", {"sent_at": NOW}),
        ("failed_has_reason", {"state": State.FAILED}),
        ("email_has_address", {"recipient_address": "+6281234567890"}),
        ("whatsapp_has_number", {"channel": Channel.WHATSAPP, "recipient_address": "081234567890"}),
        ("fallbacks_known", {"fallbacks": ["pigeon"]}),
        ("code_has_reason", {"failure_code": "smtp_550"}),
        ("manual_not_claimed", {"channel": Channel.CALL, "state": State.SENDING, "claimed_at": NOW}),
        ("manual_not_claimed", {"channel": Channel.MANUAL, "state": State.SENDING, "claimed_at": NOW}),
        ("subject_paired", {"subject_type": "registration"}),
        ("subject_paired", {"subject_id": "7"}),
        ("named", {"key": ""}),
        ("named", {"kind": ""}),
        ("named", {"message_id": ""}),
    ],
)
def test_message_constraint(office: Office, constraint: str, fields: dict[str, Any]) -> None:
    assert broken_by(lambda: office.message(**fields)) == f"notifications_message_{constraint}"


@pytest.mark.parametrize(
    ("constraint", "field"),
    [
        ("key_unique", "key"),
        ("message_id_unique", "message_id"),
        ("former_unique", "former"),
        ("provider_id_unique", "provider_id"),
    ],
)
def test_message_is_unique_by(office: Office, constraint: str, field: str) -> None:
    first = office.message(provider_id="wamid.1", former=office.message())
    again = {field: getattr(first, field)}
    assert broken_by(lambda: office.message(**again)) == f"notifications_message_{constraint}"


def test_visible_to_stays_in_agency_and_region(office: Office, next_office: Office) -> None:
    whole = office.message(region=None)
    medono = office.message(region_id="33.75.01.1002")
    bendan = office.message(region_id="33.75.01.1006")
    next_office.message(region_id="33.74.01.1001")

    def seen(username: str, role: Role, region: str = "33.75") -> list[Message]:
        return list(Message.objects.visible_to(office.user(username, role, region)).order_by("pk"))

    assert seen("kota", Role.PROGRAM_OFFICER) == [whole, medono, bendan]
    assert seen("medono", Role.PROGRAM_OFFICER, "33.75.01.1002") == [medono]
    assert seen("lurah", Role.VILLAGE_OFFICER, "33.75.01.1002") == []
    assert seen("bendahara", Role.TREASURER) == []


def test_search_finds_part_of_a_name_or_a_whole_address(office: Office) -> None:
    siti = office.message(recipient_name="Siti Aminah", recipient_address="siti@example.id")
    budi = office.message(channel=Channel.MANUAL, recipient_name="Budi", recipient_address="+6281234567890")
    assert list(Message.objects.search("AMIN")) == [siti]
    assert list(Message.objects.search("siti@example.id")) == [siti]
    assert list(Message.objects.search("+6281234567890")) == [budi]
    assert list(Message.objects.search("example.id")) == []


def test_message_masks_its_address(office: Office) -> None:
    assert office.message(recipient_address="siti@example.id").masked_address == "s****@example.id"
    manual = office.message(channel=Channel.MANUAL, recipient_address="+6281234567890")
    assert manual.masked_address == "0812-****-7890"
    assert office.message(channel=Channel.MANUAL, recipient_address="").masked_address == ""


def test_whatsapp_url_holds_number_and_text(office: Office) -> None:
    manual = office.message(channel=Channel.MANUAL, recipient_address="+6281234567890", body="Nomor 12 & 13?\nYa.\n")
    assert manual.whatsapp_url == "https://wa.me/6281234567890?text=Nomor%2012%20%26%2013%3F%0AYa."
    landline = office.message(channel=Channel.MANUAL, recipient_address="+62285421234")
    assert landline.whatsapp_url == ""


def test_every_text_has_a_name_for_staff() -> None:
    texts = {path.stem for path in (settings.BASE_DIR / "templates/notifications").glob("[!_]*.txt")}
    assert texts == set(settings.MESSAGE_KINDS)
