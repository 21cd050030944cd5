"""The pages of official papers: found, drafted, issued, read, corrected, revoked, verified, worded and numbered."""

import hashlib
import io
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from pypdf import PdfReader

from accounts.models import Agency, AuditEntry, User
from documents import actions
from documents.kinds import paper_kinds
from documents.models import Document, Numbering, TemplateVersion
from jobs.models import Job, StoredFile
from tests import cast
from tests.documents import made, paperwork, signed
from tests.documents.layouts import pages_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return cast.program_officer()


@pytest.fixture
def desk(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def office(officer: User) -> Agency:
    agency = cast.home_agency()
    signed.official_of(cast.division_head())
    made.numbering(agency)
    return agency


@pytest.fixture
def paper(office: Agency, officer: User) -> Document:
    [subject] = paperwork.itself(office)
    issued = actions.issue(kind=paperwork.ANNOUNCEMENT, scope=subject.key, subject=subject, date=made.DAY, by=officer)
    return actions.render(document=issued, by=officer)


def test_document_list_finds_by_number_name_kind_and_status(desk: Client, paper: Document) -> None:
    def found(**wanted: str) -> list[int]:
        return [row.pk for row in desk.get("/kerja/naskah/", wanted).context["page"].rows]

    assert found() == found(q="001/DPK") == found(kind="test_announcement") == found(status="issued") == [paper.pk]
    assert found(q="tidak ada") == found(kind="test_invitation") == found(status="revoked") == []


def test_document_detail_tells_number_hash_and_public_page(desk: Client, paper: Document) -> None:
    page = desk.get(f"/kerja/naskah/{paper.pk}/").content.decode()
    assert [text in page for text in (paper.number, paper.sha256, paper.public_path)] == [True] * 3


def test_document_file_gives_the_same_bytes_each_time(desk: Client, paper: Document) -> None:
    first, second = (desk.get(f"/kerja/naskah/{paper.pk}/berkas/") for _time in range(2))
    assert first.content == second.content
    assert first["Content-Type"] == "application/pdf"


def test_document_issue_of_one_is_done_at_once(desk: Client, office: Agency) -> None:
    address = f"/kerja/naskah/buat/test_announcement/{office.pk}/"
    assert desk.get(address).status_code == 200
    answer = desk.post(address, {"date": "2024-07-02"})
    assert answer["Location"] == Document.objects.get().get_absolute_url()


def test_document_issue_of_many_is_a_job(desk: Client, office: Agency) -> None:
    answer = desk.post(f"/kerja/naskah/buat/test_invitation/{office.pk}/", {"date": "2024-07-02"})
    job = Job.objects.get(kind="papers_issue")
    assert (answer.status_code, job.params["date"], Document.objects.count()) == (302, "2024-07-02", 0)


@pytest.mark.parametrize("typed", ["", "2024-02-30", "0024-07-02"])
def test_document_issue_refuses_a_day_that_is_none(desk: Client, office: Agency, typed: str) -> None:
    answer = desk.post(f"/kerja/naskah/buat/test_announcement/{office.pk}/", {"date": typed})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["date"])
    assert Document.objects.count() == 0


