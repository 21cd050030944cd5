"""Words of consent: drafts, editions, and what residents read at which moment."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participants import actions, queries
from participants.models import Consent, ConsentText, Registration
from programs.models import Batch
from tests import cast
from tests.participants.public_form import form_url, send

pytestmark = pytest.mark.django_db


def draft(purpose: str = "broadcast", revision: int = 0, **words: Any) -> ConsentText:
    said = {"words_id": "Kabari saya tentang pasar murah.", "words_en": "Tell me about markets.", "note": ""} | words
    agency = cast.home_agency()
    return actions.save_consent_text(agency=agency, purpose=purpose, revision=revision, by=cast.dpo(), **said)


def publish(text: ConsentText, begins_in: timedelta | None = None) -> ConsentText:
    begins = timezone.now() + begins_in if begins_in is not None else None
    return actions.publish_consent_text(text=text, revision=text.revision, begins_at=begins, by=cast.dpo())


def refused(act: Any, **values: Any) -> str:
    with pytest.raises(ValidationError) as error:
        act(**values)
    return str(getattr(error.value, "code", "") or next(iter(error.value.error_dict.values()))[0].code)


def test_residents_read_a_draft_only_when_it_is_published(client: Client, batch: Batch) -> None:
    text = draft()
    assert "pasar murah" not in client.get(form_url(batch)).content.decode()
    publish(text)
    assert "pasar murah" in client.get(form_url(batch)).content.decode()


def test_residents_read_what_stands_for_a_placeholder(client: Client, batch: Batch) -> None:
    said = "Kabar dari {kantor}, tanyakan kepada {petugas_data} di {surel}."
    publish(draft(words_id=said))
    page = client.get(form_url(batch)).content.decode()
    agency = cast.home_agency()
    assert queries.filled(said, agency) in page
    assert f"Kabar dari {agency.name}" in page
    assert "{" not in page.split("Kabar dari")[1].split("</")[0]
    assert queries.filled("Tanpa kurung.", None) == "Tanpa kurung."


def test_edition_begins_on_its_day_without_anything_being_written(batch: Batch) -> None:
    publish(draft(), timedelta(days=2))
    agency = cast.home_agency()
    versions = [
        queries.texts_in_force(agency, timezone.now() + timedelta(days=days)).version("broadcast") for days in (0, 1, 2)
    ]
    assert versions[:2] == ["2026-11", "2026-11"]
    assert versions[2] != "2026-11"


def test_consent_names_the_edition_that_was_read(client: Client, batch: Batch) -> None:
    edition = publish(draft())
    send(client, batch, broadcast="on")
    given = Registration.objects.get().consents.get(purpose=Consent.Purpose.BROADCAST)
    assert given.text_version == edition.version
    words = queries.words_read(batch.program.agency, "broadcast", given.text_version)
    assert words is not None
    assert words.words_id == "Kabari saya tentang pasar murah."


def test_form_of_a_former_edition_is_shown_again_with_the_new_words(client: Client, batch: Batch) -> None:
    read = client.get(form_url(batch)).content.decode().split('name="edition" value="')[1].split('"')[0]
    publish(draft())
    response = send(client, batch, edition=read)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["notice"])
    assert "pasar murah" in response.content.decode()
    assert "Siti Contoh" in response.content.decode()
    assert send(client, batch, edition=response.context["form"].edition).status_code == 302


def test_words_with_an_unknown_placeholder_are_refused() -> None:
    assert refused(draft, words_id="Halo {nama}") == "placeholder"
    assert draft(words_id="Halo dari {kantor}").words_id == "Halo dari {kantor}"


def test_two_officers_do_not_overwrite_each_other() -> None:
    first = draft()
    draft(revision=first.revision, words_id="Yang kedua.")
    assert refused(draft, revision=first.revision, words_id="Yang ketiga.") == "changed"
    assert refused(draft) == "changed"
    assert ConsentText.objects.get().words_id == "Yang kedua."


def test_publishing_what_a_colleague_changed_is_refused() -> None:
    text = draft()
    draft(revision=text.revision, words_id="Yang kedua.")
    assert refused(publish, text=text) == "changed"


def test_two_editions_of_a_day_have_different_names() -> None:
    first, second = publish(draft()), publish(draft(words_id="Lagi."))
    assert second.version == f"{first.version}-2"


def test_edition_is_taken_back_before_it_begins_and_not_afterwards() -> None:
    coming = publish(draft(), timedelta(days=2))
    actions.take_back_consent_text(text=coming, by=cast.dpo())
    assert (
        queries.texts_in_force(cast.home_agency(), timezone.now() + timedelta(days=3)).version("broadcast") == "2026-11"
    )
    begun = publish(draft())
    assert refused(actions.take_back_consent_text, text=begun, by=cast.dpo()) == "in_force"


def test_words_of_another_office_are_not_spoken_here() -> None:
    publish(draft())
    assert queries.texts_in_force(cast.next_agency()).version("broadcast") == "2026-11"


def test_markup_in_words_is_text(client: Client) -> None:
    publish(draft("notice", words_id="## <b>Judul</b>\n\n- <script>alert(1)</script>"))
    page = client.get(reverse("privacy_of", args=[cast.home_agency().slug])).content.decode()
    assert ("&lt;b&gt;Judul&lt;/b&gt;" in page, "<script>alert" in page) == (True, False)


def test_consent_text_edit_previews_and_keeps_the_draft(client: Client) -> None:
    client.force_login(cast.dpo())
    edit = reverse("participants:consent_text_edit", args=["broadcast"])
    words = {"words_id": "Satu {kantor}.", "words_en": "One.", "note": "", "revision": "0"}
    page = client.post(edit, words | {"preview": "1"}).content.decode()
    assert "Satu Dinas Perindustrian Kota Pekalongan." in page
    assert ConsentText.objects.count() == 0
    assert client.post(edit, words).status_code == 302
    publishing = reverse("participants:consent_text_publish", args=["broadcast"])
    assert client.post(publishing, {"revision": "1"}).status_code == 422
    assert client.post(publishing, {"revision": "1", "begins_on": "2020-01-01", "sure": "on"}).status_code == 422
    assert client.post(publishing, {"revision": "1", "sure": "on"}).status_code == 302
    assert ConsentText.objects.published().count() == 1
