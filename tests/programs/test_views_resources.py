"""The pages of instructors, partners and venues."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject

from accounts.models import AuditEntry
from jobs.models import StoredFile
from programs.models import (
    Instructor,
    InstructorDocument,
    Partner,
    PartnerAgreement,
    Topic,
    Venue,
)
from tests import cast, factories

PEOPLE, PLACES, PARTNERS = "/kerja/instruktur/", "/kerja/tempat/", "/kerja/mitra/"
NIK = "9971015207990001"
DAYS = [0, 1, 2, 3, 4]


@pytest.fixture
def office(db: None) -> Client:
    client = Client()
    client.force_login(cast.program_officer())
    return client


def teacher(**values: Any) -> Instructor:
    return Instructor.objects.create(agency=cast.home_agency(), **{"full_name": "Sri Wahyuni", **values})


def person(**values: Any) -> dict[str, Any]:
    known = {"full_name": "Umi Salamah", "title_prefix": "Hj.", "phone": "0812-3456-7890", "weekdays": DAYS}
    return {**known, "paid_as": "instructor", "grade": "any", "employment": "external", **values}


def pdf(*, script: bool = False, password: str = "") -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    if script:
        action = DictionaryObject({NameObject("/S"): NameObject("/JavaScript")})
        writer.root_object[NameObject("/OpenAction")] = action
    if password:
        writer.encrypt(password)
    writer.write(out)
    return out.getvalue()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(out, "JPEG")
    return out.getvalue()


def sent(content: bytes, name: str = "berkas.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def words(response: Any) -> str:
    return str(response.content.decode())


def test_instructor_list_finds_by_name_topic_and_state(office: Client) -> None:
    topic = Topic.objects.create(agency=cast.home_agency(), name="Rajut")
    teacher().competences.create(topic=topic)
    teacher(full_name="Eko Prasetyo", state="inactive")
    assert "Sri Wahyuni" in words(office.get(PEOPLE))
    assert "Eko Prasetyo" not in words(office.get(PEOPLE))
    assert "Eko Prasetyo" in words(office.get(PEOPLE, {"state": "inactive"}))
    assert "Sri Wahyuni" in words(office.get(PEOPLE, {"topic": str(topic.pk), "q": "wahyu"}))
    assert "Belum ada" not in words(office.get(PEOPLE, {"q": "tidak ada"}))


def test_instructor_create_keeps_the_number_encrypted_and_nobody_twice(office: Client) -> None:
    data = person(nik=NIK, region_name="Bendan Kergon", regions_text="Medono, Kauman")
    assert office.post(f"{PEOPLE}baru/", data).status_code == 302
    made = Instructor.objects.get()
    assert (made.nik, made.nik_last4, made.phone, made.state) == (NIK, "0001", "+6281234567890", "candidate")
    assert (made.region_id, sorted(one.name for one in made.regions.all())) == (
        factories.BENDAN_KERGON,
        ["Kauman", "Medono"],
    )
    again = office.post(f"{PEOPLE}baru/", person(full_name="Nama Lain", nik=NIK))
    assert (again.status_code, Instructor.objects.count()) == (422, 1)
    assert "NIK ini sudah ada" in words(again)
    assert NIK not in str(list(AuditEntry.objects.values_list("changes", flat=True)))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("full_name", "", "Mohon"),
        ("full_name", "<b>", "huruf"),
        ("phone", "0812", "nomor telepon"),
        ("nik", "12", "16"),
        ("region_name", "Atlantis", "Atlantis"),
        ("regions_text", "Medono, Atlantis", "Atlantis"),
        ("weekdays", [], "hari"),
        ("email", "bukan", "email"),
    ],
)
def test_instructor_create_says_what_is_wrong_and_keeps_the_rest(
    office: Client, field: str, value: Any, sentence: str
) -> None:
    response = office.post(f"{PEOPLE}baru/", person(institution="Toko Benang", **{field: value}))
    assert (response.status_code, Instructor.objects.count()) == (422, 0)
    assert "Toko Benang" in words(response)
    assert sentence.lower() in words(response).lower()


def test_instructor_edit_without_a_number_keeps_it(office: Client) -> None:
    office.post(f"{PEOPLE}baru/", person(nik=NIK))
    made = Instructor.objects.get()
    office.post(f"{PEOPLE}{made.pk}/ubah/", person(full_name="Umi Salamah", institution="Sanggar"))
    made.refresh_from_db()
    assert (made.nik, made.institution) == (NIK, "Sanggar")
    assert NIK not in words(office.get(f"{PEOPLE}{made.pk}/ubah/"))


def test_instructor_detail_shows_the_end_of_the_number_only(office: Client) -> None:
    office.post(f"{PEOPLE}baru/", person(nik=NIK))
    page = words(office.get(f"{PEOPLE}{Instructor.objects.get().pk}/"))
    assert "0001" in page
    assert NIK not in page
    assert "Senin s.d. Jumat" in page


def test_instructor_move_keeps_whoever_has_sessions(office: Client) -> None:
    who = teacher()
    batch = factories.batch(factories.program(cast.home_agency()))
    batch.sessions.update(instructor=who)
    page = office.post(f"{PEOPLE}{who.pk}/status/", {"state": "inactive"}, follow=True)
    assert "2 sesi" in words(page)
    batch.sessions.update(instructor=None)
    office.post(f"{PEOPLE}{who.pk}/status/", {"state": "inactive"})
    office.post(f"{PEOPLE}{who.pk}/status/", {"state": "contracted"})
    who.refresh_from_db()
    assert who.state == "inactive"


def test_instructor_competence_is_added_changed_and_taken_out(office: Client) -> None:
    who, topic = teacher(), Topic.objects.create(agency=cast.home_agency(), name="Rajut")
    url = f"{PEOPLE}{who.pk}/kompetensi/"
    office.post(url, {"topic": topic.pk, "level": 2, "proof": "Pelatihan 2022"})
    office.post(url, {"topic": topic.pk, "level": 3, "valid_until": "2030-12-31"})
    row = who.competences.get()
    assert (row.level, row.valid_until) == (3, date(2030, 12, 31))
    assert words(office.get(url, {"topic": topic.pk})).count("selected") >= 2
    assert office.post(url, {"topic": topic.pk, "level": 9}).status_code == 422


def test_competence_remove_takes_one_out(office: Client) -> None:
    who, topic = teacher(), Topic.objects.create(agency=cast.home_agency(), name="Rajut")
    row = who.competences.create(topic=topic)
    other = teacher(full_name="Lain")
    assert office.post(f"{PEOPLE}{other.pk}/kompetensi/{row.pk}/hapus/").status_code == 404
    office.post(f"{PEOPLE}{who.pk}/kompetensi/{row.pk}/hapus/")
    assert who.competences.count() == 0


def test_instructor_absence_warns_of_sessions_on_these_days(office: Client) -> None:
    who = teacher()
    batch = factories.batch(factories.program(cast.home_agency()))
    batch.sessions.update(instructor=who)
    day = batch.sessions.earliest("during").during.lower.date()
    data = {"first_day": day.isoformat(), "last_day": "", "reason": "Umrah"}
    page = office.post(f"{PEOPLE}{who.pk}/halangan/", data, follow=True)
    assert "1 sesi" in words(page)
    assert who.absences.get().last_day == day
    wrong = {"first_day": day.isoformat(), "last_day": (day - timedelta(days=1)).isoformat(), "reason": "Umrah"}
    response = office.post(f"{PEOPLE}{who.pk}/halangan/", wrong)
    assert response.status_code == 422
    assert "Umrah" in words(response)


def test_absence_remove_takes_one_out(office: Client) -> None:
    who = teacher()
    row = who.absences.create(days=(date(2030, 1, 1), date(2030, 1, 3)))
    office.post(f"{PEOPLE}{who.pk}/halangan/{row.pk}/hapus/")
    assert who.absences.count() == 0


def test_instructor_paper_is_encrypted_on_the_disk(office: Client) -> None:
    who, content = teacher(), pdf()
    office.post(f"{PEOPLE}{who.pk}/berkas/", {"kind": "cv", "label": "CV 2030", "file": sent(content)})
    paper = InstructorDocument.objects.get()
    assert content[:100] not in paper.stored.content()
    assert str(paper) == "CV 2030"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "pilih berkas"),
        (pdf(script=True), "program atau berkas lain"),
        (pdf(password="rahasia"), "kata sandi"),
        (b"%PDF-1.7 rusak", "rusak"),
        (b"MZ\x90\x00", "foto"),
    ],
)
def test_instructor_paper_refuses_what_is_no_plain_paper(office: Client, content: bytes, sentence: str) -> None:
    who = teacher()
    response = office.post(f"{PEOPLE}{who.pk}/berkas/", {"kind": "cv", "label": "CV 2030", "file": sent(content)})
    assert (response.status_code, InstructorDocument.objects.count(), StoredFile.objects.count()) == (422, 0, 0)
    assert sentence in words(response)
    assert "CV 2030" in words(response)


def test_paper_open_gives_the_bytes_and_writes_who_looked(office: Client) -> None:
    who, content = teacher(), pdf()
    office.post(f"{PEOPLE}{who.pk}/berkas/", {"kind": "identity_card", "file": sent(content)})
    paper = InstructorDocument.objects.get()
    response = office.post(f"{PEOPLE}{who.pk}/berkas/{paper.pk}/buka/")
    assert (response.content, response["Content-Type"]) == (content, "application/pdf")
    assert response["Content-Disposition"].startswith("attachment")
    assert AuditEntry.objects.filter(action="instructor.paper_seen").count() == 1


def test_paper_remove_deletes_row_and_file(office: Client) -> None:
    who = teacher()
    office.post(f"{PEOPLE}{who.pk}/berkas/", {"kind": "cv", "file": sent(picture(), "foto.jpg")})
    paper = InstructorDocument.objects.get()
    assert paper.stored.content_type == "image/jpeg"
    office.post(f"{PEOPLE}{who.pk}/berkas/{paper.pk}/hapus/")
    assert (InstructorDocument.objects.count(), StoredFile.objects.count()) == (0, 0)


def place(**values: Any) -> dict[str, Any]:
    known = {"name": "Aula Medono", "region_name": "Medono", "capacity": 50, "weekdays": DAYS, "active": "on"}
    return {**known, "opens_at": "08:00", "closes_at": "16:00", "facilities": ["projector"], **values}


def test_venue_create_keeps_hours_and_facilities(office: Client) -> None:
    assert office.post(f"{PLACES}baru/", place()).status_code == 302
    made = Venue.objects.get()
    assert (made.region_id, made.capacity, made.facilities) == (factories.MEDONO, 50, ["projector"])
    again = office.post(f"{PLACES}baru/", place())
    assert again.status_code == 422
    late = office.post(f"{PLACES}baru/", place(name="Lain", closes_at="07:00"))
    assert "Jam tutup sesudah jam buka" in words(late)


def test_venue_edit_takes_a_venue_out_of_use(office: Client) -> None:
    office.post(f"{PLACES}baru/", place())
    made = Venue.objects.get()
    data = place(name="Aula Baru")
    del data["active"]
    office.post(f"{PLACES}{made.pk}/ubah/", data)
    made.refresh_from_db()
    assert (made.name, made.active) == ("Aula Baru", False)


def test_venue_list_searches_and_has_words_where_it_is_empty(office: Client) -> None:
    assert "Belum ada tempat" in words(office.get(PLACES))
    office.post(f"{PLACES}baru/", place())
    assert "Aula Medono" in words(office.get(PLACES, {"q": "medono"}))
    assert "Aula Medono" not in words(office.get(PLACES, {"q": "zzz"})).split("<main", 1)[1]


def test_venue_detail_notes_days_on_which_it_is_closed(office: Client) -> None:
    office.post(f"{PLACES}baru/", place())
    made = Venue.objects.get()
    day = timezone.localdate() + timedelta(days=3)
    office.post(f"{PLACES}{made.pk}/", {"first_day": day.isoformat(), "reason": "Perbaikan atap"})
    assert made.closures.get().last_day == day
    assert "Perbaikan atap" in words(office.get(f"{PLACES}{made.pk}/"))
    assert office.post(f"{PLACES}{made.pk}/", {"first_day": "2030-02-31"}).status_code == 422


def test_closure_remove_takes_one_out(office: Client) -> None:
    office.post(f"{PLACES}baru/", place())
    row = Venue.objects.get().closures.create(days=(date(2030, 1, 1), date(2030, 1, 2)))
    office.post(f"{PLACES}{row.venue_id}/tutup/{row.pk}/hapus/")
    assert Venue.objects.get().closures.count() == 0


def helper(office: Client, **values: Any) -> Partner:
    office.post(f"{PARTNERS}baru/", {"kind": "academia", "name": "Universitas Contoh", "active": "on", **values})
    return Partner.objects.get()


def deal(**values: Any) -> dict[str, Any]:
    known = {"number": "12/PKS/2030", "subject": "Materi pengolahan pangan", "signed_on": "2030-01-02"}
    return {**known, "valid_from": "2030-01-02", "gives": ["material"], "contribution": "Modul 5 hari", **values}


def test_partner_create_refuses_the_same_name(office: Client) -> None:
    assert helper(office).kind == "academia"
    again = office.post(f"{PARTNERS}baru/", {"kind": "company", "name": "UNIVERSITAS CONTOH", "active": "on"})
    assert (again.status_code, Partner.objects.count()) == (422, 1)


def test_partner_edit_changes_the_kind(office: Client) -> None:
    made = helper(office)
    office.post(f"{PARTNERS}{made.pk}/ubah/", {"kind": "industry", "name": made.name, "region_name": "33.75"})
    made.refresh_from_db()
    assert (made.kind, made.region_id, made.active) == ("industry", "33.75", False)


def test_partner_list_narrows_by_kind(office: Client) -> None:
    assert "Belum ada mitra" in words(office.get(PARTNERS))
    helper(office)
    assert "Universitas Contoh" in words(office.get(PARTNERS, {"kind": "academia"}))
    assert "Universitas Contoh" not in words(office.get(PARTNERS, {"kind": "company"}))


def test_partner_detail_shows_what_was_agreed(office: Client) -> None:
    made = helper(office)
    office.post(f"{PARTNERS}{made.pk}/perjanjian/baru/", deal())
    page = words(office.get(f"{PARTNERS}{made.pk}/"))
    assert "12/PKS/2030" in page
    assert "Materi pelatihan" in page


def test_agreement_create_keeps_its_file_and_refuses_an_end_before_the_beginning(office: Client) -> None:
    made, content = helper(office), pdf()
    wrong = office.post(f"{PARTNERS}{made.pk}/perjanjian/baru/", deal(valid_to="2029-01-01"))
    assert (wrong.status_code, PartnerAgreement.objects.count()) == (422, 0)
    office.post(f"{PARTNERS}{made.pk}/perjanjian/baru/", deal(paper=sent(content)))
    row = PartnerAgreement.objects.get()
    assert row.file is not None
    assert row.file.content() == content


def test_agreement_edit_puts_a_new_file_in_the_place_of_the_former(office: Client) -> None:
    made = helper(office)
    office.post(f"{PARTNERS}{made.pk}/perjanjian/baru/", deal(paper=sent(pdf())))
    row = PartnerAgreement.objects.get()
    office.post(f"{PARTNERS}{made.pk}/perjanjian/{row.pk}/", deal(subject="Lain", paper=sent(picture(), "a.jpg")))
    row.refresh_from_db()
    assert (row.subject, StoredFile.objects.count()) == ("Lain", 1)
    office.post(f"{PARTNERS}{made.pk}/perjanjian/{row.pk}/", deal(subject="Lagi"))
    row.refresh_from_db()
    assert row.file is not None


def test_agreement_file_is_an_attachment(office: Client) -> None:
    made = helper(office)
    office.post(f"{PARTNERS}{made.pk}/perjanjian/baru/", deal(paper=sent(pdf())))
    office.post(f"{PARTNERS}{made.pk}/perjanjian/baru/", deal(number="13"))
    kept, bare = PartnerAgreement.objects.order_by("pk")
    assert office.get(f"{PARTNERS}{made.pk}/perjanjian/{kept.pk}/berkas/")["Content-Disposition"].startswith("attach")
    assert office.get(f"{PARTNERS}{made.pk}/perjanjian/{bare.pk}/berkas/").status_code == 404
