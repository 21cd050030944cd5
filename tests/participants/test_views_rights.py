"""Pages of the rights, on the own page and at the office."""

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader
from python_calamine import load_workbook

from accounts.models import Agency, AuditEntry, User
from accounts.roles import Role
from kit.privacy import Fact, Section, as_json
from participants import actions
from participants.models import ConsentText, DataRequest, Person, Registration, RequestKind
from programs.models import Batch
from tests import cast, factories
from tests.participants import cards
from tests.participants.desk import errors
from tests.participants.rights import asked, opened, over, verified
from tests.support import photos


@pytest.fixture
def entry(batch: Batch, own_folder: object) -> Registration:
    return verified(factories.registration(batch, full_name="Siti Aminah", email="siti@contoh.example"))


@pytest.fixture
def resident(client: Client, entry: Registration) -> Client:
    return opened(client, entry)


def at_desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# -- the own page --


def test_own_data_tells_what_is_kept_and_who_looked(resident: Client, entry: Registration) -> None:
    looker = factories.user("joko.susilo", role=Role.VERIFIER)
    actions.reveal_nik(registration=entry, purpose="Mencocokkan dengan KTP", by=looker)
    page = resident.get("/saya/data/").content.decode()
    assert "Siti Aminah" in page
    assert "Mencocokkan dengan KTP" in page
    assert ("Verifikator" in page, looker.full_name in page) == (True, False)
    assert entry.nik not in page


@pytest.mark.parametrize("form", ["pdf", "json", "xlsx"])
def test_own_extract_holds_the_same_in_each_form(resident: Client, entry: Registration, form: str) -> None:
    answer = resident.post(f"/saya/data/{form}/")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert "Siti" not in answer["Content-Disposition"]
    text = {"pdf": read_pdf, "json": read_json, "xlsx": read_xlsx}[form](answer.content)
    assert "Siti Aminah" in text
    assert entry.shown_code in text or entry.code in text
    assert entry.nik not in text
    assert AuditEntry.objects.get(action="data_request.extract_made").changes == {"form": form}