def test_document_issue_says_what_the_office_has_not_entered(desk: Client, officer: User) -> None:
    answer = desk.post(f"/kerja/naskah/buat/test_announcement/{cast.home_agency().pk}/", {"date": "2024-07-02"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["__all__"])


def test_document_draft_takes_no_number(desk: Client, office: Agency) -> None:
    answer = desk.get(f"/kerja/naskah/buat/test_announcement/{office.pk}/konsep/")
    assert (answer.status_code, answer.content[:5], Document.objects.count()) == (200, b"%PDF-", 0)


def test_document_revoke_asks_why_and_says_it_to_everybody(desk: Client, paper: Document) -> None:
    assert desk.post(f"/kerja/naskah/{paper.pk}/cabut/", {"reason": ""}).status_code == 422
    assert desk.post(f"/kerja/naskah/{paper.pk}/cabut/", {"reason": "Kegiatan ditunda"}).status_code == 302
    public = Client().get(paper.public_path)
    assert public.context["document"].status == "revoked"
    assert "Kegiatan ditunda" not in public.content.decode()


def test_document_reissue_makes_the_next_edition(desk: Client, paper: Document) -> None:
    desk.post(f"/kerja/naskah/{paper.pk}/perbaiki/", {"reason": "Tanggal keliru"})
    edition = Document.objects.in_force().get()
    assert (edition.number, edition.edition, edition.token) == (paper.number, 2, paper.token)
    assert Client().get(paper.public_path).context["document"] == edition


def test_document_detail_tells_what_changed_since(desk: Client, paper: Document) -> None:
    """The name was corrected afterwards: the page says what is printed and what would be now, and nothing before."""
    before = desk.get(f"/kerja/naskah/{paper.pk}/")
    assert (before.context["changes"], before.context["is_groundless"]) == ([], False)
    Agency.objects.filter(pk=paper.agency_id).update(name="Dinas Contoh Baru")
    assert desk.get(f"/kerja/naskah/{paper.pk}/").context["changes"] == [(paper.label, "Dinas Contoh Baru")]
    desk.post(f"/kerja/naskah/{paper.pk}/perbaiki/", {"reason": "Nama keliru"})
    edition = Document.objects.in_force().get()
    assert desk.get(f"/kerja/naskah/{edition.pk}/").context["changes"] == []
    assert desk.get(f"/kerja/naskah/{paper.pk}/").context["changes"] == []


def test_document_detail_says_when_the_paper_would_not_be_made_today(desk: Client, paper: Document) -> None:
    made.document(paper.agency, subject="region:99.99.99.9999", scope=paper.scope)
    gone = Document.objects.get(subject="region:99.99.99.9999")
    assert desk.get(f"/kerja/naskah/{gone.pk}/").context["is_groundless"]


def test_document_copy_is_marked_and_kept_nowhere(desk: Client, paper: Document) -> None:
    answer = desk.get(f"/kerja/naskah/{paper.pk}/salinan/")
    [page] = pages_of(PdfReader(io.BytesIO(answer.content)))
    assert "SALINAN" in page
    assert paper.number in page
    assert "ttd." not in page
    paper.refresh_from_db()
    assert StoredFile.objects.filter(sha256=hashlib.sha256(answer.content).hexdigest()).count() == 0
    assert AuditEntry.objects.filter(action="paper.copied", object_id=str(paper.pk)).count() == 1
    actions.revoke(document=paper, reason="Ditunda", by=cast.program_officer())
    assert desk.get(f"/kerja/naskah/{paper.pk}/salinan/").status_code == 404


def test_verify_names_nobody(office: Agency, officer: User) -> None:
    [paper] = actions.issue_many(
        kind=paperwork.INVITATION,
        scope="agency:1",
        subjects=list(paperwork.villages(office))[:1],
        date=made.DAY,
        by=officer,
    )
    page = Client().get(paper.public_path).content.decode()
    assert paper.number in page
    assert paper.label not in re.sub(r"<[^>]+>", " ", page)


@pytest.mark.parametrize("token", ["AAAAAAAAAAAAAAAAAAAAAA", "%00", "%ED%A0%80", "a" * 3000])
def test_verify_of_an_unknown_address_is_not_found(token: str) -> None:
    assert [Client().get(f"/v/{token}/{rest}").status_code for rest in ("", "berkas/")] == [404, 404]


def typed(now: int = 0, **values: Any) -> dict[str, Any]:
    blocks = {f"block_{block.code}": block.default for block in paperwork.BLOCKS}
    return {"based_on": str(now), "paper_size": "", "with_letterhead": "on", **blocks, **values}


def test_template_list_tells_what_is_the_offices_own(desk: Client, office: Agency) -> None:
    desk.post(f"/kerja/naskah/teks/{office.slug}/test_invitation/", typed(block_isi="Datanglah ke {acara}."))
    rows = {kind.code: version for kind, version in desk.get("/kerja/naskah/teks/").context["rows"]}
    assert (rows["test_invitation"].version, rows["test_announcement"]) == (1, None)


def test_template_edit_shows_a_sample_without_saving(desk: Client, office: Agency) -> None:
    address = f"/kerja/naskah/teks/{office.slug}/test_invitation/"
    answer = desk.post(address, typed(preview="1", block_isi="Lain sekali."))
    assert (answer.status_code, answer.context["fault"], len(answer.context["sample"])) == (200, "", 1)
    assert TemplateVersion.objects.count() == 0


def test_template_edit_names_line_and_field_and_keeps_the_last_good_version(desk: Client, office: Agency) -> None:
    address = f"/kerja/naskah/teks/{office.slug}/test_invitation/"
    desk.post(address, typed(block_isi="Datanglah ke {acara}."))
    answer = desk.post(address, typed(1, block_isi="Baris satu\nke {akara}"))
    assert answer.status_code == 422
    assert answer.context["form"].errors["block_isi"] == [
        "Baris 2: {akara} bukan isian naskah ini. Apakah maksudnya {acara}?"
    ]
    assert TemplateVersion.objects.get().blocks == {"isi": "Datanglah ke {acara}."}


def test_template_edit_of_a_layout_names_its_line(office: Agency, settings: LazySettings) -> None:
    client = Client()
    client.force_login(cast.administrator())
    address = f"/kerja/naskah/teks/{office.slug}/test_invitation/"
    answer = client.post(address, typed(layout="#show: paper\n= Undangan\n#tidak-ada()"))
    assert answer.status_code == 422
    assert re.match("Baris 3: ", answer.context["form"].errors["layout"][0])
    assert TemplateVersion.objects.count() == 0


def test_template_edit_of_two_at_once_loses_nothing(desk: Client, office: Agency) -> None:
    address = f"/kerja/naskah/teks/{office.slug}/test_invitation/"
    desk.post(address, typed(0, block_isi="Pertama {acara}."))
    answer = desk.post(address, typed(0, block_isi="Kedua {acara}."))
    assert answer.status_code == 422
    assert answer.context["form"]["block_isi"].value() == "Kedua {acara}."


@pytest.mark.parametrize("now", [7, 1_000_000, 2**31 - 1, 10**15])
def test_template_edit_on_a_version_that_never_was_is_refused(desk: Client, office: Agency, now: int) -> None:
    sent = typed(now, block_isi="Kami mengundang {nama}.")
    assert desk.post("/kerja/naskah/teks/pekalongan/test_invitation/", sent).status_code == 422
    assert not TemplateVersion.objects.exists()


def test_template_edit_of_words_that_the_layout_cannot_set_is_told_to_who_has_no_layout(desk: Client) -> None:
    """More decisions than a decree can count: the sentence stands with the words, for the layout is not on the page."""
    kind = paper_kinds()["committee_decree"]
    standing = next(block.default for block in kind.blocks if block.code == "decisions")
    decisions = "\n\n".join([standing, *(f"Diktum {number}." for number in range(1, 25))])
    blocks = {f"block_{block.code}": block.default for block in kind.blocks}
    sent = blocks | {"based_on": "0", "with_letterhead": "on", "block_decisions": decisions}
    answer = desk.post("/kerja/naskah/teks/pekalongan/committee_decree/", sent)
    assert (answer.status_code, TemplateVersion.objects.count()) == (422, 0)
    assert answer.context["form"]["block_decisions"].value() == decisions


def test_template_history_and_restore_bring_back_a_version(desk: Client, office: Agency) -> None:
    address = f"/kerja/naskah/teks/{office.slug}/test_invitation/"
    for number, text in enumerate(("Pertama {acara}.", "Kedua {acara}.")):
        desk.post(address, typed(number, block_isi=text))
    versions = desk.get(f"{address}riwayat/").context["versions"]
    assert [version.version for version in versions] == [2, 1]
    desk.post(f"/kerja/naskah/teks/pulihkan/{versions[1].pk}/")
    assert TemplateVersion.objects.in_force(office).get().blocks == {"isi": "Pertama {acara}."}


def test_template_restore_of_another_office_is_not_found(desk: Client, officer: User) -> None:
    other = TemplateVersion.objects.create(
        agency=cast.next_agency(), kind="test_invitation", version=1, edited_by=officer
    )
    assert desk.post(f"/kerja/naskah/teks/pulihkan/{other.pk}/").status_code == 404


def test_numbering_list_sets_the_first_number_of_a_year(desk: Client, office: Agency) -> None:
    data = {"register": "surat", "year": "2024", "first": "45"}
    assert desk.post("/kerja/naskah/nomor/", data).status_code == 302
    assert [book.first for book in desk.get("/kerja/naskah/nomor/").context["books"]] == [45]


def test_numbering_edit_shows_the_number_45_and_names_faults(desk: Client, office: Agency) -> None:
    address = f"/kerja/naskah/nomor/{office.slug}/test_invitation/"
    assert "/045/DPK/" in desk.get(address).context["example"]
    data = {"pattern": "{nomor}/{tahun}", "register": "surat", "classification": "", "unit": "", "code": ""}
    answer = desk.post(address, data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["pattern"])


def test_numbering_drop_lets_a_kind_count_with_all(desk: Client, office: Agency) -> None:
    own = made.numbering(office, kind="test_invitation", pattern="{seq}/U/{tahun}")
    assert desk.post(f"/kerja/naskah/nomor/hapus/{own.pk}/").status_code == 302
    assert list(Numbering.objects.values_list("kind", flat=True)) == [""]
