"""The tick for WhatsApp: asked only where the office writes that way, kept with its proof, and used at once."""

import pytest
from django.test import Client

from notifications import routing
from notifications.models import ChannelPolicy, Message, WhatsAppChoice, WhatsAppGateway, WhatsAppTemplate
from participants.models import Consent, Registration
from programs.models import Batch
from tests.participants.lines import small_batch
from tests.participants.public_form import form_url, typed

pytestmark = pytest.mark.django_db


def open_gateway(batch: Batch) -> None:
    agency = batch.program.agency
    WhatsAppGateway.objects.create(agency=agency, phone_number_id="106540352242922", token="t", app_secret="s")
    ChannelPolicy.objects.create(agency=agency, quiet_from=None, quiet_until=None)
    WhatsAppTemplate.objects.create(
        agency=agency, kind="registration_received", language="id", name="diterima", parameters=["nama", "nomor"]
    )
    routing.note_change(agency.pk)


def test_register_asks_for_whatsapp_only_where_the_office_writes_so(client: Client) -> None:
    batch = small_batch()
    assert 'name="whatsapp"' not in client.get(form_url(batch)).content.decode()
    open_gateway(batch)
    assert 'name="whatsapp"' in client.get(form_url(batch)).content.decode()


@pytest.mark.parametrize("ticked", [True, False])
def test_register_keeps_the_consent_and_writes_by_it(client: Client, ticked: bool) -> None:
    batch = small_batch()
    open_gateway(batch)
    form = typed(1) | ({"whatsapp": "on"} if ticked else {})
    assert client.post(form_url(batch), form).status_code == 302
    registration = Registration.objects.get()
    consent = Consent.objects.get(registration=registration, purpose="whatsapp")
    assert (consent.given, consent.channel) == (ticked, "online")
    message = Message.objects.get()
    assert (message.channel == "whatsapp") == ticked
    chosen = WhatsAppChoice.objects.values_list("phone", "wants", "source", "subject_id")
    assert list(chosen) == ([(registration.phone, True, "form", str(registration.pk))] if ticked else [])
    if ticked:
        assert message.facts == {"nama": registration.full_name, "nomor": registration.shown_code}