def read_pdf(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def read_json(content: bytes) -> str:
    told = json.loads(content)
    assert told["data"]["person"][0]["full_name"] == "Siti Aminah"
    assert {"entries", "consents", "trail", "messages"} <= told["data"].keys()
    return content.decode()


def read_xlsx(content: bytes) -> str:
    rows = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return "\n".join(str(cell) for row in rows for cell in row)


def test_extract_for_machines_keeps_what_stands_there_several_times() -> None:
    pitch = [Fact("title", "Judul", "Roti"), Fact("file", "Foto", "1.jpg"), Fact("file", "Salindia", "2.pdf")]
    made = as_json([Section("pitches", "Presentasi", [pitch])], "Dinas Contoh", timezone.now())
    assert json.loads(made)["data"] == {"pitches": [{"title": "Roti", "file": ["1.jpg", "2.pdf"]}]}


def test_own_extract_of_an_unknown_form_is_not_there(resident: Client) -> None:
    assert resident.post("/saya/data/docx/").status_code == 404


def test_own_consent_is_switched_at_once(resident: Client, entry: Registration) -> None:
    resident.post("/saya/hak/persetujuan/", {"purpose": "broadcast", "answer": "yes"})
    assert entry.consents.get(purpose="broadcast").in_force
    resident.post("/saya/hak/persetujuan/", {"purpose": "broadcast", "answer": "no"})
    assert not entry.consents.get(purpose="broadcast").in_force
    assert DataRequest.objects.get().kind == RequestKind.CONSENT_WITHDRAWAL
    assert resident.get("/saya/hak/").status_code == 200


def test_own_request_make_keeps_what_was_typed(resident: Client, entry: Registration) -> None:
    sent = correction(entry, full_name="S1ti??", note="Salah ketik")
    answer = resident.post("/saya/hak/minta/correction/", sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "S1ti??" in page
    assert "Salah ketik" in page


def correction(entry: Registration, **values: Any) -> dict[str, Any]:
    day = entry.birth_date
    sent = {name: getattr(entry, name) for name in ("full_name", "sex", "phone", "email", "address")}
    parts = {"birth_date_day": day.day, "birth_date_month": day.month, "birth_date_year": day.year}
    return {**sent, **parts, "rt": "", "rw": "", "occupation": "", "note": "", **values}


def test_own_request_make_correction_with_evidence(resident: Client, entry: Registration) -> None:
    sent = correction(entry, full_name="Siti Aminatun")
    assert resident.post("/saya/hak/minta/correction/", sent).status_code == 422
    proof = SimpleUploadedFile("ktp.jpg", photos.located(), "image/jpeg")
    answer = resident.post("/saya/hak/minta/correction/", sent | {"evidence": proof})
    assert (answer.status_code, answer["Location"]) == (302, "/saya/hak/")
    made = DataRequest.objects.get()
    assert made.wishes["fields"] == {"full_name": "Siti Aminatun"}
    page = resident.get(f"/saya/hak/permintaan/{made.code}/").content.decode()
    assert "Siti Aminatun" in page
    resident.post(f"/saya/hak/permintaan/{made.code}/")
    made.refresh_from_db()
    assert made.state == "taken_back"


def test_own_request_make_erasure_tells_what_stands_in_the_way(resident: Client, entry: Registration) -> None:
    page = resident.get("/saya/hak/minta/erasure/").content.decode()
    assert entry.shown_code in page
    assert 'name="sure"' not in page
    over(entry.batch)
    answer = resident.post("/saya/hak/minta/erasure/", {"note": ""})
    assert answer.status_code == 422
    assert resident.post("/saya/hak/minta/erasure/", {"note": "", "sure": "on"}).status_code == 302


def test_own_request_of_somebody_else_is_not_there(resident: Client, batch: Batch) -> None:
    other = asked(verified(factories.registration(batch)))
    assert resident.get(f"/saya/hak/permintaan/{other.code}/").status_code == 404


# -- the office --


def test_data_request_list_shows_the_clock(entry: Registration) -> None:
    officer = at_desk(cast.program_officer())
    assert officer.get("/kerja/permintaan/").status_code == 200
    made = asked(entry)
    page = officer.get("/kerja/permintaan/").content.decode()
    assert made.shown_code in page
    assert officer.get("/kerja/permintaan/?state=ended").context["page"].rows == []
    assert made.shown_code not in at_desk(cast.other_agency_officer()).get("/kerja/permintaan/").content.decode()


def test_data_request_make_at_the_desk_needs_the_identity(entry: Registration) -> None:
    officer, path = at_desk(cast.program_officer()), f"/kerja/permintaan/baru/{entry.pk}/"
    assert officer.get(path).status_code == 200
    assert officer.get(f"{path}access/").status_code == 200
    assert officer.post(f"{path}access/", {"note": "Ingin melihat data"}).status_code == 422
    answer = officer.post(f"{path}access/", {"note": "Ingin melihat data", "identity": "card"})
    made = DataRequest.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/kerja/permintaan/{made.pk}/")
    assert (made.identity, made.entered_by, made.person_id) == ("card", cast.program_officer(), entry.person_id)
    extract = officer.post(f"/kerja/permintaan/{made.pk}/salinan/json/")
    assert "Siti Aminah" in extract.content.decode()
    officer.post(f"/kerja/permintaan/{made.pk}/jawab/", {"answer": "Sudah diserahkan."})
    made.refresh_from_db()
    assert made.state == "done"
    assert officer.post(f"/kerja/permintaan/{made.pk}/salinan/json/").status_code == 404


def test_data_request_correct_writes_what_the_evidence_shows(entry: Registration) -> None:
    made = asked(entry, fields={"address": "Jalan Mawar 5"})
    officer = at_desk(cast.program_officer())
    page = officer.get(f"/kerja/permintaan/{made.pk}/perbaiki/").content.decode()
    assert "Jalan Mawar 5" in page
    sent = correction(entry, address="Jalan Mawar 5 A", answer="")
    assert officer.post(f"/kerja/permintaan/{made.pk}/perbaiki/", sent).status_code == 302
    assert Person.objects.get(registrations=entry).address == "Jalan Mawar 5 A"


def test_data_request_evidence_is_shown_to_the_office_alone(entry: Registration) -> None:
    made = asked(entry, fields={"full_name": "Siti"}, evidence=photos.located())
    answer = at_desk(cast.program_officer()).get(f"/kerja/permintaan/{made.pk}/bukti/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert at_desk(cast.other_agency_officer()).get(f"/kerja/permintaan/{made.pk}/bukti/").status_code == 404
    made.refresh_from_db()
    actions.refuse_request(request=made, reason="not_true", answer="Tidak terbaca.", by=cast.program_officer())
    assert at_desk(cast.program_officer()).get(f"/kerja/permintaan/{made.pk}/bukti/").status_code == 404


def test_data_request_erase_by_two_officers(entry: Registration) -> None:
    over(entry.batch)
    made = asked(entry, RequestKind.ERASURE)
    officer, dpo, path = at_desk(cast.program_officer()), at_desk(cast.dpo()), f"/kerja/permintaan/{made.pk}/"
    assert officer.get(path).status_code == 200
    officer.post(f"{path}hapus/", {"step": "propose"})
    assert officer.post(f"{path}hapus/", {"step": "confirm"}).status_code == 403
    assert officer.get(f"{path}hapus/").status_code == 403
    assert f'href="{path}hapus/"' in dpo.get(path).content.decode()
    asked_once_more = dpo.get(f"{path}hapus/").content.decode()
    assert [said in asked_once_more for said in (entry.full_name, 'name="step" value="confirm"')] == [True, True]
    dpo.post(f"{path}hapus/", {"step": "confirm"})
    made.refresh_from_db()
    assert made.state == "done"
    assert dpo.get(path).status_code == 200
    assert dpo.post(f"{path}hapus/", {"step": "x"}).status_code == 302
    assert dpo.get(f"{path}hapus/")["Location"] == path


def test_data_request_release_ends_a_restriction(entry: Registration) -> None:
    over(entry.batch)
    made = asked(entry, RequestKind.RESTRICTION)
    officer, dpo, path = at_desk(cast.program_officer()), at_desk(cast.dpo()), f"/kerja/permintaan/{made.pk}/"
    assert officer.post(f"{path}batasi/", {"answer": ""}).status_code == 302
    assert officer.get(f"/kerja/pendaftar/{entry.pk}/").status_code == 404
    assert "Penggunaan data ini dibatasi" in dpo.get(f"/kerja/pendaftar/{entry.pk}/").content.decode()
    assert ["lepas/" in who.get(path).content.decode() for who in (officer, dpo)] == [False, True]
    assert dpo.post(f"{path}lepas/", {"reason": ""}).status_code == 422
    assert dpo.post(f"{path}lepas/", {"reason": "Sengketa selesai"}).status_code == 302
    assert officer.get(f"/kerja/pendaftar/{entry.pk}/").status_code == 200


def test_data_request_restrict_is_for_restrictions_alone(entry: Registration) -> None:
    made, officer = asked(entry, RequestKind.OBJECTION), at_desk(cast.program_officer())
    assert officer.post(f"/kerja/permintaan/{made.pk}/batasi/", {"answer": "Baik"}).status_code in {404, 422}
    assert Registration.objects.get(pk=entry.pk).restricted_at is None


def test_data_request_take_and_refuse_by_the_same_officer(entry: Registration) -> None:
    made, officer = asked(entry, RequestKind.OBJECTION), at_desk(cast.program_officer())
    path = f"/kerja/permintaan/{made.pk}/"
    officer.post(f"{path}ambil/")
    assert officer.get(f"{path}jawab/").status_code == 200
    assert officer.post(f"{path}tolak/", {"reason": "law"}).status_code == 422
    officer.post(f"{path}tolak/", {"reason": "law", "answer": "Undang-undang mewajibkan."})
    made.refresh_from_db()
    assert (made.state, made.taken_by) == ("refused", cast.program_officer())


def test_data_request_refuse_needs_words_for_the_person(entry: Registration) -> None:
    made = asked(entry, RequestKind.OBJECTION)
    answer = at_desk(cast.program_officer()).post(f"/kerja/permintaan/{made.pk}/tolak/", {"reason": "law"})
    assert (answer.status_code, list(errors(answer))) == (422, ["answer"])


def test_data_request_start_answer_and_extract_at_the_desk(entry: Registration) -> None:
    made, officer = asked(entry, RequestKind.ACCESS), at_desk(cast.program_officer())
    assert officer.get(f"/kerja/permintaan/{made.pk}/").context["hands_over"]
    assert officer.post(f"/kerja/permintaan/{made.pk}/salinan/pdf/").content.startswith(b"%PDF-")
    assert officer.post(f"/kerja/permintaan/{made.pk}/jawab/", {"answer": " "}).status_code == 422


def test_data_request_detail_shows_no_full_number(entry: Registration) -> None:
    made = asked(entry)
    page = at_desk(cast.program_officer()).get(f"/kerja/permintaan/{made.pk}/").content.decode()
    assert (entry.nik in page, entry.nik[-4:] in page) == (False, True)


def test_data_request_answer_is_not_for_corrections_with_values(entry: Registration) -> None:
    made = asked(entry, fields={"address": "Jalan Mawar 5"})
    answer = at_desk(cast.program_officer()).post(f"/kerja/permintaan/{made.pk}/jawab/", {"answer": "Baik."})
    assert answer.status_code == 422


def test_data_request_extract_needs_a_known_form(entry: Registration) -> None:
    made = asked(entry, RequestKind.ACCESS)
    assert at_desk(cast.program_officer()).post(f"/kerja/permintaan/{made.pk}/salinan/docx/").status_code == 404


def test_own_rights_lists_what_was_asked(resident: Client, entry: Registration) -> None:
    made = asked(entry)
    assert made.code in resident.get("/saya/hak/").content.decode()


def test_own_release_ends_the_own_restriction(resident: Client, entry: Registration) -> None:
    over(entry.batch)
    made = asked(entry, RequestKind.RESTRICTION)
    actions.restrict_as_asked(request=made, answer="", by=cast.program_officer())
    assert "Izinkan digunakan lagi" in resident.get("/saya/hak/").content.decode()
    assert resident.post("/saya/hak/pakai-lagi/")["Location"] == "/saya/hak/"
    entry.refresh_from_db()
    assert entry.restricted_at is None
    assert Person.objects.get(registrations=entry).restricted_at is None
    assert AuditEntry.objects.get(action="data.released").actor is None
    again = resident.post("/saya/hak/pakai-lagi/", follow=True).content.decode()
    assert "tidak sedang dibatasi" in again


def test_own_consent_keeps_the_edition_in_force(resident: Client, entry: Registration) -> None:
    agency, now = cast.home_agency(), timezone.now()
    words = {"words_id": "Saya mau kabar dari {kantor}.", "words_en": "News, please."}
    ConsentText.objects.create(
        agency=agency,
        purpose="broadcast",
        version="2026-12",
        written_by=cast.dpo(),
        written_at=now,
        published_by=cast.dpo(),
        published_at=now,
        in_force_from=now,
        **words,
    )
    Agency.objects.filter(pk=agency.pk).update(consents_version=agency.consents_version + 1)
    assert f"Saya mau kabar dari {agency.name}." in resident.get("/saya/hak/").content.decode()
    resident.post("/saya/hak/persetujuan/", {"purpose": "broadcast", "answer": "yes"})
    assert entry.consents.get(purpose="broadcast").text_version == "2026-12"


def test_own_page_shows_the_job_seeker_card(resident: Client, entry: Registration) -> None:
    assert "(AK1) saya" not in resident.get("/saya/").content.decode()
    assert entry.person is not None
    cards.report(cards.card(entry.person, cast.program_officer()))
    page = resident.get("/saya/").content.decode()
    assert "…0123" in page
    assert cards.NUMBER not in page


def test_own_rights_names_the_data_protection_officer(resident: Client) -> None:
    named = {"privacy_contact_name": "Fitri Contoh", "privacy_contact_email": "ppdp@contoh.example"}
    Agency.objects.update(**named)
    page = resident.get("/saya/hak/").content.decode()
    assert all(word in page for word in named.values())
