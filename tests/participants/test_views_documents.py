"""Pages and addresses of the photos of documents, for residents and for the office."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import dumps
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from accounts.models import AuditEntry
from kit.pictures import NOT_A_PHOTO
from participants import actions
from participants.forms.documents import MOST_BYTES, NOTHING, TOO_LARGE
from participants.models import EvidenceFile, EvidenceKind, Registration, initial_pin
from participants.views import desk_documents, documents, doors
from programs.models import Batch, Demand
from tests import cast, factories
from tests.participants.desk import at_desk
from tests.support import photos

CARD = EvidenceKind.IDENTITY_CARD


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def entry(batch: Batch) -> Registration:
    batch.program.identity_card = Demand.REQUIRED
    batch.program.save()
    return factories.registration(batch)


@pytest.fixture
def resident(entry: Registration) -> Client:
    return opened(entry)


def opened(registration: Registration) -> Client:
    client = Client()
    pin = initial_pin(registration.submission_key)
    client.post(reverse("participants:status"), {"code": registration.code, "pin": pin})
    return client


def send_url(entry: Registration, kind: str = CARD) -> str:
    return reverse("participants:document_send", args=[entry.code, kind])


def desk_url(entry: Registration, name: str = "registration_document") -> str:
    return reverse(f"participants:{name}", args=[entry.pk, CARD])


def upload(content: bytes = b"", name: str = "ktp.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or photos.located(), kind)


def sent(entry: Registration) -> EvidenceFile:
    return actions.add_evidence(registration=entry, kind=CARD, content=photos.located(), by=None)


def errors(response: Any) -> list[str]:
    return [str(error) for error in response.context["form"].errors["photo"]]


def indonesian(text: Any) -> str:
    with translation.override("id"):
        return str(text)


def photo_of(response: Any) -> str:
    """The address of the photo on a page of the office."""
    [shown] = response.context["documents"]
    return str(shown.address)


# -- the resident --


def test_document_send_takes_a_photo_and_shows_it(resident: Client, entry: Registration) -> None:
    assert resident.get(send_url(entry)).status_code == 200
    response = resident.post(send_url(entry), {"photo": upload()})
    assert response["Location"] == reverse("participants:status_detail")
    page = resident.get(send_url(entry))
    address = page.context["shown"].address
    picture = resident.get(address)
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    assert photos.HIDDEN not in picture.content
    assert page["Cache-Control"] == "no-store"


def test_document_send_by_camera_and_by_script(resident: Client, entry: Registration) -> None:
    by_script = {"X-Requested-With": "fetch"}
    answer = resident.post(send_url(entry), {"camera": upload()}, headers=by_script)
    assert answer.json() == {"next": reverse("participants:status_detail")}
    refusal = resident.post(send_url(entry), {"photo": upload(b"no photo")}, headers=by_script)
    assert (refusal.status_code, refusal.json()) == (422, {"error": indonesian(NOT_A_PHOTO)})


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, NOTHING),
        ({"photo": SimpleUploadedFile("ktp.jpg", b"", "image/jpeg")}, NOTHING),
        ({"photo": upload(b"<svg onload=alert(1)>", "ktp.jpg")}, NOT_A_PHOTO),
        ({"photo": upload(b"\xff\xd8\xff" + bytes(MOST_BYTES), "ktp.jpg")}, TOO_LARGE),
        ({"camera": upload(bytes(MOST_BYTES + 1))}, TOO_LARGE),
    ],
)
def test_document_send_refuses_beside_the_field(
    resident: Client, entry: Registration, files: dict[str, Any], sentence: Any, own_folder: Path
) -> None:
    response = resident.post(send_url(entry), files)
    assert (response.status_code, errors(response)) == (422, [indonesian(sentence)])
    assert (EvidenceFile.objects.count(), [path for path in own_folder.rglob("*") if path.is_file()]) == (0, [])


def test_document_send_goes_by_content_whatever_name_the_file_has(resident: Client, entry: Registration) -> None:
    name = "../../../etc/passwd\0.html"
    response = resident.post(send_url(entry), {"photo": upload(name=name, kind="text/html")})
    assert response.status_code == 302
    stored = EvidenceFile.objects.get().stored
    assert stored is not None
    assert (stored.name, stored.content_type, stored.path.startswith("stored/")) == (
        "evidence",
        "application/octet-stream",
        True,
    )


def test_document_send_of_what_is_not_asked_is_not_there(resident: Client, entry: Registration) -> None:
    for kind in ("domicile_letter", "passport"):
        assert resident.get(send_url(entry, kind)).status_code == 404


def test_document_send_without_the_open_page_asks_for_number_and_pin(client: Client, entry: Registration) -> None:
    stranger = opened(factories.registration(entry.batch))
    for visitor in (client, stranger):
        response = visitor.post(send_url(entry), {"photo": upload()})
        assert response["Location"] == reverse("participants:status")
    assert EvidenceFile.objects.count() == 0


def test_document_send_after_the_decision_shows_no_form(resident: Client, entry: Registration) -> None:
    actions.verify(registration=entry, note="Dilihat di kantor.", by=cast.verifier())
    page = resident.get(send_url(entry))
    assert "data-photo" not in page.content.decode()
    assert resident.post(send_url(entry), {"photo": upload()}).status_code == 422


def test_document_send_too_often_is_refused(resident: Client, entry: Registration, settings: Settings) -> None:
    settings.EVIDENCE = settings.EVIDENCE | {"attempts_an_hour": 1}
    codes = [resident.post(send_url(entry), {"photo": upload(b"x")}) for _number in range(2)]
    assert errors(codes[0]) != errors(codes[1])
    settings.THROTTLES = settings.THROTTLES | {"evidence": (2, 600)}
    statuses = [resident.post(send_url(entry), {}).status_code for _number in range(2)]
    assert statuses == [429, 429]


def test_document_remove_deletes_the_photo(resident: Client, entry: Registration) -> None:
    sent(entry)
    url = reverse("participants:document_remove", args=[entry.code, CARD])
    assert resident.post(url)["Location"] == reverse("participants:status_detail")
    assert entry.evidence.kept().count() == 0


def test_document_photo_opens_only_in_the_browser_of_its_owner(
    client: Client, resident: Client, entry: Registration
) -> None:
    sent(entry)
    address = resident.get(send_url(entry)).context["shown"].address
    stranger = opened(factories.registration(entry.batch))
    assert [visitor.get(address).status_code for visitor in (client, stranger, resident)] == [302, 302, 200]
    assert resident.get(address[:-3] + "/").status_code == 404


def test_document_photo_of_another_entry_cannot_be_named(resident: Client, entry: Registration) -> None:
    other = sent(factories.registration(entry.batch))
    token = dumps([other.pk, entry.pk], salt=documents.SALT)
    assert resident.get(reverse("participants:document_photo", args=[token])).status_code == 404


def test_document_photo_expires(resident: Client, entry: Registration, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(entry)
    address = resident.get(send_url(entry)).context["shown"].address
    monkeypatch.setattr(documents, "SECONDS", -1)
    assert resident.get(address)["Location"] == reverse("participants:status_detail")


def test_document_photo_that_was_deleted_is_not_there(resident: Client, entry: Registration) -> None:
    sent(entry)
    address = resident.get(send_url(entry)).context["shown"].address
    actions.remove_evidence(registration=entry, kind=CARD, by=None)
    assert resident.get(address).status_code == 404


def test_status_detail_tells_what_is_missing_and_what_was_seen(resident: Client, entry: Registration) -> None:
    url = reverse("participants:status_detail")
    with translation.override("id"):
        missing, received, gone = (
            translation.gettext(word) for word in ("Still missing", "Received", "Seen, photo deleted")
        )
    assert missing in resident.get(url).content.decode()
    photo = sent(entry)
    page = resident.get(url).content.decode()
    assert (received in page, missing in page) == (True, False)
    actions.look_at_evidence(photo=EvidenceFile.objects.get(pk=photo.pk), by=cast.verifier())
    actions.verify(registration=entry, note="", by=cast.verifier())
    assert gone in resident.get(url).content.decode()


def test_receipt_leads_to_the_photo_and_back(entry: Registration) -> None:
    from_form = factories.registration(entry.batch)
    hand = Client()
    hand.cookies.load(receipt_cookie(from_form))
    page = hand.get(reverse("participants:receipt"))
    assert send_url(from_form) in page.content.decode()
    assert hand.post(send_url(from_form), {"photo": upload()})["Location"] == reverse("participants:receipt")
    again = hand.get(reverse("participants:receipt")).content.decode()
    assert initial_pin(from_form.submission_key) in again


def receipt_cookie(entry: Registration) -> str:
    response = HttpResponse()
    doors.hand_receipt(response, entry.submission_key)
    return response.cookies.output(header="").strip()


# -- the office --


def test_registration_document_is_sent_at_the_desk(entry: Registration) -> None:
    helper = cast.village_officer_here()
    desk = at_desk(helper)
    assert desk.get(desk_url(entry)).status_code == 200
    assert desk.post(desk_url(entry), {"photo": upload()})["Location"] == entry.get_absolute_url()
    assert EvidenceFile.objects.get().uploaded_by == helper
    refused = desk.post(desk_url(entry), {"photo": upload(b"GIF89a")})
    assert (refused.status_code, errors(refused)) == (422, [indonesian(NOT_A_PHOTO)])


def test_registration_document_of_what_is_not_asked_is_not_there(entry: Registration) -> None:
    url = reverse("participants:registration_document", args=[entry.pk, "domicile_letter"])
    assert at_desk(cast.verifier()).get(url).status_code == 404


def test_registration_document_remove_deletes_it(entry: Registration) -> None:
    sent(entry)
    response = at_desk(cast.verifier()).post(desk_url(entry, "registration_document_remove"))
    assert (response["Location"], entry.evidence.kept().count()) == (entry.get_absolute_url(), 0)


def test_registration_photo_is_shown_to_who_verifies_and_written_down(entry: Registration) -> None:
    photo, verifier = sent(entry), cast.verifier()
    desk = at_desk(verifier)
    page = desk.get(reverse("participants:registration_verify", args=[entry.pk]))
    assert AuditEntry.objects.filter(action="registration.evidence_seen").count() == 0
    response = desk.get(photo_of(page))
    assert (response.status_code, response["Content-Type"], response.content[:3]) == (
        200,
        "image/jpeg",
        b"\xff\xd8\xff",
    )
    line = AuditEntry.objects.get(action="registration.evidence_seen")
    assert (line.actor, line.object_id, line.changes) == (verifier, str(entry.pk), {"document": "identity_card"})
    photo.refresh_from_db()
    assert photo.seen_by == verifier


def test_registration_photo_is_nothing_but_a_picture(entry: Registration) -> None:
    sent(entry)
    desk = at_desk(cast.verifier())
    response = desk.get(photo_of(desk.get(reverse("participants:registration_verify", args=[entry.pk]))))
    headers = {name: response[name] for name in documents.HEADERS}
    assert headers.pop("Cache-Control").startswith("no-store")
    assert headers == {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert response["Content-Disposition"].startswith('inline; filename="identity_card-')


def test_registration_photo_address_opens_for_nobody_else(entry: Registration) -> None:
    """Not for a colleague, not in another sign-in of the same officer, not for another entry."""
    sent(entry)
    desk, officer = at_desk(cast.verifier()), at_desk(cast.program_officer())
    address = photo_of(desk.get(reverse("participants:registration_verify", args=[entry.pk])))
    other = factories.registration(entry.batch)
    elsewhere = address.replace(f"/{entry.pk}/", f"/{other.pk}/")
    tried = [
        (at_desk(cast.verifier()), address),
        (officer, address),
        (at_desk(cast.village_officer_here()), address),
        (at_desk(cast.other_agency_officer()), address),
        (Client(), address),
        (desk, elsewhere),
        (desk, address[:-3] + "/"),
        (desk, address),
    ]
    assert [visitor.get(url).status_code for visitor, url in tried] == [404, 404, 403, 404, 302, 404, 404, 200]


def test_registration_photo_address_expires(entry: Registration, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(entry)
    desk = at_desk(cast.verifier())
    page_url = reverse("participants:registration_verify", args=[entry.pk])
    address = photo_of(desk.get(page_url))
    monkeypatch.setattr(desk_documents, "SECONDS", -1)
    assert desk.get(address)["Location"] == page_url
    assert AuditEntry.objects.filter(action="registration.evidence_seen").count() == 0


def test_registration_photo_that_the_disk_lost_is_not_there(entry: Registration, own_folder: Path) -> None:
    sent(entry)
    desk = at_desk(cast.verifier())
    address = photo_of(desk.get(reverse("participants:registration_verify", args=[entry.pk])))
    for path in [path for path in own_folder.rglob("*") if path.is_file()]:
        path.unlink()
    assert desk.get(address).status_code == 404


def test_registration_verify_without_a_look_asks_for_it(entry: Registration) -> None:
    sent(entry)
    desk, url = at_desk(cast.verifier()), reverse("participants:registration_verify", args=[entry.pk])
    assert desk.post(url, {"note": ""}).status_code == 422
    desk.get(photo_of(desk.get(url)))
    assert desk.post(url, {"note": ""}).status_code == 302


def test_registration_request_fix_names_a_document(entry: Registration) -> None:
    sent(entry)
    url = reverse("participants:registration_request_fix", args=[entry.pk])
    response = at_desk(cast.verifier()).post(url, {"documents": ["identity_card"], "note": ""})
    assert (response.status_code, entry.evidence.kept().count()) == (302, 0)


def test_registration_undo_says_that_the_photo_is_gone(entry: Registration) -> None:
    sent(entry)
    actions.verify(registration=entry, note="Dilihat.", by=cast.verifier())
    page = at_desk(cast.verifier()).get(reverse("participants:registration_undo", args=[entry.pk]))
    assert page.context["photos_gone"] is True


# -- every other form --


def test_files_sent_to_other_forms_are_dropped(client: Client, entry: Registration) -> None:
    response = client.post(reverse("participants:status"), {"code": "x", "pin": "y", "more": upload()})
    assert dict(response.wsgi_request.FILES) == {}


def test_files_far_beyond_the_limit_are_not_read_to_the_end(resident: Client, entry: Registration) -> None:
    response = resident.post(send_url(entry), {"photo": io.BytesIO(bytes(MOST_BYTES * 5))})
    assert (response.status_code, dict(response.wsgi_request.FILES)) == (422, {})
