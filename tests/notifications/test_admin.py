"""What administrators set up: secrets are written and never shown, and only what a message has fills a template."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry, User
from accounts.roles import Role
from notifications import routing
from notifications.models import ChannelPolicy, WhatsAppGateway, WhatsAppTemplate
from tests.notifications.conftest import Office

GATEWAYS = "/admin/notifications/whatsappgateway/"
TEMPLATES = "/admin/notifications/whatsapptemplate/"


@pytest.fixture
def admin(office: Office, client: Client) -> Client:
    user: User = office.user("admin.sistem", Role.ADMINISTRATOR)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client.force_login(User.objects.get(pk=user.pk))
    return client


def gateway_form(office: Office, **fields: Any) -> dict[str, Any]:
    given = {"agency": office.agency.pk, "phone_number_id": "106540352242922", "per_minute": 60, "is_active": "on"}
    return given | {"new_token": "EAABsecret", "new_secret": "app-secret"} | fields


def template_form(office: Office, **fields: Any) -> dict[str, Any]:
    given = {"agency": office.agency.pk, "kind": "seat_offered", "language": "id", "name": "kursi_tersedia"}
    return given | {"language_code": "id", "parameters": "nama, {batas_singkat}, tautan_jawaban"} | fields


def test_gateway_is_written_and_its_secrets_are_never_shown(office: Office, admin: Client) -> None:
    assert admin.post(f"{GATEWAYS}add/", gateway_form(office)).status_code == 302
    gateway = WhatsAppGateway.objects.get()
    assert (gateway.token, gateway.app_secret) == ("EAABsecret", "app-secret")
    page = admin.get(f"{GATEWAYS}{gateway.pk}/change/").content.decode()
    assert "EAABsecret" not in page
    assert "app-secret" not in page
    assert "/webhook/whatsapp/pekalongan/" in page
    assert gateway.verify_token in page
    assert "EAABsecret" not in str(list(AuditEntry.objects.values()))


def test_gateway_keeps_what_is_left_empty_and_starts_again(office: Office, admin: Client) -> None:
    admin.post(f"{GATEWAYS}add/", gateway_form(office))
    gateway = WhatsAppGateway.objects.get()
    WhatsAppGateway.objects.update(paused_at="2026-01-01T00:00Z", pause_reason="Token kedaluwarsa.")
    form = gateway_form(office, new_token="", new_secret="", per_minute=30)
    assert admin.post(f"{GATEWAYS}{gateway.pk}/change/", form).status_code == 302
    gateway.refresh_from_db()
    assert (gateway.token, gateway.per_minute, gateway.paused_at) == ("EAABsecret", 30, None)


def test_gateway_asks_for_both_secrets_at_first(office: Office, admin: Client) -> None:
    assert admin.post(f"{GATEWAYS}add/", gateway_form(office, new_token="")).status_code == 200
    assert not WhatsAppGateway.objects.exists()


def test_gateway_of_another_office_cannot_be_made_or_opened(office: Office, next_office: Office, admin: Client) -> None:
    assert admin.post(f"{GATEWAYS}add/", gateway_form(next_office)).status_code == 200
    other = WhatsAppGateway.objects.create(
        agency=next_office.agency, phone_number_id="206540352242922", token="t", app_secret="s"
    )
    assert admin.get(f"{GATEWAYS}{other.pk}/change/").status_code == 302
    assert WhatsAppGateway.objects.count() == 1


def test_template_takes_the_values_that_the_message_has(office: Office, admin: Client) -> None:
    admin.post(f"{GATEWAYS}add/", gateway_form(office))
    assert admin.post(f"{TEMPLATES}add/", template_form(office)).status_code == 302
    assert WhatsAppTemplate.objects.get().parameters == ["nama", "batas_singkat", "tautan_jawaban"]
    office.agency.refresh_from_db()
    known = routing.rules_of(office.agency).templates
    assert known == {("seat_offered", "id"): ("nama", "batas_singkat", "tautan_jawaban")}


def test_template_refuses_a_value_that_the_message_lacks(office: Office, admin: Client) -> None:
    page = admin.post(f"{TEMPLATES}add/", template_form(office, parameters="nama, kode")).content.decode()
    assert "kode" in page
    assert "tautan_jawaban" in page
    assert not WhatsAppTemplate.objects.exists()


def test_template_removed_is_told_to_every_process(office: Office, admin: Client) -> None:
    admin.post(f"{TEMPLATES}add/", template_form(office))
    template = WhatsAppTemplate.objects.get()
    admin.post(f"{TEMPLATES}{template.pk}/delete/", {"post": "yes"})
    assert not WhatsAppTemplate.objects.exists()
    assert AuditEntry.objects.filter(action="channels.template_removed").count() == 1


def test_policy_sets_the_order_and_the_quiet_hours(office: Office, admin: Client) -> None:
    form = {"agency": office.agency.pk, "first": "email", "second": "call", "quiet_from": "21:00", "delivery_hours": 6}
    url = "/admin/notifications/channelpolicy/add/"
    assert admin.post(url, form | {"quiet_until": ""}).status_code == 200
    assert admin.post(url, form | {"quiet_until": "05:30", "second": "email"}).status_code == 200
    assert admin.post(url, form | {"quiet_until": "05:30"}).status_code == 302
    assert ChannelPolicy.objects.get().order == ["email", "call"]
    office.agency.refresh_from_db()
    assert routing.rules_of(office.agency).order == ("email", "call")
