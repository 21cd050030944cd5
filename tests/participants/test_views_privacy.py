"""The pages of the data protection officer: words, retention, register."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Agency, AuditEntry
from participants.models import ConsentText, ProcessingActivity, Processor, RetentionRule, RetentionRun
from participants.rules import PORTAL_LINES
from tests import cast
from tests.participants.access_privacy import rules_of_the_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(client: Client) -> dict[str, Any]:
    client.force_login(cast.dpo())
    return rules_of_the_house(cast.home_agency())


def url(name: str, *args: Any) -> str:
    return reverse(f"participants:{name}", args=args)


def page(client: Client, name: str, *args: Any) -> str:
    response = client.get(url(name, *args))
    assert response.status_code == 200
    return response.content.decode()


def test_privacy_home_shows_what_waits(client: Client, house: dict[str, Any]) -> None:
    shown = page(client, "privacy_home")
    assert [url(name) in shown for name in ("incident_list", "retention_list", "consent_text_list")] == [True] * 3


def test_privacy_contact_stands_on_the_public_page_at_once(client: Client, house: dict[str, Any]) -> None:
    assert client.post(url("privacy_contact"), {"name": "Rina Contoh"}).status_code == 422
    sent = {"name": "Rina Contoh", "email": "ppdp@contoh.example"}
    assert client.post(url("privacy_contact"), sent).status_code == 302
    public = client.get(reverse("privacy_of", args=[cast.home_agency().slug])).content.decode()
    assert "ppdp@contoh.example" in public
    assert AuditEntry.objects.filter(action="agency.privacy_contact_saved").count() == 1


def test_consent_text_list_shows_draft_and_edition_to_come(client: Client, house: dict[str, Any]) -> None:
    assert house["edition"].version in page(client, "consent_text_list")


def test_consent_text_edit_of_an_unknown_purpose_is_not_found(client: Client, house: dict[str, Any]) -> None:
    assert client.get(url("consent_text_edit", "sale")).status_code == 404


def test_consent_text_publish_without_a_draft_leads_to_writing(client: Client, house: dict[str, Any]) -> None:
    response = client.get(url("consent_text_publish", "whatsapp"))
    assert response["Location"] == url("consent_text_edit", "whatsapp")


def test_consent_text_discard_throws_the_draft_away(client: Client, house: dict[str, Any]) -> None:
    assert "Buang draf" in page(client, "consent_text_discard", "broadcast")
    assert ConsentText.objects.drafts().count() == 1
    client.post(url("consent_text_discard", "broadcast"))
    assert ConsentText.objects.drafts().count() == 0


def test_consent_text_take_back_ends_what_has_not_begun(client: Client, house: dict[str, Any]) -> None:
    client.post(url("consent_text_take_back", house["edition"].pk))
    assert ConsentText.objects.published().count() == 0


def test_retention_list_shows_every_kind(client: Client, house: dict[str, Any]) -> None:
    shown = page(client, "retention_list")
    assert [url("retention_edit", kind) in shown for kind in ("never_took_part", "took_part", "messages")] == [True] * 3


def test_retention_edit_refuses_nonsense_and_keeps_what_was_typed(client: Client, house: dict[str, Any]) -> None:
    response = client.post(url("retention_edit", "messages"), {"months": "0", "legal_basis": "Jadwal arsip"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["months"])
    assert "Jadwal arsip" in response.content.decode()
    sent = {"months": "24", "legal_basis": "Jadwal arsip", "is_active": "on"}
    assert client.post(url("retention_edit", "messages"), sent).status_code == 302
    assert RetentionRule.objects.get(kind="messages").months == 24


def test_retention_propose_says_when_nothing_is_due(client: Client, house: dict[str, Any]) -> None:
    response = client.post(url("retention_propose", "took_part"), follow=True)
    assert RetentionRun.objects.count() == 1
    assert response.redirect_chain[-1][0] == url("retention_list")


def test_retention_standing_is_refused_before_somebody_decided_once(client: Client, house: dict[str, Any]) -> None:
    assert "atas nama Anda tanpa bertanya lagi" in page(client, "retention_standing", "took_part")
    response = client.post(url("retention_standing", "took_part"), {"step": "give"}, follow=True)
    assert "Putuskan dahulu satu usulan" in response.content.decode()
    assert RetentionRule.objects.get().standing_by is None


def test_retention_detail_of_another_office_is_not_found(client: Client, house: dict[str, Any]) -> None:
    RetentionRule.objects.update(agency=cast.next_agency())
    assert client.get(url("retention_detail", house["run"].pk)).status_code == 404


def test_retention_discard_asks_why(client: Client, house: dict[str, Any]) -> None:
    discard = url("retention_discard", house["run"].pk)
    assert client.post(discard, {"note": ""}).status_code == 422
    assert client.post(discard, {"note": "Belum waktunya."}).status_code == 302
    assert RetentionRun.objects.get().state == "discarded"


def test_processing_list_shows_the_lines(client: Client, house: dict[str, Any]) -> None:
    assert PORTAL_LINES[0]["name"] in page(client, "processing_list")


def test_processing_take_over_adds_only_what_is_missing(client: Client, house: dict[str, Any]) -> None:
    for _time in range(2):
        client.post(url("processing_take_over"))
        assert ProcessingActivity.objects.count() == len(PORTAL_LINES)


def test_processing_create_refuses_a_second_line_of_the_name(client: Client, house: dict[str, Any]) -> None:
    line = {name: value for name, value in PORTAL_LINES[0].items() if isinstance(value, str)}
    response = client.post(url("processing_create"), line)
    assert response.status_code == 422
    assert client.post(url("processing_create"), line | {"name": "Galeri"}).status_code == 302


def test_processing_edit_names_the_processors(client: Client, house: dict[str, Any]) -> None:
    line = {name: value for name, value in PORTAL_LINES[0].items() if isinstance(value, str)}
    sent = line | {"processors": [house["processor"].pk]}
    assert client.post(url("processing_edit", house["activity"].pk), sent).status_code == 302
    assert list(house["activity"].processors.all()) == [house["processor"]]


def test_processing_end_keeps_the_line_readable(client: Client, house: dict[str, Any]) -> None:
    assert PORTAL_LINES[0]["name"] in page(client, "processing_end", house["activity"].pk)
    assert ProcessingActivity.objects.get().ended_at is None
    client.post(url("processing_end", house["activity"].pk))
    assert PORTAL_LINES[0]["name"] in page(client, "processing_list")
    assert ProcessingActivity.objects.get().ended_at is not None


def test_processing_export_is_a_workbook(client: Client, house: dict[str, Any]) -> None:
    assert client.get(url("processing_export")).content[:2] == b"PK"


def test_processor_create_refuses_an_agreement_that_ends_before_it_begins(
    client: Client, house: dict[str, Any]
) -> None:
    sent = {"name": "Surel", "service": "Surel", "place": "Jakarta"}
    days = {"agreed_from": "2026-02-01", "agreed_until": "2026-01-01"}
    assert client.post(url("processor_create"), sent | days).status_code == 422
    assert client.post(url("processor_create"), sent).status_code == 302


def test_processor_edit_changes_it(client: Client, house: dict[str, Any]) -> None:
    sent = {"name": "Pusat data kota", "service": "Server", "place": "Pekalongan"}
    client.post(url("processor_edit", house["processor"].pk), sent)
    assert Processor.objects.get().name == "Pusat data kota"


def test_processor_remove_takes_it_out(client: Client, house: dict[str, Any]) -> None:
    assert house["processor"].name in page(client, "processor_remove", house["processor"].pk)
    assert Processor.objects.count() == 1
    client.post(url("processor_remove", house["processor"].pk))
    assert Processor.objects.count() == 0


def test_nobody_changes_another_office(client: Client, house: dict[str, Any]) -> None:
    ProcessingActivity.objects.update(agency=cast.next_agency())
    assert client.post(url("processing_end", house["activity"].pk)).status_code == 404
    assert Agency.objects.count() == 2
