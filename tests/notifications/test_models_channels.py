"""What PostgreSQL refuses of an office's channels."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from notifications.models import ChannelPolicy, WhatsAppChoice, WhatsAppGateway, WhatsAppTemplate
from tests.notifications.conftest import Office
from tests.support.constraints import broken_by

NOW = timezone.now()


def gateway(office: Office, **fields: Any) -> WhatsAppGateway:
    defaults = {"agency": office.agency, "phone_number_id": "106540352242922", "token": "EAAB", "app_secret": "s"}
    return WhatsAppGateway.objects.create(**defaults | fields)


def template(office: Office, **fields: Any) -> WhatsAppTemplate:
    defaults = {"agency": office.agency, "kind": "hello", "language": "id", "name": "halo", "parameters": ["office"]}
    return WhatsAppTemplate.objects.create(**defaults | fields)


def choice(office: Office, **fields: Any) -> WhatsAppChoice:
    defaults = {"agency": office.agency, "phone": "+6281234567890", "wants": True, "source": "form", "at": NOW}
    return WhatsAppChoice.objects.create(**defaults | fields)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("notifications_policy_order_known", {"order": []}),
        ("notifications_policy_order_known", {"order": ["pigeon"]}),
        ("notifications_policy_quiet_paired", {"quiet_until": None}),
        ("notifications_policy_patience", {"delivery_hours": 0}),
    ],
)
def test_policy_constraint(office: Office, constraint: str, fields: dict[str, Any]) -> None:
    assert broken_by(lambda: ChannelPolicy.objects.create(agency=office.agency, **fields)) == constraint


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("notifications_gateway_number_plain", {"phone_number_id": "../me"}),
        ("notifications_gateway_pause_has_reason", {"paused_at": NOW}),
        ("notifications_gateway_pause_has_reason", {"pause_reason": "Token kedaluwarsa."}),
    ],
)
def test_gateway_constraint(office: Office, constraint: str, fields: dict[str, Any]) -> None:
    assert broken_by(lambda: gateway(office, **fields)) == constraint


def test_gateway_number_belongs_to_one_office(office: Office, next_office: Office) -> None:
    gateway(office)
    assert broken_by(lambda: gateway(next_office)) == "notifications_gateway_number_unique"


def test_gateway_keeps_its_secrets_encrypted(office: Office) -> None:
    gateway(office, token="EAABsbCS1iHgBAO", app_secret="d41d8cd98f00b204")
    with connection.cursor() as cursor:
        cursor.execute("SELECT token, app_secret FROM notifications_whatsappgateway")
        [(token, secret)] = cursor.fetchall()
    assert b"EAABsbCS1iHgBAO" not in bytes(token)
    assert b"d41d8cd98f00b204" not in bytes(secret)
    kept = WhatsAppGateway.objects.get()
    assert (kept.token, kept.app_secret) == ("EAABsbCS1iHgBAO", "d41d8cd98f00b204")


def test_gateways_of_two_offices_verify_with_different_words(office: Office, next_office: Office) -> None:
    first, second = gateway(office), gateway(next_office, phone_number_id="206540352242922")
    assert len(first.verify_token) == 40
    assert first.verify_token != second.verify_token


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("notifications_template_language_known", {"language": "jv"}),
        ("notifications_template_name_plain", {"name": "Halo Warga"}),
        ("notifications_template_code_plain", {"language_code": "indonesian"}),
    ],
)
def test_template_constraint(office: Office, constraint: str, fields: dict[str, Any]) -> None:
    assert broken_by(lambda: template(office, **fields)) == constraint


def test_template_stands_once_for_a_kind_and_language(office: Office) -> None:
    template(office)
    template(office, language="en")
    assert broken_by(lambda: template(office, name="lain")) == "notifications_template_once"


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("notifications_choice_phone_whole", {"phone": "081234567890"}),
        ("notifications_choice_source_known", {"source": "rumour"}),
    ],
)
def test_choice_constraint(office: Office, constraint: str, fields: dict[str, Any]) -> None:
    assert broken_by(lambda: choice(office, **fields)) == constraint


def test_choice_stands_once_for_a_number(office: Office, next_office: Office) -> None:
    choice(office)
    choice(next_office)
    assert broken_by(lambda: choice(office, wants=False)) == "notifications_choice_once"
    assert WhatsAppChoice.objects.allows(office.agency.pk, "+6281234567890")
    assert not WhatsAppChoice.objects.allows(office.agency.pk, "+6281234567891")


def test_policy_begins_with_quiet_nights_and_the_telephone_last(office: Office) -> None:
    policy = ChannelPolicy.objects.create(agency=office.agency)
    policy.refresh_from_db()
    assert policy.order == ["whatsapp", "email", "manual", "call"]
    assert (policy.quiet_from, policy.quiet_until) == (dt.time(20), dt.time(6))
    assert "recovery_code" in policy.at_any_hour
    assert "batch_rescheduled" not in policy.at_any_hour
