"""Signing on the screen, scans, and comparing a PDF with what was issued."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agency, AuditEntry, User
from accounts.roles import Role
from documents import actions
from documents.models import Document, Signature, Status
from documents.signing.signers import CertificateFile
from tests import cast, factories
from tests.documents import made, paperwork, signed
from tests.support import esign

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Agency:
    return cast.home_agency()


@pytest.fixture
def officer() -> User:
    return cast.program_officer()


@pytest.fixture
def head(client: Client, office: Agency) -> User:
    person = factories.user("kepala.dinas", role=Role.AGENCY_HEAD)
    signed.official_of(person)
    client.force_login(person)
    return person


@pytest.fixture
def paper(office: Agency, officer: User, head: User) -> Document:
    return signed.waiting(office, officer)


@pytest.fixture
def service(settings: LazySettings) -> Iterator[esign.Service]:
    with esign.running_service() as running:
        settings.ESIGN_URL, settings.ESIGN_USERNAME = running.url, esign.USERNAME
        settings.ESIGN_PASSWORD = esign.PASSWORD
        yield running


def url(name: str, *keys: Any) -> str:
    return reverse(f"documents:{name}", args=keys)


def upload(content: bytes, name: str = "berkas.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def by_file(*papers: Document, password: str = esign.FILE_PASSWORD, **values: Any) -> dict[str, Any]:
    container = upload(esign.certificate_file("Kepala Dinas"), "kadis.p12")
    keys = [paper.pk for paper in papers]
    return {"method": "certificate", "naskah": keys, "container": container, "password": password, **values}


def page(answer: Any) -> str:
    return str(answer.content.decode())


def test_signing_list_shows_what_bears_the_own_name_under_a_fixed_number_of_queries(
    client: Client, office: Agency, officer: User, paper: Document
) -> None:
    client.get(url("signing_list"))
    with CaptureQueriesContext(connection) as one:
        assert "Warga 1" in page(client.get(url("signing_list")))
    for number in (2, 3):
        signed.waiting(office, officer, number=number)
    with CaptureQueriesContext(connection) as three:
        assert "Warga 3" in page(client.get(url("signing_list")))
    assert len(one) == len(three)


def test_signing_list_chooses_nothing_until_one_asks_for_all(
    client: Client, office: Agency, officer: User, paper: Document
) -> None:
    signed.waiting(office, officer, number=2)
    assert page(client.get(url("signing_list"))).count(" checked") == 0
    assert page(client.get(url("signing_list"), {"semua": "1"})).count(" checked") == 2


def test_signing_list_leaves_out_papers_of_others_and_what_is_signed(
    client: Client, office: Agency, officer: User, paper: Document
) -> None:
    actions.keep_scan(document=paper, content=signed.pdf("Pindaian"), by=officer)
    shown = page(client.get(url("signing_list")))
    assert ("Tidak ada yang menunggu tanda tangan" in shown, "Warga 1" in shown) == (True, False)
    signed.waiting(office, officer, number=2)
    client.force_login(factories.user("kabid", role=Role.DIVISION_HEAD))
    shown = page(client.get(url("signing_list")))
    assert ("belum terhubung" in shown, "Warga 2" in shown) == (True, False)


def test_signing_confirm_signs_all_chosen_papers(
    client: Client, office: Agency, officer: User, paper: Document
) -> None:
    other = signed.waiting(office, officer, number=2)
    shown = page(client.get(url("signing_confirm"), {"naskah": [paper.pk, other.pk]}))
    assert ("Warga 1" in shown, "Warga 2" in shown, 'name="passphrase"' in shown) == (True, True, False)
    answer = client.post(url("signing_confirm"), by_file(paper, other), follow=True)
    assert "2 naskah sudah ditandatangani." in page(answer)
    assert set(Document.objects.values_list("status", flat=True)) == {Status.SIGNED}


def test_signing_confirm_tells_a_wrong_password_beside_its_field_and_shows_it_never_again(
    client: Client, paper: Document
) -> None:
    answer = client.post(url("signing_confirm"), by_file(paper, password="bukan-sandi-itu"))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["password"])
    assert "bukan-sandi-itu" not in page(answer)
    answer = client.post(url("signing_confirm"), by_file(paper, container=upload(b"x" * 400_000)))
    assert list(answer.context["form"].errors) == ["container"]
    answer = client.post(url("signing_confirm"), {"method": "certificate", "naskah": [paper.pk]})
    assert sorted(answer.context["form"].errors) == ["container", "password"]
    assert Signature.objects.count() == 0


def test_signing_confirm_by_the_service_keeps_neither_nik_nor_passphrase(
    client: Client, paper: Document, service: esign.Service
) -> None:
    data = {"method": "service", "naskah": [paper.pk], "nik": "9971 0105 0762 0001", "passphrase": "salah"}
    answer = client.post(url("signing_confirm"), data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["passphrase"])
    answer = client.post(url("signing_confirm"), data | {"nik": "997101"})
    assert list(answer.context["form"].errors) == ["nik"]
    assert client.post(url("signing_confirm"), data | {"passphrase": esign.PASSPHRASE}).status_code == 302
    paper.refresh_from_db()
    kept = f"{list(Signature.objects.values())} {list(AuditEntry.objects.values_list('changes', flat=True))}"
    assert (paper.status, esign.NIK in kept, esign.PASSPHRASE in kept) == (Status.SIGNED, False, False)


def test_signing_confirm_without_papers_or_with_those_of_others_leads_back(
    client: Client, office: Agency, officer: User, paper: Document
) -> None:
    other = cast.next_agency()
    neighbour = factories.user("kadis.semarang", role=Role.AGENCY_HEAD, agency=other)
    signed.official_of(neighbour)
    foreign = signed.waiting(other, cast.other_agency_officer(), number=9)
    for keys in ([], ["x"], [foreign.pk], [10**9]):
        assert client.get(url("signing_confirm"), {"naskah": keys})["Location"] == url("signing_list")
    assert client.post(url("signing_confirm"), by_file(foreign))["Location"] == url("signing_list")
    assert Signature.objects.count() == 0


def test_signing_paper_is_the_newest_file_and_tells_the_trail(
    client: Client, paper: Document, officer: User, head: User
) -> None:
    assert b"".join(client.get(url("signing_paper", paper.pk))) == signed.pdf("Surat Undangan 1")
    actions.sign_papers(
        documents=[paper], signer=CertificateFile(esign.certificate_file(), esign.FILE_PASSWORD), by=head
    )
    answer = client.get(url("signing_paper", paper.pk))
    content = b"".join(answer)
    assert (content == Signature.objects.get().file.content(), answer["Content-Type"]) == (True, "application/pdf")
    assert AuditEntry.objects.filter(action="paper.opened").count() == 2
    Document.objects.filter(pk=paper.pk).update(region="33.75.01.1006")
    client.force_login(cast.other_agency_officer())
    assert client.get(url("signing_paper", paper.pk)).status_code == 404


def test_scan_create_takes_a_pdf_and_refuses_what_is_none(client: Client, paper: Document, officer: User) -> None:
    client.force_login(officer)
    answer = client.post(url("scan_create", paper.pk), {"scan": upload(b"<html></html>")})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["scan"])
    answer = client.post(url("scan_create", paper.pk), {"scan": upload(b"%PDF-" + b"x" * 6_000_000)})
    assert "5 MB" in page(answer)
    answer = client.post(url("scan_create", paper.pk), {"scan": upload(signed.pdf("Pindaian"))}, follow=True)
    assert "Tanda tangan basah (dipindai)" in page(answer)
    assert "tidak menunggu tanda tangan" in page(client.get(url("scan_create", paper.pk)))


def test_signature_list_says_who_signed_and_who_is_missing(client: Client, paper: Document, head: User) -> None:
    assert "Belum ditandatangani" in page(client.get(url("signature_list", paper.pk)))
    client.post(url("signing_confirm"), by_file(paper))
    shown = page(client.get(url("signature_list", paper.pk)))
    assert ("Otoritas Uji" in shown, Signature.objects.get().sha256 in shown) == (True, True)
    assert "Belum ditandatangani" not in shown


def test_scan_withdraw_asks_why(client: Client, paper: Document, officer: User) -> None:
    scan = actions.keep_scan(document=paper, content=signed.pdf("Pindaian"), by=officer)
    client.force_login(officer)
    assert client.post(url("scan_withdraw", scan.pk), {"reason": ""}).status_code == 422
    assert client.post(url("scan_withdraw", scan.pk), {"reason": "Lembar lain"}).status_code == 302
    shown = page(client.get(url("signature_list", paper.pk)))
    assert "Lembar lain" in shown


def test_signature_file_is_shown_to_those_who_see_the_paper(client: Client, paper: Document, officer: User) -> None:
    scan = actions.keep_scan(document=paper, content=signed.pdf("Pindaian"), by=officer)
    answer = client.get(url("signature_file", scan.pk))
    assert (b"".join(answer), answer["X-Content-Type-Options"]) == (signed.pdf("Pindaian"), "nosniff")
    client.force_login(cast.other_agency_officer())
    assert client.get(url("signature_file", scan.pk)).status_code == 404


def compared(document: Document, content: bytes) -> Any:
    return Client().post(url("verify_file", document.token), {"paper": upload(content)})


def test_verify_file_knows_the_issued_and_the_signed_paper(paper: Document, head: User) -> None:
    assert "yang diterbitkan perangkat daerah" in page(compared(paper, signed.pdf("Surat Undangan 1")))
    actions.sign_papers(
        documents=[paper], signer=CertificateFile(esign.certificate_file(), esign.FILE_PASSWORD), by=head
    )
    made = Signature.objects.get().file.content()
    shown = page(compared(paper, made))
    assert ("Ini naskah bertanda tangan" in shown, "Utuh" in shown) == (True, True)


def test_document_original_stays_beside_the_signed_file_and_both_are_found_genuine(
    client: Client, officer: User
) -> None:
    """The whole way: the office gets the signed file, the original stays, and the public page knows both."""
    agency, signer = cast.home_agency(), cast.division_head()
    signed.official_of(signer)
    made.numbering(agency)
    [subject] = paperwork.itself(agency)
    kind = paperwork.ANNOUNCEMENT
    paper = actions.issue(kind=kind, scope=subject.key, subject=subject, date=made.DAY, by=officer)
    original = actions.render(document=paper, by=officer).file.content()  # type: ignore[union-attr]  # a rendered paper has a file
    client.force_login(officer)
    assert client.get(url("document_file", paper.pk)).content == original
    client.force_login(signer)
    assert client.post(url("signing_confirm"), by_file(paper)).status_code == 302
    client.force_login(officer)
    handed_out = b"".join(client.get(url("document_file", paper.pk)))
    assert handed_out == Signature.objects.get().file.content() != original
    assert client.get(url("document_original", paper.pk)).content == original
    detail, public = page(client.get(paper.get_absolute_url())), page(Client().get(paper.public_path))
    assert [url(name, paper.pk) in detail for name in ("signature_list", "document_original")] == [True] * 2
    assert [hash_of(content) in public for content in (handed_out, original)] == [True] * 2
    assert [url("document_file", paper.pk) in shown for shown in (public, page(client.get(paper.public_path)))] == [
        False,
        True,
    ]
    told = [page(compared(paper, content)) for content in (handed_out, original, handed_out + b" ")]
    assert ["bertanda tangan" in told[0], "diterbitkan perangkat daerah" in told[1]] == [True] * 2
    assert "bukan berkas yang diterbitkan" in told[2]


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_verify_file_shows_that_a_changed_paper_is_not_ours(paper: Document, head: User) -> None:
    actions.sign_papers(
        documents=[paper], signer=CertificateFile(esign.certificate_file(), esign.FILE_PASSWORD), by=head
    )
    made = bytearray(Signature.objects.get().file.content())
    made[900] ^= 1
    shown = page(compared(paper, bytes(made)))
    assert "bukan berkas yang diterbitkan" in shown
    assert "Utuh" not in shown
    assert "bukan berkas" in page(compared(paper, signed.pdf("Palsu")))
    assert compared(paper, b"<html>").status_code == 422
    assert compared(paper, b"").status_code == 422


def test_verify_file_tells_former_revoked_and_withdrawn_papers(
    office: Agency, paper: Document, officer: User, head: User
) -> None:
    scan = actions.keep_scan(document=paper, content=signed.pdf("Salah"), by=officer)
    assert "hasil pindaian" in page(compared(paper, signed.pdf("Salah")))
    actions.withdraw_scan(signature=scan, reason="Lembar lain", by=officer)
    assert "ditarik" in page(compared(paper, signed.pdf("Salah")))
    Document.objects.filter(pk=paper.pk).update(status=Status.REPLACED)
    newer = signed.waiting(office, officer, number=2, token=paper.token, edition=2)
    assert "edisi lama" in page(compared(newer, signed.pdf("Surat Undangan 1")))
    Document.objects.filter(pk=newer.pk).update(
        status=Status.REVOKED, reason="salah", revoked_at=newer.issued_at, revoked_by=officer
    )
    assert "dicabut" in page(compared(newer, signed.pdf("Surat Undangan 2")))


def test_verify_file_shows_nothing_of_a_person_and_no_paper_for_a_wrong_address(paper: Document) -> None:
    assert "Warga 1" not in page(Client().get(url("verify_file", paper.token)))
    assert Client().get(url("verify_file", "x" * 22)).status_code == 404


def test_verify_file_is_limited_for_one_address(paper: Document, settings: LazySettings) -> None:
    settings.THROTTLES = settings.THROTTLES | {"paper_check": (2, 600)}
    codes = [compared(paper, signed.pdf("Surat Undangan 1")).status_code for _time in range(3)]
    assert codes == [200, 200, 429]
